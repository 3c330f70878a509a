import {
  AbstractSigner,
  type Provider,
  Transaction,
  type TransactionReceipt,
  type TransactionRequest,
  TransactionResponse,
} from "ethers";

import { NetworkError } from "../NetworkError.js";
import { nodesProvider } from "../rpc/nodesProvider.js";
import { callOf } from "./callOf.js";
import type { OutboxCall, OutboxEntry } from "./OutboxEntry.js";
import type { Outbox } from "./openOutbox.js";

/** What a contract is asked to do, before its gas is known. */
export type AskedCall = Required<Omit<OutboxCall, "gasLimit">>;

/** How a signer writes through its outbox. */
export interface OutboxSignerOptions {
  /** Of what is read; the outbox's own nodes, if left out. */
  readonly provider?: Provider;
  /** What `wait()` waits for; "final", if left out. */
  readonly until?: "included" | "final";
  /** Gas of a call that names none; a quarter more than the node estimates, if left out. */
  readonly gasLimit?: bigint;
  /** The id of a call, so that asking for it again writes nothing; a new one each time, if left out. */
  readonly idOf?: (call: AskedCall) => string | undefined;
}

/**
 * A signer of ethers whose transactions go through an outbox, so that everything which takes a contract writes exactly once:
 * sending is done when the write is durable, and `wait()` when it is final.
 *
 * @example
 * ```ts
 * const evidence = EvidenceRegistry__factory.connect(address, outboxSigner(outbox));
 * const receipt = await send(() => evidence.deposit(exhibit, { gasLimit: 300_000n }));
 * ```
 */
export function outboxSigner(outbox: Outbox, options: OutboxSignerOptions = {}): AbstractSigner<Provider> {
  return new OutboxSigner(outbox, options);
}

class OutboxSigner extends AbstractSigner<Provider> {
  readonly #outbox: Outbox;
  readonly #options: OutboxSignerOptions;
  /** The ids of writes by their first hashes: those under way, and those that did not become what they were. */
  readonly #ids: Map<string, string>;

  constructor(outbox: Outbox, options: OutboxSignerOptions, ids = new Map<string, string>()) {
    const provider = options.provider ?? nodesProvider(outbox.nodes, outbox.chainId);
    super(waitingProvider(provider, outbox, options.until ?? "final", ids));
    this.#outbox = outbox;
    this.#options = options;
    this.#ids = ids;
  }

  override getAddress(): Promise<string> {
    return Promise.resolve(this.#outbox.key);
  }

  override connect(provider: Provider): OutboxSigner {
    return new OutboxSigner(this.#outbox, { ...this.#options, provider }, this.#ids);
  }

  override async sendTransaction(request: TransactionRequest): Promise<TransactionResponse> {
    const { to, data, value, gasLimit } = await this.populateCall(request);
    if (typeof to !== "string")
      throw new NetworkError("OUTBOX_CALL_INVALID", "an outbox calls contracts; it makes none");
    const asked: AskedCall = { to, data: data ?? "0x", value: BigInt(value ?? 0) };
    const id = this.#options.idOf?.(asked);
    const gas = gasLimit ?? this.#options.gasLimit ?? (await this.#gasOf(request, id));
    const entry = await this.#outbox.write({ ...asked, gasLimit: BigInt(gas) }, id === undefined ? {} : { id });
    this.#remember(entry);
    return responseOf(entry, this.provider);
  }

  /** A call that is asked for again has its gas: an estimate of what is done already would be another, or fail. */
  async #gasOf(request: TransactionRequest, id: string | undefined): Promise<bigint> {
    const known = id === undefined ? undefined : await this.#outbox.find(id);
    return known === undefined ? ((await this.estimateGas(request)) * 5n) / 4n : callOf(known).gasLimit;
  }

  /** Afterwards a node tells the same, unless other bytes took the place of the first. */
  #remember({ id, hash }: OutboxEntry): void {
    this.#ids.set(hash, id);
    this.#outbox.settled(id).then(
      (settled) => {
        if (settled.hash === hash) this.#ids.delete(hash);
      },
      () => undefined, // `wait()` tells it
    );
  }

  override signTransaction(): Promise<string> {
    return refuse("a transaction");
  }

  override signMessage(): Promise<string> {
    return refuse("a message");
  }

  override signTypedData(): Promise<string> {
    return refuse("typed data");
  }
}

/** Bytes outside of the outbox would take its nonces. */
function refuse(what: string): Promise<never> {
  return Promise.reject(new NetworkError("OUTBOX_CALL_INVALID", `an outbox writes, and does not sign ${what}`));
}

/** ethers makes a response of its own for a contract's call, and asks this provider for the receipt. */
function waitingProvider(
  provider: Provider,
  outbox: Outbox,
  until: "included" | "final",
  ids: ReadonlyMap<string, string>,
): Provider {
  const getTransactionReceipt = async (hash: string): Promise<TransactionReceipt | null> => {
    const id = ids.get(hash);
    if (id === undefined) return provider.getTransactionReceipt(hash);
    const entry = await (until === "final" ? outbox.settled(id) : outbox.included(id));
    return provider.getTransactionReceipt(entry.hash);
  };
  return new Proxy(provider, {
    get: (target, name) => {
      if (name === "getTransactionReceipt") return getTransactionReceipt;
      const value: unknown = Reflect.get(target, name, target);
      // A provider's private fields are its own alone.
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}

function responseOf({ raw, hash, key }: OutboxEntry, provider: Provider): TransactionResponse {
  const { type, to, nonce, gasLimit, gasPrice, data, value, chainId, signature } = Transaction.from(raw);
  return new TransactionResponse(
    {
      ...{ hash, from: key, to, nonce, gasLimit, gasPrice: gasPrice ?? 0n, data, value, chainId, type: type ?? 0 },
      ...{ signature: signature!, blockNumber: null, blockHash: null, index: 0, accessList: null },
    } as unknown as ConstructorParameters<typeof TransactionResponse>[0],
    provider,
  );
}
