import { getBytes } from "ethers";

import { type EventCache, readEvents } from "../../chain/readEvents.js";
import type { Trustees } from "../../typechain/index.js";
import type { CurvePoint } from "../curve.js";
import { VotingError } from "../VotingError.js";
import type { CeremonyRound } from "./ceremonyRound.js";
import type { Dealing, RegisteredKey } from "./dealShares.js";

/** What the chain recorded of a ceremony, in its present round or the one that made the key. */
export interface Ceremony {
  readonly round: CeremonyRound;
  /** The trustees' addresses, in order of their indices. */
  readonly trustees: readonly string[];
  /** How many of them decrypt. */
  readonly threshold: number;
  /** Who registered which key. */
  readonly registered: readonly RegisteredKey[];
  /** By dealer, what was dealt. */
  readonly dealings: ReadonlyMap<number, Dealing>;
  /** Who complained of whom, and the share that the dealer revealed. */
  readonly complaints: readonly Complaint[];
  /** The key's dealers and sums, once it was made. */
  readonly made?: { readonly qualified: readonly number[]; readonly commitments: bigint[] };
  /** By trustee, the public shares derived so far; undefined for infinity. */
  readonly shareKeys: ReadonlyMap<number, CurvePoint | undefined>;
  /** What is to be decrypted, once the election handed it over. */
  readonly decryption?: HandedOver;
  /** Who opened which question, with the coordinates of each group's partial decryption. */
  readonly posted: readonly {
    readonly question: number;
    readonly trustee: number;
    readonly partials: bigint[];
  }[];
}

/** A complaint. */
export interface Complaint {
  readonly dealer: number;
  readonly trustee: number;
  readonly revealed?: bigint;
}

/** What the election handed over to be decrypted. */
export interface HandedOver {
  readonly configuration: string;
  /** Unix seconds. */
  readonly deadline: number;
  /** For each question the hash of the sums of C1. */
  readonly sumHashes: readonly string[];
  /** The block in which it was. */
  readonly block: number;
}

/**
 * Reads what the chain recorded of a ceremony, and of the decryption after it.
 *
 * @param trustees The trustees' contract, with a provider.
 * @param options The block of its deployment, and where events are kept between readings.
 * @throws VotingError CEREMONY_MALFORMED when the contract is not connected to a chain; ChainError as readEvents
 * @example
 * ```ts
 * const ceremony = await readCeremony(trustees, { fromBlock: deployedAt });
 * ```
 */
export async function readCeremony(
  trustees: Trustees,
  { fromBlock, cache }: { readonly fromBlock: number; readonly cache?: EventCache },
): Promise<Ceremony> {
  const provider = trustees.runner?.provider;
  if (provider == null) throw new VotingError("CEREMONY_MALFORMED", "the trustees' contract is connected to no chain");
  const contract = await trustees.getAddress();
  const { chainId } = await provider.getNetwork();
  const terms = await trustees.terms();
  const events = await readEvents(
    provider,
    { address: contract, topics: [] },
    { fromBlock, ...(cache === undefined ? {} : { cache }) },
  );
  const parsed = events.flatMap((event) => {
    const log = trustees.interface.parseLog(event);
    return log === null ? [] : [{ name: log.name, args: log.args as unknown as Args, block: event.blockNumber }];
  });
  // Of events alone, so that everything is of one state of the chain.
  const number = parsed.reduce((last, { name, args }) => (name === "CeremonyStarted" ? Number(args.round) : last), 0);
  const named = (name: string) => parsed.filter((event) => event.name === name);
  const ofRound = (name: string) => named(name).filter(({ args }) => Number(args.round) === number);

  const reveals = ofRound("ShareRevealed");
  const [made] = ofRound("KeyMade");
  const [started] = named("DecryptionStarted");
  return {
    round: { chainId, contract, round: number },
    trustees: [...terms.trustees],
    threshold: Number(terms.threshold),
    registered: ofRound("EncryptionKeyRegistered").map(({ args }) => {
      return { trustee: Number(args.trustee), key: { x: args.x, y: args.y } };
    }),
    dealings: new Map(ofRound("SharesDealt").map(({ args }) => [Number(args.dealer), dealingOfEvent(args)])),
    complaints: ofRound("ComplaintMade").map(({ args: { dealer, trustee } }) => {
      const reveal = reveals.find(({ args }) => args.dealer === dealer && args.trustee === trustee);
      const complaint = { dealer: Number(dealer), trustee: Number(trustee) };
      return reveal === undefined ? complaint : { ...complaint, revealed: reveal.args.share };
    }),
    ...(made === undefined
      ? {}
      : { made: { qualified: indicesOf(made.args.qualified), commitments: [...made.args.commitments] } }),
    shareKeys: new Map(
      named("ShareKeyDerived").map(({ args: { trustee, x, y } }) => [
        Number(trustee),
        x === 0n && y === 0n ? undefined : { x, y },
      ]),
    ),
    ...(started === undefined
      ? {}
      : {
          decryption: {
            configuration: started.args.configuration,
            deadline: Number(started.args.deadline),
            sumHashes: [...started.args.sumHashes],
            block: started.block,
          },
        }),
    posted: named("PartialDecryptionPosted").map(({ args }) => {
      return { question: Number(args.question), trustee: Number(args.trustee), partials: [...args.partials] };
    }),
  };
}

/** The arguments of all events, each of which has some. */
interface Args {
  readonly round: bigint;
  readonly trustee: bigint;
  readonly dealer: bigint;
  readonly x: bigint;
  readonly y: bigint;
  readonly commitments: readonly bigint[];
  readonly proof: readonly [bigint, bigint];
  readonly shares: string;
  readonly share: bigint;
  readonly partials: readonly bigint[];
  readonly qualified: bigint;
  readonly configuration: string;
  readonly deadline: bigint;
  readonly sumHashes: readonly string[];
  readonly question: bigint;
}

function dealingOfEvent({ commitments, proof, shares }: Args): Dealing {
  return { commitments: [...commitments], proof: [proof[0], proof[1]], shares: getBytes(shares) };
}

function indicesOf(set: bigint): number[] {
  return Array.from({ length: 17 }, (_, i) => i).filter((i) => (set >> BigInt(i)) & 1n);
}
