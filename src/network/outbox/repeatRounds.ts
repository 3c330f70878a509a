/** Work that is done again and again. */
export interface Rounds {
  /** Does the next round now. */
  readonly wake: () => void;
  /** No round begins any more. @returns When the last has ended. */
  readonly stop: () => Promise<void>;
}

/**
 * Does one round of work after the other, the first at once.
 *
 * @param round Never fails. @returns Milliseconds until the next round, 0 for none.
 * @example
 * ```ts
 * const looking = repeatRounds(async () => {
 *   await look();
 *   return 1_000;
 * });
 * await looking.stop();
 * ```
 */
export function repeatRounds(round: () => Promise<number>): Rounds {
  let isStopped = false;
  let isWoken = false;
  let wake = (): void => undefined;
  const run = async (): Promise<void> => {
    while (!isStopped) {
      isWoken = false;
      const pauseMs = await round();
      if (isStopped || isWoken || pauseMs === 0) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const running = run();
  return {
    wake: () => {
      isWoken = true;
      wake();
    },
    stop: async () => {
      isStopped = true;
      wake();
      await running;
    },
  };
}
