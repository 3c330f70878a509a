import { Integer, Null, OctetString } from "asn1js";
import { AlgorithmIdentifier, MessageImprint, TimeStampReq } from "pkijs";

import { AnchorError } from "./AnchorError.js";
import { requireDigest, type TimeStampAlgorithm } from "./timeStampHashes.js";

/** What a time stamping authority is asked. */
export interface TimeStampQuery {
  /** Such as `anchorDigest(blockHash)`. */
  digest: Uint8Array;
  algorithm: TimeStampAlgorithm;
  /** A random number that the answer repeats, which shows that it was made for this question. */
  nonce?: bigint;
  /** The object identifier of the policy asked for. */
  policy?: string;
  /** Whether the authority sends its certificates along; it does, if left out, so that the token stands by itself. */
  certificates?: boolean;
}

/**
 * Writes a request for a time stamp (RFC 3161, `application/timestamp-query`), which a clerk posts to an authority with any
 * tool that posts a file.
 *
 * @returns In DER.
 * @throws AnchorError DIGEST_MALFORMED; REQUEST_MALFORMED when nonce or policy are none
 * @example
 * ```ts
 * writeFileSync("block.tsq", createTimeStampRequest({ digest: anchorDigest(blockHash), algorithm: "sha-256", nonce }));
 * ```
 */
export function createTimeStampRequest(query: TimeStampQuery): Uint8Array {
  const { digest, algorithm, nonce, policy, certificates = true } = query;
  const algorithmId = requireDigest(digest, algorithm);
  if (nonce !== undefined && nonce < 0n) throw malformed(`the nonce ${nonce} is negative`);
  if (policy !== undefined && !/^[0-2](\.(0|[1-9][0-9]*))+$/.test(policy))
    throw malformed(`the policy ${policy} is no object identifier`);
  const request = new TimeStampReq({
    version: 1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithmId, algorithmParams: new Null() }),
      hashedMessage: new OctetString({ valueHex: Uint8Array.from(digest) }),
    }),
    ...(policy === undefined ? {} : { reqPolicy: policy }),
    ...(nonce === undefined ? {} : { nonce: Integer.fromBigInt(nonce) }),
    ...(certificates ? { certReq: true } : {}),
  });
  return new Uint8Array(request.toSchema().toBER());
}

function malformed(problem: string): AnchorError {
  return new AnchorError("REQUEST_MALFORMED", `the time stamp cannot be asked for: ${problem}`);
}
