import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { BytesLike } from "ethers";
import { getAddress, isAddress } from "ethers";

import {
  decodeBftExtra,
  hashedExtra,
  sealedExtra,
  type BftExtra,
  type BftKind,
  type ValidatorVote,
} from "./bftExtra.js";
import type { BlockHeader, SealedHeader } from "./BlockHeader.js";
import { ChainProofError } from "./ChainProofError.js";
import { decodeHeader, headerFields } from "./decodeHeader.js";
import type { RlpItem } from "./decodeRlp.js";
import { encodeRlp } from "./encodeRlp.js";
import { recoverSealer } from "./recoverSealer.js";
import { fieldReaders } from "./rlpFields.js";

/** A header of QBFT or IBFT 2.0 with a quorum of seals. */
export interface BftSealedHeader extends SealedHeader {
  readonly sealing: BftKind;
  /** What the seals sign. */
  readonly sealHash: string;
  readonly round: number;
  /** The set in charge, of which the signers are part. */
  readonly validators: readonly string[];
  /** The header's own list: the same, or none where a contract chooses the validators. */
  readonly listed: readonly string[];
  /** ceil(2N/3). */
  readonly quorum: number;
  readonly vote?: ValidatorVote;
}

const { bytes } = fieldReaders("HEADER_MALFORMED");

/** "ctic byzantine fault tolerance", as clients write it. */
const MIX_HASH = "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365";

/** Keccak-256 of the RLP of an empty list. */
const NO_UNCLES = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347";

/** A header that is right but for its seals, which were not looked at yet. */
export interface BftUnsealedHeader {
  readonly header: BlockHeader;
  readonly hash: string;
  readonly fields: readonly RlpItem[];
  readonly extra: BftExtra;
  readonly validators: readonly string[];
}

/**
 * Checks the seals of a header by the rules of QBFT or IBFT 2.0; `verifyQbft` and `verifyIbft2` say more.
 *
 * @throws {@link ChainProofError}
 *
 * @example
 * ```ts
 * const { hash, signers, quorum } = verifyBft(rawHeader, validators, "qbft");
 * ```
 */
export function verifyBft(rlp: BytesLike, validators: readonly string[], kind: BftKind): BftSealedHeader {
  return checkSeals(checkUnsealed(rlp, validators, kind), kind);
}

/**
 * Checks all of a header but its seals: its form and constants, its list, and that its proposer is in charge.
 *
 * @throws {@link ChainProofError}
 *
 * @example
 * ```ts
 * const { hash, extra } = checkUnsealed(rawHeader, validators, "qbft");
 * ```
 */
export function checkUnsealed(rlp: BytesLike, validators: readonly string[], kind: BftKind): BftUnsealedHeader {
  const inCharge = validatorSet(validators);
  const { header, fields, extra } = readBft(rlp, kind);
  checkList(extra.validators, inCharge);
  if (!inCharge.includes(header.miner)) {
    throw new ChainProofError("PROPOSER_FOREIGN", `the proposer ${header.miner} is none of the validators`);
  }
  const hash = keccak_256(encodeRlp(fields.with(12, hashedExtra(extra.items, kind))));
  return { header, hash: `0x${bytesToHex(hash)}`, fields, extra, validators: inCharge };
}

/**
 * Checks the seals of a header whose other parts were checked before.
 *
 * @throws {@link ChainProofError} with a code that begins with `SEAL`.
 *
 * @example
 * ```ts
 * const { signers } = checkSeals(checkUnsealed(rawHeader, validators, "qbft"), "qbft");
 * ```
 */
export function checkSeals(unsealed: BftUnsealedHeader, kind: BftKind): BftSealedHeader {
  const { header, hash, fields, extra, validators } = unsealed;
  const sealHash = keccak_256(encodeRlp(fields.with(12, sealedExtra(extra.items, kind))));
  const quorum = quorumOf(validators.length);
  return {
    sealing: kind,
    header,
    hash,
    signers: signersOf(extra.seals, sealHash, validators, quorum),
    sealHash: `0x${bytesToHex(sealHash)}`,
    round: extra.round,
    validators,
    listed: extra.validators,
    quorum,
    ...(extra.vote && { vote: extra.vote }),
  };
}

