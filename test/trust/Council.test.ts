import { getAddress, toBeHex, ZeroAddress } from "ethers";
import { expect } from "chai";

import { Council__factory } from "../../src/typechain/index.js";
import { approveBy, operation } from "../helpers/council.js";
import { deploySuite } from "../helpers/suite.js";
import { later, load, now, PROFILE, registerBody, type Suite } from "../helpers/trust.js";

const DELAY = 100n;
const WEEK = 7n * 24n * 3_600n;

/** A council that carries out at once, and one body for it to hand over. */
async function deployPrompt() {
  const suite = await deploySuite();
  await registerBody(suite, suite.ministry);
  return suite;
}

/** The same with a delay. */
async function deployDelayed() {
  const suite = await deploySuite({ delay: DELAY, recoveryDelay: 1_000n });
  await registerBody(suite, suite.ministry);
  return suite;
}

const handOver = ({ trustList, stranger }: Suite, salt?: string) =>
  operation(trustList, "updateBody", [1n, stranger.address, PROFILE], salt);

const someMembers = (count: number) => Array.from({ length: count }, (_, i) => getAddress(toBeHex(i + 1, 20)));

describe("Council", () => {
  describe("setMembers", () => {
    it("replaces the members and the threshold", async () => {
      const { council, decide, members, ministry } = await load(deployPrompt);
      const replacement = [members[1]!.address, members[2]!.address, ministry.address].sort((x, y) =>
        BigInt(x) < BigInt(y) ? -1 : 1,
      );
      expect(await council.council()).to.deep.equal([members.map(({ address }) => address), 2n]);
      await expect(decide(council, "setMembers", [replacement, 3n]))
        .to.emit(council, "MembersChanged")
        .withArgs(replacement, 3n);
      expect(await council.council()).to.deep.equal([replacement, 3n]);
      await expect(council.connect(members[0]).approve(ZeroAddress, "0x", PROFILE))
        .to.be.revertedWithCustomError(council, "NotMember")
        .withArgs(members[0]!.address);
    });

    it("takes one member, and thirty-two with seventeen", async () => {
      for (const [count, threshold] of [
        [1, 1n],
        [2, 2n],
        [4, 3n],
        [32, 17n],
        [32, 32n],
      ] as const) {
        const { council, decide } = await load(deployPrompt);
        await decide(council, "setMembers", [someMembers(count), threshold]);
        expect(await council.council()).to.deep.equal([someMembers(count), threshold]);
      }
    });

    it("reverts when the members are none, too many, zero, repeated or out of order", async () => {
      const { council, decide, deployer, manager, forwarder } = await load(deployPrompt);
      const [one, two] = someMembers(2) as [string, string];
      const relays = { forwarder, hub: ZeroAddress };
      for (const members of [[], someMembers(33), [ZeroAddress], [ZeroAddress, one], [one, one], [two, one]]) {
        const threshold = BigInt(members.length);
        await expect(decide(council, "setMembers", [members, threshold]))
          .to.be.revertedWithCustomError(council, "MembersInvalid")
          .withArgs(members);
        await expect(new Council__factory(deployer).deploy(manager, members, threshold, relays))
          .to.be.revertedWithCustomError(council, "MembersInvalid")
          .withArgs(members);
      }
    });

    it("reverts when the threshold is no majority, or more than there are", async () => {
      const { council, decide } = await load(deployPrompt);
      for (const [count, threshold] of [
        [1, 0n],
        [1, 2n],
        [2, 1n],
        [3, 1n],
        [4, 2n],
        [4, 5n],
        [32, 16n],
        [32, 33n],
        [3, 2n ** 255n],
        [3, 2n ** 256n - 1n],
      ] as const) {
        const attempt = decide(council, "setMembers", [someMembers(count), threshold]);
        await expect(attempt)
          .to.be.revertedWithCustomError(council, "ThresholdInvalid")
          .withArgs(threshold, BigInt(count));
      }
    });

    it("reverts for everybody but the AccessManager, members and councils too", async () => {
      const { council, members, deployer, recoverer, stranger } = await load(deployPrompt);
      for (const caller of [members[0]!, deployer, recoverer, stranger]) {
        await expect(council.connect(caller).setMembers([caller.address], 1n))
          .to.be.revertedWithCustomError(council, "AccessManagedUnauthorized")
          .withArgs(caller.address);
      }
    });
  });

  describe("approve", () => {
    it("counts a member's approval", async () => {
      const suite = await load(deployPrompt);
      const { council, members } = suite;
      const call = await handOver(suite);
      const id = await council.operationId(...call);
      await expect(council.connect(members[1]).approve(...call))
        .to.emit(council, "OperationApproved")
        .withArgs(id, members[1]!.address, ...call);
      expect(await council.approvals(id)).to.equal(1n);
    });

    it("reverts when the member approved before", async () => {
      const suite = await load(deployPrompt);
      const { council, members } = suite;
      const call = await handOver(suite);
      const id = await approveBy(council, [members[0]!], call);
      await expect(council.connect(members[0]).approve(...call))
        .to.be.revertedWithCustomError(council, "AlreadyApproved")
        .withArgs(id, members[0]!.address);
      expect(await council.approvals(id)).to.equal(1n);
    });

    it("reverts when it was carried out", async () => {
      const suite = await load(deployPrompt);
      const { council, members } = suite;
      const call = await handOver(suite);
      const id = await approveBy(council, members.slice(0, 2), call);
      await council.connect(members[0]).execute(...call);
      await expect(council.connect(members[2]).approve(...call))
        .to.be.revertedWithCustomError(council, "AlreadyExecuted")
        .withArgs(id);
    });
  });

  it("reverts for whoever is not a member", async () => {
    const suite = await load(deployPrompt);
    const { council, members, deployer, recoverer, stranger } = suite;
    const call = await handOver(suite);
    await approveBy(council, members, call);
    for (const caller of [deployer, recoverer, stranger]) {
      for (const method of ["approve", "schedule", "execute"] as const) {
        await expect(council.connect(caller)[method](...call))
          .to.be.revertedWithCustomError(council, "NotMember")
          .withArgs(caller.address);
      }
      await expect(council.connect(caller).withdrawApproval(await council.operationId(...call)))
        .to.be.revertedWithCustomError(council, "NotApproved")
        .withArgs(await council.operationId(...call), caller.address);
    }
  });

  describe("withdrawApproval", () => {
    it("takes an approval back, once, and lets it be given again", async () => {
      const suite = await load(deployPrompt);
      const { council, members } = suite;
      const call = await handOver(suite);
      const id = await approveBy(council, members.slice(0, 2), call);
      await expect(council.connect(members[1]).withdrawApproval(id))
        .to.emit(council, "ApprovalWithdrawn")
        .withArgs(id, members[1]!.address);
      expect(await council.approvals(id)).to.equal(1n);
      await expect(council.connect(members[1]).withdrawApproval(id))
        .to.be.revertedWithCustomError(council, "NotApproved")
        .withArgs(id, members[1]!.address);
      await expect(council.connect(members[0]).execute(...call))
        .to.be.revertedWithCustomError(council, "TooFewApprovals")
        .withArgs(id, 1n, 2n);
      await council.connect(members[1]).approve(...call);
      await council.connect(members[0]).execute(...call);
    });
  });

  describe("execute", () => {
    it("carries out what enough members approve, by any member", async () => {
      const suite = await load(deployPrompt);
      const { council, trustList, members, stranger } = suite;
      const call = await handOver(suite);
      const id = await approveBy(council, members.slice(0, 2), call);
      const execution = council.connect(members[2]).execute(...call);
      await expect(execution).to.emit(council, "OperationExecuted").withArgs(id);
      await expect(execution).to.emit(trustList, "BodyChanged").withArgs(1n, stranger.address, PROFILE);
    });

    it("reverts when too few approve", async () => {
      const suite = await load(deployPrompt);
      const { council, members } = suite;
      const call = await handOver(suite);
      const id = await council.operationId(...call);
      await expect(council.connect(members[0]).execute(...call))
        .to.be.revertedWithCustomError(council, "TooFewApprovals")
        .withArgs(id, 0n, 2n);
      await approveBy(council, [members[0]!], call);
      await expect(council.connect(members[0]).execute(...call))
        .to.be.revertedWithCustomError(council, "TooFewApprovals")
        .withArgs(id, 1n, 2n);
    });

    it("counts an approval for that target, that call and that salt only", async () => {
      const suite = await load(deployPrompt);
      const { council, members, trustList, ministry, schemaRegistry } = suite;
      const call = await handOver(suite);
      await approveBy(council, members, call);
      const other = trustList.interface.encodeFunctionData("updateBody", [1n, ministry.address, PROFILE]);
      for (const changed of [
        [await schemaRegistry.getAddress(), call[1], call[2]],
        [call[0], other, call[2]],
        [call[0], call[1], PROFILE],
      ] as const) {
        await expect(council.connect(members[0]).execute(...changed))
          .to.be.revertedWithCustomError(council, "TooFewApprovals")
          .withArgs(await council.operationId(...changed), 0n, 2n);
      }
    });

    it("reverts when it was carried out, and under another salt is another operation", async () => {
      const suite = await load(deployPrompt);
      const { council, members } = suite;
      const call = await handOver(suite);
      const id = await approveBy(council, members.slice(0, 2), call);
      await council.connect(members[0]).execute(...call);
      for (const method of ["execute", "schedule"] as const) {
        await expect(council.connect(members[0])[method](...call))
          .to.be.revertedWithCustomError(council, "AlreadyExecuted")
          .withArgs(id);
      }
      const again = await handOver(suite, "again");
      await approveBy(council, members.slice(0, 2), again);
      await council.connect(members[0]).execute(...again);
    });

    it("does not count the approvals of a former member", async () => {
      const suite = await load(deployPrompt);
      const { council, members, decide } = suite;
      const call = await handOver(suite);
      const id = await approveBy(council, members.slice(0, 2), call);
      await decide(council, "setMembers", [[members[1]!.address, members[2]!.address], 2n]);
      expect(await council.approvals(id)).to.equal(1n);
      await expect(council.connect(members[1]).execute(...call))
        .to.be.revertedWithCustomError(council, "TooFewApprovals")
        .withArgs(id, 1n, 2n);
      await expect(council.connect(members[0]).execute(...call))
        .to.be.revertedWithCustomError(council, "NotMember")
        .withArgs(members[0]!.address);
      await approveBy(council, [members[2]!], call);
      await council.connect(members[1]).execute(...call);
    });

    it("reverts with the call's own error, and may be tried again", async () => {
      const suite = await load(deployPrompt);
      const { council, trustList, members, stranger } = suite;
      const call = await operation(trustList, "updateBody", [2n, stranger.address, PROFILE]);
      await approveBy(council, members.slice(0, 2), call);
      await expect(council.connect(members[0]).execute(...call))
        .to.be.revertedWithCustomError(trustList, "UnknownBody")
        .withArgs(2n);
      await registerBody(suite, suite.ministry);
      await council.connect(members[0]).execute(...call);
    });
  });

  describe("with a delay", () => {
    it("carries out at the second at which the delay is over, not one earlier", async () => {
      const suite = await load(deployDelayed);
      const { council, manager, members, connection } = suite;
      const call = await handOver(suite);
      const id = await approveBy(council, members.slice(0, 2), call);
      const inManager = await manager.hashOperation(council, call[0], call[1]);
      await expect(council.connect(members[0]).execute(...call))
        .to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled")
        .withArgs(inManager);

      const scheduled = await later(suite);
      await expect(council.connect(members[2]).schedule(...call))
        .to.emit(council, "OperationScheduled")
        .withArgs(id, scheduled + DELAY);
      await connection.networkHelpers.time.setNextBlockTimestamp(scheduled + DELAY - 1n);
      await expect(council.connect(members[0]).execute(...call))
        .to.be.revertedWithCustomError(manager, "AccessManagerNotReady")
        .withArgs(inManager);
      await connection.networkHelpers.time.setNextBlockTimestamp(scheduled + DELAY);
      await council.connect(members[0]).execute(...call);
    });

    it("does not serve one operation by the delay of another", async () => {
      const suite = await load(deployDelayed);
      const { council, manager, members, connection } = suite;
      const [first, second] = [await handOver(suite), await handOver(suite, "again")];
      const id = await approveBy(council, members.slice(0, 2), first);
      await council.connect(members[0]).schedule(...first);
      for (const member of members.slice(0, 2)) await council.connect(member).withdrawApproval(id);
      await connection.networkHelpers.time.increase(DELAY);

      const other = await approveBy(council, members.slice(0, 2), second);
      await expect(council.connect(members[0]).execute(...second))
        .to.be.revertedWithCustomError(council, "DelayOfAnotherOperation")
        .withArgs(other, id);
      const { interface: methods } = manager;
      const cancelData = methods.encodeFunctionData("cancel", [await council.getAddress(), first[0], first[1]]);
      const cancel: [string, string, string] = [await manager.getAddress(), cancelData, PROFILE];
      await approveBy(council, members.slice(0, 2), cancel);
      await council.connect(members[0]).execute(...cancel);
      await council.connect(members[0]).schedule(...second);
      await connection.networkHelpers.time.increase(DELAY);
      await council.connect(members[0]).execute(...second);
    });

    it("starts no delay without enough approvals, nor twice", async () => {
      const suite = await load(deployDelayed);
      const { council, manager, members } = suite;
      const call = await handOver(suite);
      const id = await approveBy(council, [members[0]!], call);
      await expect(council.connect(members[0]).schedule(...call))
        .to.be.revertedWithCustomError(council, "TooFewApprovals")
        .withArgs(id, 1n, 2n);
      await approveBy(council, [members[1]!], call);
      await council.connect(members[0]).schedule(...call);
      await expect(council.connect(members[0]).schedule(...call)).to.be.revertedWithCustomError(
        manager,
        "AccessManagerAlreadyScheduled",
      );
    });

    it("reverts when an approval was withdrawn, or a member replaced, while the delay ran", async () => {
      const suite = await load(deployDelayed);
      const { council, members, connection } = suite;
      const call = await handOver(suite);
      const id = await approveBy(council, members.slice(0, 2), call);
      await council.connect(members[0]).schedule(...call);
      const replace = await operation(council, "setMembers", [[members[1]!.address, members[2]!.address], 2n]);
      await approveBy(council, members.slice(0, 2), replace);
      await council.connect(members[0]).schedule(...replace);
      await connection.networkHelpers.time.increase(DELAY);

      await council.connect(members[1]).withdrawApproval(id);
      await expect(council.connect(members[0]).execute(...call))
        .to.be.revertedWithCustomError(council, "TooFewApprovals")
        .withArgs(id, 1n, 2n);
      await council.connect(members[1]).approve(...call);
      await council.connect(members[0]).execute(...replace);
      await expect(council.connect(members[1]).execute(...call))
        .to.be.revertedWithCustomError(council, "TooFewApprovals")
        .withArgs(id, 1n, 2n);
    });

    it("reverts a week after the delay", async () => {
      const suite = await load(deployDelayed);
      const { council, manager, members, connection } = suite;
      const call = await handOver(suite);
      await approveBy(council, members.slice(0, 2), call);
      const scheduled = await later(suite);
      await council.connect(members[0]).schedule(...call);
      await connection.networkHelpers.time.setNextBlockTimestamp(scheduled + DELAY + WEEK);
      await expect(council.connect(members[0]).execute(...call))
        .to.be.revertedWithCustomError(manager, "AccessManagerExpired")
        .withArgs(await manager.hashOperation(council, call[0], call[1]));
    });

    it("cannot be got round by the AccessManager's own functions", async () => {
      const suite = await load(deployDelayed);
      const { council, manager, trustList, members, stranger } = suite;
      const call = await handOver(suite);
      for (const caller of [members[0]!, stranger]) {
        await expect(manager.connect(caller).execute(call[0], call[1])).to.be.revertedWithCustomError(
          manager,
          "AccessManagerUnauthorizedCall",
        );
        await expect(manager.connect(caller).schedule(call[0], call[1], 0n)).to.be.revertedWithCustomError(
          manager,
          "AccessManagerUnauthorizedCall",
        );
        await expect(trustList.connect(caller).setAuthority(caller.address)).to.be.revertedWithCustomError(
          trustList,
          "AccessManagedUnauthorized",
        );
      }
      // Nor by the council, which could otherwise give itself a shorter delay.
      for (const [method, args] of [
        ["grantRole", [0n, await council.getAddress(), 0n]],
        ["grantRole", [0n, stranger.address, 0n]],
        ["setTargetFunctionRole", [await trustList.getAddress(), ["0x00000000"], 1n]],
        ["updateAuthority", [await trustList.getAddress(), stranger.address]],
        ["execute", [call[0], call[1]]],
      ] as const) {
        const shortcut = await operation(manager, method, [...args]);
        await approveBy(council, members, shortcut);
        await expect(council.connect(members[0]).execute(...shortcut)).to.be.revertedWithCustomError(
          manager,
          "AccessManagerNotScheduled",
        );
      }
    });

    it("changes roles and delays through the AccessManager after the delay", async () => {
      const suite = await load(deployDelayed);
      const { council, manager, members, connection, stranger } = suite;
      const call = await operation(manager, "grantRole", [7n, stranger.address, 0n]);
      await approveBy(council, members.slice(0, 2), call);
      await council.connect(members[0]).schedule(...call);
      await connection.networkHelpers.time.increase(DELAY);
      await council.connect(members[0]).execute(...call);
      expect((await manager.hasRole(7n, stranger.address)).isMember).to.equal(true);
    });
  });

  describe("recovery", () => {
    const replaceMembers = ({ council, stranger, ministry }: Suite) => {
      const members = [stranger.address, ministry.address].sort((x, y) => (BigInt(x) < BigInt(y) ? -1 : 1));
      return operation(council, "setMembers", [members, 2n]);
    };

    it("replaces the members after its longer delay, not before", async () => {
      const suite = await load(deployDelayed);
      const { council, recovery, manager, members, recoverer, stranger, connection } = suite;
      const call = await replaceMembers(suite);
      await approveBy(recovery, [recoverer], call);
      const scheduled = await later(suite);
      await recovery.schedule(...call);
      for (const seconds of [DELAY, 999n]) {
        await connection.networkHelpers.time.setNextBlockTimestamp(scheduled + seconds);
        await expect(recovery.execute(...call)).to.be.revertedWithCustomError(manager, "AccessManagerNotReady");
      }
      await connection.networkHelpers.time.setNextBlockTimestamp(scheduled + 1_000n);
      await expect(recovery.execute(...call)).to.emit(council, "MembersChanged");
      await expect(council.connect(members[0]).approve(...call))
        .to.be.revertedWithCustomError(council, "NotMember")
        .withArgs(members[0]!.address);
      await council.connect(stranger).approve(...call);
    });

    it("is cancelled by the council meanwhile, without a delay", async () => {
      const suite = await load(deployDelayed);
      const { council, recovery, manager, members, recoverer, connection } = suite;
      const call = await replaceMembers(suite);
      await approveBy(recovery, [recoverer], call);
      await recovery.schedule(...call);

      const cancel = await operation(manager, "cancel", [await recovery.getAddress(), call[0], call[1]]);
      await approveBy(council, members.slice(0, 2), cancel);
      await expect(council.connect(members[0]).execute(...cancel)).to.emit(manager, "OperationCanceled");
      await connection.networkHelpers.time.increase(1_000n);
      await expect(recovery.execute(...call)).to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled");
      expect((await council.council()).members).to.deep.equal(members.map(({ address }) => address));
    });

    it("has no short way", async () => {
      const suite = await load(deployDelayed);
      const { recovery, manager, recoverer } = suite;
      const call = await replaceMembers(suite);
      await approveBy(recovery, [recoverer], call);
      await expect(recovery.execute(...call)).to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled");
    });

    it("may do nothing else: not decide, stop, grant, nor cancel what the council decided", async () => {
      const suite = await load(deployDelayed);
      const { council, recovery, manager, trustList, members, recoverer } = suite;
      const decided = await handOver(suite);
      await approveBy(council, members.slice(0, 2), decided);
      await council.connect(members[0]).schedule(...decided);

      for (const call of [
        decided,
        await operation(trustList, "stop", [(await now(suite)) + 1_000n, PROFILE]),
        await operation(manager, "grantRole", [0n, await recovery.getAddress(), 0n]),
        await operation(recovery, "setMembers", [[recoverer.address], 1n]),
      ]) {
        await approveBy(recovery, [recoverer], call);
        await expect(recovery.schedule(...call)).to.be.revertedWithCustomError(
          manager,
          "AccessManagerUnauthorizedCall",
        );
        await expect(recovery.execute(...call)).to.be.revert(suite.ethers);
      }
      const cancel = await operation(manager, "cancel", [await council.getAddress(), decided[0], decided[1]]);
      await approveBy(recovery, [recoverer], cancel);
      await expect(recovery.execute(...cancel)).to.be.revertedWithCustomError(
        manager,
        "AccessManagerUnauthorizedCancel",
      );
    });

    it("is itself renewed by the council", async () => {
      const suite = await load(deployPrompt);
      const { recovery, decide, stranger } = suite;
      await expect(decide(recovery, "setMembers", [[stranger.address], 1n]))
        .to.emit(recovery, "MembersChanged")
        .withArgs([stranger.address], 1n);
    });
  });

  it("leaves the deployer no power", async () => {
    const suite = await load(deployPrompt);
    const { manager, council, trustList, schemaRegistry, attestationRegistry, didRegistry, deployer } = suite;
    for (const role of [0n, 1n, 2n]) {
      expect((await manager.hasRole(role, deployer.address)).isMember).to.equal(false);
    }
    const asDeployer = manager.connect(deployer);
    const until = (await now(suite)) + 1_000n;
    await expect(asDeployer.grantRole(0n, deployer.address, 0n)).to.be.revertedWithCustomError(
      manager,
      "AccessManagerUnauthorizedAccount",
    );
    await expect(asDeployer.setTargetClosed(await trustList.getAddress(), true)).to.be.revertedWithCustomError(
      manager,
      "AccessManagerUnauthorizedAccount",
    );
    for (const contract of [trustList, schemaRegistry, attestationRegistry, didRegistry]) {
      await expect(contract.connect(deployer).stop(until, PROFILE))
        .to.be.revertedWithCustomError(contract, "AccessManagedUnauthorized")
        .withArgs(deployer.address);
      await expect(contract.connect(deployer).resume(PROFILE))
        .to.be.revertedWithCustomError(contract, "AccessManagedUnauthorized")
        .withArgs(deployer.address);
    }
    await expect(council.connect(deployer).setMembers([deployer.address], 1n))
      .to.be.revertedWithCustomError(council, "AccessManagedUnauthorized")
      .withArgs(deployer.address);
    expect(await trustList.authority()).to.equal(await manager.getAddress());
  });
});
