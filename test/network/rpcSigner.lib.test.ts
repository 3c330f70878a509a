import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";
import { decodeRlp, encodeRlp, toBeHex, Transaction, type TransactionLike, Wallet } from "ethers";

import { NetworkError } from "../../src/network/NetworkError.js";
import { checkSigned } from "../../src/network/rpc/checkSigned.js";
import { rpcSigner } from "../../src/network/rpc/rpcSigner.js";

const WALLET = new Wallet(`0x${"11".repeat(32)}`);
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const ASKED = {
  ...{ type: 0, to: `0x${"22".repeat(20)}`, data: "0x1234", nonce: 7, gasLimit: 90_000n, gasPrice: 0n, value: 0n },
  chainId: 424_242n,
} satisfies TransactionLike;
const CREATION = { ...ASKED, to: null };

interface Params {
  to?: string;
  data: string;
  nonce: string;
  gas: string;
  gasPrice: string;
  value: string;
  chainId: string;
}

function signed(asked: TransactionLike, by: Wallet = WALLET): string {
  const transaction = Transaction.from(asked);
  transaction.signature = by.signingKey.sign(transaction.unsignedHash);
  return transaction.serialized;
}

/** The same transaction by the same key with the other `s`, and so another hash. */
function withHighS(raw: string): string {
  const fields = decodeRlp(raw) as string[];
  const v = BigInt(fields[6]!);
  fields[6] = toBeHex(v % 2n === 0n ? v - 1n : v + 1n);
  fields[8] = toBeHex(ORDER - BigInt(fields[8]!));
  return encodeRlp(fields);
}

const lies: readonly (readonly [RegExp, (asked: TransactionLike) => unknown])[] = [
  [/from is .*, not 0x/, (asked) => signed(asked, new Wallet(`0x${"33".repeat(32)}`))],
  [/to is/, (asked) => signed({ ...asked, to: `0x${"44".repeat(20)}` })],
  [/to is null, not 0x2222/, (asked) => signed({ ...asked, to: null })],
  [/data is 0x1235, not 0x1234/, (asked) => signed({ ...asked, data: "0x1235" })],
  [/nonce is 8, not 7/, (asked) => signed({ ...asked, nonce: 8 })],
  [/gasLimit is 1/, (asked) => signed({ ...asked, gasLimit: 1 })],
  [/gasPrice is 1, not 0/, (asked) => signed({ ...asked, gasPrice: 1 })],
  [/value is 5/, (asked) => signed({ ...asked, value: 5 })],
  [/chainId is 1/, (asked) => signed({ ...asked, chainId: 1 })],
  [/type is 1/, (asked) => signed({ ...asked, type: 1 })],
  [/s is high/, (asked) => withHighS(signed(asked))],
  [/not signed/, (asked) => Transaction.from(asked).unsignedSerialized],
  [/no transaction/, () => "0x1234"],
  [/no transaction/, () => "0x"],
  [/no transaction/, () => null],
];

describe("rpcSigner", () => {
  /** What the remote signer makes of the transaction that it is asked for. */
  let answer: (asked: TransactionLike) => object;
  let url = "";
  let asked: Record<string, unknown>;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      const { id, method, params } = JSON.parse(body) as { id: number; method: string; params: [Params] };
      const [{ to, data, nonce, gas, gasPrice, value, chainId }] = params;
      asked = { method, ...params[0] };
      const transaction = { type: 0, to: to ?? null, data, nonce: Number(nonce), gasLimit: gas, gasPrice };
      response.end(JSON.stringify({ jsonrpc: "2.0", id, ...answer({ ...transaction, value, chainId }) }));
    });
  });

  before(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());

  const caught = (transaction: TransactionLike): Promise<unknown> =>
    rpcSigner(url, WALLET.address)
      .signTransaction(transaction)
      .catch((error: unknown) => error);

  it("takes the bytes of Web3Signer, and of geth and Clef", async () => {
    const expected = await WALLET.signTransaction(ASKED);
    const signer = rpcSigner(url, WALLET.address);
    answer = (transaction) => ({ result: signed(transaction) });
    expect(await signer.signTransaction(ASKED)).to.equal(expected);
    answer = (transaction) => ({ result: { raw: signed(transaction), tx: {} } });
    expect(await signer.signTransaction({ ...ASKED, from: WALLET.address })).to.equal(expected);
    expect(asked).to.include({ method: "eth_signTransaction", from: WALLET.address, nonce: "0x7", gasPrice: "0x0" });
  });

  it("signs a contract's creation, and a price that is not 0", async () => {
    answer = (transaction) => ({ result: signed(transaction) });
    for (const transaction of [CREATION, { ...ASKED, gasPrice: 7n, value: 3n }]) {
      const raw = await rpcSigner(url, WALLET.address).signTransaction(transaction);
      expect(raw).to.equal(await WALLET.signTransaction(transaction));
    }
    await rpcSigner(url, WALLET.address).signTransaction(CREATION);
    expect(asked).not.to.have.property("to");
  });

  for (const [message, sign] of lies) {
    it(`refuses bytes of which ${message.source}`, async () => {
      answer = (transaction) => ({ result: sign(transaction) });
      const error = await caught(ASKED);
      expect(error).to.be.instanceOf(NetworkError).with.property("code", "SIGNER_WRONG");
      expect((error as Error).message).to.match(message);
    });
  }

  it("tells what the signer refuses", async () => {
    answer = () => ({ error: { code: -32000, message: "unknown account" } });
    const error = await caught(ASKED);
    expect(error).to.include({ code: "SIGNER_WRONG" });
    expect((error as Error).message).to.include("unknown account");
  });
});

describe("checkSigned", () => {
  it("gives the transaction, a creation's too", async () => {
    const raw = await WALLET.signTransaction(CREATION);
    expect(checkSigned(raw, CREATION, WALLET.address).hash).to.equal(Transaction.from(raw).hash);
    expect(() => checkSigned(signed(ASKED), CREATION, WALLET.address)).to.throw(/to is 0x2222\w+, not null/);
  });

  it("compares what other types have besides", () => {
    const typed = { ...ASKED, type: 1, accessList: [] };
    const widened = signed({ ...typed, accessList: [{ address: `0x${"55".repeat(20)}`, storageKeys: [] }] });
    expect(() => checkSigned(widened, typed, WALLET.address))
      .to.throw(/access lists/)
      .with.property("code", "SIGNER_WRONG");
  });
});
