import { createHash } from "node:crypto";

import { expect } from "chai";
import { computeAddress } from "ethers";

import { addressOfPoint, Point } from "../../src/voting/curve.js";
import { blindingGenerator, deriveGenerator, MAX_OPTIONS, optionGenerator } from "../../src/voting/generators.js";
import { VotingError } from "../../src/voting/VotingError.js";

const P = 2n ** 256n - 2n ** 32n - 977n;
const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const NAMES = ["K", ...Array.from({ length: MAX_OPTIONS - 1 }, (_, j) => `${j + 2}`)];

describe("generators", () => {
  it("are the first of their name that are points below the order, with even y", () => {
    for (const name of NAMES) {
      const { x, y } = deriveGenerator(name);
      const candidates = Array.from({ length: 256 }, (_, counter) => {
        const hash = createHash("sha256").update("diwan/generator/v1/").update(name).update(Buffer.of(counter));
        return BigInt(`0x${hash.digest("hex")}`);
      });
      const before = candidates.slice(0, candidates.indexOf(x));
      expect(candidates, name).to.include(x);
      expect((y * y - x ** 3n - 7n) % P, name).to.equal(0n);
      expect(x < N && y < P && y % 2n === 0n, name).to.equal(true);
      for (const other of before) {
        const square = (other ** 3n + 7n) % P;
        expect(other >= N || Point.Fp.pow(square, (P - 1n) / 2n) === P - 1n, name).to.equal(true);
      }
    }
  });

  it("do not change", () => {
    expect(deriveGenerator("K").x.toString(16)).to.equal(
      "4f63be743c25b75006f7cd680f23d1d0d0b340a479e545c593ee4292a5f36a07",
    );
    expect(deriveGenerator("2").x.toString(16)).to.equal(
      "2930527ba2765c3c55091c52fcc65f23b133dc2895a0b8c758ca4fce5ae70797",
    );
    expect(deriveGenerator("32").x.toString(16)).to.equal(
      "a2be5561e630edbf68af5e84b8de9fd574cc4e964d6b7835b2bebf672bd3f7f",
    );
  });

  it("are all different, and the first option's is the base point", () => {
    const points = [blindingGenerator(), ...NAMES.slice(1).map((name) => optionGenerator(Number(name))), Point.BASE];
    expect(new Set(points.map((point) => point.toAffine().x)).size).to.equal(MAX_OPTIONS + 1);
    expect(optionGenerator(1).equals(Point.BASE)).to.equal(true);
  });

  for (const number of [0, -1, 1.5, MAX_OPTIONS + 1]) {
    it(`are none for option ${number}`, () => {
      expect(() => optionGenerator(number))
        .to.throw(VotingError)
        .with.property("code", "OPTION_OUT_OF_RANGE");
    });
  }
});

describe("addressOfPoint", () => {
  it("is the address that Ethereum gives the point as a public key", () => {
    const point = Point.BASE.multiply(12_345n);
    expect(addressOfPoint(point.toAffine())).to.equal(BigInt(computeAddress(`0x${point.toHex(false)}`)));
  });
});
