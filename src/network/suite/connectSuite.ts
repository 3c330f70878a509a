import type { ContractRunner } from "ethers";

import { SUITE_CONTRACTS, SUITE_NAMES, type SuiteContracts, type SuiteName } from "./suiteContracts.js";

/**
 * The suite's contracts at given addresses, typed. Nothing is asked of a chain; `connect` checks that it is the right one.
 *
 * @param addresses Where each contract is.
 * @param runner Who calls them: a signer, or a provider for reading alone.
 * @example
 * ```ts
 * const { trustList } = connectSuite(addresses, provider);
 * ```
 */
export function connectSuite(addresses: Readonly<Record<SuiteName, string>>, runner: ContractRunner): SuiteContracts {
  const contracts = SUITE_NAMES.map((name) => [name, SUITE_CONTRACTS[name].connect(addresses[name], runner)]);
  return Object.fromEntries(contracts) as SuiteContracts;
}
