import { type Log, toQuantity, zeroPadValue, toBeHex, hexlify } from "ethers";

import type { EventSource } from "../../chain/readEvents.js";
import { readEvents } from "../../chain/readEvents.js";
import { readTrustSnapshot } from "../../trust/snapshot.js";
import { IEvidenceRegistry__factory } from "../../typechain/factories/contracts/justice/IEvidenceRegistry__factory.js";
import type { SealingKind } from "../../blocks/BlockHeader.js";
import { fromRpcBlock } from "../../blocks/fromRpcBlock.js";
import { fromRpcReceipt } from "../../blocks/fromRpcReceipt.js";
import { proveReceipt } from "../../blocks/proveReceipt.js";
import type { RpcObject } from "../../blocks/rpcFields.js";
import { commitExhibit } from "../evidence/commitExhibit.js";
import type { EvidenceStatement } from "../evidence/statement.js";
import { detectSealing } from "../../blocks/detectSealing.js";
import {
  PACKAGE_SCHEMA,
  type EvidencePackage,
  type PackageAnchor,
  type PackageExhibit,
  type PackagePlace,
  type PackageProof,
  type PackageReceipt,
} from "./EvidencePackage.js";
import { PackageError } from "./PackageError.js";
import { withManifest } from "./packageManifest.js";
import { checkPackage } from "./readPackage.js";
import type { TrustAnchor } from "./readTrustAnchor.js";
import { batchIdOf, registryKeys, trustKeys } from "./storageSlots.js";

/** A node that answers `eth_getProof`, as ethers' JSON-RPC providers ask it. */
export interface PackageSource extends EventSource {
  send(method: string, params: unknown[]): Promise<unknown>;
}

/** What to make a package of. */
export interface PackageWanted {
  statement: EvidenceStatement;
  /** The statement's salt. */
  salt: Uint8Array;
  /** The salt of the case's number; then the package shows that the deposit was for that case. */
  caseSalt?: Uint8Array;
  registry: string;
  trustList: string;
  /** The block of the trust list's deployment, from which events are read. */
  fromBlock: number;
  /** Of a member of a batch, as `IEvidenceRegistry.Place`; of one that was singled out it may be left out. */
  place?: {
    depositor: number | bigint;
    inLog: boolean;
    root: string;
    size: number | bigint;
    index: number | bigint;
    path: readonly string[];
  };
  /** The block whose state is proved; the trust anchor's own, or the newest, if left out. */
  block?: number;
  /** What those are thought to trust who will check it: which headers go in hangs on that. */
  anchor: TrustAnchor;
  /** How the chain is sealed; what `detectSealing` finds in the block whose state is proved, if left out. */
  sealing?: SealingKind;
  /** Of Clique, how many blocks on top of the block are taken; all there are, if left out. */
  depth?: number;
  anchors?: PackageAnchor[];
  timestampToken?: Uint8Array;
}

const MOST_HEADERS = 2 ** 20;
const events = IEvidenceRegistry__factory.createInterface();

/**
 * Makes a package out of what a node tells: it proves the exhibit's slot, the trust list's log and each event's receipt, and
 * takes the headers that lead to the trust anchor. Nothing is judged; check what it gives with `verifyPackage`.
 *
 * @throws PackageError SOURCE_INCOMPLETE when the node lacks something; ChainProofError when its headers or receipts are not what
 * their hashes say
 * @example
 * ```ts
 * const found = await buildPackage(provider, { statement, salt, registry, trustList, fromBlock, anchor });
 * writeFileSync("exhibit.diwan", zipPackage(found));
 * ```
 */
export async function buildPackage(provider: PackageSource, wanted: PackageWanted): Promise<EvidencePackage> {
  const { statement, anchor, fromBlock, anchors = [], caseSalt, timestampToken } = wanted;
  const number = wanted.block ?? (anchor.kind === "block" ? anchor.number : await provider.getBlockNumber());
  const chain = new Chain(provider, wanted.sealing ?? detectSealing(await readBlock(provider, number)));
  const header = await chain.header(number);

  const commitment = commitExhibit(statement, wanted.salt);
  const registry = wanted.registry.toLowerCase();
  const trustList = wanted.trustList.toLowerCase();
  const exhibit: PackageExhibit = {
    chainId: Number((await provider.getNetwork()).chainId),
    registry,
    trustList,
    commitment,
    ...(wanted.place && { place: toPlace(wanted.place) }),
  };

  const range = { fromBlock, toBlock: number };
  const { changes } = await readTrustSnapshot(provider, trustList, range);
  const found = await eventsOf(provider, exhibit, range);
  const custody: PackageReceipt[] = [];
  for (const event of found) custody.push(await chain.receipt(event));

  const { notBefore } = statement;
  const oldest = [...found.map(({ blockNumber }) => blockNumber), notBefore?.blockNumber ?? number];
  const sealing = await chain.sealing(number, anchor, Math.min(...oldest), {
    ...(wanted.depth !== undefined && { depth: wanted.depth }),
    ...(notBefore && { notBefore: notBefore.blockNumber }),
  });
  const made = withManifest({
    schema: PACKAGE_SCHEMA,
    statement,
    salt: hexlify(wanted.salt),
    ...(caseSalt && { caseSalt: hexlify(caseSalt) }),
    exhibit,
    header,
    registryProof: await chain.prove(registry, registryKeys(exhibit), number),
    trustProof: await chain.prove(trustList, trustKeys(changes.length), number),
    trust: changes,
    sealing,
    custody,
    anchors,
    ...(timestampToken && { timestampToken: hexlify(timestampToken) }),
  });
  return checkPackage(made);
}

