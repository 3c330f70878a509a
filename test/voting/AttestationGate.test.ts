import { expect } from "chai";
import { AbiCoder, id, ZeroHash } from "ethers";

import { AttestationGate__factory, Election__factory } from "../../src/typechain/index.js";
import { foldHints } from "../../src/voting/foldHints.js";
import { batchOf, contentOf, issuerFixture, REASON, SCHEMA, uidOf } from "../helpers/issuer.js";
import { NO_END } from "../helpers/suite.js";
import type { Signer } from "../helpers/trust.js";
import { ballotOf, questionOf, statementOf } from "./ballots.js";
import { configurationOf, packQuestions, SKIPPED } from "./electionFixture.js";
import { electionDomain, electionTypedData } from "../../src/voting/election/electionTypedData.js";

const EVIDENCE =
  "tuple(uint32 issuer, bytes32 commitment, uint40 validFrom, uint40 expiresAt, tuple(bytes32 root, uint32 size, uint8 bits, uint32 index, bytes32[] proof) membership)";
const NOT_IN_BATCH = { root: ZeroHash, size: 0, bits: 0, index: 0, proof: [] as string[] };
const QUESTIONS = [questionOf(2)];

/** Offices that attest, and an open election whose voters show what these attested. */
async function gateFixture() {
  const f = await issuerFixture();
  const { ethers } = f.connection;
  const { time, deployed } = f;
  const gate = AttestationGate__factory.connect(
    await (deployed as unknown as Record<string, { getAddress(): Promise<string> }>).attestationGate!.getAddress(),
    f.stranger,
  );
  const { key } = statementOf(QUESTIONS);
  const trustees = await ethers.deployContract("TrusteesDouble", [key.x, key.y]);
  const libraries = {
    BallotOpening: await (await ethers.deployContract("BallotOpening")).getAddress(),
    Commission: await (await ethers.deployContract("Commission")).getAddress(),
    Tally: await (await ethers.deployContract("Tally")).getAddress(),
  };
  const implementation = await ethers.deployContract("Election", [], { libraries });
  const maker = await ethers.deployContract("ElectionMaker");
  const opensAt = BigInt(await time.latest()) + 10_000n;
  const terms = {
    questions: packQuestions(QUESTIONS),
    roll: ZeroHash,
    opensAt,
    closesAt: opensAt + 10_000n,
    blanks: 0n,
    texts: id("texts"),
    commission: id("commission"),
    trustees: await trustees.getAddress(),
    gate: await gate.getAddress(),
    gateScope: SCHEMA,
    gateFreeze: opensAt - 100n,
    challengePeriod: 0n,
    tallyPeriod: 1_000n,
    longestExtension: 0n,
    minimumBallots: 2n,
    mostExtensions: 0n,
    quorum: 1n,
    hasPaper: false,
  };
  const make = async () => {
    const receipt = await (await maker.getFunction("make").send(await implementation.getAddress(), terms)).wait();
    return Election__factory.connect(maker.interface.parseLog(receipt!.logs[0]!)!.args[0] as string, f.stranger);
  };
  const [election, other] = [await make(), await make()];
  const address = await election.getAddress();
  const { chainId } = await ethers.provider.getNetwork();
  const configuration = configurationOf(Object.values(terms), ZeroHash, key);
  const publicKey = { x: key.x, parity: key.y & 1n };

  /** A voter's attestation for an election, not issued yet. */
  const attestationFor = async (slotKey: string, voter: string, salt = 0, of = address) => ({
    issuer: f.office,
    schema: SCHEMA,
    subject: await gate.subjectOf(of, slotKey, voter),
    commitment: id(`voter card ${salt}`),
    validFrom: 0n,
    expiresAt: NO_END,
  });
  type Attestation = Awaited<ReturnType<typeof attestationFor>>;
  const issue = async (attestation: Attestation) => {
    await f.registry.attest(SCHEMA, contentOf(attestation), NO_END);
    return attestation;
  };
  const evidenceOf = (attestation: Attestation, membership: object = NOT_IN_BATCH) =>
    AbiCoder.defaultAbiCoder().encode([EVIDENCE], [{ ...attestation, membership }]);

  const ballot = (slotKey: string, seed = 1, weight = 1n) => {
    const statement = { ...statementOf(QUESTIONS), chainId, contract: address, configuration, slotKey, weight };
    const prepared = ballotOf(statement, seed);
    return { ...prepared, statement, hints: foldHints([{ statement, bytes: prepared.bytes }]).hints };
  };
  const cast = (voter: Signer, slotKey: string, evidence: string, seed = 1) => {
    const { bytes, hints } = ballot(slotKey, seed);
    return election.connect(voter).castAtGate(publicKey, slotKey, evidence, bytes, hints);
  };
  const openNow = async () => {
    await election.open();
    await time.increaseTo(opensAt);
  };
  const [voter, second] = f.signers.slice(24) as [Signer, Signer];
  return {
    ...f,
    ...{ gate, election, other, terms, attestationFor, issue, evidenceOf, cast, ballot, openNow, voter, second },
    ...{ publicKey, address, chainId },
  };
}

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

  it("has a batch skip whose attestation was revoked, whose evidence is none, and whose weight is not one", async () => {
    const f = await gateFixture();
    const good = await f.issue(await f.attestationFor(SLOT, f.voter.address));
    const revoked = await f.issue(await f.attestationFor(id("revoked"), f.second.address));
    const heavy = await f.issue(await f.attestationFor(id("heavy"), f.second.address));
    await f.registry.revoke(uidOf(revoked), REASON.PRIVILEGE_WITHDRAWN);
    await f.openNow();
    const signed = async (voter: Signer, slotKey: string, evidence: string, weight = 1n) => {
      const { bytes, ballotHash, statement } = f.ballot(slotKey, 1, weight);
      const message = { slotKey, ballotHash, replaces: ZeroHash, deadline: NO_END };
      const data = electionTypedData(electionDomain(f.chainId, f.address), "Ballot", message);
      const signature = await voter.signTypedData(data.domain, data.types, data.message);
      const rest = { weight, proof: [], evidence, replaces: ZeroHash, deadline: NO_END, signature };
      return { one: { slotKey, voter: voter.address, ...rest, ballot: bytes }, folded: { statement, bytes } };
    };
    const all = [
      await signed(f.second, id("revoked"), f.evidenceOf(revoked)),
      await signed(f.second, id("nonsense"), "0x1234"),
      await signed(f.voter, SLOT, f.evidenceOf(good)),
      await signed(f.second, id("heavy"), f.evidenceOf(heavy), 2n),
    ];
    const sent = f.election.castBatch(
      f.publicKey,
      all.map(({ one }) => one),
      foldHints(all.map(({ folded }) => folded)).hints,
    );
    for (const [slot, weight] of [
      ["revoked", 1n],
      ["nonsense", 1n],
      ["heavy", 2n],
    ] as const) {
      await expect(sent)
        .to.emit(f.election, "BallotSkipped")
        .withArgs(id(slot), f.ballot(id(slot), 1, weight).ballotHash, SKIPPED.NOT_ON_ROLL);
    }
    expect(await f.election.turnout()).to.equal(1n);
  });
});
