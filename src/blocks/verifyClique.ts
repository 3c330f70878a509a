import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { BytesLike } from "ethers";

import type { BlockHeader, SealedHeader } from "./BlockHeader.js";
import { ChainProofError, type ChainProofErrorCode } from "./ChainProofError.js";
import { decodeHeader, headerFields } from "./decodeHeader.js";
import { encodeRlp } from "./encodeRlp.js";
import { headerHash } from "./headerHash.js";
import { recoverSealer } from "./recoverSealer.js";
import { fieldReaders } from "./rlpFields.js";
import { validatorSet } from "./verifyBft.js";

/** The checkpoint that is trusted, and what the network's genesis file says. */
export interface CliqueAnchor {
  /** Of a block whose number the epoch divides; the genesis block is one. */
  readonly hash: string;
  /** Seconds between blocks, at least. */
  readonly period: number;
  /** Blocks from one checkpoint to the next. */
  readonly epoch: number;
  /** If given, what the checkpoint must list. */
  readonly signers?: readonly string[];
}

/** A header of Clique with its seal. */
export interface CliqueSealedHeader extends SealedHeader {
  readonly sealing: "clique";
  /** What the seal signs. */
  readonly sealHash: string;
}

/** Headers of Clique that follow each other by all rules. It is strong evidence and never final. */
export interface CliqueChain {
  readonly anchor: BlockHeader;
  readonly signers: readonly string[];
  /** floor(N/2) + 1: of so many blocks in a row, each has another sealer. */
  readonly limit: number;
  /** The headers after the anchor, which is trusted without its seal. */
  readonly blocks: readonly CliqueSealedHeader[];
  readonly isFinal: false;
}

const { bytes } = fieldReaders("CLIQUE_FIELDS");

const VANITY = 32;
const SEAL = 65;
const ADDRESS = 20;

/** Keccak-256 of the RLP of an empty list. */
const NO_UNCLES = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347";

/**
 * Checks headers of Clique (EIP-225) that follow a trusted checkpoint without a gap: number, parent and time; a sealer who is
 * a signer and sealed none of the blocks just before; difficulty 2 in turn and 1 out of turn; the same list of signers at
 * each checkpoint; mixHash and uncles. A block with a vote is refused, so the set is the checkpoint's all along.
 *
 * Nothing here is final: another signer may seal another block on the same parent, and one that lost a race signs again on the
 * other branch. Runs by more than half of the signers have been dropped. `cliqueDepth` says how deep a block lies.
 *
 * @param headers The headers' RLP: the checkpoint first, then those after it.
 * @throws {@link ChainProofError} at the first header that is not right.
 *
 * @example
 * ```ts
 * const chain = verifyClique(rawHeaders, { hash: checkpoint, period: 5, epoch: 30_000 });
 * const { depth, distinctSealers } = cliqueDepth(chain, 30_017);
 * ```
 */
export function verifyClique(headers: Iterable<BytesLike>, anchor: CliqueAnchor): CliqueChain {
  const [first, ...rest] = headers;
  if (first === undefined) throw new ChainProofError("ANCHOR_MISMATCH", "there is no checkpoint header");
  const { header, signers, sealer } = readCheckpoint(first, anchor);
  const limit = Math.floor(signers.length / 2) + 1;

  let parent = { header, hash: anchor.hash.toLowerCase() };
  const sealers = [sealer];
  const blocks = rest.map((rlp) => {
    const block = readSealed(rlp);
    checkLink(block.header, parent, anchor.period);
    checkFields(block.header, signers, anchor.epoch);
    checkSealer(block, signers, limit > 1 ? sealers.slice(1 - limit) : []);
    sealers.push(block.signers[0]);
    parent = block;
    return block;
  });
  return { anchor: header, signers, limit, blocks, isFinal: false };
}

