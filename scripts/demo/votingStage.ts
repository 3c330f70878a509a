import { setImmediate } from "node:timers/promises";

import { getBytes, ZeroHash } from "ethers";

import { computeHints } from "../../src/voting/computeHints.js";
import { auditOnChain } from "../../src/voting/election/auditOnChain.js";
import { castBallot } from "../../src/voting/election/castBallot.js";
import { electionDomain, electionTypedData } from "../../src/voting/election/electionTypedData.js";
import type { ReadElection } from "../../src/voting/election/readElection.js";
import { relayBallots } from "../../src/voting/election/relayBallots.js";
import { rollProof } from "../../src/voting/election/roll.js";
import { signBallot, type SignedBallot } from "../../src/voting/election/signBallot.js";
import { statementFor } from "../../src/voting/election/statementFor.js";
import { chooseOptions } from "../../src/voting/chooseOptions.js";
import { type PreparedBallot, prepareBallot } from "../../src/voting/prepareBallot.js";

import type { DemoElection, Voter } from "./electionStage.js";
import type { Job } from "./job.js";
import { refusalOf } from "./refusal.js";
import { together } from "./together.js";

/**
 * How the votes are spread: as many ballots as were cast in Tsukuba in 2018 (119), and as many of them for the second question's
 * first answer as voters took part in Zug in the same year (72); docs/voting.md names the pilots. The rest is even.
 */
const TURNOUT = 119;
const YES = 72;

/** Who casts without a relayer: thirty on the roll, and the ten whom an attestation makes eligible. */
const DIRECT_ON_ROLL = 30;

/** What was voted, kept aside to compare the count with: an answer to each question, by voter. */
export type PlainVotes = Map<Voter, readonly [number, number]>;

