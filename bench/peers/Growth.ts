import type { Chart } from "../tooling/drawChart.js";

/** How figures grow with a number, as one chart. */
export interface Growth extends Chart {
  /** The chart's file: docs/benchmarks-FILE.svg. */
  file: string;
  y: string;
  /** What the page says under it. */
  note?: string;
}
