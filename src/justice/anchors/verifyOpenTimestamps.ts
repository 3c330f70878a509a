import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

import { sameBytes } from "../../ledger/sameBytes.js";
import { AnchorError } from "./AnchorError.js";
import { decodeOpenTimestamps, type OtsFileHash } from "./decodeOpenTimestamps.js";

/** A block of Bitcoin. Its hash is what is trusted; the header may come from anywhere, since it must have this hash. */
export interface BitcoinBlock {
  height: number;
  /** As explorers show it: 64 hex digits, byte for byte reversed. */
  hash: string;
  /** 80 bytes. */
  header: Uint8Array;
}

/** That a digest existed when a block of Bitcoin was mined. */
export interface BitcoinTime {
  height: number;
  hash: string;
  /**
   * The block's time in Unix seconds, which its miner chose: after the median of the eleven blocks before it, and by the
   * rules of the network at most two hours ahead.
   */
  time: number;
}

/** What a proof proves. */
export interface OpenTimestampsResult {
  /**
   * PROVED: by a trusted block. UNPROVED: a block is named, but none of that height was given. PENDING: a calendar promised to
   * anchor it, which proves nothing yet. UNKNOWN: attested only in ways that are not known here.
   */
  state: "PROVED" | "UNPROVED" | "PENDING" | "UNKNOWN";
  /** The earliest first. */
  proved: BitcoinTime[];
  /** Blocks that are named and were not given, with the Merkle root (as in the header, hex) that each would need. */
  unproved: { height: number; merkleRoot: string }[];
  /** Addresses of calendars: nothing vouches for them, and nobody should fetch them unasked. */
  pending: string[];
  /** Tags of attestations, in hex. */
  unknown: string[];
}

/** What is known before the proof is read. */
export interface OpenTimestampsExpectation {
  /** What the proof must be of, such as `anchorDigest(blockHash)`. */
  digest: Uint8Array;
  /** What made the digest; SHA-256, if left out. */
  algorithm?: OtsFileHash;
  blocks: readonly BitcoinBlock[];
}

const HEADER_BYTES = 80;

/**
 * Verifies an OpenTimestamps proof against blocks of Bitcoin that the caller trusts, with no network.
 *
 * @throws AnchorError OTS_MALFORMED; OTS_FOREIGN when it is of another digest; OTS_BLOCK_MALFORMED when a header has not the
 * trusted hash; OTS_CONTRADICTED when it names a block whose Merkle root is another
 * @example
 * ```ts
 * const { state, proved } = verifyOpenTimestamps(proof, { digest: anchorDigest(blockHash), blocks });
 * if (state === "PROVED") console.log(`existed by ${new Date(proved[0].time * 1000)}`);
 * ```
 */
export function verifyOpenTimestamps(proof: Uint8Array, expected: OpenTimestampsExpectation): OpenTimestampsResult {
  const { algorithm, digest, attestations } = decodeOpenTimestamps(proof);
  const blocks = readBlocks(expected.blocks);
  if (algorithm !== (expected.algorithm ?? "sha-256") || !sameBytes(digest, expected.digest))
    throw new AnchorError(
      "OTS_FOREIGN",
      `the OpenTimestamps proof is of something else: ${algorithm} ${bytesToHex(digest)}`,
    );
  const result: OpenTimestampsResult = { state: "UNKNOWN", proved: [], unproved: [], pending: [], unknown: [] };
  for (const attestation of attestations) {
    if (attestation.kind === "pending") result.pending.push(attestation.uri);
    else if (attestation.kind === "unknown") result.unknown.push(attestation.tag);
    else {
      const { height, message } = attestation;
      const block = blocks.get(height);
      if (block === undefined) result.unproved.push({ height, merkleRoot: bytesToHex(message) });
      else if (sameBytes(block.merkleRoot, message)) result.proved.push({ height, hash: block.hash, time: block.time });
      else
        throw new AnchorError(
          "OTS_CONTRADICTED",
          `Bitcoin's block ${height} has another Merkle root than the proof says`,
        );
    }
  }
  result.proved.sort((a, b) => a.time - b.time);
  if (result.proved.length > 0) result.state = "PROVED";
  else if (result.unproved.length > 0) result.state = "UNPROVED";
  else if (result.pending.length > 0) result.state = "PENDING";
  return result;
}

function readBlocks(blocks: readonly BitcoinBlock[]): Map<number, BitcoinTime & { merkleRoot: Uint8Array }> {
  const read = new Map<number, BitcoinTime & { merkleRoot: Uint8Array }>();
  for (const { height, hash, header } of blocks) {
    const name = `Bitcoin's block ${height}`;
    if (header.length !== HEADER_BYTES)
      throw new AnchorError(
        "OTS_BLOCK_MALFORMED",
        `the header of ${name} has ${header.length} bytes, not ${HEADER_BYTES}`,
      );
    if (bytesToHex(sha256(sha256(header)).reverse()) !== hash.toLowerCase())
      throw new AnchorError("OTS_BLOCK_MALFORMED", `the header given for ${name} has not the trusted hash`);
    if (read.has(height)) throw new AnchorError("OTS_BLOCK_MALFORMED", `${name} is given twice`);
    const time = new DataView(header.buffer, header.byteOffset).getUint32(68, true);
    read.set(height, { height, hash: hash.toLowerCase(), time, merkleRoot: header.slice(36, 68) });
  }
  return read;
}
