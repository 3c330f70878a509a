import { Interface, type ParamType } from "ethers";

/** What an election's factory says of its terms, in the order of the contract. */
export interface ElectionTerms {
  readonly questions: bigint;
  readonly roll: string;
  readonly opensAt: bigint;
  readonly closesAt: bigint;
  readonly blanks: bigint;
  readonly texts: string;
  readonly commission: string;
  readonly trustees: string;
  readonly gate: string;
  readonly gateScope: string;
  readonly gateFreeze: bigint;
  readonly challengePeriod: bigint;
  readonly tallyPeriod: bigint;
  readonly longestExtension: bigint;
  readonly minimumBallots: bigint;
  readonly mostExtensions: bigint;
  readonly quorum: bigint;
  readonly hasPaper: boolean;
}

/** What each event says, by its name. Bytes are hexadecimal, with 0x. */
export interface ElectionEventArguments {
  ElectionCreated: {
    election: string;
    trustees: string;
    body: bigint;
    terms: ElectionTerms;
    texts: readonly { question: bigint; language: string; hash: string }[];
    commission: readonly string[];
    roll: { root: string; voters: bigint; weight: bigint; file: string };
  };
  RollPublished: { root: string; revision: bigint; voters: bigint; weight: bigint; file: string };
  RollObjected: { root: string; objector: string; grounds: string };
  ElectionOpened: { configuration: string; roll: string; keyX: bigint; keyY: bigint };
  BallotCast: { slotKey: string; ballotHash: string; weight: bigint; ballot: string };
  BallotSkipped: { slotKey: string; ballotHash: string; reason: bigint };
  BallotCommitted: { slotKey: string; ballotHash: string; auditor: string };
  BallotSpoiled: {
    slotKey: string;
    ballotHash: string;
    weight: bigint;
    ciphertexts: readonly bigint[];
    randomness: readonly bigint[];
    choices: readonly bigint[];
  };
  ElectionExtended: { closesAt: bigint; grounds: string };
  ElectionAnnulled: { grounds: string };
  PaperRecorded: { ballots: bigint; counts: readonly bigint[]; record: string };
  BallotsAccumulated: { by: string; count: bigint };
  TallyFixed: { ballots: bigint; weight: bigint; sums: readonly bigint[] };
  ResultPublished: { question: bigint; ballots: bigint; weight: bigint; counts: readonly bigint[] };
  ElectionFinalized: Record<string, never>;
  CeremonyStarted: { round: bigint };
  EncryptionKeyRegistered: { round: bigint; trustee: bigint; x: bigint; y: bigint };
  SharesDealt: {
    round: bigint;
    dealer: bigint;
    commitments: readonly bigint[];
    proof: readonly bigint[];
    shares: string;
  };
  ComplaintMade: { round: bigint; dealer: bigint; trustee: bigint };
  ShareRevealed: { round: bigint; dealer: bigint; trustee: bigint; share: bigint };
  CeremonyFailed: { round: bigint };
  KeyMade: { round: bigint; x: bigint; y: bigint; qualified: bigint; commitments: readonly bigint[] };
  ShareKeyDerived: { trustee: bigint; x: bigint; y: bigint };
  DecryptionStarted: { configuration: string; deadline: bigint; sumHashes: readonly string[] };
  DecryptionStopped: Record<string, never>;
  PartialDecryptionPosted: {
    question: bigint;
    trustee: bigint;
    partials: readonly bigint[];
    proof: readonly bigint[];
  };
}

/** The words of the terms, as their hash has them. */
export const TERMS_TUPLE =
  "tuple(uint256 questions, bytes32 roll, uint40 opensAt, uint40 closesAt, uint256 blanks, bytes32 texts, bytes32 commission, address trustees, address gate, bytes32 gateScope, uint40 gateFreeze, uint32 challengePeriod, uint32 tallyPeriod, uint32 longestExtension, uint32 minimumBallots, uint8 mostExtensions, uint8 quorum, bool hasPaper)";

const FACTORY = new Interface([
  `event ElectionCreated(address indexed election, address indexed trustees, uint32 indexed body, ${TERMS_TUPLE} terms, tuple(uint8 question, string language, bytes32 hash)[] texts, address[] commission, tuple(bytes32 root, uint32 voters, uint64 weight, bytes32 file) roll)`,
]);

