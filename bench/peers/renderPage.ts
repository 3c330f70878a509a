import { FAMILIES } from "./families.js";
import { packageOf } from "./peerPackages.js";
import { FORKS, type FamilyComparison, type Results, type Row } from "./Results.js";

/** The fork that the page shows whole. */
const SHOWN = "osaka";

/** The comparison as Markdown. */
export function renderPage(results: Results): string {
  const { date, commit, versions, rows, times, growth, peers } = results;
  const dearer = rows.filter((row) => ratioOf(row) > 1);
  const slower = times.filter(({ theirs, ours }) => ours > theirs);
  return [
    "# Side by side",
    "",
    "Written by `npm run bench -- peers`; not edited by hand. `npm run bench -- --check` measures the gas again and fails where a ratio worsened by more than 2 %.",
    "",
    `${date}, commit ${commit.slice(0, 12)}; ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", ")}. The data: [bench/results.json](../bench/results.json).`,
    "",
    "Peers are deployed as they were published, beside Diwan on the same in-process chain, with gas that is free. A figure of gas is that of whole",
    "transactions. The ratio is ours by theirs: below 1, ours is cheaper. Diwan's own checks, the trust list first, are never turned off.",
    "",
    "## Where a peer is cheaper or faster",
    "",
    ...(dearer.length + slower.length === 0 ? ["Nowhere in what was measured."] : []),
    ...dearer.map(
      (row) =>
        `- ${titleOf(row.family)}, ${row.operation}: **${packageOf(row.peer).title}**, ours is ${ratio(ratioOf(row))} times its ${row.unit}. ${sentence("Ours also", row.weAlso)}`,
    ),
    ...slower.map(
      (row) =>
        `- ${titleOf(row.family)}, ${row.operation}: **${packageOf(row.peer).title}**, ours takes ${ratio(row.ours / row.theirs)} times as long. ${sentence("Ours also", row.weAlso)}`,
    ),
    "",
    ...FAMILIES.flatMap(({ name, title }) => {
      const own = rows.filter(({ family }) => family === name);
      const timed = times.filter(({ family }) => family === name);
      const charts = growth.filter(({ family }) => family === name);
      if (own.length + timed.length + charts.length === 0) return [];
      return [
        `## ${title}`,
        "",
        ...(own.length === 0 ? [] : table(own.flatMap((row) => shown(row)))),
        ...(timed.length === 0
          ? []
          : ["Times, in one run on one machine; only their ratio says something:", "", ...table(timed)]),
        ...charts.flatMap(({ file, title: what, x, y, note }) => [
          `![${what}: ${y} by ${x}](benchmarks-${file}.svg)`,
          "",
          ...(note === undefined ? [] : [note, ""]),
        ]),
      ];
    }),
    "## Other forks",
    "",
    "The ratios under the rules of three forks: repricings (EIP-7623 of calldata, EIP-7883 of modular exponentiation) change the order.",
    "",
    `| operation | peer | ${FORKS.join(" | ")} |`,
    `| --- | --- | ${FORKS.map(() => "---:").join(" | ")} |`,
    ...rows.map(
      (row) =>
        `| ${titleOf(row.family)}: ${row.operation} | ${packageOf(row.peer).title} | ${FORKS.map((fork) => ratio(ratioOf(row, fork))).join(" | ")} |`,
    ),
    "",
    "## What was compared",
    "",
    "| peer | package | version | licence | SHA-512 of the package |",
    "| --- | --- | --- | --- | --- |",
    ...peers.map(
      (peer) =>
        `| [${peer.title}](${peer.home}) | ${peer.package} | ${peer.version} | ${peer.licence} | ${peer.integrity === undefined ? "pinned in package-lock.json" : `\`${peer.integrity.slice(7, 27)}…\``} |`,
    ),
    "",
  ].join("\n");
}

function shown({ figures, ...row }: Row): FamilyComparison[] {
  const figure = figures[SHOWN];
  return figure === undefined ? [] : [{ ...row, ...figure }];
}

function table(rows: readonly FamilyComparison[]): string[] {
  return [
    "| operation | peer | version | theirs | ours | ratio | basis | the peer also | ours also |",
    "| --- | --- | --- | ---: | ---: | ---: | --- | --- | --- |",
    ...rows.map((row) => {
      const { title, version } = packageOf(row.peer);
      const basis = row.source === undefined ? row.basis : `[${row.basis}](${row.source})`;
      const cells = [row.operation, title, version, figure(row.theirs, row.unit), figure(row.ours, row.unit)];
      return `| ${[...cells, ratio(row.ours / row.theirs), basis, row.theyAlso, row.weAlso].join(" | ")} |`;
    }),
    "",
  ];
}

function titleOf(family: string): string {
  return FAMILIES.find(({ name }) => name === family)?.title ?? family;
}

function ratioOf({ figures }: Row, fork: (typeof FORKS)[number] = SHOWN): number {
  const figure = figures[fork];
  return figure === undefined ? NaN : figure.ours / figure.theirs;
}

function ratio(value: number): string {
  if (Number.isNaN(value)) return "–";
  return value >= 0.1 ? value.toFixed(2) : value.toPrecision(2);
}

function figure(value: number, unit: FamilyComparison["unit"]): string {
  const digits = unit === "ms" && value < 100 ? 2 : 0;
  return `${value.toLocaleString("en", { maximumFractionDigits: digits })}${unit === "gas" ? "" : ` ${unit}`}`;
}

function sentence(begin: string, words: string): string {
  return words === "" ? "" : `${begin}: ${words}.`;
}
