import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { ZeroAddress } from "ethers";

import Trust from "./Trust.js";

/**
 * The registries of schemas, attestations and decentralised identifiers.
 *
 * Parameters: `hub`, as in the module Trust; `exitDelay` and `guardiansDelay`, in seconds, before a freeze that was
 * scheduled to end does, and before other guardians of a DID take the place of the present ones.
 */
export default buildModule("Identity", (m) => {
  const { manager, forwarder, trustList } = m.useModule(Trust);
  const relays = { forwarder, hub: m.getParameter("hub", ZeroAddress) };

  const schemaRegistry = m.contract("SchemaRegistry", [manager, relays]);
  const attestationRegistry = m.contract("AttestationRegistry", [manager, trustList, relays]);
  const delays = [m.getParameter("exitDelay"), m.getParameter("guardiansDelay")] as const;
  const didRegistry = m.contract("DidRegistry", [manager, ...delays, relays]);
  return { schemaRegistry, attestationRegistry, didRegistry };
});
