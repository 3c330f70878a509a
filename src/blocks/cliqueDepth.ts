import { ChainProofError } from "./ChainProofError.js";
import type { CliqueChain, CliqueSealedHeader } from "./verifyClique.js";

/** How deep a block lies under others. It is never final. */
export interface CliqueDepth {
  readonly block: CliqueSealedHeader;
  /** Blocks on top of it. */
  readonly depth: number;
  /** Of the block and those on top of it. */
  readonly distinctSealers: readonly string[];
  /** More than half of the signers: floor(N/2) + 1. */
  readonly majority: number;
  /** Whether as many sealed it or built on it: strong evidence, not proof. */
  readonly isByMajority: boolean;
  readonly isFinal: false;
}

/**
 * How many blocks of a checked chain lie on top of one of its blocks, and how many signers sealed it or built on it.
 *
 * @throws {@link ChainProofError} `CHAIN_BROKEN` if the chain has no block of that number after its checkpoint.
 *
 * @example
 * ```ts
 * const { depth, distinctSealers, isByMajority } = cliqueDepth(chain, 30_017);
 * ```
 */
export function cliqueDepth(chain: CliqueChain, number: number): CliqueDepth {
  const at = chain.blocks.findIndex(({ header }) => header.number === number);
  const block = chain.blocks[at];
  if (block === undefined) throw new ChainProofError("CHAIN_BROKEN", `block ${number} is not after the checkpoint`);
  const run = chain.blocks.slice(at);
  const distinctSealers = [...new Set(run.flatMap(({ signers }) => signers))];
  return {
    block,
    depth: run.length - 1,
    distinctSealers,
    majority: chain.limit,
    isByMajority: distinctSealers.length >= chain.limit,
    isFinal: false,
  };
}
