import { getBytes, hexlify } from "ethers";

import { LogTree } from "../../src/ledger/LogTree.js";

/** Where an entry stands in a batch: what the registries' members have in common. */
export interface BatchPlace {
  inLog: boolean;
  root: string;
  size: bigint;
  index: bigint;
  path: string[];
}

/** The RFC 9162 tree over some commitments. */
export function treeOf(commitments: readonly string[]): LogTree {
  const tree = new LogTree();
  for (const commitment of commitments) tree.append(getBytes(commitment));
  return tree;
}

/** A place with its proof, by a tree as it was at a size. */
export function provedPlace<T extends Omit<BatchPlace, "path" | "root">>(tree: LogTree, fields: T): T & BatchPlace {
  const { size, index } = fields;
  const root = hexlify(tree.root(Number(size)));
  const path = tree.inclusionProof(Number(index), Number(size)).map((node) => hexlify(node));
  return { ...fields, root, path };
}
