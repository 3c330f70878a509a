import { resolveAddress, ZeroAddress, type Addressable } from "ethers";
import { expect } from "chai";

import { ADMIN_ROLE, EMERGENCY_ROLE } from "../../src/trust/roles.js";
import { AccessManager__factory, Inauguration__factory, type AccessManager } from "../../src/typechain/index.js";
import { callOf, throughForwarder, throughHub, type Carry } from "../helpers/forward.js";
import { deploySuite } from "../helpers/suite.js";
import { load, type Signer, type Suite } from "../helpers/trust.js";

/** Beside the suite a new AccessManager whose council, one account here, is not in office yet. */
async function deployNew() {
  const suite = await deploySuite({ withHub: true });
  const { deployer, forwarder, relayHub, members, recoverer } = suite;
  const relays = { forwarder, hub: relayHub };
  const inauguration = await new Inauguration__factory(deployer).deploy(deployer, relays);
  const fresh = await new AccessManager__factory(deployer).deploy(inauguration);
  const [chair] = members as [Signer];
  const grant = (role: bigint, account: Signer) =>
    fresh.interface.encodeFunctionData("grantRole", [role, account.address, 0n]);
  const calls = [grant(ADMIN_ROLE, chair), grant(EMERGENCY_ROLE, recoverer)];
  const call = await callOf(inauguration, "inaugurate", [await fresh.getAddress(), chair.address, calls]);
  return { ...suite, inauguration, fresh, chair, grant, calls, call };
}

const directly = (): Carry => (signer, call) => signer.sendTransaction(call);

const RELAYS: readonly (readonly [string, (suite: Suite) => Carry])[] = [
  ["directly", directly],
  ["through an ERC-2771 forwarder", throughForwarder],
  ["through a LACChain hub", throughHub],
];

async function isAdmin(manager: AccessManager, account: Addressable | string): Promise<boolean> {
  return (await manager.hasRole(ADMIN_ROLE, account)).isMember;
}

/** Everybody who ever got the admin role. */
async function adminsOf(manager: AccessManager): Promise<string[]> {
  const granted = await manager.queryFilter(manager.filters.RoleGranted(ADMIN_ROLE));
  return granted.map(({ args }) => args.account);
}

