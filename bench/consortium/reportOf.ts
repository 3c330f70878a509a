import type { FlatGas } from "./flatGas.js";
import type { ReportChart } from "./chartsOf.js";
import type { Machine } from "./machineNow.js";
import type { NetworkFigures } from "./networkFigures.js";
import type { PackageTimes } from "./packageTimes.js";
import type { Target } from "./targetsOf.js";
import type { WriterMemory } from "./writer.js";

/** All that was measured. */
export interface ConsortiumFigures {
  readonly machine: Machine;
  /** Too little was measured for the figures to say much. */
  readonly isQuick: boolean;
  readonly gasLimit: number;
  readonly period: number;
  readonly network: NetworkFigures;
  readonly gas: readonly FlatGas[];
  readonly packages: readonly PackageTimes[];
  readonly memory: readonly WriterMemory[];
}

/** The report as Markdown, which is read on a terminal too. */
export function reportOf(
  figures: ConsortiumFigures,
  targets: readonly Target[],
  charts: readonly ReportChart[],
): string {
  const { machine, network, gasLimit, period } = figures;
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  return [
    "# Figures of a consortium network",
    "",
    "Written by `npm run bench -- consortium`; not edited by hand.",
    "",
    `${machine.date}; ${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB; load ${machine.loadAtStart.toFixed(1)} at the start; ${versions.join(", ")}.`,
    `${network.validators} validators (Clique) on this machine, a block of ${integer(gasLimit)} gas every ${period} s.`,
    ...(figures.isQuick ? ["", "**A quick run: it shows that all works; its figures say little.**"] : []),
    "",
    "## Against the targets",
    "",
    ...table(
      ["figure", "target", "measured", "met"],
      targets.map(({ figure, target, measured, isMet }) => [figure, target, measured, isMet ? "yes" : "**no**"]),
    ),
    "",
    ...throughput(figures),
    ...outbox(network),
    ...flat(figures),
    ...packages(figures),
    ...charts.flatMap(({ file, title, x, y = "gas" }) => ["", `![${title}: ${y} by ${x}](${file}.svg)`]),
    "",
  ].join("\n");
}

function throughput({ network: { loads }, period, gasLimit }: ConsortiumFigures): string[] {
  const ceiling = loads[0]!;
  const slowest = Math.min(...loads.map(({ slowestMegagas }) => slowestMegagas));
  const offered = gasLimit / period / 1e6;
  return [
    "## Under load",
    "",
    "Each kind is signed before, given to all pools while nobody seals, and then sealed. Full blocks are all but the last; what is empty among them counts. Plain transfers are the ceiling, the block's gas is the limit.",
    "",
    ...table(
      [
        "write",
        "full blocks",
        "gas used: least",
        "mean",
        "gas each",
        "tx a block",
        "tx a second",
        "items a block",
        "items a second",
        "of transfers",
        "s a block",
        "Mgas/s executed",
      ],
      loads
        .filter(({ fullBlocks }) => fullBlocks > 1)
        .map((one) => [
          one.kind,
          `${one.fullBlocks}`,
          `${(100 * one.leastFull).toFixed(1)}%`,
          `${(100 * one.meanFull).toFixed(1)}%`,
          integer(one.gasEach),
          integer(one.transactionsPerBlock),
          one.transactionsPerSecond.toFixed(1),
          integer(one.itemsPerBlock),
          one.itemsPerSecond.toFixed(1),
          `${((100 * one.itemsPerSecond) / ceiling.itemsPerSecond).toFixed(0)}%`,
          one.secondsPerBlock.toFixed(2),
          `${one.medianMegagas.toFixed(0)} (slowest ${one.slowestMegagas.toFixed(0)})`,
        ]),
    ),
    "",
    ...loads
      .filter(({ fullBlocks }) => fullBlocks <= 1)
      .map(({ kind, transactions }) => `${kind}: ${transactions} transactions are too few to measure.`),
    `The network is asked for ${offered.toFixed(1)} million gas a second; the slowest block of any node was executed at ${slowest.toFixed(1)}, so that it is asked for ${((100 * offered) / slowest).toFixed(0)}% of that (at most half is sustainable). All nodes share the cores of one machine here, and each executes every block twice: when it proposes one, and when it takes in another's.`,
    "",
  ];
}