/** Lets voters vote: directly, relayed in batches, again, blank; one audits a ballot, and forgers fail. */
export async function vote(job: Job, held: DemoElection, read: ReadElection): Promise<PlainVotes> {
  const { checks, cast, chain } = job;
  const { election, voters } = held;
  const onRoll = voters.filter(({ evidence }) => evidence === undefined);
  const attested = voters.filter(({ evidence }) => evidence !== undefined);
  const direct = [...onRoll.slice(0, DIRECT_ON_ROLL), ...attested];
  const relayed = onRoll.slice(DIRECT_ON_ROLL, TURNOUT - attested.length);
  const votes: PlainVotes = new Map();
  [...direct, ...relayed].forEach((voter, i) => votes.set(voter, [i % 4, i < YES ? 0 : 1 + (i % 2)]));

  // The key is known before the election opens, and proofs take long.
  const prepared = new Map<Voter, PreparedBallot>();
  for (const [voter, choice] of votes) {
    prepared.set(voter, prepare(read, voter, choice));
    // What else goes on is not kept waiting for all of them.
    await setImmediate();
  }
  await chain.waitUntil(Number(read.opensAt));

  const castNow = async (voter: Voter, { bytes: ballot } = prepared.get(voter)!) => {
    return castBallot(election.connect(voter.account), { ...rightOf(held, voter), ballot, journal: voter.journal });
  };
  // At the same time, as voters do: one after another, each would wait for a block of its own.
  const stored = await Promise.all(direct.map((voter) => castNow(voter)));
  const turnout = async () => String(await election.turnout());
  checks.equal("election.direct", "Voters cast directly, on the roll and at the gate", "40", await turnout());

  const atGate = await Promise.all(
    attested.map(({ entry }, i) => election.isRecorded(entry.slotKey, stored[DIRECT_ON_ROLL + i]!.ballotHash)),
  );
  checks.equal(
    "election.gate",
    "ten of them by an attestation, without a place on the roll",
    "10",
    String(atGate.filter(Boolean).length),
  );

  await audit(job, held, read, relayed[0]!);
  await forge(job, held, read, direct);

  const sign = (voter: Voter, { bytes: ballot }: Pick<PreparedBallot, "bytes">): Promise<SignedBallot> => {
    const { account, journal } = voter;
    return signBallot(election, account, { ...rightOf(held, voter), ballot, deadline: read.closesAt, journal });
  };
  const queue = await together(chain, relayed, (voter) => sign(voter, prepared.get(voter)!));
  const broken = { ...queue[1]!, ballot: queue[2]!.ballot };
  const relay = async (ballots: readonly SignedBallot[]) =>
    relayBallots(election.connect(cast.relayer), [...ballots], { batchSize: 40 });
  const fates = await relay([broken, ...queue]);
  const [first] = fates;
  checks.equal(
    "election.filtered",
    "A relayer refuses a ballot that its voter did not sign, and sends none of it",
    "refused: SIGNATURE_INVALID",
    first?.outcome === "refused" ? `refused: ${first.reason}` : (first?.outcome ?? "none"),
  );
  const recorded = fates.filter(({ outcome }) => outcome === "recorded").length;
  checks.equal("election.relayed", "and carries the others in batches of 40", String(relayed.length), String(recorded));

  const again = relayed[0]!;
  const changing = [direct[0]!, attested[0]!];
  for (const voter of changing) votes.set(voter, [2, 1]);
  await Promise.all(changing.map((voter) => castNow(voter, prepare(read, voter, votes.get(voter)!))));
  votes.set(again, [3, 2]);
  const newer = prepare(read, again, votes.get(again)!);
  const [fate] = await relay([await sign(again, newer)]);
  checks.equal(
    "election.again",
    "Voters change their votes, directly and by a relayer",
    "recorded",
    fate?.outcome ?? "none",
  );
  const [stale] = queue;
  const statement = statementFor(read, stale!.slotKey, 1n);
  const { hints } = computeHints([{ statement, bytes: stale!.ballot }]);
  checks.equal(
    "election.replay",
    "and the older ballot, signed too, does not come back over it",
    "BallotNotRecordable: SLOT_CHANGED",
    await refusalOf(election.connect(cast.relayer).castSigned(keyOf(read), stale!, hints)),
  );
  checks.equal(
    "election.journal.reused",
    "nor does its voter's device sign it once more, over the newer one",
    "BALLOT_REUSED",
    await refusalOf(sign(again, { bytes: stale!.ballot })),
  );
  const { slotKey, weight } = again.entry;
  checks.equal(
    "election.journal.signed",
    "or open for audit what it signed",
    "BALLOT_SIGNED",
    await refusalOf(auditOnChain(election, { slotKey, weight, ballot: newer, journal: again.journal })),
  );
  const receipt = await election.isRecorded(slotKey, fate!.ballotHash!);
  checks.equal("election.receipt", "A voter's receipt says that the ballot is recorded", "true", String(receipt));
  checks.equal("election.turnout", "Nobody counts twice", String(TURNOUT), await turnout());
  return votes;
}

/** A voter has the device make a ballot of a made-up vote, and opens it: it holds that vote, and can never be cast. */
async function audit(job: Job, held: DemoElection, read: ReadElection, voter: Voter): Promise<void> {
  const { checks, cast } = job;
  const { slotKey, weight } = voter.entry;
  const ballot = prepare(read, voter, [1, 2]);
  const auditor = held.election.connect(cast.stranger);
  // Throws where the ballot holds another vote than its device says.
  await auditOnChain(auditor, { slotKey, weight, ballot, journal: voter.journal });
  const isSpoiled = await held.election.isSpoiled(slotKey, ballot.ballotHash);
  checks.equal("election.audit", "A ballot opened for audit holds the vote asked for", "true", String(isSpoiled));
  checks.equal(
    "election.spoiled",
    "and can never be cast",
    "BallotIsSpoiled",
    await refusalOf(castRaw(held, read, voter, voter, ballot)),
  );
  const { account, journal } = voter;
  const request = { ...rightOf(held, voter), ballot: ballot.bytes, deadline: read.closesAt, journal };
  checks.equal(
    "election.journal.audited",
    "nor does its voter's device sign it",
    "BALLOT_AUDITED",
    await refusalOf(signBallot(held.election, account, request)),
  );
}

