import {
  ADDRESS,
  BYTES32,
  type JsonReader,
  LINE,
  listOf,
  objectOf,
  oneOf,
  readJson,
  SIGNATURE,
  textLike,
  wholeBelow,
} from "../../ledger/readJson.js";
import { HealthError } from "../HealthError.js";
import { PURPOSES } from "../purposes.js";
import { type ConsentReceipt, RECEIPT_EVENTS, type SignedReceipt } from "./receipt.js";

const line = textLike(LINE);
const bytes32 = textLike(BYTES32);
const address = textLike(ADDRESS);
const time = wholeBelow(2 ** 40);
const party = objectOf({ body: wholeBelow(2 ** 32), name: line });

const receipt: JsonReader<ConsentReceipt> = objectOf({
  ...{ schema: oneOf(["diwan/consent-receipt/v1"]), id: bytes32, chainId: wholeBelow(2 ** 53), registry: address },
  ...{ event: oneOf(RECEIPT_EVENTS), time, patient: address, controller: party, recipient: party },
  ...{ purposes: listOf(oneOf(PURPOSES), 32), categories: listOf(line, 1_000), records: listOf(line, 10_000) },
  ...{ scopeSalt: bytes32, scope: bytes32, from: time, until: time, uses: wholeBelow(2 ** 24) },
  ...{ version: wholeBelow(2 ** 32), legalBasis: line, withdrawal: line, jurisdiction: line, operator: address },
});
const signedReceipt = objectOf({ receipt, signature: textLike(SIGNATURE) }, { countersignature: textLike(SIGNATURE) });

/**
 * Writes a receipt as JSON, hexadecimal in lower case.
 *
 * @param signed The receipt with its signatures.
 * @throws HealthError RECEIPT_MALFORMED for what `parseReceipt` would not take
 * @example
 * ```ts
 * await writeFile("receipt.json", serializeReceipt(signed));
 * ```
 */
export function serializeReceipt(signed: SignedReceipt): string {
  const { signature, countersignature } = signed;
  const { registry, patient, operator, id, scopeSalt, scope } = signed.receipt;
  const lower = lowerCased({ registry, patient, operator, id, scopeSalt, scope });
  const text = JSON.stringify({
    receipt: { ...signed.receipt, ...lower },
    ...lowerCased({ signature, ...(countersignature !== undefined && { countersignature }) }),
  });
  parseReceipt(text);
  return text;
}

/**
 * Reads a receipt, as `serializeReceipt` writes it: no member may be missing, added, or of another kind. Whether it is good
 * `verifyReceipt` finds out.
 *
 * @param text The JSON, from anyone.
 * @throws HealthError RECEIPT_MALFORMED
 * @example
 * ```ts
 * const signed = parseReceipt(await readFile("receipt.json", "utf8"));
 * ```
 */
export function parseReceipt(text: string): SignedReceipt {
  return readJson(text, signedReceipt, (problem) => new HealthError("RECEIPT_MALFORMED", problem));
}

function lowerCased<T extends Record<string, string>>(texts: T): T {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text.toLowerCase()])) as T;
}
