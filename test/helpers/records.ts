import {
  AbiCoder,
  getBytes,
  hexlify,
  id,
  keccak256,
  toBeHex,
  type BigNumberish,
  type Signer as AnySigner,
} from "ethers";

import type { LogTree } from "../../src/ledger/LogTree.js";
import { RecordRegistry__factory } from "../../src/typechain/index.js";
import { type BatchPlace, provedPlace, treeOf } from "./batches.js";
import { deployHealth, type Health } from "./health.js";
import { NO_END } from "./suite.js";
import { load } from "./trust.js";

/** IRecordRegistry.State, in order. */
export const STATE = { UNKNOWN: 0n, CURRENT: 1n, SUPERSEDED: 2n, ENTERED_IN_ERROR: 3n, ERASED: 4n } as const;

/** IRecordRegistry.Reason, in order. */
export const REASON = {
  NONE: 0n,
  AMENDED: 1n,
  RECTIFIED: 2n,
  ENTERED_IN_ERROR: 3n,
  ERASURE_REQUESTED: 4n,
  RETENTION_ENDED: 5n,
  ORDERED: 6n,
} as const;

/** Stand for the numbers of two FHIR resource types. */
export const KIND = 27n;
export const OTHER_KIND = 99n;

/** A commitment that nobody anchored yet; the number makes it another one. */
export const record = (n: number): string => id(`record ${n}`);

/** As many of them, from a number on. */
export const records = (count: number, from = 0): string[] => Array.from({ length: count }, (_, i) => record(from + i));

/** Typed data of an author's signature, written from the interface's text. */
export const AUTHORSHIP = {
  RecordAuthorship: [
    { name: "commitment", type: "bytes32" },
    { name: "kind", type: "uint16" },
    { name: "provider", type: "uint32" },
    { name: "author", type: "address" },
    { name: "deadline", type: "uint256" },
  ],
};

/** Where a record stands in a batch, as `IRecordRegistry.Membership`. */
export interface Membership extends BatchPlace {
  provider: bigint;
}

/** A record of a batch, proved by a tree as it was at a size. */
export function memberOf(tree: LogTree, commitment: string, fields: Omit<Membership, "path" | "root">) {
  return { commitment, membership: provedPlace(tree, fields) };
}

/** The id of a batch's status list, written from the interface's text. */
export function listOf({ provider, inLog, root, size }: Omit<Membership, "index" | "path">): string {
  if (inLog) return toBeHex(provider, 32);
  const fields = [provider, inLog, root, size];
  return keccak256(AbiCoder.defaultAbiCoder().encode(["uint32", "bool", "bytes32", "uint64"], fields));
}

/** The registry, among those who take part in health. */
export function recordsFixture() {
  return load(deployRecords);
}

async function deployRecords() {
  return withRecords(await deployHealth());
}

/** Adds the registry to those who take part. */
async function withRecords(f: Health) {
  const { deployer, manager, trustList, relays, parties } = f;
  const registry = await new RecordRegistry__factory(deployer).deploy(manager, trustList, relays);
  const { hospital, clinic, professional } = parties;
  const address = await registry.getAddress();

  interface Signed {
    by?: AnySigner;
    author?: string;
    kind?: bigint;
    provider?: bigint;
    deadline?: bigint;
    chainId?: BigNumberish;
    verifyingContract?: string;
    name?: string;
  }
  /** A professional signs a record of the hospital. */
  const signAuthorship = async (commitment: string, signed: Signed = {}): Promise<string> => {
    const { by = professional.key, kind = KIND, provider = hospital.body, deadline = NO_END } = signed;
    const { chainId = 31_337n, verifyingContract = address, name = "Diwan RecordRegistry" } = signed;
    const author = signed.author ?? (await by.getAddress());
    const domain = { name, version: "1", chainId, verifyingContract };
    return by.signTypedData(domain, AUTHORSHIP, { commitment, kind, provider, author, deadline });
  };

  return {
    ...f,
    /** The registry, as the hospital's key calls it. */
    registry: registry.connect(hospital.key),
    /** The registry, as the clinic's key calls it. */
    asClinic: registry.connect(clinic.key),
    /** The hospital's index. */
    hospitalBody: hospital.body,
    clinicBody: clinic.body,
    signAuthorship,
    /** The hospital logs records: the members, and the tree. */
    log: async (tree: LogTree, commitments: readonly string[], kind = KIND) => {
      const first = tree.size;
      await registry.connect(hospital.key).anchorMany([...commitments], kind);
      for (const commitment of commitments) tree.append(getBytes(commitment));
      const at = { provider: hospital.body, inLog: true, size: BigInt(tree.size) };
      return commitments.map((commitment, i) => memberOf(tree, commitment, { ...at, index: BigInt(first + i) }));
    },
    /** The hospital anchors records under a root of their own: the members. */
    batch: async (commitments: readonly string[], kind = KIND) => {
      const tree = treeOf(commitments);
      await registry.connect(hospital.key).anchorBatch(hexlify(tree.root()), tree.size, kind);
      const at = { provider: hospital.body, inLog: false, size: BigInt(tree.size) };
      return commitments.map((commitment, i) => memberOf(tree, commitment, { ...at, index: BigInt(i) }));
    },
  };
}