/**
 * Reads a header of QBFT or IBFT 2.0 and checks what is the same in each: mixHash, difficulty 1, nonce 0, no uncles.
 *
 * @throws {@link ChainProofError} `BFT_CONSTANTS`, or what decoding throws.
 *
 * @example
 * ```ts
 * const { header, extra } = readBft(rawHeader, "qbft");
 * ```
 */
export function readBft(
  rlp: BytesLike,
  kind: BftKind,
): { header: BlockHeader; fields: readonly RlpItem[]; extra: BftExtra } {
  const header = decodeHeader(rlp);
  const { mixHash, difficulty, nonce, sha3Uncles } = header;
  if (mixHash !== MIX_HASH || difficulty !== 1n || BigInt(nonce) !== 0n || sha3Uncles !== NO_UNCLES) {
    throw new ChainProofError(
      "BFT_CONSTANTS",
      "mixHash, difficulty, nonce or uncles are not those of QBFT or IBFT 2.0",
    );
  }
  const fields = headerFields(rlp);
  return { header, fields, extra: decodeBftExtra(bytes(fields[12], "extraData"), kind) };
}

/**
 * A set of validators in EIP-55's letters, sorted.
 *
 * @throws {@link ChainProofError} `VALIDATORS_MALFORMED` if it is empty, or one of them is no address or there twice.
 *
 * @example
 * ```ts
 * const validators = validatorSet(anchor.validators);
 * ```
 */
export function validatorSet(validators: readonly string[]): readonly string[] {
  if (validators.length === 0) throw new ChainProofError("VALIDATORS_MALFORMED", "there are no validators");
  if (!validators.every((validator) => isAddress(validator))) {
    throw new ChainProofError("VALIDATORS_MALFORMED", "one of the validators is not an address");
  }
  const sorted = sortAddresses(validators.map((validator) => getAddress(validator)));
  const doubled = sorted.find((validator, i) => validator === sorted[i + 1]);
  if (doubled !== undefined) throw new ChainProofError("VALIDATORS_MALFORMED", `${doubled} is there twice`);
  return sorted;
}

/**
 * Addresses in the order of their bytes.
 *
 * @example
 * ```ts
 * const next = sortAddresses([...validators, added]);
 * ```
 */
export function sortAddresses(addresses: readonly string[]): string[] {
  return [...addresses].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
}

/** Seals that are enough: two thirds of the validators, rounded up. */
function quorumOf(validators: number): number {
  return Math.ceil((2 * validators) / 3);
}

/** Contracts choose the validators of some networks, whose headers then list none; only a pinned set checks these. */
function checkList(listed: readonly string[], inCharge: readonly string[]): void {
  if (listed.length === 0) return;
  if (listed.length !== inCharge.length || listed.some((validator, i) => validator !== inCharge[i])) {
    throw new ChainProofError(
      "VALIDATORS_DIFFER",
      `the header lists the validators ${listed.join(", ")}; in charge are ${inCharge.join(", ")}`,
    );
  }
}

function signersOf(
  seals: readonly Uint8Array[],
  sealHash: Uint8Array,
  inCharge: readonly string[],
  quorum: number,
): string[] {
  if (seals.length < quorum) {
    throw new ChainProofError("SEALS_TOO_FEW", `${seals.length} seals; ${inCharge.length} validators need ${quorum}`);
  }
  const signers: string[] = [];
  for (const seal of seals) {
    const signer = recoverSealer(sealHash, seal);
    if (!inCharge.includes(signer))
      throw new ChainProofError("SEAL_FOREIGN", `${signer} is no validator of this block`);
    if (signers.includes(signer)) throw new ChainProofError("SEAL_DOUBLED", `${signer} sealed twice`);
    signers.push(signer);
  }
  return signers;
}
