import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { ZeroAddress } from "ethers";

import Trust from "./Trust.js";

/**
 * The registries of schemas, attestations, decentralised identifiers and claimed benefits, the enrolment at counters, and
 * the views that decide policies.
 *
 * Parameters: `hub`, as in the module Trust; `exitDelay` and `guardiansDelay`, in seconds, before a freeze that was
 * scheduled to end does, and before other guardians of a DID take the place of the present ones; `enrolmentLapse`, how
 * long a request for an attestation stays open, in seconds (14 days, as in Zug, if left out).
 */
export default buildModule("Identity", (m) => {
  const { manager, forwarder, trustList } = m.useModule(Trust);
  const relays = { forwarder, hub: m.getParameter("hub", ZeroAddress) };

  const schemaRegistry = m.contract("SchemaRegistry", [manager, relays]);
  const attestationRegistry = m.contract("AttestationRegistry", [manager, trustList, relays]);
  const delays = [m.getParameter("exitDelay"), m.getParameter("guardiansDelay")] as const;
  const didRegistry = m.contract("DidRegistry", [manager, ...delays, relays]);
  const lapse = m.getParameter("enrolmentLapse", 14 * 86_400);
  const enrolment = m.contract("Enrolment", [manager, attestationRegistry, trustList, lapse, relays]);
  const eligibility = m.contract("Eligibility", [attestationRegistry, trustList]);
  const benefits = m.contract("Benefits", [manager, trustList, relays]);
  return { schemaRegistry, attestationRegistry, didRegistry, enrolment, eligibility, benefits };
});
