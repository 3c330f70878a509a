import { Transaction, type TransactionLike } from "ethers";

import { NetworkError } from "../NetworkError.js";

/** Those of a legacy transaction. */
const FIELDS = ["type", "to", "data", "nonce", "gasLimit", "gasPrice", "value", "chainId"] as const;

/**
 * Checks that bytes are the transaction that was asked for, signed by the right key, in the one form that nodes accept. A high
 * `s`, which another can turn into a second hash of the same transaction, is refused.
 *
 * @param raw What came back from the signer.
 * @param asked The transaction, unsigned, without `from`; without `to`, where a contract is made.
 * @param key The address that shall have signed.
 * @returns The transaction.
 * @throws NetworkError SIGNER_WRONG, which names the field that differs, with what is there and what was asked for.
 * @example
 * ```ts
 * const { hash } = checkSigned(await signer.signTransaction(asked), asked, await signer.getAddress());
 * ```
 */
export function checkSigned(raw: string, asked: TransactionLike, key: string): Transaction {
  const [signed, wanted] = [parse(raw), Transaction.from(asked)];
  if (signed.signature === null) throw wrong("it is not signed");
  // Where it is high, `s` itself throws.
  if (!signed.signature.isValid()) throw wrong("the signature's s is high");
  if (signed.serialized !== raw.toLowerCase()) throw wrong("the bytes are written in a second way");
  for (const name of FIELDS) {
    if (signed[name] !== wanted[name]) throw wrong(`${name} is ${String(signed[name])}, not ${String(wanted[name])}`);
  }
  // What other types have besides: fees, access lists.
  if (signed.unsignedSerialized !== wanted.unsignedSerialized) throw wrong("fees or access lists are others");
  // Each look at `from` recovers the key anew.
  const { from } = signed;
  if (from?.toLowerCase() !== key.toLowerCase()) throw wrong(`from is ${String(from)}, not ${key}`);
  return signed;
}

function parse(raw: string): Transaction {
  try {
    return Transaction.from(raw);
  } catch (error) {
    throw wrong("the bytes are no transaction that can be read", error);
  }
}

function wrong(problem: string, cause?: unknown): NetworkError {
  const message = `what the signer gave back is not what it was asked to sign: ${problem}`;
  return new NetworkError("SIGNER_WRONG", message, { cause });
}
