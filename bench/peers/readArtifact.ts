import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { InterfaceAbi } from "ethers";

import { PeerError } from "./PeerError.js";

/** A compiled contract. */
export interface Artifact {
  abi: InterfaceAbi;
  bytecode: string;
}

/**
 * A contract as Hardhat's or Foundry's build published it in a package.
 *
 * @param folder The unpacked package.
 * @param file The artifact, from that folder on.
 * @throws {PeerError} PEER_INCOMPLETE when the package does not hold it any more.
 * @example const artifact = readArtifact(await fetchPeer(PEER_PACKAGES.eas), "artifacts/contracts/EAS.sol/EAS.json");
 */
export function readArtifact(folder: string, file: string): Artifact {
  const path = join(folder, file);
  if (!existsSync(path)) {
    throw new PeerError("PEER_INCOMPLETE", `${path} is not there; remove ${folder}, and it is unpacked again`);
  }
  const { abi, bytecode } = JSON.parse(readFileSync(path, "utf8")) as {
    abi: InterfaceAbi;
    bytecode: string | { object: string };
  };
  return { abi, bytecode: typeof bytecode === "string" ? bytecode : bytecode.object };
}
