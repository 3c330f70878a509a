import type { CodePlace, ContractArtifact } from "./ContractArtifact.js";

/** What was filled into a contract's code when it was made. */
export interface FilledCode {
  /** By the immutable's id, the words at its places, each different one once. */
  readonly immutables: readonly (readonly [id: string, words: readonly string[]])[];
  /** By the library's name, the addresses at its places, each different one once. */
  readonly libraries: readonly (readonly [name: string, addresses: readonly string[]])[];
}

/**
 * Compares code with what the compiler gave, byte by byte and its hash of the sources too, save where immutables and libraries belong.
 *
 * @param code From `eth_getCode`.
 * @returns what stands in these places, as hex in lower case; undefined when it is other code
 * @example
 * ```ts
 * const filled = readFilledCode(await provider.getCode(address), artifact);
 * if (filled === undefined) throw new Error(`there is no ${artifact.contractName} at ${address}`);
 * ```
 */
export function readFilledCode(code: string, artifact: ContractArtifact): FilledCode | undefined {
  const { deployedBytecode, deployedLinkReferences, immutableReferences } = artifact;
  const immutables = Object.entries(immutableReferences);
  const libraries = Object.values(deployedLinkReferences).flatMap((ofSource) => Object.entries(ofSource));
  const places = [...immutables, ...libraries].flatMap(([, ofOne]) => ofOne);
  if (blank(code.toLowerCase(), places) !== blank(deployedBytecode.toLowerCase(), places)) return undefined;
  const read = ([name, ofOne]: readonly [string, readonly CodePlace[]]) => {
    const words = ofOne.map(({ start, length }) => `0x${code.slice(2 + 2 * start, 2 + 2 * (start + length))}`);
    return [name, [...new Set(words.map((word) => word.toLowerCase()))]] as const;
  };
  return { immutables: immutables.map(read), libraries: libraries.map(read) };
}

function blank(code: string, places: readonly CodePlace[]): string {
  let [blanked, end] = ["", 0];
  for (const { start, length } of places.toSorted((a, b) => a.start - b.start)) {
    const from = 2 + 2 * start;
    blanked += code.slice(end, from);
    end = from + 2 * length;
    blanked += "-".repeat(code.slice(from, end).length);
  }
  return blanked + code.slice(end);
}
