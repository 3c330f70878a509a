import { expect } from "chai";
import { concat, getAddress, hexlify } from "ethers";

import type { AccreditationChange, BodyChange, KeyChange, TrustChange } from "../../src/trust/snapshot.js";
import { DECISIONS } from "../../src/trust/standing.js";
import { trustChangeEncoder } from "../../src/trust/trustChangeEncoder.js";
import { ITrustList__factory } from "../../src/typechain/index.js";
import { randomOf } from "../helpers/random.js";

const events = ITrustList__factory.createInterface();

/** The same by ethers: every argument is static, so the encoding of all of them is the topics and then the data. */
function byEthers(change: TrustChange): string {
  const { topics, data } = logOf(change);
  return concat([...topics, data]);
}

function logOf(change: TrustChange) {
  if (change.kind === "body") {
    return events.encodeEventLog("BodyChanged", [change.body, change.controller, change.profile]);
  }
  if (change.kind === "key") return events.encodeEventLog("KeyChanged", [change.operator, change.body, change.key]);
  const accreditation = { ...change.accreditation, decision: DECISIONS.indexOf(change.accreditation.decision) };
  return events.encodeEventLog("AccreditationChanged", [change.scope, change.body, accreditation, change.grounds]);
}

describe("trustChangeEncoder", () => {
  const random = randomOf(20_261_128);
  const hex = (bytes: number) => `0x${Array.from({ length: 2 * bytes }, () => random.below(16).toString(16)).join("")}`;
  const address = () => getAddress(hex(20));
  /** Below 2^bits; the least and the most are likely. */
  const uint = (bits: number) =>
    random.of([0, 1, 2 ** bits - 1, random.below(2 ** Math.min(bits, 20)) * 2 ** Math.max(bits - 20, 0)]);
  const body = (): BodyChange => ({ kind: "body", body: uint(32), controller: address(), profile: hex(32) });
  const key = (): KeyChange => ({
    ...{ kind: "key", operator: address(), body: uint(32) },
    key: {
      ...{ body: uint(32), index: uint(32), from: uint(40), until: uint(40), compromisedSince: uint(40) },
      roles: random.of(["0x0", "0x1", "0xffffffffffffffff", `0x${random.below(2 ** 20).toString(16)}`]),
    },
  });
  const accreditation = (): AccreditationChange => ({
    ...{ kind: "accreditation", scope: hex(32), body: uint(32), grounds: hex(32) },
    accreditation: {
      ...{ from: uint(40), until: uint(40), since: uint(40), alarm: uint(40), parent: uint(32) },
      ...{ role: uint(8), levels: uint(8), decision: random.of(DECISIONS), held: random.of([true, false]) },
    },
  });

  it("encodes as ethers does, at the limits and between", () => {
    const encode = trustChangeEncoder();
    for (let i = 0; i < 500; i++) {
      for (const change of [body(), key(), accreditation()]) {
        expect(hexlify(encode(change)), JSON.stringify(change)).to.equal(byEthers(change));
      }
    }
  });

  const upper = (text: string) => `0x${text.slice(2).toUpperCase()}`;
  const wrong: [string, () => object, RegExp][] = [
    ["a body too high", () => ({ ...body(), body: 2 ** 32 }), /4294967296 is not a whole number below 2\^32/],
    ["a body below 0", () => ({ ...body(), body: -1 }), /2\^32/],
    ["half a body", () => ({ ...body(), body: 0.5 }), /2\^32/],
    ["a body in text", () => ({ ...body(), body: "3" }), /2\^32/],
    ["no body", () => ({ ...body(), body: undefined }), /undefined is not/],
    ["a controller in lower case", () => ({ ...body(), controller: `0x${"ab".repeat(20)}` }), /checksum, 0xABaB/i],
    ["a controller that is short", () => ({ ...body(), controller: "0x12" }), /0x12 is not an address/],
    ["a profile in upper case", () => ({ ...body(), profile: upper(`0x${"ab".repeat(32)}`) }), /lower-case/],
    ["a profile that is long", () => ({ ...body(), profile: hex(33) }), /32 bytes/],
    ["a time too high", () => ({ ...key(), key: { ...key().key, until: 2 ** 40 } }), /2\^40/],
    ["roles with a zero in front", () => ({ ...key(), key: { ...key().key, roles: "0x01" } }), /leading zeros/],
    ["roles of 65 bits", () => ({ ...key(), key: { ...key().key, roles: "0x10000000000000000" } }), /64 bits/],
    ["roles as a number", () => ({ ...key(), key: { ...key().key, roles: 1 } }), /64 bits/],
    [
      "an unknown decision",
      () => ({ ...accreditation(), accreditation: { ...accreditation().accreditation, decision: "KEPT" } }),
      /one of NONE/,
    ],
    [
      "a decision by its number",
      () => ({ ...accreditation(), accreditation: { ...accreditation().accreditation, decision: 1 } }),
      /one of NONE/,
    ],
    [
      "held as a number",
      () => ({ ...accreditation(), accreditation: { ...accreditation().accreditation, held: 1 } }),
      /true or false/,
    ],
    [
      "a role of nine bits",
      () => ({ ...accreditation(), accreditation: { ...accreditation().accreditation, role: 256 } }),
      /2\^8/,
    ],
    ["an unknown kind", () => ({ ...body(), kind: "bodies" }), /bodies is not a kind/],
    ["a kind that every object has", () => ({ ...body(), kind: "constructor" }), /constructor is not a kind/],
  ];
  for (const [what, make, message] of wrong) {
    it(`refuses ${what}`, () => {
      expect(() => trustChangeEncoder()(make() as TrustChange)).to.throw(TypeError, message);
    });
  }
});
