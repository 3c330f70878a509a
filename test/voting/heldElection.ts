import { hexlify, id, toUtf8String, ZeroHash } from "ethers";

import {
  Election__factory,
  ElectionFactory__factory,
  type IElectionFactory,
  Trustees__factory,
} from "../../src/typechain/index.js";
import { accumulationChunks } from "../../src/voting/accumulationChunks.js";
import { evaluatePolynomial } from "../../src/voting/ceremony/evaluatePolynomial.js";
import type { TrusteePartial } from "../../src/voting/combinePartials.js";
import { countArguments } from "../../src/voting/countArguments.js";
import { modOrder, Point } from "../../src/voting/curve.js";
import { auditOnChain } from "../../src/voting/election/auditOnChain.js";
import { castBallot } from "../../src/voting/election/castBallot.js";
import type { VoterRight } from "../../src/voting/election/checkCastable.js";
import {
  electionDomain,
  type ElectionMessages,
  electionTypedData,
} from "../../src/voting/election/electionTypedData.js";
import { gateEvidence, gateScope, gateSubject } from "../../src/voting/election/gateEvidence.js";
import { memoryJournal } from "../../src/voting/election/memoryJournal.js";
import { readBallots } from "../../src/voting/election/readBallots.js";
import { readElection } from "../../src/voting/election/readElection.js";
import { buildRoll, rollProof } from "../../src/voting/election/roll.js";
import { serializeRoll } from "../../src/voting/election/rollFile.js";
import { signBallot, type SignedBallot } from "../../src/voting/election/signBallot.js";
import { statementFor } from "../../src/voting/election/statementFor.js";
import { foldHints } from "../../src/voting/foldHints.js";
import { partialDecryption } from "../../src/voting/partialDecryption.js";
import type { Question } from "../../src/voting/question.js";
import { sumBallots } from "../../src/voting/sumBallots.js";
import { exportTranscript } from "../../src/voting/verifier/exportTranscript.js";
import { parseRoll } from "../../src/voting/verifier/parseRoll.js";
import { withElectionAuthority } from "../helpers/elections.js";
import { contentOf, issuerFixture, SCHEMA } from "../helpers/issuer.js";
import { NO_END } from "../helpers/suite.js";
import { ballotOf, questionOf, voteOf } from "./ballots.js";
import { ceremonyActs } from "./ceremonyFixture.js";
import { structured } from "./electionFixture.js";

const THRESHOLD = 2;
/** Two that are named and a blank one. */
const QUESTION = questionOf(3);

/** What an election is held with. */
interface Held {
  /** A voter on the roll for each, of that weight; no roll where there is none. */
  readonly weights?: readonly bigint[];
  /** How many voters come by the gate, behind those on the roll; no gate where there is none. */
  readonly attested?: number;
  readonly change?: Partial<IElectionFactory.RequestStruct>;
  /** Whether the commission's last member is an ERC-1271 wallet. */
  readonly hasWallet?: boolean;
}

/**
 * An election that the suite's own factory made, with real trustees, 2 of 3, and a commission of three of whom two decide. What
 * happens in it is the test's to say, a step a call.
 */