function toPlace({ depositor, inLog, root, size, index, path }: NonNullable<PackageWanted["place"]>): PackagePlace {
  return {
    depositor: Number(depositor),
    inLog,
    root: root.toLowerCase(),
    size: Number(size),
    index: Number(index),
    path: path.map((node) => node.toLowerCase()),
  };
}

/** One event a transaction, oldest first: those of the exhibit, the deposit of its batch, and what witnesses said of that. */
async function eventsOf(
  provider: PackageSource,
  { registry, commitment, place }: PackageExhibit,
  range: { fromBlock: number; toBlock: number },
): Promise<Pick<Log, "transactionHash" | "blockNumber">[]> {
  const own = await readEvents(provider, { address: registry, topics: [null, commitment] }, range);
  const all = [...own];
  if (place !== undefined) {
    const name = place.inLog ? "ExhibitsLogged" : "ExhibitBatchDeposited";
    const depositor = zeroPadValue(toBeHex(place.depositor), 32);
    const topics = [events.getEvent(name).topicHash, depositor];
    const deposits = await readEvents(provider, { address: registry, topics }, range);
    const batch = deposits.find((event) => {
      const parsed = events.parseLog(event);
      return parsed?.args.root === place.root && parsed.args.size === BigInt(place.size);
    });
    if (batch !== undefined) all.push(batch);
    const ofBatch = [events.getEvent("DepositWitnessed").topicHash, batchIdOf(place)];
    all.push(...(await readEvents(provider, { address: registry, topics: ofBatch }, range)));
  }
  // The same commitment may have been deposited before its batch, too.
  all.sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index);
  return [...new Map(all.map((event) => [event.transactionHash, event])).values()];
}

/** Asks a node, and keeps its headers. */
class Chain {
  readonly #provider: PackageSource;
  readonly #kind: SealingKind;
  readonly #headers = new Map<number, string>();

  constructor(provider: PackageSource, kind: SealingKind) {
    this.#provider = provider;
    this.#kind = kind;
  }

  async header(number: number): Promise<string> {
    const known = this.#headers.get(number);
    if (known !== undefined) return known;
    const { rlp } = fromRpcBlock(await readBlock(this.#provider, number), this.#kind);
    this.#headers.set(number, rlp);
    return rlp;
  }

  async headers(from: number, to: number): Promise<string[]> {
    if (to - from >= MOST_HEADERS) refuse("sealing", `${to - from + 1} headers are more than a package takes`);
    const list: string[] = [];
    for (let number = from; number <= to; ++number) list.push(await this.header(number));
    return list;
  }

  async prove(address: string, keys: readonly string[], block: number): Promise<PackageProof> {
    const answer = (await this.#provider.send("eth_getProof", [address, keys, toQuantity(block)])) as {
      accountProof: string[];
      storageProof: { proof: string[] }[];
    };
    return { accountProof: answer.accountProof, storageProofs: answer.storageProof.map(({ proof }) => proof) };
  }

  async receipt({
    transactionHash,
    blockNumber,
  }: Pick<Log, "transactionHash" | "blockNumber">): Promise<PackageReceipt> {
    const { transactions } = await readBlock(this.#provider, blockNumber);
    const hashes = transactions as string[];
    const receipts = [];
    for (const hash of hashes) {
      const answer = (await this.#provider.send("eth_getTransactionReceipt", [hash])) as RpcObject | null;
      receipts.push(fromRpcReceipt(answer ?? refuse("custody", `the node has no receipt of ${hash}`)));
    }
    const { proof } = proveReceipt(receipts, hashes.indexOf(transactionHash));
    return { header: await this.header(blockNumber), receipt: { index: proof.index, nodes: [...proof.nodes] } };
  }

  /** Headers that lead from the trust anchor to a block, and those that lead from there back to the oldest that is needed. */
  async sealing(
    number: number,
    anchor: TrustAnchor,
    oldest: number,
    { depth, notBefore }: { depth?: number; notBefore?: number },
  ): Promise<EvidencePackage["sealing"]> {
    const kind = this.#kind;
    if (anchor.kind === "validators") {
      // Each header has its own seals.
      return { kind, headers: notBefore === undefined ? [] : [await this.header(notBefore)], ancestors: [] };
    }
    if (anchor.kind === "genesis") return { kind, headers: await this.headers(0, number - 1), ancestors: [] };
    if (anchor.kind === "block") {
      const headers = await this.headers(number + 1, anchor.number);
      return { kind, headers, ancestors: await this.headers(oldest, number - 1) };
    }
    const checkpoint = (await this.#provider.send("eth_getBlockByHash", [anchor.hash, false])) as RpcObject | null;
    if (checkpoint === null) refuse("sealing", "the node does not know the checkpoint");
    const first = Number(checkpoint["number"]);
    const newest = await this.#provider.getBlockNumber();
    const headers = await this.headers(first, depth === undefined ? newest : Math.min(newest, number + depth));
    return { kind, headers, ancestors: await this.headers(oldest, first - 1) };
  }
}

async function readBlock(provider: PackageSource, number: number): Promise<RpcObject> {
  const answer = (await provider.send("eth_getBlockByNumber", [toQuantity(number), false])) as RpcObject | null;
  return answer ?? refuse("header", `the node has no block ${number}`);
}

function refuse(part: string, problem: string): never {
  throw new PackageError("SOURCE_INCOMPLETE", part, problem);
}
