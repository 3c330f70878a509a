import { performance } from "node:perf_hooks";

import { median } from "../../tooling/median.js";

/**
 * Times work of two sides in turn, so that what the machine does besides reaches both.
 *
 * @returns Medians of milliseconds, the peer's first. The first round of each is not counted.
 */
export async function medianTimes(
  rounds: number,
  theirs: () => unknown,
  ours: () => unknown,
): Promise<{ theirs: number; ours: number }> {
  const times = { theirs: [] as number[], ours: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    for (const [side, work] of [
      ["theirs", theirs],
      ["ours", ours],
    ] as const) {
      const start = performance.now();
      await work();
      if (round > 0) times[side].push(performance.now() - start);
    }
  }
  return { theirs: median(times.theirs), ours: median(times.ours) };
}
