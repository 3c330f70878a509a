import { getAddress, isAddress, isHexString } from "ethers";

import { decodeContractError } from "../../chain/decodeContractError.js";
import { NetworkError } from "../NetworkError.js";
import { type Nodes, type NodeStanding, openNodes } from "../rpc/openNodes.js";
import type { TransactionSigner } from "../rpc/rpcSigner.js";
import { RpcRefusal } from "../rpc/RpcRefusal.js";
import { agreedCount, askCounts } from "./agreedCount.js";
import type { OutboxCall, OutboxEntry } from "./OutboxEntry.js";
import type { OutboxCount, OutboxStore } from "./OutboxStore.js";
import { outboxWatch } from "./outboxWatch.js";
import { GAP_ID, outboxWriter } from "./outboxWriter.js";
import type { WrappedCall } from "./signBytes.js";

/** How an outbox works. */
export interface OutboxOptions {
  /** Belongs to the caller, who closes it after the outbox. */
  readonly store: OutboxStore;
  /** URLs, or nodes that were opened with settings of one's own. */
  readonly nodes: readonly string[] | Nodes;
  readonly signer: TransactionSigner;
  readonly chainId: bigint;
  /** Of block 0; a chain that was made anew under the old id is refused. */
  readonly genesisHash?: string;
  /** See `confirmationsFor`: 1 believes the block itself, any more is that many blocks on top of it. */
  readonly finality: { readonly confirmations: number };
  /** In wei; 0, if left out. */
  readonly gasPrice?: bigint;
  /** Milliseconds between looks at the chain; 1,000, if left out. */
  readonly pollMs?: number;
  /** Milliseconds after which the oldest write that is in no block is sent again; 5,000, if left out. */
  readonly resendMs?: number;
  /** How many writes may be under way at once, those in a block at a quarter; 1,024, if left out. More wait in the store. */
  readonly window?: number;
  /** How many nodes must say the same before a write is final, where so many are there; 2, if left out. */
  readonly agreeing?: number;
  /**
   * Goes on although the chain has transactions of the key that the store does not know, as after a use elsewhere; false, if left out.
   * What an older copy of a store lacks is not known either: writing it again would do it twice.
   */
  readonly acceptForeign?: boolean;
  /** Asks a node whether the contract would refuse before anything is signed; false, if left out. */
  readonly simulate?: boolean;
  /** Makes each call fit for a network that wants more around it, with an expiry; it is asked anew when the bytes expired. */
  readonly wrap?: (call: OutboxCall) => WrappedCall;
}

/** So that one node alone, which may lie, decides nothing. */
const AGREEING = 2;

/** What an outbox is doing. */
export interface OutboxStatus {
  readonly key: string;
  readonly chainId: string;
  readonly store: string;
  readonly nextNonce: number;
  readonly counts: OutboxCount[];
  /** The oldest write that is neither final nor refused. */
  readonly oldest: OutboxEntry | null;
  readonly nodes: NodeStanding[];
  /** What went wrong in the last look at the chain, or null. */
  readonly problem: string | null;
}

