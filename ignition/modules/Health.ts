import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { ZeroAddress } from "ethers";

import Trust from "./Trust.js";

/**
 * The registries of health records, consents with the log of accesses, prescriptions and bills.
 *
 * Parameters: `hub`, as in the module Trust; `maxWindow`, how long a provider that breaks the glass may read at most, in
 * seconds, up to 72 hours (which it is if left out). Until the council has set a review limit, nobody can break the glass.
 */
export default buildModule("Health", (m) => {
  const { manager, forwarder, trustList } = m.useModule(Trust);
  const relays = { forwarder, hub: m.getParameter("hub", ZeroAddress) };

  const recordRegistry = m.contract("RecordRegistry", [manager, trustList, relays]);
  const maxWindow = m.getParameter("maxWindow", 72 * 3_600);
  const consentRegistry = m.contract("ConsentRegistry", [manager, trustList, maxWindow, relays]);
  const prescriptionRegistry = m.contract("PrescriptionRegistry", [manager, trustList, relays]);
  const billRegistry = m.contract("BillRegistry", [manager, trustList, relays]);
  return { recordRegistry, consentRegistry, prescriptionRegistry, billRegistry };
});
