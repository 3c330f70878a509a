import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { ZeroAddress } from "ethers";

import Trust from "./Trust.js";

/** The registries of schemas and attestations. Parameter: `hub`, as in the module Trust. */
export default buildModule("Identity", (m) => {
  const { manager, forwarder, trustList } = m.useModule(Trust);
  const relays = { forwarder, hub: m.getParameter("hub", ZeroAddress) };

  const schemaRegistry = m.contract("SchemaRegistry", [manager, relays]);
  const attestationRegistry = m.contract("AttestationRegistry", [manager, trustList, relays]);
  return { schemaRegistry, attestationRegistry };
});
