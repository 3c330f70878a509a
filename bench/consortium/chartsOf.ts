import type { Chart } from "../tooling/drawChart.js";

import type { ConsortiumFigures } from "./reportOf.js";

/** A drawing of the report. */
export interface ReportChart extends Chart {
  /** Its name without `.svg`. */
  readonly file: string;
}

/** Draws what must not grow. */
export function chartsOf({ gas, memory }: ConsortiumFigures): ReportChart[] {
  // What is measured by the entry of a batch is too small beside a whole transaction.
  const [whole, each] = [gas.filter(({ write }) => !isOfBatch(write)), gas.filter(({ write }) => isOfBatch(write))];
  const lines = (of: typeof gas) =>
    of.map(({ write, points }) => ({ name: write.replace(/,.*/, ""), points: [...points] }));
  return [
    {
      file: "consortium-gas",
      title: "One write, a whole transaction",
      x: "records that are there",
      lines: lines(whole),
    },
    {
      file: "consortium-log-gas",
      title: "One entry of a batch of 64",
      x: "entries that are there",
      lines: lines(each),
    },
    {
      ...{
        file: "consortium-memory",
        title: "A process that writes through the outbox",
        x: "writes that are final",
        y: "MiB",
      },
      lines: [
        { name: "resident", points: memory.map(({ writes, rssMiB }) => [writes, rssMiB] as const) },
        { name: "heap, after collection", points: memory.map(({ writes, heapMiB }) => [writes, heapMiB] as const) },
      ],
    },
  ];
}

const isOfBatch = (write: string): boolean => write.includes(" of ");
