/** How figures grow with a number, as one chart. */
export interface Growth {
  /** The chart's file: docs/benchmarks-FILE.svg. */
  file: string;
  title: string;
  /** What is counted from left to right. */
  x: string;
  /** What is counted from below. */
  y: string;
  note?: string;
  lines: GrowthLine[];
}

/** One curve of a chart. */
export interface GrowthLine {
  name: string;
  points: (readonly [x: number, y: number])[];
  /** From this number on, the state was written or reckoned and not reached by running all that leads to it. */
  simulatedFrom?: number;
}
