import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { expect } from "chai";
import { hexlify, toBeArray, zeroPadValue } from "ethers";

import { loadSealRecovery, recoverKey } from "../../src/blocks/recoverKey.js";
import { verifyQbft } from "../../src/blocks/verifyQbft.js";
import { QBFT } from "./blocks.fixtures.js";

const N = secp256k1.Point.Fn.ORDER;
const P = secp256k1.Point.Fp.ORDER;

// No environment's types are loaded that name it.
const assembly = (globalThis as unknown as { WebAssembly: { instantiate: () => Promise<unknown> } }).WebAssembly;

const hashOf = (text: string) => keccak_256(utf8ToBytes(text));
const bytesOf = (value: bigint) => Uint8Array.from(Buffer.from(zeroPadValue(toBeArray(value), 32).slice(2), "hex"));

/** What a library says: the key, or that there is none. */
function answer(recover: () => Uint8Array): string {
  try {
    return hexlify(recover());
  } catch {
    return "none";
  }
}

const byNoble = (hash: Uint8Array, compact: Uint8Array, v: 0 | 1) =>
  secp256k1.Signature.fromBytes(compact, "compact").addRecoveryBit(v).recoverPublicKey(hash).toBytes(false);

describe("recoverKey", () => {
  before(async () => {
    expect(await loadSealRecovery()).to.equal(true);
    // In its own words, which are not noble's: it is the one in use.
    expect(() => recoverKey(new Uint8Array(32), new Uint8Array(64), 0)).to.throw(/^Failed to recover public key/);
  });

  it("finds the signer's key by libsecp256k1, of low s and high", () => {
    for (let i = 0; i < 100; i++) {
      const [secret, hash] = [hashOf(`secret ${i}`), hashOf(`message ${i}`)];
      const signature = secp256k1.sign(hash, secret, { prehash: false, format: "recovered" });
      const v = signature[0] as 0 | 1;
      const key = hexlify(secp256k1.getPublicKey(secret, false));
      expect(hexlify(recoverKey(hash, signature.subarray(1), v))).to.equal(key);
      const { r, s } = secp256k1.Signature.fromBytes(signature, "recovered");
      const high = concatBytes(bytesOf(r), bytesOf(N - s));
      expect(hexlify(recoverKey(hash, high, v === 0 ? 1 : 0))).to.equal(key);
    }
  });

  it("says of any 64 bytes what noble says", () => {
    const edges = [0n, 1n, 2n, 5n, N / 2n, N / 2n + 1n, N - 1n, N, N + 1n, P - 1n, P, 2n ** 256n - 1n].map(bytesOf);
    const chance = Array.from({ length: 100 }, (_, i) => hashOf(`part ${i}`));
    const pairs = [
      ...edges.flatMap((r) => [...edges, hashOf("s")].map((s) => concatBytes(r, s))),
      ...chance.flatMap((r) => edges.slice(0, 3).map((s) => concatBytes(r, s))),
    ];
    const hashes = [hashOf("message"), new Uint8Array(32), bytesOf(N), new Uint8Array(32).fill(255)];
    const answers = new Set<string>();
    for (const compact of pairs) {
      for (const hash of hashes) {
        for (const v of [0, 1] as const) {
          const found = answer(() => recoverKey(hash, compact, v));
          expect(found, `${hexlify(compact)}, ${v}`).to.equal(answer(() => byNoble(hash, compact, v)));
          answers.add(found);
        }
      }
    }
    expect(answers).to.include("none");
    expect(answers.size).to.be.greaterThan(100);
  });

  it("finds who sealed the blocks of a real network", () => {
    const sealed = QBFT.headers.filter(({ signers }) => signers !== undefined);
    expect(sealed).to.have.length.greaterThan(5);
    for (const { rawHeader, validators, signers } of sealed) {
      expect(verifyQbft(rawHeader, validators).signers).to.have.members(signers!);
    }
  });

  it("goes on in JavaScript where WebAssembly may not run", async () => {
    // A module of its own: what was loaded stays loaded.
    const address = "../../src/blocks/recoverKey.js?without-webassembly";
    const apart = (await import(address)) as {
      loadSealRecovery: typeof loadSealRecovery;
      recoverKey: typeof recoverKey;
    };
    // As a page's content security policy does.
    const { instantiate } = assembly;
    assembly.instantiate = () => Promise.reject(new Error("refused"));
    try {
      expect(await apart.loadSealRecovery()).to.equal(false);
    } finally {
      assembly.instantiate = instantiate;
    }
    const [secret, hash] = [hashOf("secret"), hashOf("message")];
    const signature = secp256k1.sign(hash, secret, { prehash: false, format: "recovered" });
    const found = apart.recoverKey(hash, signature.subarray(1), signature[0] as 0 | 1);
    expect(hexlify(found)).to.equal(hexlify(secp256k1.getPublicKey(secret, false)));
  });
});