/** What forgers try, each refused for its own reason. */
async function forge(job: Job, held: DemoElection, read: ReadElection, direct: readonly Voter[]): Promise<void> {
  const { checks, cast } = job;
  const [victim, forger] = [direct[1]!, direct[2]!];
  const refused = async (name: string, title: string, expected: string, call: Promise<unknown>) => {
    checks.equal(`election.${name}`, title, expected, await refusalOf(call));
  };
  const own = prepare(read, forger, [0, 0]);

  const outsider = { ...forger, account: cast.stranger };
  const inPlace = castRaw(held, read, outsider, forger, own);
  await refused("stranger", "Nobody votes in another's place", "VoterNotOnRoll", inPlace);
  const heavy = { ...forger, entry: { ...forger.entry, weight: 5n } };
  const more = castRaw(held, read, heavy, heavy, prepare(read, heavy, [0, 0]));
  await refused("weight", "or with more weight than the roll gives", "VoterNotOnRoll", more);
  const copied = castRaw(held, read, forger, victim, prepare(read, victim, [0, 0]));
  await refused("copied", "A copy of another's ballot proves nothing", "BallotSelectionsWrong", copied);

  // The ciphertext of another vote beside the proof of this one.
  const mixed = own.bytes.slice();
  mixed.set(prepare(read, forger, [1, 0]).bytes.subarray(0, 128), 0);
  const swapped = castRaw(held, read, forger, forger, { ...own, bytes: mixed }, own.bytes);
  await refused("swapped", "nor does a proof beside another ciphertext", "BallotSelectionsWrong", swapped);
  const { x, parity } = keyOf(read);
  const otherKey = castRaw(held, read, forger, forger, own, own.bytes, { x, parity: 1n - parity });
  await refused("key", "Ballots under another key are refused", "ElectionKeyWrong", otherKey);

  const late = held.voters[150]!;
  const { bytes, ballotHash } = prepare(read, late, [0, 0]);
  const { slotKey } = late.entry;
  const message = { slotKey, ballotHash, replaces: ZeroHash, deadline: 1n };
  const data = electionTypedData(electionDomain(read.chainId, read.address), "Ballot", message);
  const signature = await late.account.signTypedData(data.domain, data.types, data.message);
  const signed = { ...message, ...late.entry, proof: rollProof(held.roll, slotKey), evidence: "0x", signature };
  const { hints } = computeHints([{ statement: statementFor(read, slotKey, 1n), bytes }]);
  const expired = held.election.connect(cast.relayer).castSigned({ x, parity }, { ...signed, ballot: bytes }, hints);
  await refused("expired", "and signatures after their deadline", "BallotNotRecordable: SIGNATURE_EXPIRED", expired);
}

/** Casts whatever it is told to, as a forger does: `of` is whose ballot it is. */
async function castRaw(
  { election, roll }: DemoElection,
  read: ReadElection,
  { account, entry }: Pick<Voter, "entry"> & { account: Parameters<typeof election.connect>[0] },
  of: Voter,
  { bytes }: PreparedBallot,
  hintsOf = bytes,
  key = keyOf(read),
) {
  const statement = statementFor(read, of.entry.slotKey, of.entry.weight);
  const { hints } = computeHints([{ statement, bytes: hintsOf }]);
  const { slotKey, weight } = entry;
  return election.connect(account).cast(key, slotKey, weight, rollProof(roll, slotKey), bytes, hints);
}

/** What shows that a voter may vote. */
function rightOf({ roll }: DemoElection, { entry, evidence }: Voter) {
  return evidence === undefined ? { entry, proof: rollProof(roll, entry.slotKey) } : { entry, evidence };
}

/** The key as a call brings it. */
function keyOf({ frozen }: ReadElection) {
  return { x: frozen!.key.x, parity: frozen!.key.y & 1n };
}

function prepare(read: ReadElection, { account, entry }: Voter, choice: readonly [number, number]): PreparedBallot {
  const statement = statementFor(read, entry.slotKey, entry.weight);
  const votes = read.questions.map((question, q) => {
    const blanks = read.blanks[q]!;
    return chooseOptions(question, blanks, choice[q]! < question.options - blanks ? [choice[q]!] : []);
  });
  return prepareBallot({ statement, votes, secret: getBytes(account.privateKey) });
}
