import { PKIStatus, TimeStampResp } from "pkijs";

import { AnchorError } from "./AnchorError.js";
import { isDer } from "./isDer.js";

/**
 * Takes the token out of an authority's answer (RFC 3161, `application/timestamp-reply`). It is not verified.
 *
 * @returns The token in DER, as `verifyTimeStampToken` takes it.
 * @throws AnchorError RESPONSE_MALFORMED; RESPONSE_REFUSED when the authority grants none, with what it says
 * @example
 * ```ts
 * const token = readTimeStampResponse(readFileSync("block.tsr"));
 * ```
 */
export function readTimeStampResponse(response: Uint8Array): Uint8Array {
  const { status, timeStampToken } = parse(response);
  if (status.status !== PKIStatus.granted && status.status !== PKIStatus.grantedWithMods) {
    const words = (status.statusStrings ?? []).map(({ valueBlock }) => valueBlock.value).join(" ");
    throw new AnchorError("RESPONSE_REFUSED", `the authority grants no time stamp (status ${status.status}): ${words}`);
  }
  if (timeStampToken === undefined) throw new AnchorError("RESPONSE_MALFORMED", "the answer has no time stamp in it");
  return new Uint8Array(timeStampToken.toSchema().toBER());
}

function parse(response: Uint8Array): TimeStampResp {
  try {
    if (!isDer(response)) throw new Error("it is not in DER");
    return TimeStampResp.fromBER(Uint8Array.from(response));
  } catch (cause) {
    throw new AnchorError("RESPONSE_MALFORMED", `the authority's answer is malformed: ${(cause as Error).message}`, {
      cause,
    });
  }
}
