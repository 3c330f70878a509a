import { dataLength } from "ethers";

import type { Finding } from "./Finding.js";
import type { NodeAnswers } from "./NodeAnswers.js";

/** EIP-170. */
const LIMIT = 24_576;

/**
 * Whether a contract may be as large as EIP-170 allows, which the suite's largest nearly is.
 *
 * @example
 * ```ts
 * const finding = checkCodeSize(answers);
 * ```
 */
export function checkCodeSize({ probes: { plain, codeSize } }: NodeAnswers): Finding {
  const about = { id: "code-size", title: "Code size" };
  if ("refusal" in plain || plain.value === "0x") {
    return { ...about, level: "warn", found: "cannot be told", remedy: "ask another node of the network" };
  }
  if ("value" in codeSize && dataLength(codeSize.value) === LIMIT) {
    return { ...about, level: "ok", found: `contracts of ${LIMIT} bytes` };
  }
  const found = "refusal" in codeSize ? codeSize.refusal : `${dataLength(codeSize.value)} bytes of ${LIMIT}`;
  const remedy = `contracts of ${LIMIT} bytes are refused: raise the limit in the genesis (contractSizeLimit, maxCodeSize), or the node's gas for calls`;
  return { ...about, level: "fail", found, remedy };
}
