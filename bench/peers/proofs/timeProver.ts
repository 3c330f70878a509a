import { median } from "../../tooling/median.js";
import { runProver } from "./runProver.js";

const ROUNDS = 5;

/** Medians of milliseconds. */
interface Times {
  proving: number;
  verifying: number;
}

let timed: Promise<Record<"small" | "large", Times>> | undefined;

/** Semaphore's prover for a group of eight and for one of a million: once, for the table and for the chart. */
export function timeProver(): Promise<Record<"small" | "large", Times>> {
  timed ??= (async () => {
    const of = (depth: number): Times => {
      const times = all.find((one) => one.depth === depth);
      if (times === undefined) throw new Error(`the prover made no proof for ${depth} levels`);
      return { proving: median(times.proving), verifying: median(times.verifying) };
    };
    const all = await runProver(ROUNDS);
    return { small: of(3), large: of(20) };
  })();
  return timed;
}
