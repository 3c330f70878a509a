import { getBytes, hexlify } from "ethers";

import { send } from "../../src/chain/send.js";
import { auditBallot } from "../../src/voting/auditBallot.js";
import { splitBallot } from "../../src/voting/ballotBytes.js";
import { ballotStatement } from "../../src/voting/election/ballotStatement.js";
import type { ElectionView } from "../../src/voting/election/readElection.js";
import { relayBallots } from "../../src/voting/election/relayBallots.js";
import { rollProof } from "../../src/voting/election/roll.js";
import { type SignedBallot, signBallot } from "../../src/voting/election/signBallot.js";
import { computeHints } from "../../src/voting/computeHints.js";
import { foldHints } from "../../src/voting/foldHints.js";
import { type PreparedBallot, prepareBallot } from "../../src/voting/prepareBallot.js";

import type { DemoElection, Voter } from "./electionStage.js";
import type { Job } from "./job.js";
import { refusalOf } from "./refusal.js";

/**
 * How the votes are spread: as many ballots as were cast in Tsukuba in 2018 (119), and as many of them for the second question's
 * first answer as voters took part in Zug in the same year (72), both of `Which pilots` in docs/voting.md. The rest is even.
 */
const TURNOUT = 119;
const YES = 72;

/** Who casts without a relayer: thirty on the roll, and the ten whom an attestation makes eligible. */
const DIRECT_ON_ROLL = 30;

/** What was voted, kept aside to compare the count with: an answer to each question, by voter. */
export type PlainVotes = Map<Voter, readonly [number, number]>;

/** Lets voters vote: directly, relayed in batches, again, blank; one audits a ballot, and forgers fail. */
export async function vote(job: Job, held: DemoElection, view: ElectionView): Promise<PlainVotes> {
  const { checks } = job;
  const { election, voters } = held;
  const onRoll = voters.filter(({ evidence }) => evidence === undefined);
  const attested = voters.filter(({ evidence }) => evidence !== undefined);
  const direct = [...onRoll.slice(0, DIRECT_ON_ROLL), ...attested];
  const relayed = onRoll.slice(DIRECT_ON_ROLL, TURNOUT - attested.length);
  const votes: PlainVotes = new Map();
  [...direct, ...relayed].forEach((voter, i) => votes.set(voter, [i % 4, i < YES ? 0 : 1 + (i % 2)]));

  for (const voter of direct) await castOwn(job, held, view, voter, prepare(view, voter, votes.get(voter)!));
  const turnout = async () => String(await election.turnout());
  checks.equal("election.direct", "Voters cast directly, on the roll and at the gate", "40", await turnout());

  await audit(job, held, view, relayed[0]!);
  await forge(job, held, view, direct);

  const queue: SignedBallot[] = [];
  for (const voter of relayed)
    queue.push(await signed(job, held, view, voter, prepare(view, voter, votes.get(voter)!)));
  const stale = queue[0]!;
  const broken = { ...queue[1]!, ballot: queue[2]!.ballot };
  const fates = await relayBallots(election.connect(job.cast.relayer), [broken, ...queue]);
  checks.equal(
    "election.filtered",
    "A relayer refuses a ballot that is another voter's, before it spoils a batch",
    "REFUSED: PROOF_RANDOMNESS",
    `${fates[0]!.fate}: ${fates[0]!.reason}`,
  );
  const recorded = fates.slice(1).filter(({ fate }) => fate === "RECORDED").length;
  checks.equal("election.relayed", "and carries the others in batches of 40", String(relayed.length), String(recorded));

  for (const voter of [direct[0]!, attested[0]!]) {
    votes.set(voter, [2, 1]);
    await castOwn(job, held, view, voter, prepare(view, voter, [2, 1]));
  }
  const again = relayed[0]!;
  votes.set(again, [3, 2]);
  const change = await signed(job, held, view, again, prepare(view, again, [3, 2]));
  const [fate] = await relayBallots(election.connect(job.cast.relayer), [change]);
  checks.equal("election.again", "Voters change their vote, directly and by a relayer", "RECORDED", fate!.fate);
  const replay = election.connect(job.cast.relayer).castSigned(keyOf(view), stale, hintsOf(view, stale));
  checks.equal(
    "election.replay",
    "and the older ballot, which is signed too, comes back over it no more",
    "BallotNotRecordable: SLOT_CHANGED",
    await refusalOf(replay),
  );
  const receipt = await election.isRecorded(again.entry.slotKey, fate!.ballotHash);
  checks.equal("election.receipt", "A voter's receipt says that the ballot is recorded", "true", String(receipt));
  checks.equal("election.turnout", "Nobody counts twice", String(TURNOUT), await turnout());
  return votes;
}

/** A voter has the device make a ballot of a made-up vote, and opens it: it holds that vote, and can never be cast. */
async function audit(job: Job, held: DemoElection, view: ElectionView, voter: Voter): Promise<void> {
  const { checks } = job;
  const auditor = held.election.connect(job.cast.stranger);
  const { slotKey, weight } = voter.entry;
  const prepared = prepare(view, voter, [1, 2]);
  await send(() => auditor.commitBallot(slotKey, prepared.ballotHash));
  const parts = splitBallot(prepared.bytes, view.questions);
  const ciphertexts = parts.flatMap((part, q) => wordsOf(part.subarray(0, 128 * view.questions[q]!.groups)));
  const randomness = prepared.openings.flatMap((opening) => opening.randomness);
  const choices = prepared.openings.map(({ vote: chosen }) =>
    chosen.reduce((bits, is, j) => (is ? bits | (1n << BigInt(j)) : bits), 0n),
  );
  await send(() => auditor.spoil(keyOf(view), slotKey, weight, ciphertexts, randomness, choices));
  const isRight = auditBallot(ballotStatement(view, slotKey, weight), prepared.bytes, prepared.openings);
  checks.equal("election.audit", "An audited ballot holds the vote that was asked for", "true", String(isRight));
  checks.equal(
    "election.spoiled",
    "and can never be cast",
    "BallotIsSpoiled",
    await refusalOf(castOwn(job, held, view, voter, prepared)),
  );
}

