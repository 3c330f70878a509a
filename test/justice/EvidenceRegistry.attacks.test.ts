import { expect } from "chai";
import { hexlify, id, type BytesLike } from "ethers";

import { treeOf } from "../helpers/batches.js";
import { batchIdOf, CASE, evidenceFixture, exhibit, exhibits, memberOf, ORDER, STATE } from "../helpers/evidence.js";
import { GROUNDS, NO_END } from "../helpers/suite.js";
import { signConsent, Standing } from "../helpers/trust.js";

const X = exhibit(1);
const scopeOf = (role: string) => id(`diwan.role.${role}`);

/** A write that is tried during a static call burns all that the wallet was given; the rest must do for the registry. */
const gasLimit = 10_000_000n;

type World = Awaited<ReturnType<typeof evidenceFixture>>;

/** An ERC-1271 wallet of the suite's deployer, as a further key of a body in a role. */
async function walletOf(f: World, body: bigint, role: string) {
  const { ethers, deployer, trustList, ministry } = f;
  const wallet = await ethers.deployContract("Wallet", [deployer.address]);
  const address = await wallet.getAddress();
  const consent = await signConsent(f, { body, operator: deployer, wallet: address });
  await trustList.connect(ministry).authorizeKey(body, address, [scopeOf(role)], 0n, NO_END, NO_END, consent);
  /** Makes the wallet call the registry while it is asked for its signature, and say yes. */
  const reenter = (call: BytesLike) => wallet.getFunction("reenter")(f.registryAddress, call);
  /** Calls the registry as the wallet. */
  const act = (call: BytesLike) => wallet.getFunction("act")(f.registryAddress, call);
  return { address, reenter, act, behave: wallet.getFunction("behave") };
}