function readCheckpoint(
  rlp: BytesLike,
  anchor: CliqueAnchor,
): { header: BlockHeader; signers: readonly string[]; sealer: string | undefined } {
  if (!Number.isSafeInteger(anchor.epoch) || anchor.epoch < 1 || !(anchor.period >= 0)) {
    throw new ChainProofError("INPUT_MALFORMED", `an epoch of ${anchor.epoch} blocks, a period of ${anchor.period} s`);
  }
  const hash = headerHash(rlp, "clique");
  if (hash !== anchor.hash.toLowerCase()) {
    throw new ChainProofError("ANCHOR_MISMATCH", `the first header has the hash ${hash}, not ${anchor.hash}`);
  }
  const header = decodeHeader(rlp);
  if (header.number % anchor.epoch !== 0) {
    throw new ChainProofError("ANCHOR_MISMATCH", `header ${header.number} is no checkpoint`);
  }
  const signers = listedSigners(header);
  if (anchor.signers && signers.join() !== validatorSet(anchor.signers).join()) {
    throw new ChainProofError("ANCHOR_MISMATCH", "the checkpoint lists other signers than those trusted");
  }
  return { header, signers, sealer: header.number === 0 ? undefined : readSealed(rlp).signers[0] };
}

function listedSigners({ extraData }: BlockHeader): readonly string[] {
  const list = extraData.slice(2 + 2 * VANITY, -2 * SEAL);
  const signers = list.match(new RegExp(`.{${2 * ADDRESS}}`, "g")) ?? [];
  const sorted = validatorSet(signers.map((signer) => `0x${signer}`));
  if (sorted.join("").replaceAll("0x", "").toLowerCase() !== list) {
    throw refuse("CLIQUE_SIGNER_LIST", "the signer list of the checkpoint is not addresses in ascending order");
  }
  return sorted;
}

function readSealed(rlp: BytesLike): CliqueSealedHeader & { signers: readonly [string] } {
  const fields = headerFields(rlp);
  const extraData = bytes(fields[12], "extraData");
  if (extraData.length < VANITY + SEAL) throw refuse("CLIQUE_FIELDS", "extraData is too short for a seal");
  const sealHash = keccak_256(encodeRlp(fields.with(12, extraData.subarray(0, -SEAL))));
  return {
    sealing: "clique",
    header: decodeHeader(rlp),
    hash: headerHash(rlp, "clique"),
    sealHash: `0x${bytesToHex(sealHash)}`,
    signers: [recoverSealer(sealHash, extraData.subarray(-SEAL))],
  };
}

function checkLink(header: BlockHeader, parent: { header: BlockHeader; hash: string }, period: number): void {
  const { number, timestamp } = parent.header;
  if (header.number !== number + 1) throw refuse("CHAIN_BROKEN", `header ${header.number} follows header ${number}`);
  if (header.parentHash !== parent.hash) {
    throw refuse("CHAIN_BROKEN", `header ${header.number} has another parent than header ${number}`);
  }
  if (header.timestamp < timestamp + period) {
    throw refuse("CHAIN_BROKEN", `header ${header.number} comes less than ${period} s after its parent`);
  }
}

function checkFields(header: BlockHeader, signers: readonly string[], epoch: number): void {
  const { number } = header;
  if (BigInt(header.miner) !== 0n || BigInt(header.nonce) !== 0n) {
    throw refuse("CLIQUE_VOTE", `header ${number} carries a vote; start from a later checkpoint`);
  }
  const list = number % epoch === 0 ? signers.map((signer) => signer.slice(2).toLowerCase()).join("") : "";
  if (header.extraData.slice(2 + 2 * VANITY, -2 * SEAL) !== list) {
    throw refuse("CLIQUE_SIGNER_LIST", `header ${number} has another signer list than its place asks`);
  }
  if (BigInt(header.mixHash) !== 0n || header.sha3Uncles !== NO_UNCLES) {
    throw refuse("CLIQUE_FIELDS", `header ${number} has a mixHash or uncles`);
  }
}

function checkSealer(
  { header, signers: [sealer] }: CliqueSealedHeader & { signers: readonly [string] },
  signers: readonly string[],
  recent: readonly (string | undefined)[],
): void {
  const { number, difficulty } = header;
  const index = signers.indexOf(sealer);
  if (index === -1) throw refuse("CLIQUE_STRANGER", `a stranger sealed header ${number}: ${sealer}`);
  if (recent.includes(sealer)) throw refuse("CLIQUE_SEALED_RECENTLY", `${sealer} sealed recently before ${number}`);
  const expected = number % signers.length === index ? 2n : 1n;
  if (difficulty !== expected) {
    throw refuse("CLIQUE_DIFFICULTY", `header ${number} has difficulty ${difficulty}; its sealer's is ${expected}`);
  }
}

function refuse(code: ChainProofErrorCode, message: string): ChainProofError {
  return new ChainProofError(code, message);
}
