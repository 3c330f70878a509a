import { Interface, type Provider } from "ethers";

import { ask } from "../../chain/send.js";
import type { Election } from "../../typechain/contracts/voting/Election.js";
import type { ReadElection } from "./readElection.js";
import type { RollEntry } from "./roll.js";

const GATE = new Interface(["function requireVoter(bytes32,uint40,bytes32,address,bytes) view"]);

/**
 * Asks an election's gate about a voter, in the election's place.
 *
 * @throws ContractError when the gate refuses
 * @example
 * ```ts
 * await askGate(election, read, entry, evidence);
 * ```
 */
export async function askGate(
  election: Election,
  { terms, address }: ReadElection,
  { slotKey, voter }: RollEntry,
  evidence: string,
): Promise<void> {
  const data = GATE.encodeFunctionData("requireVoter", [terms.gateScope, terms.gateFreeze, slotKey, voter, evidence]);
  const provider = election.runner!.provider as Provider;
  await ask(() => provider.call({ to: terms.gate, from: address, data }));
}
