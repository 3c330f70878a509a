import { Transaction, type TransactionLike } from "ethers";

import { NetworkError } from "../NetworkError.js";

/** Half of secp256k1's order: a signature with a greater s has a twin, so that one write would have two hashes. */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/**
 * Checks that bytes are the transaction that was asked for, signed by the right key, in the one form that nodes accept.
 *
 * @param raw What came back from the signer.
 * @param asked The transaction, unsigned, without `from`.
 * @param key The address that shall have signed.
 * @returns The transaction.
 * @throws NetworkError SIGNER_WRONG.
 * @example
 * ```ts
 * const { hash } = checkSigned(await signer.signTransaction(asked), asked, await signer.getAddress());
 * ```
 */
export function checkSigned(raw: string, asked: TransactionLike, key: string): Transaction {
  const signed = parse(raw);
  // `s` throws where it is too high; `_s` does not.
  if (signed.signature === null || BigInt(signed.signature._s) > HALF_ORDER)
    throw wrong("without a signature of low s");
  if (signed.serialized !== raw.toLowerCase()) throw wrong("bytes that are not in the one canonical form");
  if (signed.unsignedSerialized !== Transaction.from(asked).unsignedSerialized) {
    throw wrong("another transaction than it was asked for");
  }
  // Each look at `from` recovers the key anew.
  const { from } = signed;
  if (from?.toLowerCase() !== key.toLowerCase()) throw wrong(`by the key ${String(from)}, not ${key}`);
  return signed;
}

function parse(raw: string): Transaction {
  try {
    return Transaction.from(raw);
  } catch (error) {
    throw wrong("bytes that are no transaction", error);
  }
}

function wrong(what: string, cause?: unknown): NetworkError {
  return new NetworkError("SIGNER_WRONG", `the signer signed ${what}`, { cause });
}
