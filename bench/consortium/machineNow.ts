import { readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";

import { GETH_VERSION } from "../../scripts/network/findGeth.js";

/** Where figures were measured. */
export interface Machine {
  readonly date: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** Processes that ran or wanted to, of one minute before it began: other work makes all times longer. */
  readonly loadAtStart: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** The machine that this runs on, as it is. */
export function machineNow(): Machine {
  const { devDependencies, dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as Record<
    "devDependencies" | "dependencies",
    Record<string, string>
  >;
  return {
    date: new Date().toISOString().slice(0, 10),
    ...{ processor: cpus()[0]?.model ?? "unknown", cores: cpus().length },
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    loadAtStart: loadavg()[0]!,
    versions: {
      geth: GETH_VERSION,
      Node: process.versions.node,
      ethers: dependencies["ethers"] ?? "",
      Hardhat: devDependencies["hardhat"] ?? "",
      solc: devDependencies["solc"] ?? "",
    },
  };
}
