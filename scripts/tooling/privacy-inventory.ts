import type { OnChainFields } from "./on-chain-fields.js";

/** A row of a table in docs/privacy.md. */
export interface InventoryRow {
  /** The heading that it stands under. */
  contract: string;
  /** The fields that it is about. */
  fields: string[];
  /** All four columns. */
  cells: string[];
}

/** The heading of what every contract has. */
const COMMON = "Every contract";

/** Reads the tables of docs/privacy.md: a heading names the contract, the first column the fields. */
export function readInventory(markdown: string): InventoryRow[] {
  const rows: InventoryRow[] = [];
  let contract = "";
  for (const line of markdown.split("\n")) {
    contract = /^## (.+)$/.exec(line)?.[1] ?? contract;
    if (!line.startsWith("| `")) continue;
    const cells = line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
    const fields = [...cells[0]!.matchAll(/`(\w+)`/g)].map((match) => match[1]!);
    rows.push({ contract, fields, cells });
  }
  return rows;
}

/** What the tables lack of what the contracts have, and what they have of what is gone. */
export function compareInventory(
  contracts: ReadonlyMap<string, OnChainFields>,
  inventory: readonly InventoryRow[],
): string[] {
  const listed = (name: string) => {
    return new Set(inventory.filter(({ contract }) => contract === name).flatMap(({ fields }) => fields));
  };
  const common = listed(COMMON);
  const problems: string[] = [];
  const everywhere = new Set<string>();
  for (const [name, places] of contracts) {
    const own = listed(name);
    const known = new Set<string>();
    for (const [place, fields] of Object.entries(places) as [string, string[]][]) {
      for (const field of fields) {
        known.add(field);
        everywhere.add(field);
        if (!own.has(field) && !common.has(field)) problems.push(`${name}: ${field} (${place}) is missing`);
      }
    }
    for (const field of own) if (!known.has(field)) problems.push(`${name}: ${field} is not in the contract`);
  }
  for (const { contract, fields } of inventory) {
    if (contracts.has(contract)) continue;
    const gone = contract === COMMON ? fields.filter((field) => !everywhere.has(field)) : fields;
    problems.push(...gone.map((field) => `${contract}: ${field} is not in the contract`));
  }
  return [...new Set(problems)];
}
