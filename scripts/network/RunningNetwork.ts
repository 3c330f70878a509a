import type { Genesis } from "../../src/network/genesis/Genesis.js";

/** A node of a network that runs on this machine. */
export interface RunningNode {
  /** From 0 on. */
  readonly index: number;
  /** Address that it seals with. */
  readonly signer: string;
  readonly rpcUrl: string;
  /** Its process's number; 0 before it was started. */
  readonly pid: number;
  /** File with what it prints. */
  readonly log: string;
  /** Resolves when the process that was started last has ended, with what ended it. */
  readonly ended: Promise<string>;
  /** The last lines that it printed. */
  lastWords(): string;
}

/** A network that runs on this machine. */
export interface RunningNetwork {
  readonly chainId: number;
  /** Seconds between blocks. */
  readonly period: number;
  readonly genesis: Genesis;
  /** Hash of block 0. */
  readonly genesisHash: string;
  /** Addresses that seal, in ascending order. */
  readonly signers: readonly string[];
  readonly nodes: readonly RunningNode[];
  /** Writes a file that is removed with the network, however that ends, unless it holds another text by then. */
  publish(path: string, text: string): Promise<void>;
  /** Ends all, and removes what they kept. */
  stop(): Promise<void>;
}
