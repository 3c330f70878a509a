/** What became of a ballot on the voter's device. */
export type BallotUse =
  | { readonly kind: "cast"; /** What the slot held when it was signed or sent. */ readonly replaces: string }
  | { readonly kind: "audited" };

/**
 * Remembers what each ballot was used for, on the voter's device and across restarts: a ballot is either cast or audited. `add`
 * must have written before it returns.
 */
export interface BallotJournal {
  get(ballotHash: string): Promise<BallotUse | undefined>;
  add(ballotHash: string, use: BallotUse): Promise<void>;
}

/**
 * A journal for as long as the program runs.
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
      uses.set(ballotHash, use);
      return Promise.resolve();
    },
  };
}
