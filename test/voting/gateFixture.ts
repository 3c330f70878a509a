import { AbiCoder, id, keccak256, ZeroHash } from "ethers";

import { AttestationGate__factory, Election__factory, type IElection } from "../../src/typechain/index.js";
import { foldHints } from "../../src/voting/foldHints.js";
import { contentOf, issuerFixture, SCHEMA } from "../helpers/issuer.js";
import { NO_END } from "../helpers/suite.js";
import type { Signer } from "../helpers/trust.js";
import { deployElectionCode } from "./deployElectionCode.js";
import { ballotOf, questionOf, statementOf } from "./ballots.js";
import { configurationOf, packQuestions } from "./electionFixture.js";
import { electionDomain, electionTypedData } from "../../src/voting/election/electionTypedData.js";

const EVIDENCE =
  "tuple(uint32 issuer, bytes32 schema, bytes32 commitment, uint40 validFrom, uint40 expiresAt, tuple(bytes32 root, uint32 size, uint8 bits, uint32 index, bytes32[] proof) membership)";
const NOT_IN_BATCH = { root: ZeroHash, size: 0, bits: 0, index: 0, proof: [] as string[] };
const QUESTIONS = [questionOf(2)];

/** Offices that attest, and an election whose voters show what these attested; `roll` gives it a roll besides. */
export async function gateFixture({ roll = ZeroHash }: { roll?: string } = {}) {
  const f = await issuerFixture();
  const { ethers } = f.connection;
  const { time, deployed } = f;
  const gate = AttestationGate__factory.connect(
    await (deployed as unknown as Record<string, { getAddress(): Promise<string> }>).attestationGate!.getAddress(),
    f.stranger,
  );
  const { key } = statementOf(QUESTIONS);
  const trustees = await ethers.deployContract("TrusteesDouble", [key.x, key.y]);
  const { implementation } = await deployElectionCode(ethers);
  const maker = await ethers.deployContract("ElectionMaker");
  const opensAt = BigInt(await time.latest()) + 10_000n;
  const terms = {
    questions: packQuestions(QUESTIONS),
    roll,
    opensAt,
    closesAt: opensAt + 10_000n,
    blanks: 0n,
    texts: id("texts"),
    commission: id("commission"),
    trustees: await trustees.getAddress(),
    gate: await gate.getAddress(),
    gateScope: keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "uint32"], [SCHEMA, f.office])),
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
  const configuration = configurationOf(Object.values(terms), roll, key);
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
    await f.registry.attest(SCHEMA, contentOf(attestation), attestation.expiresAt);
    return attestation;
  };
  const evidenceOf = (attestation: Attestation, membership: object = NOT_IN_BATCH) =>
    AbiCoder.defaultAbiCoder().encode([EVIDENCE], [{ ...attestation, membership }]);

  const ballot = (slotKey: string, seed = 1) => {
    const statement = { ...statementOf(QUESTIONS), chainId, contract: address, configuration, slotKey, weight: 1n };
    const prepared = ballotOf(statement, seed);
    return { ...prepared, statement, hints: foldHints([{ statement, bytes: prepared.bytes }]).hints };
  };
  const cast = (voter: Signer, slotKey: string, evidence: string, seed = 1) => {
    const { bytes, hints } = ballot(slotKey, seed);
    return election.connect(voter).castAtGate(publicKey, slotKey, evidence, bytes, hints);
  };
  /** A voter's signed ballot, and what its hints are computed from. */
  const signed = async (
    voter: Signer,
    slotKey: string,
    evidence: string,
    change: Partial<Pick<IElection.SignedBallotStruct, "voter" | "weight" | "proof">> = {},
  ) => {
    const weight = BigInt(change.weight ?? 1n);
    const statement = { ...ballot(slotKey).statement, weight };
    const { bytes, ballotHash } = ballotOf(statement);
    const message = { slotKey, ballotHash, replaces: ZeroHash, deadline: NO_END };
    const data = electionTypedData(electionDomain(chainId, address), "Ballot", message);
    const signature = await voter.signTypedData(data.domain, data.types, data.message);
    const rest = { weight, proof: [], evidence, replaces: ZeroHash, deadline: NO_END, signature };
    const one: IElection.SignedBallotStruct = { slotKey, voter: voter.address, ...rest, ballot: bytes, ...change };
    return { one, ballotHash, folded: { statement, bytes } };
  };
  type Signed = Awaited<ReturnType<typeof signed>>;
  const castBatch = (all: readonly Signed[]) => {
    const { hints } = foldHints(all.map(({ folded }) => folded));
    return election.castBatch(
      publicKey,
      all.map(({ one }) => one),
      hints,
    );
  };
  const openNow = async () => {
    await election.open();
    await time.increaseTo(opensAt);
  };
  const [voter, second] = f.signers.slice(24) as [Signer, Signer];
  return {
    ...f,
    ...{ gate, election, other, terms, attestationFor, issue, evidenceOf, cast, ballot, openNow, voter, second },
    ...{ publicKey, address, chainId, signed, castBatch },
  };
}
