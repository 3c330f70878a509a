import { fileURLToPath } from "node:url";

import { runCommand } from "../../../scripts/tooling/run-command.js";
import type { BuilderName } from "./builders.js";
import type { TreeFigures } from "./TreeFigures.js";

/** Builds trees of so many leaves in a process of its own. */
export async function measureTree(builder: BuilderName, leaves: number): Promise<TreeFigures> {
  // A million takes the peers minutes in all, and varies little.
  const rounds = leaves >= 1_000_000 ? 1 : leaves >= 100_000 ? 3 : 5;
  const file = fileURLToPath(new URL("buildTree.ts", import.meta.url));
  // Peers' trees of a million leaves need more than Node gives by itself.
  const node = ["--expose-gc", "--max-old-space-size=12000", "--import", "tsx", file];
  const { code, output } = await runCommand(process.execPath, [...node, builder, `${leaves}`, `${rounds}`]);
  if (code !== 0) throw new Error(`${builder} of ${leaves} leaves: ${output}`);
  return JSON.parse(output) as TreeFigures;
}