describe("Inauguration", () => {
  for (const [name, relay] of RELAYS) {
    describe(`inaugurate, ${name}`, () => {
      it("makes every call, and leaves the council as the only admin", async () => {
        const suite = await load(deployNew);
        const { inauguration, fresh, chair, deployer, recoverer, call } = suite;
        expect(await isAdmin(fresh, inauguration)).to.equal(true);
        expect(await inauguration.inaugurated()).to.equal(ZeroAddress);
        const sent = relay(suite)(deployer, call);
        await expect(sent).to.emit(inauguration, "CouncilInaugurated").withArgs(fresh, chair);
        await expect(sent).to.emit(fresh, "RoleRevoked").withArgs(ADMIN_ROLE, inauguration);
        expect(await inauguration.inaugurated()).to.equal(await fresh.getAddress());
        expect((await fresh.hasRole(EMERGENCY_ROLE, recoverer)).isMember).to.equal(true);
        expect(await isAdmin(fresh, chair)).to.equal(true);
        for (const account of [inauguration, deployer, suite.stranger, suite.forwarder, suite.relayHub, recoverer]) {
          expect(await isAdmin(fresh, account), await resolveAddress(account)).to.equal(false);
        }
        expect(await adminsOf(fresh)).to.deep.equal([await inauguration.getAddress(), chair.address]);
      });

      it("refuses everybody but the deployer", async () => {
        const suite = await load(deployNew);
        const { inauguration, fresh, chair, deployer, call } = suite;
        const attempt = relay(suite)(chair, call);
        // The forwarder does not pass the reason on.
        if (relay === throughForwarder) {
          await expect(attempt).to.be.revertedWithCustomError(suite.forwarder, "FailedCall");
        } else {
          await expect(attempt)
            .to.be.revertedWithCustomError(inauguration, "NotDeployer")
            .withArgs(chair.address, deployer.address);
        }
        expect(await isAdmin(fresh, chair)).to.equal(false);
        expect(await isAdmin(fresh, inauguration)).to.equal(true);
      });
    });
  }

  describe("inaugurate", () => {
    it("serves nobody a second time, for this manager or another", async () => {
      const { inauguration, fresh, manager, chair, calls, grant, deployer, stranger } = await load(deployNew);
      await inauguration.inaugurate(fresh, chair, calls);
      const again: readonly (readonly [AccessManager, string[]])[] = [
        [fresh, calls],
        [fresh, [grant(ADMIN_ROLE, deployer)]],
        [fresh, []],
        [manager, []],
      ];
      for (const [target, more] of again) {
        await expect(inauguration.inaugurate(target, chair, more))
          .to.be.revertedWithCustomError(inauguration, "InauguratedBefore")
          .withArgs(fresh);
      }
      await expect(inauguration.connect(stranger).inaugurate(fresh, stranger, [grant(ADMIN_ROLE, stranger)]))
        .to.be.revertedWithCustomError(inauguration, "NotDeployer")
        .withArgs(stranger.address, deployer.address);
      expect(await isAdmin(fresh, deployer)).to.equal(false);
    });

    it("does nothing where the council would not be admin, and may be tried again", async () => {
      const { inauguration, fresh, chair, calls, grant, recoverer } = await load(deployNew);
      for (const wrong of [[], [grant(ADMIN_ROLE, recoverer)], [grant(EMERGENCY_ROLE, chair)]]) {
        await expect(inauguration.inaugurate(fresh, chair, wrong))
          .to.be.revertedWithCustomError(inauguration, "CouncilNotAdmin")
          .withArgs(chair.address);
      }
      expect(await isAdmin(fresh, inauguration)).to.equal(true);
      expect(await isAdmin(fresh, recoverer)).to.equal(false);
      expect(await inauguration.inaugurated()).to.equal(ZeroAddress);
      await inauguration.inaugurate(fresh, chair, calls);
      expect(await isAdmin(fresh, chair)).to.equal(true);
    });

    it("does not take itself for the council", async () => {
      const { inauguration, fresh, calls } = await load(deployNew);
      await expect(inauguration.inaugurate(fresh, inauguration, calls))
        .to.be.revertedWithCustomError(inauguration, "CouncilNotAdmin")
        .withArgs(inauguration);
    });

    it("makes no call where one fails, and passes its error on", async () => {
      const { inauguration, fresh, chair, calls, grant } = await load(deployNew);
      const everybody = await fresh.PUBLIC_ROLE();
      await expect(inauguration.inaugurate(fresh, chair, [...calls, grant(everybody, chair)]))
        .to.be.revertedWithCustomError(fresh, "AccessManagerLockedRole")
        .withArgs(everybody);
      expect(await isAdmin(fresh, chair)).to.equal(false);
      expect(await inauguration.inaugurated()).to.equal(ZeroAddress);
    });

    it("has no power over a manager whose admin it is not", async () => {
      const { inauguration, manager, chair, calls } = await load(deployNew);
      await expect(inauguration.inaugurate(manager, chair, calls))
        .to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedAccount")
        .withArgs(inauguration, ADMIN_ROLE);
    });
  });

  it("tells its deployer and its relays", async () => {
    const { inauguration, deployer, forwarder, relayHub } = await load(deployNew);
    expect(await inauguration.deployer()).to.equal(deployer.address);
    expect(await inauguration.relayHub()).to.equal(relayHub);
    expect(await inauguration.trustedForwarder()).to.equal(await forwarder.getAddress());
  });

  it("has put the suite's council in office, and nobody else was ever admin", async () => {
    const { deployed, manager, council, recovery, deployer } = await load(deployNew);
    const at = await deployed.inauguration.getAddress();
    const inauguration = Inauguration__factory.connect(at, deployer);
    expect(await inauguration.deployer()).to.equal(deployer.address);
    expect(await inauguration.inaugurated()).to.equal(await manager.getAddress());
    expect(await adminsOf(manager)).to.deep.equal([at, await council.getAddress()]);
    expect(await isAdmin(manager, council)).to.equal(true);
    for (const account of [inauguration, deployer, recovery]) expect(await isAdmin(manager, account)).to.equal(false);
  });
});
