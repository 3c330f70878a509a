import { ADDRESS, BYTES32, listOf, objectOf, oneOf, readJson, textLike, wholeBelow } from "../../ledger/readJson.js";
import { HealthError } from "../HealthError.js";
import { PURPOSES } from "../purposes.js";
import type { BatchedAccessList } from "./batchedAccess.js";

const FORMAT = "diwan/batched-accesses/v1";
const MOST_ACCESSES = 10_000;

const reader = objectOf({
  ...{ format: oneOf([FORMAT]), chainId: wholeBelow(2 ** 53), registry: textLike(ADDRESS) },
  ...{ recipient: wholeBelow(2 ** 32), patient: textLike(ADDRESS) },
  accesses: listOf(
    objectOf({
      ...{ sequence: wholeBelow(2 ** 53), previous: textLike(BYTES32), time: wholeBelow(2 ** 40) },
      ...{ purpose: oneOf(PURPOSES), scope: textLike(BYTES32), commitment: textLike(BYTES32) },
    }),
    MOST_ACCESSES,
  ),
  proofs: listOf(objectOf({ index: wholeBelow(2 ** 53), path: listOf(textLike(BYTES32), 64) }), MOST_ACCESSES),
  ...{ size: wholeBelow(2 ** 53), root: textLike(BYTES32) },
});

/**
 * Writes a list of batched accesses as JSON, for the patient.
 *
 * @param list The list.
 * @throws HealthError ACCESS_LIST_MALFORMED for what `parseBatchedAccesses` would not take
 * @example
 * ```ts
 * await writeFile("accesses.json", serializeBatchedAccesses(list));
 * ```
 */
export function serializeBatchedAccesses(list: BatchedAccessList): string {
  const { registry, patient } = list;
  const lower = { registry: registry.toLowerCase(), patient: patient.toLowerCase() };
  const text = JSON.stringify({ format: FORMAT, ...list, ...lower });
  parseBatchedAccesses(text);
  return text;
}

/**
 * Reads a list of batched accesses, as `serializeBatchedAccesses` writes it: no member may be missing, added, or of
 * another kind. Whether it is whole `verifyBatchedAccesses` finds out.
 *
 * @param text The JSON, from anyone.
 * @throws HealthError ACCESS_LIST_MALFORMED
 * @example
 * ```ts
 * const list = parseBatchedAccesses(await readFile("accesses.json", "utf8"));
 * ```
 */
export function parseBatchedAccesses(text: string): BatchedAccessList {
  const read = readJson(text, reader, (problem) => new HealthError("ACCESS_LIST_MALFORMED", problem));
  const { chainId, registry, recipient, patient, accesses, proofs, size, root } = read;
  return { chainId, registry, recipient, patient, accesses, proofs, size, root };
}
