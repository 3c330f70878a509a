import { id } from "ethers";

import { NO_END } from "../../src/identity/attestation.js";
import type { OutboxCall } from "../../src/network/outbox/OutboxEntry.js";
import { AttestationRegistry__factory } from "../../src/typechain/index.js";

import { SCHEMA } from "./office.js";

/** The call that issues the attestation of a number. */
export function attestCall(to: string, n: number): OutboxCall {
  const registry = AttestationRegistry__factory.createInterface();
  const data = registry.encodeFunctionData("attest", [SCHEMA, id(`content ${n}`), NO_END]);
  return { to, data, gasLimit: 200_000n };
}
