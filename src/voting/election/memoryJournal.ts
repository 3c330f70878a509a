import { checkUse } from "./checkUse.js";

/** What became of a ballot on the voter's device. */
export type BallotUse =
  | { readonly kind: "cast"; /** What the slot held when it was signed or sent. */ readonly replaces: string }
  | { readonly kind: "audited" };

/**
 * Remembers what each ballot was used for, on the voter's device and across restarts: a ballot is either cast or audited. `add`
 * must have written before it returns, and refuses what `checkUse` refuses, in one step: two calls at once may both have found
 * nothing.
 */
export interface BallotJournal {
  get(ballotHash: string): Promise<BallotUse | undefined>;
  add(ballotHash: string, use: BallotUse): Promise<void>;
}

/**
 * A journal for as long as the program runs, for tests and for programs that forget their ballots with it; a voter's device keeps
 * a `storageJournal`.
 *
 * @example
 * ```ts
 * const signed = await signBallot(election, voter, { entry, proof, ballot, deadline, journal: memoryJournal() });
 * ```
 */
export function memoryJournal(): BallotJournal {
  const uses = new Map<string, BallotUse>();
  return {
    get: (ballotHash) => Promise.resolve(uses.get(ballotHash)),
    add: (ballotHash, use) => {
      return new Promise((resolve) => {
        checkUse(uses.get(ballotHash), use);
        uses.set(ballotHash, use);
        resolve();
      });
    },
  };
}
