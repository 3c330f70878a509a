import { MAX_DEPLOYMENT_GAS } from "./contract-limits.js";

/** What Hardhat's `--gas-stats-json` writes, as far as it is used here. */
export interface GasStats {
  contracts: Record<
    string,
    {
      contractName: string;
      deployment: (Statistics & { runtimeSize: number }) | null;
      functions: Record<string, Statistics> | null;
    }
  >;
}

interface Statistics {
  min: number;
  median: number;
  max: number;
  count: number;
}

/** A named figure beside what was promised. */
export interface Figure {
  name: string;
  unit: string;
  /** Gas measured now; undefined when no test measured it. */
  gas: number | undefined;
  snapshot: number | undefined;
  ceiling: number;
}

/** A heading, the names of the columns and the rows under them; numbers stand to the right. */
export interface Table {
  title: string;
  columns: readonly string[];
  rows: readonly (readonly (string | number)[])[];
}

/** Puts figures beside their ceilings and snapshots, sorted by name. */
export function compareFigures(
  measured: Readonly<Record<string, number>>,
  ceilings: Readonly<Record<string, { ceiling: number; unit: string }>>,
  snapshot: Readonly<Record<string, number>>,
): Figure[] {
  return Object.entries(ceilings)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, { ceiling, unit }]) => ({ name, unit, gas: measured[name], snapshot: snapshot[name], ceiling }));
}

/** What is wrong: figures not measured, above their ceiling or other than their snapshot, and deployments too dear. */
export function listGasProblems(
  figures: readonly Figure[],
  snapshot: Readonly<Record<string, number>>,
  stats: GasStats,
): string[] {
  const names = new Set(figures.map(({ name }) => name));
  return [
    ...figures.flatMap((figure) => {
      const { name, gas, ceiling } = figure;
      if (gas === undefined) return [`${name}: no test measured it`];
      return [
        ...(gas > ceiling ? [`${name}: ${gas} gas, above its ceiling of ${ceiling}`] : []),
        ...(gas === figure.snapshot ? [] : [`${name}: ${gas} gas, the snapshot says ${figure.snapshot ?? "nothing"}`]),
      ];
    }),
    ...Object.keys(snapshot)
      .filter((name) => !names.has(name))
      .map((name) => `${name}: in the snapshot, but without a ceiling`),
    ...Object.values(stats.contracts).flatMap(({ contractName, deployment }) =>
      deployment !== null && deployment.max >= MAX_DEPLOYMENT_GAS
        ? [`${contractName}: deployed for ${deployment.max} gas, the limit is below ${MAX_DEPLOYMENT_GAS}`]
        : [],
    ),
  ];
}

/** The tables that hardhat-gas-reporter would print, and the one of named figures. Test contracts are left out. */
export function makeTables(stats: GasStats, figures: readonly Figure[]): Table[] {
  const ours = Object.entries(stats.contracts)
    .filter(([source]) => !source.startsWith("test/"))
    .map(([, contract]) => contract)
    .sort((a, b) => a.contractName.localeCompare(b.contractName));
  return [
    {
      title: "Calls",
      columns: ["Contract", "Function", "Calls", "Min", "Median", "Max"],
      rows: ours.flatMap(({ contractName, functions }) =>
        Object.entries(functions ?? {})
          .sort(([a], [b]) => a.localeCompare(b))
          .map(([name, { count, min, median, max }]) => [contractName, name, count, min, Math.round(median), max]),
      ),
    },
    {
      title: "Deployments",
      columns: ["Contract", "Gas", "Bytes"],
      rows: ours.flatMap(({ contractName, deployment }) =>
        deployment === null ? [] : [[contractName, deployment.max, deployment.runtimeSize]],
      ),
    },
    {
      title: "Figures",
      columns: ["Name", "Gas", "Snapshot", "Ceiling", "Unit"],
      rows: figures.map(({ name, gas, snapshot, ceiling, unit }) => [name, gas ?? "", snapshot ?? "", ceiling, unit]),
    },
  ];
}

/** A table as text for a terminal, or as Markdown. */
export function formatTable({ title, columns, rows }: Table, markdown = false): string {
  const isNumber = columns.map((_, column) => rows.some((row) => typeof row[column] === "number"));
  const cells = [columns, ...rows.map((row) => row.map(formatCell))];
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) =>
    row.map((cell, i) => (isNumber[i] === true ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))),
  );
  const rule = widths.map((width, i) => "-".repeat(width - 1) + (isNumber[i] === true && markdown ? ":" : "-"));
  const [head = [], ...body] = lines;
  if (markdown) return [`### ${title}`, "", ...[head, rule, ...body].map((row) => `| ${row.join(" | ")} |`)].join("\n");
  return [title, ...[head, rule, ...body].map((row) => row.join("  ").trimEnd())].join("\n");
}

const FIGURES = /(<!-- figures -->)[^]*?(<!-- \/figures -->)/;

/** A page with its table of figures, between the marks `<!-- figures -->` and `<!-- /figures -->`, made anew. */
export function embedFigures(page: string, snapshot: Readonly<Record<string, number>>): string {
  if (!FIGURES.test(page)) throw new Error("the page has no <!-- figures --> and <!-- /figures --> to write between");
  const rows = Object.entries(snapshot).sort(([a], [b]) => a.localeCompare(b));
  const table = formatTable({ title: "", columns: ["Figure", "Gas"], rows }, true).replace(/^### \n\n/, "");
  return page.replace(FIGURES, `$1\n\n<!-- prettier-ignore -->\n${table}\n\n$2`);
}

/**
 * Numbers in a page's prose that look measured and are not the snapshot's: not aimed at, and not round (of hundreds), as
 * estimates are.
 */
export function listStrayFigures(page: string, snapshot: Readonly<Record<string, number>>): string[] {
  const known = new Set(Object.values(snapshot));
  return [...page.replace(FIGURES, "").matchAll(/(aimed at )?\b(\d{1,3}(?:,\d{3})+)\b/g)].flatMap(
    ([, aim, text = ""]) => {
      const figure = Number(text.replaceAll(",", ""));
      return aim !== undefined || figure % 100 === 0 || known.has(figure) ? [] : [text];
    },
  );
}

function formatCell(value: string | number): string {
  return typeof value === "number" ? value.toLocaleString("en-US") : value;
}
