/** What a verification goes through, in this order. */
export const STEPS = [
  "transcript",
  "terms",
  "ceremony",
  "roll",
  "opening",
  "ballots",
  "audits",
  "sums",
  "partials",
  "results",
  "decisions",
  "order",
] as const;

/** A step of the verification. */
export type StepName = (typeof STEPS)[number];

/** One thing that was verified, or found wrong. */
export interface Step {
  readonly step: StepName;
  readonly ok: boolean;
  /** For people. */
  readonly detail: string;
}

/** Collects what one step finds. */
export interface StepReport {
  /** Notes a fault unless something holds; says whether it does. */
  readonly require: (holds: boolean, fault: string) => boolean;
  /** Notes what was verified, unless the step found a fault. */
  readonly conclude: (detail: string) => void;
}

/** More faults of one step than that are counted alone. */
const MOST_FAULTS = 100;

/**
 * Begins a step.
 *
 * @param steps Where it is noted.
 * @example
 * ```ts
 * const report = beginStep(steps, "sums");
 * report.require(weight === fixed.weight, "the weight is another");
 * report.conclude("the sums are those of the ballots");
 * ```
 */
export function beginStep(steps: Step[], step: StepName): StepReport {
  let faults = 0;
  return {
    require: (holds, fault) => {
      if (!holds && ++faults <= MOST_FAULTS) steps.push({ step, ok: false, detail: fault });
      return holds;
    },
    conclude: (detail) => {
      if (faults === 0) steps.push({ step, ok: true, detail });
      if (faults > MOST_FAULTS) steps.push({ step, ok: false, detail: `and ${faults - MOST_FAULTS} more` });
    },
  };
}
