import { AbiCoder, concat, getBytes, hexlify, keccak256, randomBytes } from "ethers";

import { sameBytes } from "../ledger/sameBytes.js";
import { IdentityError } from "./IdentityError.js";
import { canonicalJson, type Json } from "./json.js";
import { makeMerkleTree, merkleProof, merkleRoot, merkleRootOfProof, type MerkleTree } from "../ledger/merkleTree.js";

/**
 * One claim of an attestation, with the salt that hides it. Whoever has the salt can check the claim; when all copies of
 * the salt are destroyed, what the chain holds says nothing any more.
 */
export interface Claim {
  /** 32 random bytes in hex, of this claim alone. */
  salt: string;
  name: string;
  value: Json;
}

/**
 * 32 random bytes from the platform's generator.
 *
 * @returns Hex.
 * @example
 * ```ts
 * const salt = newSalt();
 * ```
 */
export function newSalt(): string {
  return hexlify(randomBytes(32));
}

/**
 * Gives each claim a salt of its own.
 *
 * @param values The claims by name. A claim to be disclosed apart ("over18") must be a claim apart.
 * @throws IdentityError CLAIMS_EMPTY
 * @example
 * ```ts
 * const claims = saltClaims({ licence: "physician", validIn: ["KW"], over18: true });
 * ```
 */
export function saltClaims(values: Readonly<Record<string, Json>>): Claim[] {
  const claims = Object.entries(values).map(([name, value]) => ({ salt: newSalt(), name, value }));
  if (claims.length === 0) throw new IdentityError("CLAIMS_EMPTY", "an attestation needs at least one claim");
  return claims;
}

/**
 * The leaf of a claim: `keccak256(keccak256(abi.encode(bytes32 salt, string name, string value)))`, the value as RFC 8785
 * JSON, so that the text `true` and the truth `true` differ. Hashed twice, so that no inner node passes for a leaf.
 *
 * @returns 32 bytes in hex.
 * @throws IdentityError CLAIM_MALFORMED
 * @example
 * ```ts
 * const leaf = claimLeaf({ salt, name: "over18", value: true });
 * ```
 */
export function claimLeaf(claim: Claim): string {
  try {
    const types = ["bytes32", "string", "string"];
    const encoded = AbiCoder.defaultAbiCoder().encode(types, [claim.salt, claim.name, canonicalJson(claim.value)]);
    return keccak256(keccak256(encoded));
  } catch (error) {
    throw new IdentityError("CLAIM_MALFORMED", `the claim "${claim.name}" cannot be hashed`, { cause: error });
  }
}

/**
 * The commitment that an attestation carries: the root of the Merkle tree of its claims' leaves in ascending order, so
 * that a claim's place says nothing of its name. It is the root of OpenZeppelin's
 * `StandardMerkleTree.of(rows, ["bytes32", "string", "string"])`.
 *
 * @param claims At least one, names unique.
 * @returns 32 bytes in hex.
 * @throws IdentityError CLAIMS_EMPTY, CLAIM_DUPLICATE, CLAIM_MALFORMED
 * @example
 * ```ts
 * const commitment = commitmentOf(saltClaims({ over18: true }));
 * ```
 */
export function commitmentOf(claims: readonly Claim[]): string {
  return hexlify(merkleRoot(claimTree(claims).tree));
}

/**
 * What a holder hands over with one claim, so that a verifier who knows the commitment can check it.
 *
 * @param claims All claims of the attestation.
 * @param name The claim to disclose.
 * @returns Siblings from the claim's leaf up, 32 bytes each in hex.
 * @throws IdentityError CLAIM_UNKNOWN, and as `commitmentOf`
 * @example
 * ```ts
 * const proof = claimProof(claims, "over18");
 * ```
 */
export function claimProof(claims: readonly Claim[], name: string): string[] {
  const { tree, leaves } = claimTree(claims);
  const claim = claims.find((candidate) => candidate.name === name);
  if (claim === undefined) throw new IdentityError("CLAIM_UNKNOWN", `there is no claim "${name}"`);
  return merkleProof(tree, leaves.indexOf(claimLeaf(claim))).map((node) => hexlify(node));
}

/**
 * Whether a claim is among those that a commitment binds. Never throws for what others sent: what is malformed proves
 * nothing.
 *
 * @param commitment The attestation's commitment.
 * @param claim The disclosed claim with its salt.
 * @param proof As `claimProof` gives it.
 * @example
 * ```ts
 * const isProven = verifyClaim(attestation.commitment, claim, proof);
 * ```
 */
export function verifyClaim(commitment: string, claim: Claim, proof: readonly string[]): boolean {
  try {
    const path = proof.map((node) => getBytes(node));
    return sameBytes(merkleRootOfProof(getBytes(claimLeaf(claim)), path), getBytes(commitment));
  } catch {
    return false;
  }
}

/**
 * A subject for an attestation: an identifier hidden by a salt, for one domain and one relying party alone.
 *
 * @param salt 32 random bytes in hex; another one for each domain.
 * @param identifier What it hides, such as a DID.
 * @returns `keccak256(abi.encode(bytes32 salt, string identifier))`, 32 bytes in hex.
 * @throws IdentityError CLAIM_MALFORMED
 * @example
 * ```ts
 * const subject = subjectOf(newSalt(), "did:example:123");
 * ```
 */
export function subjectOf(salt: string, identifier: string): string {
  try {
    return keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "string"], [salt, identifier]));
  } catch (error) {
    throw new IdentityError("CLAIM_MALFORMED", "a subject needs a salt of 32 bytes and an identifier", {
      cause: error,
    });
  }
}

/**
 * The tree of an attestation's claims, and their leaves in its order, which is ascending.
 *
 * @param claims At least one, names unique.
 * @throws IdentityError CLAIMS_EMPTY, CLAIM_DUPLICATE, CLAIM_MALFORMED
 * @example
 * ```ts
 * const { tree, leaves } = claimTree(claims);
 * const proof = merkleProof(tree, leaves.indexOf(claimLeaf(claim)));
 * ```
 */
export function claimTree(claims: readonly Claim[]): { leaves: string[]; tree: MerkleTree } {
  if (claims.length === 0) throw new IdentityError("CLAIMS_EMPTY", "an attestation needs at least one claim");
  const names = new Set(claims.map((claim) => claim.name));
  if (names.size !== claims.length) throw new IdentityError("CLAIM_DUPLICATE", "two claims have the same name");
  const leaves = claims.map(claimLeaf).sort();
  return { leaves, tree: makeMerkleTree(getBytes(concat(leaves))) };
}
