import { expect } from "chai";
import { id } from "ethers";

import { buildRoll, rollProof } from "../../src/voting/election/roll.js";
import { gateScope } from "../../src/voting/election/gateEvidence.js";
import { foldHints } from "../../src/voting/foldHints.js";
import { batchOf, contentOf, maskOf, OTHER_SCHEMA, REASON, SCHEMA, uidOf } from "../helpers/issuer.js";
import { SKIPPED } from "./electionFixture.js";
import { gateFixture } from "./gateFixture.js";

describe("AttestationGate", () => {
  const SLOT = id("pseudonym in this election");

  it("lets a voter cast who holds an attestation for this election, this slot and this address", async () => {
    const f = await gateFixture();
    const { election, voter } = f;
    const evidence = f.evidenceOf(await f.issue(await f.attestationFor(SLOT, voter.address)));
    await f.openNow();
    await expect(f.cast(voter, SLOT, evidence)).to.emit(election, "BallotCast");
    expect(await election.isRecorded(SLOT, f.ballot(SLOT).ballotHash)).to.equal(true);
    for (const [by, slot] of [
      [f.second, SLOT],
      [voter, id("another pseudonym")],
    ] as const) {
      await expect(f.cast(by, slot, evidence)).to.be.revertedWithCustomError(f.registry, "AttestationNotValid");
    }
  });

  it("takes a leaf of a Merkle batch too", async () => {
    const f = await gateFixture();
    const attestations = [
      await f.attestationFor(SLOT, f.voter.address),
      await f.attestationFor(id("second"), f.second.address),
    ];
    const { batch, memberships } = batchOf(attestations, 2n);
    await f.registry.attestBatch(SCHEMA, batch.root, batch.size, batch.bits);
    await f.openNow();
    for (const [i, by] of [f.voter, f.second].entries()) {
      const slot = i === 0 ? SLOT : id("second");
      await f.cast(by, slot, f.evidenceOf(attestations[i]!, memberships[i]));
    }
    expect(await f.election.turnout()).to.equal(2n);
  });

  it("gives one slot to an attestation that is issued again, for another address", async () => {
    const f = await gateFixture();
    const first = await f.issue(await f.attestationFor(SLOT, f.voter.address));
    const again = await f.issue(await f.attestationFor(SLOT, f.second.address, 1));
    await f.registry.revoke(uidOf(first), REASON.KEY_COMPROMISE);
    await f.openNow();
    await expect(f.cast(f.voter, SLOT, f.evidenceOf(first))).to.be.revertedWithCustomError(
      f.registry,
      "AttestationNotValid",
    );
    await f.cast(f.second, SLOT, f.evidenceOf(again));
    await f.cast(f.second, SLOT, f.evidenceOf(again), 2);
    expect(await f.election.turnout()).to.equal(1n);
  });

  it("refuses what another body attests that is accredited for the schema too, for anybody's slot and for one of its own", async () => {
    const f = await gateFixture();
    const right = await f.issue(await f.attestationFor(SLOT, f.voter.address));
    const { rival, rivalClerk } = f;
    const issue = async (slotKey: string) => {
      const attestation = { ...(await f.attestationFor(slotKey, f.second.address)), issuer: rival };
      await f.registry.connect(rivalClerk).attest(SCHEMA, contentOf(attestation), attestation.expiresAt);
      return attestation;
    };
    const [stolen, further] = [await issue(SLOT), await issue(id("a second slot"))];
    await f.openNow();
    await f.cast(f.voter, SLOT, f.evidenceOf(right));
    const expected = gateScope(SCHEMA, Number(f.office));
    for (const [slotKey, attestation] of [
      [SLOT, stolen],
      [id("a second slot"), further],
    ] as const) {
      await expect(f.cast(f.second, slotKey, f.evidenceOf(attestation)))
        .to.be.revertedWithCustomError(f.gate, "VoterScopeWrong")
        .withArgs(gateScope(SCHEMA, Number(rival)), expected);
      // Nor by naming the other body.
      await expect(
        f.cast(f.second, slotKey, f.evidenceOf({ ...attestation, issuer: f.office })),
      ).to.be.revertedWithCustomError(f.registry, "AttestationNotValid");
    }
    expect(await f.election.turnout()).to.equal(1n);
  });

  it("refuses what was issued after the freeze, suspended, or attested for another election", async () => {
    const f = await gateFixture();
    const early = await f.issue(await f.attestationFor(SLOT, f.voter.address));
    const foreign = await f.attestationFor(id("foreign"), f.voter.address, 0, await f.other.getAddress());
    await f.issue(foreign);
    await f.time.setNextBlockTimestamp(f.terms.gateFreeze + 1n);
    const late = await f.issue(await f.attestationFor(id("late"), f.second.address));
    await f.openNow();
    await expect(f.cast(f.second, id("late"), f.evidenceOf(late)))
      .to.be.revertedWithCustomError(f.gate, "VoterAttestedTooLate")
      .withArgs(f.terms.gateFreeze + 1n, f.terms.gateFreeze);
    await expect(f.cast(f.voter, id("foreign"), f.evidenceOf(foreign))).to.be.revertedWithCustomError(
      f.registry,
      "AttestationNotValid",
    );
    await f.registry.suspend(uidOf(early), REASON.CERTIFICATE_HOLD);
    await expect(f.cast(f.voter, SLOT, f.evidenceOf(early))).to.be.revertedWithCustomError(
      f.registry,
      "AttestationNotValid",
    );
    await expect(f.cast(f.voter, SLOT, "0x")).to.be.revert(f.connection.ethers);
  });

  it("has a batch skip whose attestation was revoked, and whose evidence is none", async () => {
    const f = await gateFixture();
    const good = await f.issue(await f.attestationFor(SLOT, f.voter.address));
    const revoked = await f.issue(await f.attestationFor(id("revoked"), f.second.address));
    await f.registry.revoke(uidOf(revoked), REASON.PRIVILEGE_WITHDRAWN);
    await f.openNow();
    const sent = f.castBatch([
      await f.signed(f.second, id("revoked"), f.evidenceOf(revoked)),
      await f.signed(f.second, id("nonsense"), "0x1234"),
      await f.signed(f.voter, SLOT, f.evidenceOf(good)),
    ]);
    for (const slot of ["revoked", "nonsense"]) {
      await expect(sent)
        .to.emit(f.election, "BallotSkipped")
        .withArgs(id(slot), f.ballot(id(slot)).ballotHash, SKIPPED.NOT_ON_ROLL);
    }
    expect(await f.election.turnout()).to.equal(1n);
  });

  it("counts what was issued in the freeze's last second, also as a batch, and nothing of the next", async () => {
    const f = await gateFixture();
    const [inTime, late] = [
      await f.attestationFor(SLOT, f.voter.address),
      await f.attestationFor(id("late"), f.second.address),
    ];
    await f.time.setNextBlockTimestamp(f.terms.gateFreeze);
    await f.issue(inTime);
    const { batch, memberships } = batchOf([late], 2n);
    await f.registry.attestBatch(SCHEMA, batch.root, batch.size, batch.bits);
    await f.openNow();
    await f.cast(f.voter, SLOT, f.evidenceOf(inTime));
    await expect(f.cast(f.second, id("late"), f.evidenceOf(late, memberships[0])))
      .to.be.revertedWithCustomError(f.gate, "VoterAttestedTooLate")
      .withArgs(f.terms.gateFreeze + 1n, f.terms.gateFreeze);
    await expect(f.castBatch([await f.signed(f.second, id("late"), f.evidenceOf(late, memberships[0]))]))
      .to.emit(f.election, "BallotSkipped")
      .withArgs(id("late"), f.ballot(id("late")).ballotHash, SKIPPED.NOT_ON_ROLL);
  });

  it("asks whether the attestation holds when the ballot is recorded, each time", async () => {
    const f = await gateFixture();
    const expiresAt = f.terms.opensAt + 500n;
    const expiring = { ...(await f.attestationFor(SLOT, f.voter.address)), expiresAt };
    const young = { ...(await f.attestationFor(id("young"), f.second.address)), validFrom: f.terms.opensAt + 300n };
    for (const attestation of [expiring, young]) await f.issue(attestation);
    await f.openNow();
    await f.cast(f.voter, SLOT, f.evidenceOf(expiring));
    const refuse = async (call: Promise<unknown>) =>
      expect(call).to.be.revertedWithCustomError(f.registry, "AttestationNotValid");
    await refuse(f.cast(f.second, id("young"), f.evidenceOf(young)));
    await f.time.setNextBlockTimestamp(f.terms.opensAt + 300n);
    await f.cast(f.second, id("young"), f.evidenceOf(young));
    // An office that is suspended while voting goes on takes nobody's vote; a key that was stolen before it attested does.
    await f.councilDoes("suspend", f.office);
    await f.cast(f.second, id("young"), f.evidenceOf(young), 2);
    await f.time.setNextBlockTimestamp(expiresAt);
    await refuse(f.cast(f.voter, SLOT, f.evidenceOf(expiring), 2));
    await f.trustList.connect(f.controller).reportCompromise(f.operator.address, f.terms.opensAt - 10_000n);
    await refuse(f.cast(f.second, id("young"), f.evidenceOf(young), 3));
    // What was cast while it held counts.
    expect(await f.election.turnout()).to.equal(2n);
  });

  it("refuses a leaf that was revoked, one of another batch, and an attestation shown as a leaf or a leaf as one", async () => {
    const f = await gateFixture();
    const slots = ["zero", "one", "two"].map(id);
    const leaves = await Promise.all(slots.map(async (slot) => f.attestationFor(slot, f.voter.address)));
    const { batch, memberships } = batchOf(leaves, 2n);
    await f.registry.attestBatch(SCHEMA, batch.root, batch.size, batch.bits);
    const single = await f.issue(await f.attestationFor(SLOT, f.voter.address));
    const REVOKED = 1n;
    await f.registry.markLeaves(batch, [{ wordIndex: 0n, mask: maskOf(2n, 1n) }], REVOKED, REASON.UNSPECIFIED);
    await f.openNow();
    const [zero, one, two] = leaves as [(typeof leaves)[0], (typeof leaves)[0], (typeof leaves)[0]];
    for (const [slot, evidence, error] of [
      [slots[1]!, f.evidenceOf(one, memberships[1]), "AttestationNotValid"],
      [slots[0]!, f.evidenceOf(zero, memberships[2]), "LeafNotInBatch"],
      [slots[0]!, f.evidenceOf(zero), "AttestationNotValid"],
      [SLOT, f.evidenceOf(single, memberships[0]), "LeafNotInBatch"],
      [slots[2]!, f.evidenceOf({ ...two, commitment: id("other claims") }, memberships[2]), "LeafNotInBatch"],
    ] as const) {
      await expect(f.cast(f.voter, slot, evidence)).to.be.revertedWithCustomError(f.registry, error);
    }
    const ofRival = f.evidenceOf({ ...two, issuer: f.rival }, memberships[2]);
    await expect(f.cast(f.voter, slots[2]!, ofRival)).to.be.revertedWithCustomError(f.gate, "VoterScopeWrong");
    await f.cast(f.voter, slots[0]!, f.evidenceOf(zero, memberships[0]));
    await f.cast(f.voter, slots[2]!, f.evidenceOf(two, memberships[2]));
    expect(await f.election.turnout()).to.equal(2n);
  });

  it("refuses an attestation of the right person in another schema", async () => {
    const f = await gateFixture();
    const attestation = await f.attestationFor(SLOT, f.voter.address);
    const other = { ...attestation, schema: OTHER_SCHEMA };
    await f.registry.connect(f.otherClerk).attest(OTHER_SCHEMA, contentOf(other), other.expiresAt);
    await f.openNow();
    await expect(f.cast(f.voter, SLOT, f.evidenceOf(other))).to.be.revertedWithCustomError(f.gate, "VoterScopeWrong");
    // Nor when it is shown as one of the right schema.
    await expect(f.cast(f.voter, SLOT, f.evidenceOf(attestation))).to.be.revertedWithCustomError(
      f.registry,
      "AttestationNotValid",
    );
  });

  it("gives each the weight one, and lends nobody another's evidence, in a batch and alone", async () => {
    const f = await gateFixture();
    const evidence = f.evidenceOf(await f.issue(await f.attestationFor(SLOT, f.voter.address)));
    await f.openNow();
    const heavy = await f.signed(f.voter, SLOT, evidence, { weight: 2n });
    const thief = await f.signed(f.second, SLOT, evidence);
    const forged = await f.signed(f.second, SLOT, evidence, { voter: f.voter.address });
    const moved = await f.signed(f.voter, id("another slot"), evidence);
    const unshown = await f.signed(f.voter, SLOT, "0x");
    for (const [one, reason] of [
      [heavy, SKIPPED.NOT_ON_ROLL],
      [thief, SKIPPED.NOT_ON_ROLL],
      [forged, SKIPPED.SIGNATURE_INVALID],
      [moved, SKIPPED.NOT_ON_ROLL],
      [unshown, SKIPPED.NOT_ON_ROLL],
    ] as const) {
      const args = [one.one.slotKey, one.ballotHash, reason] as const;
      await expect(f.castBatch([one]))
        .to.emit(f.election, "BallotSkipped")
        .withArgs(...args);
      await expect(f.election.castSigned(f.publicKey, one.one, foldHints([one.folded]).hints))
        .to.be.revertedWithCustomError(f.election, "BallotNotRecordable")
        .withArgs(...args);
    }
    expect(await f.election.turnout()).to.equal(0n);
    await f.castBatch([await f.signed(f.voter, SLOT, evidence)]);
    expect(await f.election.turnout()).to.equal(1n);
  });

  it("stands beside a roll: each voter comes by one of them, and who is on the roll shows nothing at the gate", async () => {
    const accounts = await gateFixture();
    const entries = [{ slotKey: id("on the roll"), voter: accounts.second.address, weight: 1n }];
    const roll = buildRoll(entries, { minimum: 0, allowSmallClasses: true });
    const f = await gateFixture({ roll: roll.root });
    const evidence = f.evidenceOf(await f.issue(await f.attestationFor(SLOT, f.voter.address)));
    await f.openNow();
    const { bytes, hints } = f.ballot(id("on the roll"));
    const proof = rollProof(roll, id("on the roll"));
    await f.election.connect(f.second).cast(f.publicKey, id("on the roll"), 1n, proof, bytes, hints);
    await f.cast(f.voter, SLOT, evidence);
    expect(await f.election.turnout()).to.equal(2n);
    // The roll's entry is none at the gate, nor the attestation on the roll.
    await expect(f.cast(f.second, id("on the roll"), evidence)).to.be.revertedWithCustomError(
      f.registry,
      "AttestationNotValid",
    );
    const own = f.ballot(SLOT);
    await expect(
      f.election.connect(f.voter).cast(f.publicKey, SLOT, 1n, proof, own.bytes, own.hints),
    ).to.be.revertedWithCustomError(f.election, "VoterNotOnRoll");
  });
});