/** Writes exactly once by one key. */
export interface Outbox {
  readonly key: string;
  readonly chainId: bigint;
  readonly nodes: Nodes;
  /**
   * Takes a write: when this returns it is signed and durable, and will be on the chain once. The same id with the same call
   * returns the entry that is there. Ids that begin with "gap " are the outbox's own.
   *
   * @throws NetworkError OUTBOX_CALL_INVALID, OUTBOX_ID_TAKEN, OUTBOX_STORE_REFUSES, SIGNER_WRONG, OUTBOX_CLOSED; ContractError, when it simulates.
   */
  readonly write: (call: OutboxCall, options?: { readonly id?: string }) => Promise<OutboxEntry>;
  /**
   * Waits until a write is final; `succeeded` tells whether the contract did it.
   *
   * @throws NetworkError OUTBOX_REFUSED, when no node takes it; OUTBOX_UNKNOWN_ID; OUTBOX_CLOSED; OUTBOX_STORE_REFUSES, when the
   * store was lost meanwhile: ask again.
   */
  readonly settled: (id: string) => Promise<OutboxEntry>;
  /** Waits until a write is in a block, which may still be dropped. @throws as `settled` does. */
  readonly included: (id: string) => Promise<OutboxEntry>;
  readonly find: (id: string) => Promise<OutboxEntry | undefined>;
  /**
   * Puts an empty transaction in a write's place, unless the write itself is on the chain first: `settled` tells. When this returns,
   * that it was asked is durable: whoever opens the store next does it. Of a write that is settled it changes nothing.
   *
   * @throws NetworkError OUTBOX_UNKNOWN_ID, OUTBOX_STORE_REFUSES, OUTBOX_CLOSED.
   */
  readonly cancel: (id: string) => Promise<void>;
  readonly status: () => Promise<OutboxStatus>;
  /** Sends everything that is in no block again, at once. */
  readonly retry: () => void;
  /** Stops, and frees the key for another process. What is not final stays in the store for the next. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the outbox of a key: what was left in the store by an earlier process goes on at once.
 *
 * @throws NetworkError OUTBOX_LOCKED, when another process has the key; OUTBOX_WRONG_CHAIN, when the store is for another
 * chain; OUTBOX_STORE_BEHIND, when the chain knows more of the key than the store, which may know nothing of it; RPC_UNREACHABLE,
 * RPC_WRONG_CHAIN, when the store is new to the key and no node tells its next nonce, or one alone of several tells more than the store.
 * @example
 * ```ts
 * const finality = { confirmations: confirmationsFor({ kind: "clique", validators: 5 }) };
 * const outbox = await openOutbox({ store, nodes: urls, signer, chainId: 2026n, finality });
 * await outbox.write({ to, data, gasLimit: 200_000n }, { id: "exhibit 2026/117" });
 * const entry = await outbox.settled("exhibit 2026/117");
 * ```
 */
export async function openOutbox(options: OutboxOptions): Promise<Outbox> {
  const { store, chainId, genesisHash, signer, gasPrice = 0n, finality, wrap } = options;
  const { pollMs = 1_000, resendMs = 5_000, window = 1_024, agreeing = AGREEING, simulate = false } = options;
  const key = getAddress(await signer.getAddress());
  const nodes = "ask" in options.nodes ? options.nodes : openNodes({ ...options, urls: options.nodes });
  const terms = { signer, key, chainId, gasPrice, ...(wrap === undefined ? {} : { wrap }) };

  const unlock = await store.lock(key);
  try {
    await pinChain(store, { chainId: `${chainId}`, genesisHash: genesisHash?.toLowerCase() ?? null });
    const writer = outboxWriter(store, terms, await firstNonce(options, nodes, key));
    // The block itself, or so many on top of it.
    const depth = finality.confirmations <= 1 ? 0 : finality.confirmations;
    const watch = outboxWatch({ store, nodes, terms, writer, pollMs, resendMs, window, finality: { depth, agreeing } });
    let isClosed = false;
    const assertOpen = (): void => {
      if (isClosed) throw new NetworkError("OUTBOX_CLOSED", "the outbox was closed");
    };
    const find = async (id: string): Promise<OutboxEntry | undefined> => (await store.find(key, [id]))[0];

    return {
      ...{ key, chainId, nodes, find },
      write: async (call, { id = crypto.randomUUID() } = {}) => {
        assertOpen();
        assertCall(call, id);
        if (simulate) {
          await tryOut(nodes, key, call);
          assertOpen(); // it may have been closed meanwhile
        }
        const { entry, isNew } = await writer.write(call, id);
        if (isNew) watch.add(entry);
        return entry;
      },
      settled: (id) => watch.wait(id, "final"),
      included: (id) => watch.wait(id, "included"),
      cancel: async (id) => {
        assertOpen();
        await watch.cancel(id);
      },
      status: async () => ({
        ...{ key, chainId: `${chainId}`, store: store.name, nextNonce: writer.nextNonce() },
        ...{ counts: (await store.counts()).filter((count) => count.key === key) },
        oldest: (await store.list(key, 0, 1, "open"))[0] ?? null,
        ...{ nodes: nodes.standings(), problem: watch.problem() },
      }),
      retry: () => {
        watch.retry();
      },
      close: async () => {
        if (isClosed) return;
        isClosed = true;
        await writer.idle();
        await watch.stop();
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function pinChain(store: OutboxStore, wanted: { chainId: string; genesisHash: string | null }): Promise<void> {
  await store.setChain(wanted);
  const found = (await store.chain())!;
  const isSame = found.genesisHash === null || wanted.genesisHash === null || found.genesisHash === wanted.genesisHash;
  if (found.chainId === wanted.chainId && isSame) return;
  const shown = ({ chainId, genesisHash }: typeof wanted): string =>
    `chain ${chainId} (genesis ${genesisHash ?? "any"})`;
  throw new NetworkError(
    "OUTBOX_WRONG_CHAIN",
    `the outbox ${store.name} is for ${shown(found)}, not for ${shown(wanted)}`,
  );
}

/**
 * Where the key was used before the outbox, the chain counts more than the store; where it was used beside it, or the store was
 * restored from a backup, what the store lacks may be on the chain, and asking for it again would do it twice.
 */
async function firstNonce(
  { store, acceptForeign = false, agreeing = AGREEING }: OutboxOptions,
  nodes: Nodes,
  key: string,
): Promise<number> {
  const stored = await store.nextNonce(key);
  let counted: number;
  try {
    const heads = await nodes.look();
    const known = await askCounts(heads, key);
    counted = agreedCount(key, known, agreeing);
    const all = nodes.standings().length;
    if (counted > stored && known.length < Math.min(agreeing, all)) {
      const problem = `${known.length} of ${all} nodes alone tells that ${key} has sent ${counted} transactions: others must tell it too`;
      throw new NetworkError("RPC_UNREACHABLE", problem);
    }
  } catch (error) {
    // A store that knows the key can take writes while no node is there.
    if (stored > 0 && error instanceof NetworkError && error.code === "RPC_UNREACHABLE") return stored;
    throw error;
  }
  if (counted > stored && !acceptForeign) {
    throw new NetworkError(
      "OUTBOX_STORE_BEHIND",
      `the chain has ${counted} transactions of ${key}, the outbox ${store.name} knows of ${stored}: the key was used elsewhere, or the store is an older copy, or none of its own`,
    );
  }
  return Math.max(stored, counted);
}

function assertCall({ to, data, value = 0n, gasLimit }: OutboxCall, id: string): void {
  if (id.startsWith(GAP_ID)) {
    throw new NetworkError("OUTBOX_CALL_INVALID", `the id ${id} begins with "${GAP_ID}", as the outbox's own do`);
  }
  const isGood = isAddress(to) && isHexString(data) && data.length % 2 === 0 && value >= 0n && gasLimit > 0n;
  if (isGood) return;
  throw new NetworkError("OUTBOX_CALL_INVALID", "a write needs a contract's address, data in hex and a gas limit");
}

async function tryOut(nodes: Nodes, key: string, { to, data, value = 0n, gasLimit }: OutboxCall): Promise<void> {
  const call = { from: key, to, data, value: `0x${value.toString(16)}`, gas: `0x${gasLimit.toString(16)}` };
  try {
    await nodes.ask((node) => node.call("eth_call", [call, "latest"]));
  } catch (error) {
    // Where no node answers, the write is taken all the same.
    if (error instanceof RpcRefusal) throw decodeContractError(error);
  }
}
