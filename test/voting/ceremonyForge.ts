import { AbiCoder, dataSlice, hexlify, id, keccak256, solidityPackedKeccak256 } from "ethers";

import type { PossessionStatement } from "../../src/voting/ceremony/possessionChallenge.js";
import { modOrder, ORDER, Point } from "../../src/voting/curve.js";

/** f(x), written apart from the library. */
export function valueAt(polynomial: readonly bigint[], x: bigint): bigint {
  return polynomial.reduce((sum, coefficient, k) => (sum + coefficient * x ** BigInt(k)) % ORDER, 0n);
}

/** The hash of words as the contract packs them. */
export function hashOf(words: readonly bigint[]): string {
  return solidityPackedKeccak256(["uint256[]"], [words]);
}

/** The address of a point, by ethers' own hashing. */
export function addressOf(point: InstanceType<typeof Point>): string {
  const { x, y } = point.toAffine();
  return dataSlice(hashOf([x, y]), 12);
}

/** The hash of a proof of possession, by ethers' own coder and in the words of the interface. */
export function possessionHash(
  statement: PossessionStatement,
  commitments: readonly bigint[],
  shares: Uint8Array,
  r: string,
): bigint {
  const { round, dealer, address, trustees, threshold } = statement;
  const types = "bytes32 uint256 address uint256 uint256 address uint256 uint256 bytes32 bytes32 address".split(" ");
  const values = [
    ...[id("diwan/possession/v1"), round.chainId, round.contract, round.round, dealer, address],
    ...[trustees, threshold, hashOf(commitments), keccak256(hexlify(shares)), r],
  ];
  return modOrder(BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(types, values))));
}

/** A proof of possession of any secret for any dealing, made by the book: what a cheating dealer sends. */
export function forgePossession(
  statement: PossessionStatement,
  commitments: readonly bigint[],
  shares: Uint8Array,
  { secret, nonce = 31_415n }: { secret: bigint; nonce?: bigint },
): [bigint, bigint] {
  const challenge = possessionHash(statement, commitments, shares, addressOf(Point.BASE.multiply(nonce)));
  return [challenge, modOrder(nonce + challenge * secret)];
}
