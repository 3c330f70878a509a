import { expect } from "chai";
import { concat, dataSlice, id, Signature, toBeHex, Wallet } from "ethers";

import { N } from "../../src/voting/verifier/curve.js";
import { recoverSigner } from "../../src/voting/verifier/recoverSigner.js";

describe("recoverSigner", () => {
  const digest = id("decision");
  const wallet = new Wallet(id("key"));
  const signature = wallet.signingKey.sign(digest).serialized;

  it("finds whose key signed, as ethers does", () => {
    for (let i = 0; i < 8; i++) {
      const own = new Wallet(id(`key ${i}`));
      const of = id(`decision ${i}`);
      expect(recoverSigner(of, own.signingKey.sign(of).serialized)).to.equal(own.address.toLowerCase());
    }
    expect(recoverSigner(id("another decision"), signature)).to.not.equal(wallet.address.toLowerCase());
  });

  it("takes no other encoding, and no number out of range", () => {
    const [r, s, v] = [dataSlice(signature, 0, 32), dataSlice(signature, 32, 64), dataSlice(signature, 64)];
    const [zero, order] = [toBeHex(0, 32), toBeHex(N, 32)];
    const flipped = concat([r, toBeHex(N - BigInt(s), 32), v === "0x1b" ? "0x1c" : "0x1b"]);
    const compact = Signature.from(signature).compactSerialized;
    for (const other of [
      ...["0x", dataSlice(signature, 0, 64), `${signature}00`, compact, flipped],
      ...[concat([zero, s, v]), concat([order, s, v]), concat([r, zero, v]), concat([r, order, v])],
      ...["0x00", "0x01", "0x1a", "0x1d"].map((parity) => concat([r, s, parity])),
    ]) {
      expect(recoverSigner(digest, other), other).to.equal(undefined);
    }
  });

  it("finds nobody where r is the x-coordinate of no point", () => {
    // 5³ + 7 is no square.
    expect(recoverSigner(digest, concat([toBeHex(5, 32), toBeHex(1, 32), "0x1b"]))).to.equal(undefined);
  });
});