const ELECTION = new Interface([
  "event RollPublished(bytes32 indexed root, uint32 indexed revision, uint32 voters, uint64 weight, bytes32 file)",
  "event RollObjected(bytes32 indexed root, address indexed objector, bytes32 grounds)",
  "event ElectionOpened(bytes32 indexed configuration, bytes32 roll, uint256 keyX, uint256 keyY)",
  "event BallotCast(bytes32 indexed slotKey, bytes32 indexed ballotHash, uint64 weight, bytes ballot)",
  "event BallotSkipped(bytes32 indexed slotKey, bytes32 indexed ballotHash, uint8 reason)",
  "event BallotCommitted(bytes32 indexed slotKey, bytes32 indexed ballotHash, address indexed auditor)",
  "event BallotSpoiled(bytes32 indexed slotKey, bytes32 indexed ballotHash, uint64 weight, uint256[] ciphertexts, uint256[] randomness, uint256[] choices)",
  "event ElectionExtended(uint40 closesAt, bytes32 grounds)",
  "event ElectionAnnulled(bytes32 grounds)",
  "event PaperRecorded(uint32 ballots, uint64[] counts, bytes32 record)",
  "event BallotsAccumulated(address indexed by, uint32 count)",
  "event TallyFixed(uint32 ballots, uint128 weight, uint256[] sums)",
  "event ResultPublished(uint256 indexed question, uint32 ballots, uint128 weight, uint256[] counts)",
  "event ElectionFinalized()",
]);

const TRUSTEES = new Interface([
  "event CeremonyStarted(uint32 indexed round)",
  "event EncryptionKeyRegistered(uint32 indexed round, uint8 indexed trustee, uint256 x, uint256 y)",
  "event SharesDealt(uint32 indexed round, uint8 indexed dealer, uint256[] commitments, uint256[2] proof, bytes shares)",
  "event ComplaintMade(uint32 indexed round, uint8 indexed dealer, uint8 indexed trustee)",
  "event ShareRevealed(uint32 indexed round, uint8 indexed dealer, uint8 indexed trustee, uint256 share)",
  "event CeremonyFailed(uint32 indexed round)",
  "event KeyMade(uint32 indexed round, uint256 x, uint256 y, uint256 qualified, uint256[] commitments)",
  "event ShareKeyDerived(uint8 indexed trustee, uint256 x, uint256 y)",
  "event DecryptionStarted(bytes32 configuration, uint40 deadline, bytes32[] sumHashes)",
  "event DecryptionStopped()",
  "event PartialDecryptionPosted(uint256 indexed question, uint8 indexed trustee, uint256[] partials, uint256[] proof)",
]);

/** The verifier's own interfaces, by who emits the events. */
export const ELECTION_INTERFACES = { factory: FACTORY, election: ELECTION, trustees: TRUSTEES } as const;

/** A log as a transcript holds it. */
export interface TranscriptLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: number;
  /** Position in the block. */
  readonly index: number;
  readonly transactionHash: string;
  /** The block's time, Unix seconds. */
  readonly time: number;
}

/** A log that was read. */
export type ElectionEvent = {
  [N in keyof ElectionEventArguments]: {
    readonly name: N;
    readonly args: ElectionEventArguments[N];
    /** Its place among all events of the transcript. */
    readonly place: number;
    readonly log: TranscriptLog;
  };
}[keyof ElectionEventArguments];

/** An event of one name. */
export type EventNamed<N extends keyof ElectionEventArguments> = Extract<ElectionEvent, { name: N }>;

/**
 * Reads a log; undefined when it is none of that contract's events.
 *
 * @example
 * ```ts
 * const event = readElectionEvent("election", log, place);
 * ```
 */
export function readElectionEvent(
  source: keyof typeof ELECTION_INTERFACES,
  log: TranscriptLog,
  place: number,
): ElectionEvent | undefined {
  const abi = ELECTION_INTERFACES[source];
  try {
    const fragment = abi.getEvent(log.topics[0] ?? "");
    if (fragment === null) return undefined;
    const values = abi.decodeEventLog(fragment, log.data, log.topics);
    const again = abi.encodeEventLog(fragment, [...values]);
    const isCanonical = again.data === log.data && again.topics.join() === log.topics.join();
    if (!isCanonical) return undefined;
    const args = Object.fromEntries(fragment.inputs.map((input, i) => [input.name, toPlain(input, values[i])]));
    return { name: fragment.name, args, place, log } as unknown as ElectionEvent;
  } catch {
    return undefined;
  }
}

/**
 * The events of one name, in order.
 *
 * @example
 * ```ts
 * const ballots = eventsNamed(events, "BallotCast");
 * ```
 */
export function eventsNamed<N extends keyof ElectionEventArguments>(
  events: readonly ElectionEvent[],
  name: N,
): EventNamed<N>[] {
  return events.filter((event): event is EventNamed<N> => event.name === name);
}

function toPlain(type: ParamType, value: unknown): unknown {
  if (type.isArray()) return [...(value as Iterable<unknown>)].map((one) => toPlain(type.arrayChildren, one));
  if (!type.isTuple()) return value;
  const values = [...(value as Iterable<unknown>)];
  return Object.fromEntries(type.components.map((component, i) => [component.name, toPlain(component, values[i])]));
}
