import type { ConsortiumFigures } from "./reportOf.js";

/** A figure against what was promised. */
export interface Target {
  readonly figure: string;
  readonly target: string;
  readonly measured: string;
  readonly isMet: boolean;
}

const FULL = 0.9;
const OUTBOX_COST = 0.15;
const GAS_GROWTH = 0.02;
const PACKAGE_MS = 50;
/** From the first tenth of the writes to the last: garbage comes and goes. */
const MEMORY_GROWTH = 0.1;

/** All figures that have a target. */
export function targetsOf({ network, gas, packages, memory }: ConsortiumFigures): Target[] {
  const { loads, outbox, lost } = network;
  const emptiest = loads
    .filter(({ fullBlocks }) => fullBlocks > 1)
    .reduce((one, other) => (other.leastFull < one.leastFull ? other : one));
  const growth = memory.at(-1)!.rssMiB / memory[0]!.rssMiB - 1;
  return [
    {
      figure: "Gas used of each full block, the least of all kinds",
      target: `≥ ${percent(FULL)}`,
      measured: `${percent(emptiest.leastFull)} (${emptiest.kind})`,
      isMet: emptiest.leastFull >= FULL,
    },
    {
      figure: "The outbox against raw sending, until all are in blocks",
      target: `≤ ${percent(OUTBOX_COST)} slower`,
      measured: signed(outbox.wallCost),
      isMet: outbox.wallCost <= OUTBOX_COST,
    },
    {
      figure: "The outbox against raw sending, the writer's processor time",
      target: `≤ ${percent(OUTBOX_COST)} more`,
      measured: signed(outbox.cpuCost),
      isMet: outbox.cpuCost <= OUTBOX_COST,
    },
    {
      figure: `Writes lost or doubled by the outbox under a fault`,
      target: "0",
      measured: `${lost.outbox + lost.outboxDoubled} of ${lost.writes} (sent once and never again: ${lost.naive} lost)`,
      isMet: lost.outbox + lost.outboxDoubled === 0,
    },
    ...gas.map(({ write, points }) => {
      const values = points.map(([, each]) => each);
      const [least, most] = [Math.min(...values), Math.max(...values)].map((value) => value / values[0]! - 1) as [
        number,
        number,
      ];
      const [from, to] = [points[0]![0], points.at(-1)![0]].map((records) => records.toLocaleString("en"));
      return {
        figure: `Gas of ${write}, from ${from!} to ${to!} records`,
        target: `≤ ${percent(GAS_GROWTH)} more`,
        measured: `${signed(least)} to ${signed(most)}`,
        isMet: most <= GAS_GROWTH,
      };
    }),
    ...packages
      .filter(({ isFollowed }) => !isFollowed)
      .map(({ sealing, milliseconds }) => ({
        figure: `Verifying a package, ${sealing}`,
        target: `≤ ${PACKAGE_MS} ms`,
        measured: `${milliseconds.toFixed(1)} ms`,
        isMet: milliseconds <= PACKAGE_MS,
      })),
    {
      figure: `Memory of the writer, from ${memory[0]!.writes.toLocaleString("en")} to ${memory.at(-1)!.writes.toLocaleString("en")} writes`,
      target: `≤ ${percent(MEMORY_GROWTH)} more`,
      measured: `${signed(growth)} (${memory[0]!.rssMiB.toFixed(0)} to ${memory.at(-1)!.rssMiB.toFixed(0)} MiB)`,
      isMet: growth <= MEMORY_GROWTH,
    },
  ];
}

const percent = (share: number, digits = 0): string => `${(100 * share).toFixed(digits)}%`;
const signed = (share: number): string => `${share < 0 ? "−" : "+"}${percent(Math.abs(share), 1)}`;
