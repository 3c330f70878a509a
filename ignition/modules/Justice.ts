import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { ZeroAddress } from "ethers";

import Trust from "./Trust.js";

/**
 * The registries of evidence, judgments, served documents and powers of attorney.
 *
 * Parameters: `hub`, as in the module Trust.
 */
export default buildModule("Justice", (m) => {
  const { manager, forwarder, trustList } = m.useModule(Trust);
  const relays = { forwarder, hub: m.getParameter("hub", ZeroAddress) };

  const evidenceRegistry = m.contract("EvidenceRegistry", [manager, trustList, relays]);
  const judgmentRegistry = m.contract("JudgmentRegistry", [manager, trustList, relays]);
  const serviceRegistry = m.contract("ServiceRegistry", [manager, trustList, relays]);
  const powerOfAttorneyRegistry = m.contract("PowerOfAttorneyRegistry", [manager, trustList, relays]);
  return { evidenceRegistry, judgmentRegistry, serviceRegistry, powerOfAttorneyRegistry };
});
