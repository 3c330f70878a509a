import { SimpleMerkleTree, StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { concat, getBytes, hexlify, id, keccak256, ZeroHash } from "ethers";

import { claimLeaf, claimProof, commitmentOf, newSalt, saltClaims } from "../../src/identity/claims.js";
import { discloseClaims, type Disclosure } from "../../src/identity/discloseClaims.js";
import { IdentityError, type IdentityErrorCode } from "../../src/identity/IdentityError.js";
import { canonicalJson, type Json } from "../../src/identity/json.js";
import { merkleMultiProof, merkleRootOfMultiProof } from "../../src/identity/merkleMultiProof.js";
import { makeMerkleTree } from "../../src/ledger/merkleTree.js";
import { verifyDisclosure } from "../../src/identity/verifyDisclosure.js";
import { randomOf } from "../helpers/random.js";

const TYPES = ["bytes32", "string", "string"];

/** Claims with fixed salts, "claim 0" and so on. */
const claimsOf = (count: number, salt = "salt") => {
  return Array.from({ length: count }, (_, i) => ({ salt: id(`${salt} ${i}`), name: `claim ${i}`, value: i }));
};
const rowsOf = (disclosure: Disclosure["claims"]) => {
  return disclosure.map(({ salt, name, value }) => [salt, name, canonicalJson(value)]);
};

function refuses(code: IdentityErrorCode, act: () => unknown): void {
  expect(act).to.throw(IdentityError).with.property("code", code);
}

describe("disclosure", () => {
  describe("discloseClaims and verifyDisclosure", () => {
    it("agree with OpenZeppelin's getMultiProof and verifyMultiProof, for every choice of 1 to 7 claims", () => {
      for (let count = 1; count <= 7; count++) {
        const claims = claimsOf(count);
        const commitment = commitmentOf(claims);
        const peer = StandardMerkleTree.of(rowsOf(claims), TYPES);
        for (let chosen = 0; chosen < 2 ** count; chosen++) {
          const names = claims.filter((_, i) => (chosen >> i) & 1).map(({ name }) => name);
          const disclosure = discloseClaims(claims, names);
          const expected = peer.getMultiProof(rowsOf(claims).filter((_, i) => (chosen >> i) & 1));

          expect(rowsOf(disclosure.claims)).to.deep.equal(expected.leaves);
          expect(disclosure.proof).to.deep.equal(expected.proof);
          expect(disclosure.proofFlags).to.deep.equal(expected.proofFlags);
          expect(verifyDisclosure(commitment, disclosure)).to.equal(true);
          const { proof, proofFlags } = disclosure;
          const leaves = rowsOf(disclosure.claims);
          expect(StandardMerkleTree.verifyMultiProof(peer.root, TYPES, { leaves, proof, proofFlags })).to.equal(true);
        }
      }
    });

    it("agree with it on random choices of up to 300 claims", () => {
      const random = randomOf(7);
      for (let round = 0; round < 12; round++) {
        const claims = claimsOf(1 + random.below(300));
        const peer = StandardMerkleTree.of(rowsOf(claims), TYPES);
        const chosen = claims.filter(() => random.below(4) === 0);
        const disclosure = discloseClaims(
          claims,
          chosen.map(({ name }) => name),
        );
        const { leaves, ...expected } = peer.getMultiProof(rowsOf(chosen));
        expect({ proof: disclosure.proof, proofFlags: disclosure.proofFlags }).to.deep.equal(expected);
        expect(rowsOf(disclosure.claims)).to.deep.equal(leaves);
        expect(verifyDisclosure(peer.root, disclosure)).to.equal(true);
      }
    });

    it("of one claim are what claimProof gives, of none the commitment alone", () => {
      const claims = claimsOf(6);
      for (const { name } of claims) {
        const { proof, proofFlags } = discloseClaims(claims, [name]);
        expect(proof).to.deep.equal(claimProof(claims, name));
        expect(proofFlags).to.deep.equal(proof.map(() => false));
      }
      expect(discloseClaims(claims, [])).to.deep.equal({ claims: [], proof: [commitmentOf(claims)], proofFlags: [] });
    });

    it("do not depend on the order of names or claims, and hold nothing of the other claims", () => {
      const claims = saltClaims({ family: "Alami", over18: true, place: { b: 1, a: 2 }, income: "under", none: null });
      const disclosure = discloseClaims(claims, ["place", "over18"]);
      expect(discloseClaims(claims.toReversed(), ["over18", "place"])).to.deep.equal(disclosure);
      const text = JSON.stringify(disclosure);
      for (const { salt, name } of claims.filter((claim) => !["place", "over18"].includes(claim.name))) {
        expect(text).not.to.include(salt);
        expect(text).not.to.include(`"${name}"`);
      }
      expect(verifyDisclosure(commitmentOf(claims), JSON.parse(text) as Disclosure)).to.equal(true);
    });

    it("refuse an unknown name, a name twice and no claims", () => {
      const claims = claimsOf(3);
      refuses("CLAIM_UNKNOWN", () => discloseClaims(claims, ["claim 0", "height"]));
      refuses("CLAIM_DUPLICATE", () => discloseClaims(claims, ["claim 0", "claim 0"]));
      refuses("CLAIM_DUPLICATE", () => discloseClaims([...claims, { ...claims[0]!, salt: newSalt() }], []));
      refuses("CLAIMS_EMPTY", () => discloseClaims([], []));
    });
  });

  describe("verifyDisclosure refuses", () => {
    const claims = claimsOf(7);
    const commitment = commitmentOf(claims);
    const good = discloseClaims(claims, ["claim 1", "claim 4", "claim 6"]);
    const check = (changed: Partial<Disclosure>, against = commitment) => {
      return verifyDisclosure(against, { ...good, ...changed });
    };

    it("another value, name, salt or commitment", () => {
      expect(check({})).to.equal(true);
      for (const change of [{ value: 9 }, { name: "claim 9" }, { salt: newSalt() }, { value: "1" }]) {
        expect(check({ claims: [{ ...good.claims[0]!, ...change }, ...good.claims.slice(1)] })).to.equal(false);
      }
      expect(check({}, commitmentOf(claimsOf(7, "other")))).to.equal(false);
    });

    it("a claim of another attestation", () => {
      const other = discloseClaims(claimsOf(7, "other"), ["claim 1"]);
      expect(check({ claims: [other.claims[0]!, ...good.claims.slice(1)] })).to.equal(false);
      expect(verifyDisclosure(commitment, other)).to.equal(false);
    });

    it("an inner node in the place of a leaf, whatever is made of it", () => {
      const two = claimsOf(2);
      const [a, b] = two.map(claimLeaf).sort() as [string, string];
      const node = keccak256(concat([a, b]));
      // What a leaf would have to be hashed from: no claim encodes to it.
      for (const salt of [a, b, node]) {
        const fake = { salt, name: "", value: b };
        expect(verifyDisclosure(commitmentOf(two), { claims: [fake], proof: [], proofFlags: [] })).to.equal(false);
      }
      expect(verifyDisclosure(node, { claims: [], proof: [node], proofFlags: [] })).to.equal(true);
      expect(verifyDisclosure(node, { claims: [], proof: [a, b], proofFlags: [false] })).to.equal(false);
      // The zero hash that older verifiers took from an empty place (CVE-2023-34459).
      const zeroed = keccak256(concat([ZeroHash, a]));
      expect(verifyDisclosure(zeroed, { claims: [], proof: [a, a], proofFlags: [false] })).to.equal(false);
    });

    it("a proof of the wrong length, flags too many, too few or turned", () => {
      const { proof, proofFlags } = good;
      for (let i = 0; i <= proof.length; i++) {
        expect(check({ proof: [...proof.slice(0, i), newSalt(), ...proof.slice(i)] })).to.equal(false);
        if (i < proof.length) expect(check({ proof: proof.toSpliced(i, 1) })).to.equal(false);
      }
      for (let i = 0; i <= proofFlags.length; i++) {
        for (const flag of [true, false])
          expect(check({ proofFlags: proofFlags.toSpliced(i, 0, flag) })).to.equal(false);
        if (i === proofFlags.length) continue;
        expect(check({ proofFlags: proofFlags.toSpliced(i, 1) })).to.equal(false);
        expect(check({ proofFlags: proofFlags.with(i, !proofFlags[i]) })).to.equal(false);
      }
      expect(check({ proof: [], proofFlags: [] })).to.equal(false);
      expect(check({ proofFlags: [] })).to.equal(false);
      expect(check({ proof: [] })).to.equal(false);
    });

    it("another order of claims or nodes", () => {
      const [a, b, c] = good.claims as [Disclosure["claims"][0], Disclosure["claims"][0], Disclosure["claims"][0]];
      for (const order of [
        [a, c, b],
        [b, a, c],
        [b, c, a],
        [c, a, b],
        [c, b, a],
      ]) {
        expect(check({ claims: order })).to.equal(false);
      }
      expect(check({ proof: good.proof.toReversed() })).to.equal(false);
    });

    it("a claim twice, and two claims of one name even where the tree holds both", () => {
      const claim = { salt: id("salt"), name: "income", value: "under" };
      const leaf = claimLeaf(claim);
      const twice = keccak256(concat([leaf, leaf]));
      expect(verifyDisclosure(twice, { claims: [claim], proof: [leaf], proofFlags: [false] })).to.equal(true);
      expect(verifyDisclosure(twice, { claims: [claim, claim], proof: [], proofFlags: [true] })).to.equal(false);
      const rows = [claim, { ...claim, value: "over" }];
      const peer = StandardMerkleTree.of(rowsOf(rows), TYPES);
      const { proof, proofFlags } = peer.getMultiProof([0, 1]);
      const sorted = rows.sort((x, y) => (claimLeaf(x) < claimLeaf(y) ? -1 : 1));
      expect(verifyDisclosure(peer.root, { claims: sorted, proof, proofFlags })).to.equal(false);
      expect(check({ claims: [...good.claims, good.claims[0]!] })).to.equal(false);
    });

    it("what is empty or malformed, without throwing", () => {
      const nothing = { claims: [], proof: [], proofFlags: [] };
      expect(verifyDisclosure(commitment, nothing)).to.equal(false);
      for (const broken of [null, undefined, 7, "text", {}, [], { claims: [] }, { ...nothing, claims: null }]) {
        expect(verifyDisclosure(commitment, broken as never)).to.equal(false);
      }
      for (const node of [hexlify(new Uint8Array(31)), "", "text", null, 7]) {
        expect(check({ proof: [node as string, ...good.proof.slice(1)] })).to.equal(false);
      }
      for (const flag of [1, "true", null]) {
        expect(check({ proofFlags: good.proofFlags.map((f) => (f ? flag : f)) as boolean[] })).to.equal(false);
      }
      for (const claim of [null, {}, { ...good.claims[0], salt: "0x12" }, { ...good.claims[0], value: NaN }]) {
        expect(check({ claims: [claim as never, ...good.claims.slice(1)] })).to.equal(false);
      }
      for (const against of ["", "0x12", `${commitment}00`]) expect(check({}, against)).to.equal(false);
    });

    it("what is huge: deep, long, and many, in a time that grows with its length alone", () => {
      let deep: Json = 1;
      for (let i = 0; i < 100_000; i++) deep = [deep];
      expect(check({ claims: [{ ...good.claims[0]!, value: deep }, ...good.claims.slice(1)] })).to.equal(false);
      const long = { salt: newSalt(), name: "x", value: "y".repeat(1_000_000) };
      expect(verifyDisclosure(claimLeaf(long), { claims: [long], proof: [], proofFlags: [] })).to.equal(true);
      const many = Array.from({ length: 20_000 }, () => commitment);
      expect(check({ proof: many, proofFlags: many.map(() => false) })).to.equal(false);
      const flags = many.map((_, i) => i % 2 === 0);
      expect(check({ proof: many.slice(10_000), proofFlags: flags })).to.equal(false);
    });
  });

  describe("merkleMultiProof", () => {
    it("agrees with OpenZeppelin's SimpleMerkleTree over unsorted leaves", () => {
      const random = randomOf(11);
      for (let round = 0; round < 40; round++) {
        const leaves = Array.from({ length: 1 + random.below(70) }, (_, i) => id(`${round} ${i}`));
        const peer = SimpleMerkleTree.of(leaves, { sortLeaves: false });
        const tree = makeMerkleTree(getBytes(concat(leaves)));
        const indices = leaves.map((_, i) => i).filter(() => random.below(3) === 0);
        const { proof, proofFlags } = merkleMultiProof(tree, indices);
        const expected = peer.getMultiProof(indices);
        expect(proof.map((node) => hexlify(node))).to.deep.equal(expected.proof);
        expect(proofFlags).to.deep.equal(expected.proofFlags);
        const chosen = indices.map((i) => getBytes(leaves[i]!));
        expect(hexlify(merkleRootOfMultiProof(chosen, { proof, proofFlags }))).to.equal(peer.root);
      }
    });

    it("refuses indices out of order, twice or out of range", () => {
      const tree = makeMerkleTree(new Uint8Array(5 * 32));
      for (const indices of [[1, 0], [2, 2], [5], [-1], [0.5], [NaN], [0, 4, 5]]) {
        refuses("LEAF_OUT_OF_RANGE", () => merkleMultiProof(tree, indices));
      }
    });
  });
});