function outbox({ outbox: cost, lost }: NetworkFigures): string[] {
  const row = (name: string, { wall, cpu, taken }: typeof cost.raw) => [
    name,
    ...[wall, cpu, taken].map((s) => s.toFixed(2)),
  ];
  return [
    "## The outbox",
    "",
    `${integer(cost.writes)} attestations by one key, in a process of its own, in turn; medians of ${cost.rounds} rounds, each begun with a block. Raw: signed and sent, 16 at a time, to one node, nothing kept.`,
    "",
    ...table(
      [
        "way",
        "s until all are in blocks",
        "s of the writer's processor",
        "s until all are handed over (a node has them, or the store)",
      ],
      [row("raw", cost.raw), row("outbox", cost.outbox)],
    ),
    "",
    "Where the blocks are full the network sets the pace of both. The outbox also stores every write durably and finds its receipt; its processor time is what that costs.",
    "",
    `${lost.fault}, while two clients write ${lost.writes} each through all nodes in turn. Sent once and never again: **${lost.naive} lost** (${lost.naiveRefused} were refused or not answered; the rest wait behind the first gap in the nonces, or died with a node's pool). By the outbox: **${lost.outbox} lost, ${lost.outboxDoubled} doubled**.`,
    "",
  ];
}

function flat({ gas, memory }: ConsortiumFigures): string[] {
  const sizes = gas[0]!.points.map(([records]) => integer(records));
  return [
    "## What must not grow",
    "",
    "Gas of one more write by the records that are there already. On Hardhat's in-process chain, not on the validators: its rules are newer (Osaka), so what counts here is growth. How the records were made is said beside each. One exhibit alone in the log is its dearest write: it pays for the root over a peak for each bit of the size that is set (RFC 9162).",
    "",
    ...table(
      ["write", "records made by", ...sizes],
      gas.map(({ write, filled, points }) => [write, filled, ...points.map(([, each]) => integer(each))]),
    ),
    "",
    "Memory of a process that writes through the outbox (SQLite), sampled after a garbage collection whenever so many writes are final. The chain is simulated, in another process: it makes blocks and executes nothing.",
    "",
    ...table(
      ["writes", ...memory.map(({ writes }) => integer(writes))],
      [
        ["resident, MiB", ...memory.map(({ rssMiB }) => rssMiB.toFixed(0))],
        ["heap, MiB", ...memory.map(({ heapMiB }) => heapMiB.toFixed(0))],
      ],
    ),
    "",
  ];
}

function packages({ packages: times }: ConsortiumFigures): string[] {
  return [
    "## Verifying a package offline",
    "",
    "An exhibit with a chain of custody of three bodies, admitted by a court. Read from its bytes and verified; the chain's blocks have the real roots, and are sealed for the measurement.",
    "",
    ...table(
      [
        "sealing",
        "bytes",
        "headers beside the block's",
        "ms, median",
        "ms, longest",
        "ms of the processor",
        "ms of a new process (tsx)",
      ],
      times.map(({ sealing, bytes, headers, milliseconds, longest, cpuMilliseconds, coldMilliseconds }) => [
        ...[
          sealing,
          integer(bytes),
          `${headers}`,
          milliseconds.toFixed(1),
          longest.toFixed(1),
          cpuMilliseconds.toFixed(1),
          integer(coldMilliseconds),
        ],
      ]),
    ),
  ];
}

/** Padded, so that it lines up where it is not rendered. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length), 3));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}

const integer = (value: number): string => Math.round(value).toLocaleString("en");
