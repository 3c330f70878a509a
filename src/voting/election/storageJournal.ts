import { VotingError } from "../VotingError.js";
import { checkUse } from "./checkUse.js";
import type { BallotJournal, BallotUse } from "./memoryJournal.js";

/** What a journal needs of a browser's `localStorage`, or of what a program in Node keeps files with. */
export interface TextStorage {
  /** The text at a key, null for none. */
  getItem(key: string): string | null;
  /** Writes before it returns, or throws. */
  setItem(key: string, value: string): void;
}

/**
 * A journal that outlives the program, with an item a ballot, so that a second tab's entries are seen and kept. What it can't read
 * it refuses and leaves as it is.
 *
 * Warning: whoever empties the storage makes it forget. A browser may do that by itself, unless `navigator.storage.persist()` was
 * granted; `sessionStorage` ends with the tab.
 *
 * @param storage Where it is kept.
 * @param key Names the election, as the chain's id and the address do. Upper and lower case are the same to it: an address has one
 * journal, however it is written.
 * @returns A journal whose calls throw VotingError JOURNAL_MALFORMED for content that is not its own, JOURNAL_NOT_WRITTEN when the
 * storage is full or does not keep what is written, and what `checkUse` throws.
 * @example
 * ```ts
 * const journal = storageJournal(localStorage, `diwan/ballots/${read.chainId}/${read.address}`);
 * ```
 */
export function storageJournal(storage: TextStorage, key: string): BallotJournal {
  const placeOf = (ballotHash: string) => `${key}/${ballotHash}`.toLowerCase();
  const find = (ballotHash: string) => parseUse(storage.getItem(placeOf(ballotHash)), placeOf(ballotHash));
  return {
    get: (ballotHash) => {
      return new Promise((resolve) => {
        resolve(find(ballotHash));
      });
    },
    add: (ballotHash, use) => {
      return new Promise((resolve) => {
        checkUse(find(ballotHash), use);
        write(storage, placeOf(ballotHash), textOf(use));
        resolve();
      });
    },
  };
}

function textOf(use: BallotUse): string {
  return use.kind === "cast" ? `cast over ${use.replaces}` : "audited";
}

function parseUse(text: string | null, place: string): BallotUse | undefined {
  if (text === null) return undefined;
  if (text === "audited") return { kind: "audited" };
  const replaces = /^cast over (0x[0-9a-f]{64})$/.exec(text)?.[1];
  if (replaces !== undefined) return { kind: "cast", replaces };
  throw new VotingError("JOURNAL_MALFORMED", `${place} holds no use of a ballot; make a new ballot`);
}

function write(storage: TextStorage, place: string, text: string): void {
  let problem: unknown;
  try {
    storage.setItem(place, text);
  } catch (error) {
    problem = error;
  }
  // Some browsers drop what is written in private windows, and say nothing.
  if (problem === undefined && storage.getItem(place) === text) return;
  throw new VotingError("JOURNAL_NOT_WRITTEN", `the storage does not keep ${place}`, { cause: problem });
}
