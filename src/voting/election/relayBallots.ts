import { getBytes, hexlify, recoverAddress, TypedDataEncoder } from "ethers";

import { DiwanError } from "../../errors.js";
import { ask, eventsOf, send } from "../../chain/send.js";
import { merkleRootOfProof } from "../../ledger/merkleTree.js";
import type { Election } from "../../typechain/index.js";
import { hashBallot } from "../ballotBytes.js";
import { checkBallot } from "../checkBallot.js";
import { foldHints } from "../foldHints.js";
import { ballotStatement } from "./ballotStatement.js";
import { SKIP_REASONS } from "./electionState.js";
import { electionDomain, electionTypedData } from "./electionTypedData.js";
import { type ElectionView, readElection } from "./readElection.js";
import { rollLeaf } from "./roll.js";
import type { SignedBallot } from "./signBallot.js";

/** What became of a ballot that was handed to a relayer. */
export interface RelayedBallot {
  readonly slotKey: string;
  readonly ballotHash: string;
  readonly fate: "RECORDED" | "SKIPPED" | "REFUSED";
  /** Why it was not recorded: the contract's reason, or the code of what was found before. */
  readonly reason?: string;
}

/** How a relayer works. */
export interface RelayOptions {
  /** How many ballots a transaction carries at most: 40 fit the smallest live block, of 10.4 million gas. */
  readonly batchSize?: number;
  /** Told how many ballots of how many are done. */
  readonly onProgress?: (done: number, total: number) => void;
}

interface Queued {
  readonly signed: SignedBallot;
  readonly bytes: Uint8Array;
  readonly slotKey: string;
  readonly ballotHash: string;
}

/**
 * Carries ballots that voters signed. One wrong proof would revert a whole batch: so each ballot's proof, signature, place on the
 * roll and deadline are checked first, and what fails is refused with its reason and never sent. A ballot that can no longer be
 * recorded when its transaction is mined is skipped by the contract. To carry all again after a crash is safe: what is recorded
 * already is refused, as its slot no longer holds what it replaces.
 *
 * @param election Connected to the relayer.
 * @param ballots In the order in which they are to be recorded; of one voter's, each replaces the one before.
 * @param options How large the batches are.
 * @returns What became of each, in the order in which they came.
 * @throws VotingError ELECTION_NOT_FROZEN, ELECTION_INCONSISTENT; ContractError when a batch is refused as a whole, as after the
 * close.
 * @example
 * ```ts
 * const fates = await relayBallots(election.connect(relayer), queue);
 * ```
 */
export async function relayBallots(
  election: Election,
  ballots: readonly SignedBallot[],
  { batchSize = 40, onProgress }: RelayOptions = {},
): Promise<RelayedBallot[]> {
  const view = await readElection(election);
  const fates = new Map<SignedBallot, RelayedBallot>();
  const queue: Queued[] = [];
  const held = new Map<string, string>();
  for (const signed of ballots) {
    const slotKey = hexlify(signed.slotKey);
    if (!held.has(slotKey)) held.set(slotKey, await ask(() => election.ballotOf(slotKey)));
    const bytes = getBytes(signed.ballot);
    const problem = problemOf(view, signed, bytes, held.get(slotKey)!);
    const ballotHash = problem === "BALLOT_LENGTH" ? "" : hashBallot(bytes, view.questions, BigInt(signed.weight));
    if (problem !== undefined) {
      fates.set(signed, { slotKey, ballotHash, fate: "REFUSED", reason: problem });
      continue;
    }
    held.set(slotKey, ballotHash);
    queue.push({ signed, bytes, slotKey, ballotHash });
  }
  for (let from = 0; from < queue.length; from += batchSize) {
    const batch = queue.slice(from, from + batchSize);
    for (const [signed, fate] of await carry(election, view, batch)) fates.set(signed, fate);
    onProgress?.(Math.min(from + batchSize, queue.length), queue.length);
  }
  return ballots.map((signed) => fates.get(signed)!);
}

/** Sends one batch, and reads from its receipt what became of each ballot. */
async function carry(
  election: Election,
  view: ElectionView,
  batch: readonly Queued[],
): Promise<[SignedBallot, RelayedBallot][]> {
  const { hints } = foldHints(
    batch.map(({ signed, bytes, slotKey }) => {
      return { statement: ballotStatement(view, slotKey, BigInt(signed.weight)), bytes };
    }),
  );
  const key = { x: view.key!.x, parity: view.key!.y & 1n };
  const signed = batch.map((one) => one.signed);
  const receipt = await send(() => election.castBatch(key, signed, hints));
  const skipped = new Map(
    (await eventsOf(receipt, election, "BallotSkipped")).map(({ args }) => {
      return [`${args.slotKey as string}${args.ballotHash as string}`, SKIP_REASONS[Number(args.reason)]!] as const;
    }),
  );
  return batch.map(({ signed: one, slotKey, ballotHash }) => {
    const reason = skipped.get(`${slotKey}${ballotHash}`);
    const fate = reason === undefined ? "RECORDED" : "SKIPPED";
    return [one, { slotKey, ballotHash, fate, ...(reason !== undefined && { reason }) }];
  });
}

/** Why a ballot is not worth sending, as far as that can be told off the chain. */
function problemOf(view: ElectionView, signed: SignedBallot, bytes: Uint8Array, held: string): string | undefined {
  const slotKey = hexlify(signed.slotKey);
  const weight = BigInt(signed.weight);
  try {
    checkBallot({ statement: ballotStatement(view, slotKey, weight), bytes });
  } catch (error) {
    if (error instanceof DiwanError) return error.code;
    throw error;
  }
  if (hexlify(signed.replaces) !== held) return "SLOT_CHANGED";
  const voter = signed.voter as string;
  if (hexlify(signed.evidence) === "0x") {
    const leaf = getBytes(rollLeaf({ slotKey, voter, weight }));
    const root = merkleRootOfProof(
      leaf,
      signed.proof.map((node) => getBytes(node)),
    );
    if (hexlify(root) !== view.roll) return "NOT_ON_ROLL";
  }
  const ballotHash = hashBallot(bytes, view.questions, weight);
  const message = { slotKey, ballotHash, replaces: hexlify(signed.replaces), deadline: BigInt(signed.deadline) };
  const data = electionTypedData(electionDomain(view.chainId, view.address), "Ballot", message);
  const digest = TypedDataEncoder.hash(data.domain, data.types, data.message);
  return isSignedByKey(digest, hexlify(signed.signature), voter) ? undefined : "SIGNATURE_INVALID";
}

/** Whether a key signed; an ERC-1271 wallet is for the contract to ask, and casts directly. */
function isSignedByKey(digest: string, signature: string, voter: string): boolean {
  try {
    return recoverAddress(digest, signature).toLowerCase() === voter.toLowerCase();
  } catch {
    return false;
  }
}
