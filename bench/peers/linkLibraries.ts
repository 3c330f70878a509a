import { id } from "ethers";

import type { Artifact } from "./readArtifact.js";

/**
 * Puts the addresses of libraries where a compiled contract calls them.
 *
 * @param libraries Addresses by the libraries' full names, `file:Name`.
 * @throws Error when one is missing.
 * @example linkLibraries(artifact, { "poseidon-solidity/PoseidonT3.sol:PoseidonT3": await library.getAddress() });
 */
export function linkLibraries({ abi, bytecode }: Artifact, libraries: Readonly<Record<string, string>>): Artifact {
  const linked = Object.entries(libraries).reduce(
    (code, [name, address]) => code.replaceAll(`__$${id(name).slice(2, 36)}$__`, address.slice(2).toLowerCase()),
    bytecode,
  );
  if (linked.includes("__$")) throw new Error("a library is not linked");
  return { abi, bytecode: linked };
}
