import { getAddress, ZeroAddress } from "ethers";

import { NetworkError } from "../NetworkError.js";

/** A vote counts validators in a byte. */
const MOST = 255;

/**
 * Validators in the order in which every protocol writes them down: ascending by their bytes. In EIP-55's letters.
 *
 * @param validators 1 to 255 addresses, `0x` and forty digits; letters of both sizes are taken as EIP-55's checksum.
 * @throws {@link NetworkError} `VALIDATORS_INVALID`, which names the one that is wrong, is there twice, or is zero.
 *
 * @example
 * ```ts
 * const [first] = sortedValidators(["0xc0…", "0x0b…"]); // 0x0b…
 * ```
 */
export function sortedValidators(validators: readonly string[]): string[] {
  if (validators.length === 0 || validators.length > MOST) {
    throw invalid(`there are ${validators.length} validators, not 1 to ${MOST}`);
  }
  const addresses = validators.map(checkedAddress);
  const doubled = addresses.find((address, i) => addresses.indexOf(address) !== i);
  if (doubled !== undefined) throw invalid(`${doubled} is there twice`);
  // Of one length and lower case, digits sort as the bytes do.
  return addresses.sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
}

function checkedAddress(validator: string, index: number): string {
  const which = `validator ${index + 1}, ${JSON.stringify(validator)},`;
  if (typeof validator !== "string" || !/^0x[0-9a-f]{40}$/i.test(validator)) {
    throw invalid(`${which} is not 0x and forty hexadecimal digits`);
  }
  if (validator === ZeroAddress) throw invalid(`${which} is the zero address`);
  try {
    return getAddress(validator);
  } catch {
    throw invalid(`${which} has letters that EIP-55's checksum does not give: a digit may be wrong`);
  }
}

function invalid(message: string): NetworkError {
  return new NetworkError("VALIDATORS_INVALID", message);
}
