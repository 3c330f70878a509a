import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { AbiCoder, hexlify, keccak256 } from "ethers";

import {
  claimLeaf,
  claimProof,
  commitmentOf,
  newSalt,
  saltClaims,
  subjectOf,
  verifyClaim,
  type Claim,
} from "../../src/identity/claims.js";
import { IdentityError, type IdentityErrorCode } from "../../src/identity/IdentityError.js";
import { canonicalJson, type Json } from "../../src/identity/json.js";
import { schemaBytes, schemaIdOf } from "../../src/identity/schema.js";

const VALUES: Record<string, Json> = {
  qualification: "physician",
  validIn: ["KW", "QA"],
  over18: true,
  grade: 4.5,
  none: null,
  place: { street: "شارع الخليج", number: 7 },
};

function refuses(code: IdentityErrorCode, act: () => unknown): void {
  expect(act).to.throw(IdentityError).with.property("code", code);
}

describe("claims", () => {
  describe("canonicalJson", () => {
    it("writes the example of RFC 8785, section 3.2.2", () => {
      const value = {
        numbers: [Number("333333333.33333329"), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
        string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\u002f",
        literals: [null, true, false],
      };
      expect(canonicalJson(value)).to.equal(
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
          '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
      );
    });

    it("sorts the names of RFC 8785, section 3.2.3, by UTF-16 code units", () => {
      const value = { "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7 };
      expect(Object.values(JSON.parse(canonicalJson(value).replace('"1":4,', "")) as object)).to.deep.equal([
        2, 6, 7, 1, 5, 3,
      ]);
    });

    it("refuses what JSON cannot write", () => {
      const circular: Record<string, Json> = {};
      circular.self = circular;
      for (const value of [NaN, "\ud800", undefined as unknown as Json, circular]) {
        refuses("JSON_MALFORMED", () => canonicalJson(value));
      }
    });
  });

  describe("saltClaims", () => {
    it("gives each claim a salt of its own", () => {
      const salts = [...saltClaims(VALUES), ...saltClaims(VALUES)].map(({ salt }) => salt);
      expect(new Set(salts).size).to.equal(12);
      for (const salt of salts) expect(salt).to.match(/^0x[0-9a-f]{64}$/);
      refuses("CLAIMS_EMPTY", () => saltClaims({}));
    });
  });

  describe("claimLeaf", () => {
    it("is what its text says", () => {
      const claim = { salt: newSalt(), name: "place", value: { b: 1, a: "x" } };
      const encoded = AbiCoder.defaultAbiCoder().encode(
        ["bytes32", "string", "string"],
        [claim.salt, "place", '{"a":"x","b":1}'],
      );
      expect(claimLeaf(claim)).to.equal(keccak256(keccak256(encoded)));
    });

    it("tells apart values that look alike", () => {
      const salt = newSalt();
      const leaves = [true, "true", 1, "1", null, "null", ["1"], [1]].map((value) => {
        return claimLeaf({ salt, name: "x", value });
      });
      expect(new Set(leaves).size).to.equal(leaves.length);
    });

    it("refuses a claim that cannot be hashed", () => {
      refuses("CLAIM_MALFORMED", () => claimLeaf({ salt: "0x12", name: "x", value: 1 }));
      refuses("CLAIM_MALFORMED", () => claimLeaf({ salt: newSalt(), name: "x", value: Infinity }));
      refuses("CLAIM_MALFORMED", () => claimLeaf({ salt: newSalt(), name: "x", value: "\udc00" }));
    });
  });

  describe("commitmentOf and claimProof", () => {
    it("agree with OpenZeppelin's StandardMerkleTree, for 1 to 12 claims", () => {
      for (let count = 1; count <= 12; count++) {
        const claims = saltClaims(Object.fromEntries(Array.from({ length: count }, (_, i) => [`claim ${i}`, i])));
        const rows = claims.map(({ salt, name, value }) => [salt, name, canonicalJson(value)]);
        const peer = StandardMerkleTree.of(rows, ["bytes32", "string", "string"]);
        const commitment = commitmentOf(claims);
        expect(commitment).to.equal(peer.root);
        for (const [i, claim] of claims.entries()) {
          const proof = claimProof(claims, claim.name);
          expect(proof).to.deep.equal(peer.getProof(i));
          expect(verifyClaim(commitment, claim, proof)).to.equal(true);
        }
      }
    });

    it("do not depend on the order of the claims", () => {
      const claims = saltClaims(VALUES);
      expect(commitmentOf(claims.toReversed())).to.equal(commitmentOf(claims));
    });

    it("refuse no claims, a name twice and an unknown name", () => {
      const claims = saltClaims(VALUES);
      refuses("CLAIMS_EMPTY", () => commitmentOf([]));
      refuses("CLAIM_DUPLICATE", () => commitmentOf([...claims, { ...claims[0]!, salt: newSalt() }]));
      refuses("CLAIM_UNKNOWN", () => claimProof(claims, "height"));
    });
  });

  describe("verifyClaim", () => {
    it("refuses another value, salt, name, commitment or proof", () => {
      const claims = saltClaims(VALUES);
      const commitment = commitmentOf(claims);
      const claim = claims.find(({ name }) => name === "over18")!;
      const proof = claimProof(claims, "over18");
      const check = (changed: Partial<Claim>, against = commitment, path = proof) => {
        return verifyClaim(against, { ...claim, ...changed }, path);
      };
      expect(check({})).to.equal(true);
      expect(check({ value: false })).to.equal(false);
      expect(check({ salt: newSalt() })).to.equal(false);
      expect(check({ name: "over21" })).to.equal(false);
      expect(check({}, commitmentOf(saltClaims(VALUES)))).to.equal(false);
      expect(check({}, commitment, proof.slice(1))).to.equal(false);
      expect(check({}, commitment, [...proof, newSalt()])).to.equal(false);
      expect(check({}, commitment, proof.toReversed())).to.equal(false);
      for (const node of [hexlify(new Uint8Array(31)), "text", "", null as unknown as string]) {
        expect(check({}, commitment, [node, ...proof.slice(1)])).to.equal(false);
      }
      expect(check({ salt: "0x12" })).to.equal(false);
      expect(check({ value: NaN })).to.equal(false);
      expect(check({}, "0x12")).to.equal(false);
    });
  });

  describe("subjectOf", () => {
    it("is another for another salt", () => {
      expect(subjectOf(newSalt(), "did:example:1")).not.to.equal(subjectOf(newSalt(), "did:example:1"));
      refuses("CLAIM_MALFORMED", () => subjectOf("0x12", "did:example:1"));
    });
  });

  describe("schemaIdOf", () => {
    it("hashes the canonical form and refuses what the registry would", () => {
      expect(schemaIdOf({ b: 1, a: 2 })).to.equal(keccak256(new TextEncoder().encode('{"a":2,"b":1}')));
      expect(schemaBytes({ x: "x".repeat(8_184) }).length).to.equal(8_192);
      refuses("SCHEMA_MALFORMED", () => schemaBytes({ x: "x".repeat(8_185) }));
      refuses("SCHEMA_MALFORMED", () => schemaBytes({ x: NaN }));
      for (const value of ["diwan.role.court", [], null, 7]) {
        refuses("SCHEMA_MALFORMED", () => schemaBytes(value));
      }
    });
  });
});
