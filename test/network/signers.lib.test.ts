import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";
import { decodeRlp, encodeRlp, toBeHex, Transaction, type TransactionLike, Wallet } from "ethers";

import { openNode } from "../../scripts/deploy/openNode.js";
import { keySigner, remoteSigner } from "../../scripts/deploy/signers.js";
import { checkSignedBytes, type UnsignedTransaction } from "../../src/network/checkSignedBytes.js";
import { NetworkError } from "../../src/network/NetworkError.js";

const WALLET = new Wallet(`0x${"11".repeat(32)}`);
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const ASKED: UnsignedTransaction = {
  from: WALLET.address,
  to: `0x${"22".repeat(20)}`,
  data: "0x1234",
  nonce: 7,
  gasLimit: 90_000n,
  chainId: 424_242n,
};

interface Params {
  from: string;
  to?: string;
  data: string;
  nonce: string;
  gas: string;
  gasPrice: string;
  value: string;
  chainId: string;
}

/** Signs by `eth_signTransaction`, what it was asked or something else. */
async function serveSigner(sign: (asked: TransactionLike) => unknown): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      const { id, method, params } = JSON.parse(body) as { id: number; method: string; params: [Params] };
      const [{ to, data, nonce, gas, gasPrice, chainId }] = params;
      const asked = { type: 0, to: to ?? null, data, nonce: Number(nonce), gasLimit: gas, gasPrice, chainId };
      const answer = method === "eth_signTransaction" ? { result: sign(asked) } : { error: { message: "unknown" } };
      response.end(JSON.stringify({ jsonrpc: "2.0", id, ...answer }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
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

describe("signers", () => {
  describe("remoteSigner", () => {
    const honest: readonly (readonly [string, (asked: TransactionLike) => unknown])[] = [
      ["bytes", (asked) => signed(asked)],
      ["an object, as geth does", (asked) => ({ raw: signed(asked), tx: {} })],
    ];
    for (const [what, sign] of honest) {
      it(`takes ${what} from an honest signer`, async () => {
        const { url, server } = await serveSigner(sign);
        try {
          const raw = await remoteSigner(openNode(url), WALLET.address).sign(ASKED);
          expect(raw).to.equal(await keySigner(WALLET).sign(ASKED));
        } finally {
          server.close();
        }
      });
    }

    const lies: readonly (readonly [RegExp, (asked: TransactionLike) => unknown])[] = [
      [/from is/, (asked) => signed(asked, new Wallet(`0x${"33".repeat(32)}`))],
      [/to is/, (asked) => signed({ ...asked, to: `0x${"44".repeat(20)}` })],
      [/to is/, (asked) => signed({ ...asked, to: null })],
      [/data is/, (asked) => signed({ ...asked, data: "0x1235" })],
      [/nonce is 8/, (asked) => signed({ ...asked, nonce: 8 })],
      [/gasLimit is 1/, (asked) => signed({ ...asked, gasLimit: 1 })],
      [/gasPrice is 1/, (asked) => signed({ ...asked, gasPrice: 1 })],
      [/value is 5/, (asked) => signed({ ...asked, value: 5 })],
      [/chainId is 1/, (asked) => signed({ ...asked, chainId: 1 })],
      [/type is 1/, (asked) => signed({ ...asked, type: 1 })],
      [/s is high/, (asked) => withHighS(signed(asked))],
      [/not signed/, (asked) => Transaction.from(asked).unsignedSerialized],
      [/no transaction/, () => "0x1234"],
      [/no transaction/, () => null],
    ];
    for (const [message, sign] of lies) {
      it(`refuses bytes of which ${message.source}`, async () => {
        const { url, server } = await serveSigner(sign);
        try {
          const error: unknown = await remoteSigner(openNode(url), WALLET.address)
            .sign(ASKED)
            .catch((caught: unknown) => caught);
          expect(error).to.be.instanceOf(NetworkError).with.property("code", "SIGNED_BYTES_WRONG");
          expect((error as Error).message).to.match(message);
        } finally {
          server.close();
        }
      });
    }
  });

  describe("checkSignedBytes", () => {
    it("gives the hash, for a creation too", async () => {
      const { to, ...creation } = ASKED;
      expect(() => checkSignedBytes(signed({ ...creation, type: 0, to: to!, from: null }), creation)).to.throw(/to is/);
      const raw = await keySigner(WALLET).sign(creation);
      expect(checkSignedBytes(raw, creation)).to.equal(Transaction.from(raw).hash);
    });
  });
});