describe("EvidenceRegistry, attacked", () => {
  describe("by a wallet that calls back while it is asked", () => {
    it("during a hand-over: its body may seal, offer and tender, and yet nothing of it is done then", async () => {
      const f = await evidenceFixture();
      const { registry, parties, signHandOver } = f;
      const { police, laboratory, archive, court } = parties;
      await f.deposit(1);
      const giver = await walletOf(f, police.body, "evidence-custodian");
      const keys = [giver, laboratory.key] as const;
      const taken = await signHandOver(laboratory.key, keys);
      const calls = [
        registry.interface.encodeFunctionData("seal", [X]),
        registry.interface.encodeFunctionData("offer", [X, archive.body, NO_END]),
        registry.interface.encodeFunctionData("tender", [court.body, X]),
        registry.interface.encodeFunctionData("returnExhibit", [X, ORDER]),
        registry.interface.encodeFunctionData("handOver", [
          NO_END,
          X,
          giver.address,
          "0x",
          laboratory.key.address,
          taken,
        ]),
      ];
      const snapshot: unknown = await f.ethers.provider.send("evm_snapshot", []);
      await giver.act(calls[0]!);
      expect((await registry.exhibitOf(X)).isSealed).to.equal(true);
      await f.ethers.provider.send("evm_revert", [snapshot]);

      const [before, blank] = [await registry.exhibitOf(X), await registry.currentOfferOf(X)];
      for (const call of calls) {
        const again: unknown = await f.ethers.provider.send("evm_snapshot", []);
        await giver.reenter(call);
        await registry.handOver(NO_END, X, giver.address, "0x", laboratory.key, taken, { gasLimit });
        const after = await registry.exhibitOf(X);
        expect([after.custodian, after.hop]).to.deep.equal([laboratory.body, 1n]);
        expect([after.state, after.isSealed, after.court]).to.deep.equal([before.state, false, 0n]);
        expect(await registry.currentOfferOf(X)).to.deep.equal(blank);
        await f.ethers.provider.send("evm_revert", [again]);
      }
    });

    it("during a co-attestation and a destruction: each counts once, for one body", async () => {
      const f = await evidenceFixture();
      const { registry, parties } = f;
      const { notary, certifier, police } = parties;
      await f.deposit(1);
      const wallet = await walletOf(f, notary.body, "notary");
      const yes = { witness: wallet.address, role: scopeOf("notary"), deadline: NO_END, signature: "0x" };
      // What anybody may carry at any other time.
      const carry = async () => {
        const signed = await f.coAttest(X, certifier);
        return registry.interface.encodeFunctionData("witnessDeposit", [X, [signed]]);
      };
      await wallet.reenter(await carry());
      const logged = await registry.witnessDeposit(X, [yes], { gasLimit });
      expect((await logged.wait())?.logs.length).to.equal(1);
      await expect(registry.witnessDeposit(X, [yes]))
        .to.be.revertedWithCustomError(registry, "WitnessNotIndependent")
        .withArgs(X, notary.body);

      const other = await f.seeDestroyed(X, certifier);
      // The wallet cannot stand for both.
      await expect(f.as(police).destroy(X, ORDER, [yes, yes])).to.be.revertedWithCustomError(
        registry,
        "WitnessNotIndependent",
      );
      const destroyed = await f.as(police).destroy(X, ORDER, [yes, other], { gasLimit });
      expect((await destroyed.wait())?.logs.length).to.equal(1);
      expect((await registry.witnessOf(X, certifier.body)).attestedAt).to.equal(0n);
      await wallet.act(await carry());
      expect((await registry.witnessOf(X, certifier.body)).attestedAt).to.not.equal(0n);
    });

    it("takes no other answer for a signature, by either party or a witness", async () => {
      const f = await evidenceFixture();
      const { registry, parties, signHandOver } = f;
      const { police, notary, laboratory } = parties;
      await f.deposit(1);
      const [giver, witness] = [
        await walletOf(f, police.body, "evidence-custodian"),
        await walletOf(f, notary.body, "notary"),
      ];
      const taken = await signHandOver(laboratory.key, [giver, laboratory.key]);
      const signed = { witness: witness.address, role: scopeOf("notary"), deadline: NO_END, signature: "0x" };
      // Reverts, answers nothing, four bytes, zero, ones, a dirty word, and too much.
      for (const behaviour of [1, 3, 4, 5, 6, 7, 8]) {
        await giver.behave(behaviour);
        await witness.behave(behaviour);
        const given = "0x";
        await expect(
          registry.handOver(NO_END, X, giver.address, given, laboratory.key, taken),
        ).to.be.revertedWithCustomError(registry, "SignatureInvalid");
        await expect(registry.witnessDeposit(X, [signed])).to.be.revertedWithCustomError(registry, "SignatureInvalid");
      }
    });
  });

  describe("by signatures that were given for something else", () => {
    it("a co-attestation is no destruction, of the exhibit or anything else; nor the other way round", async () => {
      const f = await evidenceFixture();
      const { registry, parties } = f;
      await f.deposit(1);
      const attested = [await f.coAttest(X, parties.notary), await f.coAttest(X, parties.certifier)];
      await expect(registry.destroy(X, ORDER, attested)).to.be.revertedWithCustomError(registry, "SignatureInvalid");
      await expect(registry.witnessDeposit(X, await f.seenDestroyed(X))).to.be.revertedWithCustomError(
        registry,
        "SignatureInvalid",
      );
    });

    it("what was signed for a destruction that came to nothing serves the next custodian, for the same order only", async () => {
      const f = await evidenceFixture();
      const { registry, parties } = f;
      const { police, archive } = parties;
      await f.deposit(1);
      const seen = await f.seenDestroyed(X);
      await f.handOver(X, police, archive);
      await expect(f.as(archive).destroy(X, id("other"), seen)).to.be.revertedWithCustomError(
        registry,
        "SignatureInvalid",
      );
      await f.as(archive).destroy(X, ORDER, seen);
    });
  });

  describe("by keys that are no longer what they were", () => {
    it("a key moved to another role of its body no longer holds what the body holds", async () => {
      const f = await evidenceFixture();
      const { registry, trustList, parties, spare } = f;
      const { laboratory } = parties;
      await f.giveKey(laboratory.body, spare[0]!, ["evidence-custodian"]);
      await f.as({ key: spare[0]! }).deposit(f.tool, X, CASE);
      await f.giveKey(laboratory.body, spare[0]!, ["forensic-centre"]);
      const mine = registry.connect(spare[0]);
      for (const sent of [mine.seal(X), mine.offer(X, parties.archive.body, NO_END), mine.returnExhibit(X, ORDER)])
        await expect(sent).to.be.revertedWithCustomError(trustList, "RoleNotListed");
      await f.as(laboratory).seal(X);
    });

    it("an offer waits for a taker that is suspended, and one that a stolen key made stands until it is recalled", async () => {
      const f = await evidenceFixture();
      const { registry, trustList, parties, spare, time } = f;
      const { police, laboratory } = parties;
      await f.giveKey(police.body, spare[0]!, ["evidence-custodian"]);
      await f.deposit(1);
      await f.deposit(2);
      for (const commitment of exhibits(2, 1)) await registry.offer(commitment, laboratory.body, NO_END);
      await f.councilDoes("suspend", "evidence-custodian", laboratory.body);
      await expect(f.as(laboratory).accept(X))
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(scopeOf("evidence-custodian"), laboratory.body, Standing.SUSPENDED);
      await f.councilDoes("reinstate", "evidence-custodian", laboratory.body);
      await f.compromise(police.key, BigInt(await time.latest()) - 100n);
      // The offer is the body's, not the key's: another of its keys takes it back, or else it counts.
      await registry.connect(spare[0]).recall(X);
      await expect(f.as(laboratory).accept(X)).to.be.revertedWithCustomError(registry, "OfferMissing");
      await f.as(laboratory).accept(exhibit(2));
    });
  });

  describe("by an end of who is in charge", () => {
    /** An exhibit before the court, sealed and held by it, whose accreditation is then withdrawn. */
    async function orphaned() {
      const f = await evidenceFixture();
      const { registry, parties } = f;
      await f.exhibitIn(STATE.TENDERED);
      await registry.seal(X);
      await f.as(parties.court).hold(X, ORDER);
      await f.councilDoes("withdraw", "court", parties.court.body);
      return f;
    }

    it("a court withdrawn while it is in charge leaves the exhibit to no other court, party or custodian", async () => {
      const f = await orphaned();
      const { registry, trustList, parties } = f;
      const { court, otherCourt, archive } = parties;
      for (const what of ["liftSeal", "decideAdmission", "decideExclusion", "releaseFromHold"] as const) {
        await expect(f.as(court)[what](X, ORDER))
          .to.be.revertedWithCustomError(trustList, "NotAccredited")
          .withArgs(scopeOf("court"), court.body, Standing.WITHDRAWN);
        await expect(f.as(otherCourt)[what](X, ORDER))
          .to.be.revertedWithCustomError(registry, "CourtNotInCharge")
          .withArgs(X, court.body, otherCourt.body);
      }
      for (const [sent, error] of [
        [registry.tender(otherCourt.body, X), "ExhibitStateRefuses"],
        [registry.returnExhibit(X, ORDER), "ExhibitStateRefuses"],
        [registry.offer(X, archive.body, NO_END), "ExhibitSealRefuses"],
      ] as const)
        await expect(sent).to.be.revertedWithCustomError(registry, error);
    });

    it("and the council ends that: it accredits the body again, and gives it to the successor's controller", async () => {
      const f = await orphaned();
      const { registry, trustList, parties, spare, stranger } = f;
      const { court } = parties;
      const until = BigInt(await f.time.latest()) + 1_000n;
      await f.accreditIn("court", court.body, { until });
      // The controller is gone, its keys with it: the council names another, who appoints a key of its own.
      const [controller, key] = [spare[0]!, spare[1]!];
      await expect(
        trustList.connect(stranger).updateBody(court.body, controller, GROUNDS),
      ).to.be.revertedWithCustomError(trustList, "AccessManagedUnauthorized");
      await f.decide(trustList, "updateBody", [court.body, controller.address, GROUNDS]);
      const consent = await signConsent(f, { body: court.body, operator: key });
      const scopes = [scopeOf("court")];
      await trustList.connect(controller).authorizeKey(court.body, key, scopes, 0n, NO_END, NO_END, consent);
      const successor = registry.connect(key);
      await successor.liftSeal(X, ORDER);
      await successor.releaseFromHold(X, ORDER);
      await successor.decideExclusion(X, ORDER);
      await registry.tender(parties.otherCourt.body, X);
      expect((await registry.exhibitOf(X)).court).to.equal(parties.otherCourt.body);
    });

    it("a custodian without a key or a controller holds on; the council gives its body to another, accredited or not", async () => {
      const f = await evidenceFixture();
      const { registry, trustList, parties, spare } = f;
      const { police, archive } = parties;
      await f.deposit(1);
      await trustList.connect(police.key).retireKey(police.key);
      await f.councilDoes("withdraw", "evidence-custodian", police.body);
      await expect(registry.offer(X, archive.body, NO_END)).to.be.revertedWithCustomError(trustList, "KeyNotInForce");
      const [controller, key] = [spare[0]!, spare[1]!];
      await f.decide(trustList, "updateBody", [police.body, controller.address, GROUNDS]);
      const consent = await signConsent(f, { body: police.body, operator: key });
      const scopes = [scopeOf("evidence-custodian")];
      await trustList.connect(controller).authorizeKey(police.body, key, scopes, 0n, NO_END, NO_END, consent);
      await f.handOver(X, { key }, archive);
      expect((await registry.exhibitOf(X)).custodian).to.equal(archive.body);
    });
  });

  describe("by trees that are alike", () => {
    it("one tree in the log and under a root is two batches, each with its own time, tool and witnesses", async () => {
      const f = await evidenceFixture();
      const { registry, parties, tool } = f;
      const { police, notary, otherTool } = parties;
      const tree = treeOf(exhibits(3));
      const root = hexlify(tree.root());
      await registry.depositMany(tool, exhibits(3), CASE);
      await registry.depositBatch(otherTool.body, root, 3n, CASE);
      const [logged, rooted] = [true, false].map((inLog) => ({ depositor: police.body, inLog, root, size: 3n }));
      const [a, b] = [await registry.depositOf(batchIdOf(logged!)), await registry.depositOf(batchIdOf(rooted!))];
      expect([a.tool, b.tool]).to.deep.equal([tool, otherTool.body]);
      expect(a.depositedAt).to.be.lessThan(b.depositedAt);
      await registry.witnessDeposit(batchIdOf(rooted!), [await f.coAttest(batchIdOf(rooted!), notary)]);
      expect((await registry.witnessOf(batchIdOf(logged!), notary.body)).attestedAt).to.equal(0n);
      const place = (at: typeof logged) => memberOf(tree, exhibit(0), { ...at!, index: 0n });
      expect((await registry.statusOfMember(place(rooted))).exhibit.tool).to.equal(otherTool.body);
      await registry.singleOut(place(logged));
      await expect(registry.singleOut(place(rooted))).to.be.revertedWithCustomError(registry, "ExhibitExists");
      expect((await registry.exhibitOf(exhibit(0))).tool).to.equal(tool);
      // Singled out of the one; of the other it stands as that says.
      expect((await registry.statusOfMember(place(rooted))).exhibit.tool).to.equal(otherTool.body);
    });

    it("a size that is not the tree's proves nothing that the tree does not hold", async () => {
      const f = await evidenceFixture();
      const { registry, parties, tool } = f;
      const commitments = exhibits(4);
      const tree = treeOf(commitments);
      const root = hexlify(tree.root());
      const proofs = commitments.map((_, i) => tree.inclusionProof(i).map((node) => hexlify(node)));
      const sizes = [1n, 2n, 3n, 5n, 8n];
      const nodes = [...new Set(proofs.flat())];
      for (const size of sizes) await registry.depositBatch(tool, root, size, CASE);
      let shown = 0;
      for (const size of sizes)
        for (const commitment of [...commitments, ...nodes, root])
          for (let index = 0n; index < size; index++)
            for (const path of [...proofs, ...proofs.map((proof) => proof.slice(1)), []]) {
              const place = { depositor: parties.police.body, inLog: false, root, size, index, path };
              const why = await registry.statusOfMember({ commitment, place }).then(
                () => undefined,
                (error: unknown) => String(error),
              );
              if (why !== undefined) {
                expect(why).to.include("ExhibitNotMember");
                continue;
              }
              shown++;
              expect(commitments).to.include(commitment);
            }
      expect(shown).to.be.greaterThan(0);
    });
  });
});
