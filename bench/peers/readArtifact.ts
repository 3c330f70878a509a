import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { InterfaceAbi } from "ethers";

/** A compiled contract. */
export interface Artifact {
  abi: InterfaceAbi;
  bytecode: string;
}

/** A contract as Hardhat's or Foundry's build published it in a package. */
export function readArtifact(folder: string, file: string): Artifact {
  const { abi, bytecode } = JSON.parse(readFileSync(join(folder, file), "utf8")) as {
    abi: InterfaceAbi;
    bytecode: string | { object: string };
  };
  return { abi, bytecode: typeof bytecode === "string" ? bytecode : bytecode.object };
}
