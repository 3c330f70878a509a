import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

import { AnchorError } from "../anchors/AnchorError.js";
import { anchorDigest } from "../anchors/anchorDigest.js";
import { blockNote } from "../anchors/blockNote.js";
import { digestOfToken } from "../anchors/digestOfToken.js";
import { parseSignedNote } from "../anchors/parseSignedNote.js";
import { verifyCosignature } from "../anchors/verifyCosignature.js";
import { verifyOpenTimestamps } from "../anchors/verifyOpenTimestamps.js";
import { verifyTimeStampToken } from "../anchors/verifyTimeStampToken.js";
import { decodeHeader } from "../../blocks/decodeHeader.js";
import { headerHash } from "../../blocks/headerHash.js";
import { type Fail, problemCode } from "./collectProblems.js";
import type { EvidencePackage, PackageAnchor } from "./EvidencePackage.js";
import type { AnchorFound } from "./PackageReport.js";
import type { TrustAnchor } from "./readTrustAnchor.js";

const toBytes = (hex: string): Uint8Array => hexToBytes(hex.slice(2));

/**
 * What second anchors and the statement's time stamp prove, each of it by the keys and blocks that the trust anchor holds.
 *
 * @example
 * ```ts
 * const anchors = await checkAnchors(found, anchor, collectProblems().fail);
 * ```
 */
export async function checkAnchors(found: EvidencePackage, trusted: TrustAnchor, fail: Fail): Promise<AnchorFound[]> {
  const results: AnchorFound[] = [];
  for (const [i, anchor] of found.anchors.entries()) {
    try {
      results.push(await checkAnchor(found, anchor, trusted));
    } catch (error) {
      fail("anchors", problemCode(error, "MALFORMED"), `anchor ${i}: ${(error as Error).message}`);
    }
  }
  if (found.timestampToken !== undefined) {
    try {
      results.push(await checkToken(found.timestampToken, found.statement, trusted));
    } catch (error) {
      fail("timestampToken", problemCode(error, "MALFORMED"), (error as Error).message);
    }
  }
  return results;
}

/** The token that the statement names, by a digest of all its bytes; it is over one of the file's digests. */
async function checkToken(
  token: string,
  { timestampToken, digests }: EvidencePackage["statement"],
  trusted: TrustAnchor,
): Promise<AnchorFound> {
  if (timestampToken === undefined) throw new RangeError("the statement names no token");
  const bytes = toBytes(token);
  const { value } = await digestOfToken(bytes, timestampToken.algorithm);
  if (value !== timestampToken.value) throw new RangeError("it is not the token whose digest the statement names");
  let problem: unknown;
  for (const digest of digests) {
    try {
      const { tsaName, notBefore, notAfter } = await verifyTimeStampToken(bytes, {
        digest: hexToBytes(digest.value),
        algorithm: digest.algorithm,
        trusted: (trusted.tsaCertificates ?? []).map(toBytes),
      });
      return { kind: "rfc3161", of: "file", state: "PROVED", by: tsaName, notBefore, notAfter, digest: digest.value };
    } catch (error) {
      // Of the file's digests the token is over one: what is wrong with that says more than that it is over no other.
      if (problem === undefined || isForeign(problem, "TOKEN_FOREIGN")) problem = error;
    }
  }
  throw problem;
}

async function checkAnchor(
  { header, sealing, exhibit }: EvidencePackage,
  anchor: PackageAnchor,
  trusted: TrustAnchor,
): Promise<AnchorFound> {
  const hash = toBytes(headerHash(header, sealing.kind));
  const { kind } = anchor;
  const about = { kind, of: "block", digest: bytesToHex(anchorDigest(hash)) } as const;
  if (kind === "rfc3161") {
    const { tsaName, notAfter } = await verifyTimeStampToken(toBytes(anchor.token), {
      digest: anchorDigest(hash),
      algorithm: "sha-256",
      trusted: (trusted.tsaCertificates ?? []).map(toBytes),
    });
    return { ...about, state: "PROVED", by: tsaName, notAfter };
  }
  if (kind === "opentimestamps") {
    const blocks = (trusted.bitcoin ?? []).map((block) => ({ ...block, header: toBytes(block.header) }));
    const { state, proved, unproved, pending } = verifyOpenTimestamps(toBytes(anchor.proof), {
      digest: anchorDigest(hash),
      blocks,
    });
    const height = proved[0]?.height ?? unproved[0]?.height;
    const by = height === undefined ? pending.join(" ") : `Bitcoin block ${height}`;
    return { ...about, state, by, notAfter: proved[0]?.time };
  }
  const { number } = decodeHeader(header);
  const text = blockNote({ chainId: BigInt(exhibit.chainId), number: BigInt(number), hash });
  const { signatures } = parseSignedNote(anchor.note);
  // A line that nobody checks would be open to whoever handles the package.
  if (signatures.length !== 1) throw new RangeError(`the note has ${signatures.length} signatures, not one`);
  let problem: Error | undefined;
  for (const key of trusted.witnessKeys ?? []) {
    try {
      const { name, time } = verifyCosignature(anchor.note, key, text);
      return { ...about, state: "PROVED", by: name, notAfter: time };
    } catch (error) {
      // Of several witnesses one signed: what is wrong with its signature says more than that others did not sign.
      if (problem === undefined || isForeign(problem, "COSIGNATURE_FOREIGN")) problem = error as Error;
    }
  }
  throw problem ?? new RangeError("no witness key is trusted");
}

function isForeign(problem: unknown, code: "TOKEN_FOREIGN" | "COSIGNATURE_FOREIGN"): boolean {
  return problem instanceof AnchorError && problem.code === code;
}