export async function heldElection({ weights = [], attested = 0, change = {}, hasWallet = false }: Held) {
  const f = await issuerFixture();
  const { ethers, stranger, time } = f;
  const { officer, request } = await withElectionAuthority(f);
  const named = f.deployed as unknown as Record<string, { getAddress(): Promise<string> }>;
  const addressOf = (name: string) => named[name]!.getAddress();
  const members = f.signers.slice(21, 24);
  const holders = f.signers.slice(24, 27);
  const people = f.signers.slice(27);

  const entries = people.slice(0, weights.length + attested).map(({ address: voter }, i) => {
    return { slotKey: id(`pseudonym ${i}`), voter, weight: weights[i] ?? 1n };
  });
  const listed = entries.slice(0, weights.length);
  const roll = listed.length === 0 ? undefined : buildRoll(listed, { minimum: 0, allowSmallClasses: true });
  const file = roll === undefined ? undefined : serializeRoll(listed);
  const commission = members.map(({ address }) => address);
  if (hasWallet) commission[2] = await (await ethers.deployContract("Wallet", [commission[2]])).getAddress();
  const opensAt = BigInt(await time.latest()) + 10_000n;
  const asked = await request({
    ...{ opensAt, closesAt: opensAt + 10_000n, commission },
    roll:
      roll === undefined
        ? { root: ZeroHash, voters: 0, weight: 0n, file: ZeroHash }
        : { root: roll.root, voters: listed.length, weight: roll.weight, file: file!.hash },
    ...(attested === 0
      ? {}
      : {
          gate: await addressOf("attestationGate"),
          gateScope: gateScope(SCHEMA, Number(f.office)),
          gateFreeze: opensAt,
        }),
    ...change,
  });
  const factory = ElectionFactory__factory.connect(await addressOf("electionFactory"), officer);
  await factory.createElection(asked);
  const [created] = await factory.queryFilter(factory.filters.ElectionCreated);
  const { election: address, trustees: trusteesAddress, terms } = created!.args;
  const election = Election__factory.connect(address, stranger);
  const trustees = Trustees__factory.connect(trusteesAddress, stranger);
  const { chainId } = await ethers.provider.getNetwork();
  const acts = await ceremonyActs({ ethers, time, trustees, signers: holders, threshold: THRESHOLD, stranger });
  let secrets: readonly bigint[] = [];

  /** Takes a round from registration to the key, and makes what the trustees hold of it. */
  const makeKey = async () => {
    await acts.register();
    const dealings = [...(await acts.dealAll()).values()];
    await acts.passTo("answers");
    await acts.finish(dealings);
    const [made] = await trustees.queryFilter(trustees.filters.KeyMade);
    await trustees.deriveShareKeys([...made!.args.commitments], holders.length);
    secrets = holders.map((_, i) => {
      return modOrder(dealings.reduce((sum, { polynomial }) => sum + evaluatePolynomial(polynomial, i + 1), 0n));
    });
  };
  const openNow = async () => {
    await election.open();
    await time.increaseTo(terms.opensAt);
  };

  /** Has a voter attested, whose right is then to come by the gate. */
  const attest = async (voter: number): Promise<VoterRight> => {
    const entry = { ...entries[voter]!, weight: 1n };
    const subject = gateSubject(chainId, address, entry.slotKey, entry.voter);
    const content = { schema: SCHEMA, subject, commitment: id(`card ${voter}`) };
    const own = { ...content, issuer: f.office, validFrom: 0n, expiresAt: NO_END };
    await f.registry.attest(SCHEMA, contentOf(own), own.expiresAt);
    const shown = { ...content, issuer: Number(own.issuer), validFrom: 0, expiresAt: Number(own.expiresAt) };
    return { entry, evidence: gateEvidence(shown) };
  };
  const atGate = new Map<number, VoterRight>();
  /** Attests all who come by the gate alone, as must be done by the freeze. */
  const attestAll = async () => {
    for (let voter = listed.length; voter < entries.length; voter++) atGate.set(voter, await attest(voter));
  };
  const rightOf = (voter: number): VoterRight => {
    const entry = entries[voter]!;
    return atGate.get(voter) ?? { entry, proof: rollProof(roll!, entry.slotKey) };
  };

  /** Each voter's vote that counts. */
  const votes = new Map<number, { seed: number; weight: bigint }>();
  /** A ballot of a voter with a right proof, of some weight. */
  const ballot = async (voter: number, seed: number, weight = entries[voter]!.weight) => {
    const read = await readElection(election);
    return ballotOf(statementFor(read, entries[voter]!.slotKey, weight), seed);
  };
  const cast = async (voter: number, seed = voter + 1, right = rightOf(voter)) => {
    const { weight } = right.entry;
    const { bytes } = await ballot(voter, seed, weight);
    await castBallot(election.connect(people[voter]), { ...right, ballot: bytes, journal: memoryJournal() });
    votes.set(voter, { seed, weight });
  };
  const sign = async (voter: number, seed = voter + 1): Promise<SignedBallot> => {
    const { bytes } = await ballot(voter, seed);
    const journal = memoryJournal();
    return signBallot(election, people[voter]!, { ...rightOf(voter), ballot: bytes, deadline: NO_END, journal });
  };
  /** Opens a voter's ballot for audit, whatever else it was used for. */
  const audit = async (voter: number, seed: number) => {
    const { slotKey, weight } = entries[voter]!;
    await auditOnChain(election, { slotKey, weight, ballot: await ballot(voter, seed), journal: memoryJournal() });
  };
  /** What the event says of a ballot, with a right proof and of some weight. */
  const ballotArguments = async (voter: number, seed: number, weight?: bigint) => {
    const { ballotHash, bytes } = await ballot(voter, seed, weight);
    return { slotKey: entries[voter]!.slotKey, ballotHash, ballot: hexlify(bytes) };
  };
  /** Carries a batch as it is, with ballots that are skipped too. */
  const castBatch = async (batch: readonly SignedBallot[]) => {
    const read = await readElection(election);
    const statements = batch.map(({ slotKey, weight, ballot: bytes }) => {
      return { statement: statementFor(read, slotKey, weight), bytes };
    });
    const { key } = statements[0]!.statement;
    return election.castBatch({ x: key.x, parity: key.y & 1n }, [...batch], foldHints(statements).hints);
  };

  /** A decision of the commission, signed by members of given places. */
  const decide = async <T extends keyof ElectionMessages>(
    type: T,
    message: Omit<ElectionMessages[T], "deadline">,
    by: readonly number[] = [0, 1],
  ) => {
    const whole = { ...message, deadline: NO_END } as ElectionMessages[T];
    const { domain, types, message: signed } = electionTypedData(electionDomain(chainId, address), type, whole);
    const signatures = await Promise.all(
      by.map(async (member) => ({ member, signature: await members[member]!.signTypedData(domain, types, signed) })),
    );
    return [commission, signatures, NO_END] as const;
  };
  /** Publishes the roll of the voters, in the place of another. */
  const publishRoll = async () => {
    const own = { root: roll!.root, voters: listed.length, weight: roll!.weight, file: file!.hash };
    const decision = await decide("PublishRoll", { ...own, revision: 1 });
    return election.publishRoll(own, 1, ...decision);
  };
  const recordPaper = async (ballots: number, counts: bigint[], record: string) => {
    const decision = await decide("RecordPaper", { ballots, counts, record });
    return election.recordPaper(ballots, counts, record, ...decision);
  };
  const extend = async (closesAt: bigint, grounds: string) => {
    return election.extend(closesAt, grounds, ...(await decide("Extend", { closesAt, grounds })));
  };
  const annul = async (grounds: string, by?: readonly number[]) => {
    return election.annul(grounds, ...(await decide("Annul", { grounds }, by)));
  };

  const questions: readonly Question[] = [QUESTION];
  const close = async () => {
    const { closesAt } = await election.votingPeriod();
    await time.increaseTo(closesAt);
  };
  const recorded = () => readBallots(election, questions, { fromBlock: created!.blockNumber });
  const sumUp = async () => {
    for (const { progress, entries: bytes } of accumulationChunks({
      questions,
      ballots: await recorded(),
      size: 100,
    })) {
      await election.accumulate({ ...progress, sums: [...progress.sums] }, bytes);
    }
  };
  const posted: TrusteePartial[] = [];
  /** Trustees open the sum. */
  const postPartials = async (indices: readonly number[]) => {
    const [sums] = sumBallots(await recorded(), questions).questions;
    const configuration = await election.configuration();
    for (const index of indices) {
      const secret = secrets[index - 1]!;
      const of = {
        chainId,
        contract: trusteesAddress,
        configuration,
        question: 0n,
        trustee: BigInt(index),
        sums: sums!.c1,
      };
      const { partials, proof } = partialDecryption(of, secret);
      const { x, y } = Point.BASE.multiply(secret).toAffine();
      const words = sums!.c1.flatMap((point) => [point!.x, point!.y]);
      await acts.as(index).postPartial(index, 0, configuration, [x, y], words, [...partials], [...proof]);
      posted.push({ index, partials });
    }
  };
  /** How often each option was chosen, from the votes that count. */
  const counts = (): bigint[] =>
    Array.from({ length: QUESTION.options }, (_, j) => {
      return [...votes.values()].reduce((sum, { seed, weight }) => {
        return sum + (voteOf(QUESTION, seed)[j] ? weight : 0n);
      }, 0n);
    });
  /** From the close to the result. */
  const count = async () => {
    await sumUp();
    await postPartials([1, 3]);
    const [sums] = sumBallots(await recorded(), questions).questions;
    const found = countArguments({ question: QUESTION, counts: counts(), partials: posted, sums: sums! });
    await election.finalize(structured([found]));
  };

  /** From the opening to the result, without anything going wrong, and what the verifier is given of it. */
  const voteAndCount = async (voters: readonly number[]) => {
    await openNow();
    for (const voter of voters) await cast(voter);
    await close();
    await count();
    return record();
  };

  /** What the verifier is given. */
  const record = async () => ({
    transcript: await exportTranscript(ethers.provider, address, { factory: await factory.getAddress() }),
    roll: file === undefined ? undefined : parseRoll(toUtf8String(file.bytes)),
  });
  return {
    ...{ time, acts, election, trustees, entries, terms, votes },
    ...{ makeKey, openNow, attest, attestAll, cast, sign, audit, castBatch, ballotArguments },
    ...{ publishRoll, recordPaper, extend, annul, close, sumUp, postPartials, counts, count, record, voteAndCount },
  };
}
