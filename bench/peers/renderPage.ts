import { FAMILIES } from "./families.js";
import { packageOf } from "./peerPackages.js";
import { FORKS, type FamilyComparison, type Results, type Row } from "./Results.js";

/** The fork that the page shows whole. */
const SHOWN = "osaka";

/** The comparison as Markdown, not yet laid out. */
export function renderPage(results: Results): string {
  const { date, commit, versions, rows, times, growth, peers } = results;
  const tools = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const compared = [...rows.flatMap(shown), ...times];
  const dearer = compared.filter(({ theirs, ours }) => ours > theirs);
  return [
    "# Side by side",
    "",
    "Written by `npm run bench -- peers`; not edited by hand. `npm run bench -- --check` measures the gas again, under the rules of the first and the last of the forks, and fails where a ratio worsened by more than 2 %.",
    "",
    `Last run ${date} at commit ${commit.slice(0, 12)}, of one family or of all; ${tools.join(", ")}. The data: [bench/results.json](../bench/results.json).`,
    "",
    "Peers are deployed as they were published, beside Diwan on the same in-process chain, with free gas. A figure of gas is that of whole transactions.",
    "The ratio is ours by theirs: below 1, ours is cheaper. Diwan's own checks, the trust list first, are never turned off. Where the work is not quite the",
    "same, a note says what either side does besides.",
    "",
    `Of ${compared.length} comparisons, of gas under the rules of ${SHOWN} and of time, ours is dearer or slower in ${dearer.length}.`,
    "",
    "## Where a peer is cheaper or faster",
    "",
    "What ours does besides for that is under each family.",
    "",
    "| | operation | peer | ratio |",
    "| --- | --- | --- | ---: |",
    ...dearer.map(
      (row) => `| ${titleOf(row.family)} | ${row.operation} | ${packageOf(row.peer).title} | ${ratio(row)} |`,
    ),
    "",
    ...FAMILIES.flatMap(({ name, title, about }) => {
      const own = { rows: rows.filter(ofFamily(name)).flatMap(shown), times: times.filter(ofFamily(name)) };
      const charts = growth.filter(ofFamily(name));
      if (own.rows.length + own.times.length + charts.length === 0) return [];
      return [
        ...[`## ${title}`, "", about, ""],
        ...table(own.rows),
        ...(own.times.length === 0 ? [] : ["Times, of one run on one machine; only their ratio says something:", ""]),
        ...table(own.times),
        ...charts.flatMap(({ file, title: what, x, y, note }) => [
          ...[`![${what}: ${y} by ${x}](benchmarks-${file}.svg)`, ""],
          ...(note === undefined ? [] : [note, ""]),
        ]),
      ];
    }),
    "## Other forks",
    "",
    "The same ratios under the rules of three forks, since repricings can change the order: EIP-3529 of what emptied storage gives back, EIP-7623 of calldata, EIP-7883 of modular exponentiation.",
    "",
    `| | operation | peer | ${FORKS.join(" | ")} |`,
    `| --- | --- | --- | ${FORKS.map(() => "---:").join(" | ")} |`,
    ...rows.map((row) => {
      const ratios = FORKS.map((fork) => ratio(row.figures[fork]));
      return `| ${titleOf(row.family)} | ${row.operation} | ${packageOf(row.peer).title} | ${ratios.join(" | ")} |`;
    }),
    "",
    "## What was compared",
    "",
    "| peer | package | version | licence | SHA-512 of the package |",
    "| --- | --- | --- | --- | --- |",
    ...peers.map(({ title, home, package: name, version, licence, integrity }) => {
      const hash = integrity === undefined ? "pinned in package-lock.json" : `\`${integrity.slice(7, 27)}…\``;
      return `| [${title}](${home}) | ${name} | ${version} | ${licence} | ${hash} |`;
    }),
    "",
  ].join("\n");
}

/** A row as it is under the fork that is shown whole. */
function shown({ figures, ...row }: Row): FamilyComparison[] {
  const figure = figures[SHOWN];
  return figure === undefined ? [] : [{ ...row, ...figure }];
}

/** The rows, and under them what either side does besides, each remark once. */
function table(rows: readonly FamilyComparison[]): string[] {
  if (rows.length === 0) return [];
  const remarks = [...new Set(rows.map(remarkOf).filter((remark) => remark !== ""))];
  return [
    "| operation | peer | version | theirs | ours | ratio | basis | note |",
    "| --- | --- | --- | ---: | ---: | ---: | --- | ---: |",
    ...rows.map((row) => {
      const { title, version } = packageOf(row.peer);
      const basis = row.source === undefined ? row.basis : `[${row.basis}](${row.source})`;
      const note = remarks.indexOf(remarkOf(row)) + 1;
      const figures = [figure(row.theirs, row.unit), figure(row.ours, row.unit), ratio(row)];
      return `| ${[row.operation, title, version, ...figures, basis, note === 0 ? "" : note].join(" | ")} |`;
    }),
    "",
    ...remarks.map((remark, i) => `${i + 1}. ${remark}`),
    "",
  ];
}

function remarkOf({ theyAlso, weAlso }: FamilyComparison): string {
  const [they, we] = [
    theyAlso === "" ? "" : `The peer also: ${theyAlso}.`,
    weAlso === "" ? "" : `Ours also: ${weAlso}.`,
  ];
  return [they, we].filter((part) => part !== "").join(" ");
}

const ofFamily =
  (name: string) =>
  ({ family }: { family: string }): boolean =>
    family === name;

function titleOf(family: string): string {
  return FAMILIES.find(({ name }) => name === family)?.title ?? family;
}

function ratio(figures: { theirs: number; ours: number } | undefined): string {
  if (figures === undefined) return "–";
  const value = figures.ours / figures.theirs;
  return value >= 0.1 ? value.toFixed(2) : value.toPrecision(2);
}

function figure(value: number, unit: FamilyComparison["unit"]): string {
  const digits = unit === "ms" && value < 100 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 };
  return `${value.toLocaleString("en", digits)}${unit === "gas" ? "" : ` ${unit}`}`;
}
