import { isAddress, toQuantity } from "ethers";

import { NetworkError } from "../NetworkError.js";
import type { Genesis } from "./Genesis.js";

/**
 * Accounts as a genesis file has them: addresses in lower case, quantities in hex.
 *
 * @param alloc Wei by address, each address once and none with nothing: clients differ in whether an empty account is there.
 * @throws {@link NetworkError} `GENESIS_INVALID`, which names the account.
 *
 * @example
 * ```ts
 * genesisAlloc({ "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266": 10n ** 18n });
 * ```
 */
export function genesisAlloc(alloc: Readonly<Record<string, bigint>>): Genesis["alloc"] {
  const accounts = Object.entries(alloc).map(([address, balance]) => {
    if (!/^0x/.test(address) || !isAddress(address)) throw invalid(`${address}, not an address of 0x and forty digits`);
    if (typeof balance !== "bigint" || balance < 1n || balance >= 2n ** 256n) {
      throw invalid(`${address} with ${String(balance)} wei, not a bigint from 1 to 2^256 - 1`);
    }
    return [address.toLowerCase(), { balance: toQuantity(balance) }] as const;
  });
  const addresses = accounts.map(([address]) => address);
  const doubled = addresses.find((address, i) => addresses.indexOf(address) !== i);
  if (doubled !== undefined) throw invalid(`${doubled} twice`);
  return Object.fromEntries(accounts);
}

function invalid(message: string): NetworkError {
  return new NetworkError("GENESIS_INVALID", `alloc has ${message}`);
}
