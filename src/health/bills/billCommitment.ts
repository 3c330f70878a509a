import { computeHmac, concat, getBytes, isHexString, toUtf8Bytes } from "ethers";

import { HealthError } from "../HealthError.js";

const MOST_BYTES = 1_024;

/**
 * What a provider submits of an invoice: `HMAC-SHA-256(key, "diwan.health.bill" ‖ 0x00 ‖ invoice)`, the invoice's number in
 * UTF-8. The same invoice gives the same commitment each time, whoever of the provider's staff submits it and whatever is
 * changed in it, so that it is one bill, paid once; without the key nobody can tell whose it is or guess one.
 *
 * Warning: the key is for good. Under another the same invoice is another bill.
 *
 * @param key The provider's secret for its bills, 32 random bytes in hex.
 * @param invoice The invoice's number, as the provider writes it: Unicode text in NFKC of 1 to 1,024 bytes, without control
 * characters (visible or not) and without white space at its ends, so that one number is not written in two ways.
 * @returns 32 bytes in hex.
 * @throws HealthError BILL_MALFORMED when the key or the number is none.
 * @example
 * ```ts
 * const commitment = billCommitment(key, "2026/004711");
 * ```
 */
export function billCommitment(key: string, invoice: string): string {
  if (!isHexString(key, 32) || getBytes(key).every((byte) => byte === 0)) {
    throw new HealthError("BILL_MALFORMED", "the key of a provider's bills is 32 random bytes in hex");
  }
  const plain = !/\p{C}/u.test(invoice) && invoice === invoice.normalize("NFKC").trim();
  const bytes = plain ? toUtf8Bytes(invoice) : new Uint8Array();
  if (bytes.length === 0 || bytes.length > MOST_BYTES) {
    const what = `Unicode text in NFKC of 1 to ${MOST_BYTES} bytes, without control characters or white space at its ends`;
    throw new HealthError("BILL_MALFORMED", `an invoice's number is ${what}`);
  }
  return computeHmac("sha256", key, concat([toUtf8Bytes("diwan.health.bill\0"), bytes]));
}