/** What forgers try, each refused for its own reason. */
async function forge(job: Job, held: DemoElection, view: ElectionView, direct: readonly Voter[]): Promise<void> {
  const { checks } = job;
  const { election, voters } = held;
  const [victim, forger] = [direct[1]!, direct[2]!];
  const honest = prepare(view, victim, [0, 0]);
  const refused = async (name: string, title: string, expected: string, call: Promise<unknown>) =>
    checks.equal(`election.${name}`, title, expected, await refusalOf(call));

  const outsider = { ...forger, account: job.cast.stranger as unknown as Voter["account"] };
  await refused(
    "stranger",
    "Nobody votes in another's place",
    "VoterNotOnRoll",
    castOwn(job, held, view, outsider, prepare(view, forger, [0, 0])),
  );
  const heavy = { ...forger, entry: { ...forger.entry, weight: 5n } };
  await refused(
    "weight",
    "or with more weight than the roll gives",
    "VoterNotOnRoll",
    castOwn(job, held, view, heavy, prepare(view, heavy, [0, 0])),
  );
  const copied = election
    .connect(forger.account)
    .cast(
      keyOf(view),
      forger.entry.slotKey,
      1n,
      rollProof(held.roll, forger.entry.slotKey),
      honest.bytes,
      hintsFor(view, victim, honest),
    );
  await refused("copied", "A copy of another's ballot proves nothing", "BallotSelectionsWrong", copied);

  // Twice the same vote in one ballot: the ciphertext of the first answer becomes one of another.
  const own = prepare(view, forger, [0, 0]);
  const other = prepare(view, forger, [1, 0]);
  const mixed = own.bytes.slice();
  mixed.set(other.bytes.subarray(0, 128), 0);
  const swapped = election
    .connect(forger.account)
    .cast(
      keyOf(view),
      forger.entry.slotKey,
      1n,
      rollProof(held.roll, forger.entry.slotKey),
      mixed,
      hintsFor(view, forger, own),
    );
  await refused("swapped", "nor does a proof beside another ciphertext", "BallotSelectionsWrong", swapped);

  const wrongKey = election
    .connect(forger.account)
    .cast(
      { ...keyOf(view), parity: 1n - keyOf(view).parity },
      forger.entry.slotKey,
      1n,
      rollProof(held.roll, forger.entry.slotKey),
      own.bytes,
      hintsFor(view, forger, own),
    );
  await refused("key", "Ballots under another key are refused", "ElectionKeyWrong", wrongKey);

  const late = await signed(job, held, view, voters[150]!, prepare(view, voters[150]!, [0, 0]), 1n);
  const expired = election.connect(job.cast.relayer).castSigned(keyOf(view), late, hintsOf(view, late));
  await refused("expired", "and signatures after their deadline", "BallotNotRecordable: SIGNATURE_EXPIRED", expired);
}

/** The key as a call brings it. */
export function keyOf({ key }: ElectionView) {
  return { x: key!.x, parity: key!.y & 1n };
}

function prepare(view: ElectionView, { account, entry }: Voter, choice: readonly [number, number]): PreparedBallot {
  const statement = ballotStatement(view, entry.slotKey, entry.weight);
  const votes = view.questions.map(({ options }, q) => Array.from({ length: options }, (_, j) => j === choice[q]));
  return prepareBallot({ statement, votes, secret: getBytes(account.privateKey) });
}

async function castOwn(job: Job, held: DemoElection, view: ElectionView, voter: Voter, prepared: PreparedBallot) {
  const { account, entry, evidence } = voter;
  const election = held.election.connect(account);
  const hints = hintsFor(view, voter, prepared);
  if (evidence !== undefined) {
    return send(() => election.castAtGate(keyOf(view), entry.slotKey, evidence, prepared.bytes, hints));
  }
  const proof = rollProof(held.roll, entry.slotKey);
  return send(() => election.cast(keyOf(view), entry.slotKey, entry.weight, proof, prepared.bytes, hints));
}

async function signed(
  job: Job,
  held: DemoElection,
  view: ElectionView,
  { account, entry }: Voter,
  { bytes, ballotHash }: PreparedBallot,
  deadline = BigInt(job.options.voting) + view.closesAt,
): Promise<SignedBallot> {
  const replaces = await held.election.ballotOf(entry.slotKey);
  const proof = rollProof(held.roll, entry.slotKey);
  return signBallot(view, account, { entry, proof, bytes, ballotHash, replaces, deadline });
}

function hintsFor(view: ElectionView, { entry }: Voter, { bytes }: PreparedBallot): Uint8Array {
  return computeHints([{ statement: ballotStatement(view, entry.slotKey, entry.weight), bytes }]).hints;
}

function hintsOf(view: ElectionView, one: SignedBallot): Uint8Array {
  const statement = ballotStatement(view, hexlify(one.slotKey), 1n);
  return foldHints([{ statement, bytes: getBytes(one.ballot) }]).hints;
}

function wordsOf(bytes: Uint8Array): bigint[] {
  return Array.from({ length: bytes.length / 32 }, (_, i) => BigInt(hexlify(bytes.subarray(32 * i, 32 * i + 32))));
}
