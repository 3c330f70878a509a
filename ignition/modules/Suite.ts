import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { id } from "ethers";

import { ADMIN_ROLE, STOP_ROLE } from "../../src/trust/roles.js";

import Identity from "./Identity.js";
import Trust from "./Trust.js";

const STOP_SELECTORS = [id("stop(uint40,bytes32)"), id("resume(bytes32)")].map((hash) => hash.slice(0, 10));

/**
 * The whole suite, handed over to the council: the deployer's admin role is given up last.
 *
 * Parameters: `delay` and `recoveryDelay`, in seconds, before what the council or its recovery decided is carried out.
 */
export default buildModule("Suite", (m) => {
  const trust = m.useModule(Trust);
  const identity = m.useModule(Identity);
  const { manager, council, recovery, trustList } = trust;
  const { schemaRegistry, attestationRegistry } = identity;

  const grants = [
    m.call(manager, "grantRole", [ADMIN_ROLE, council, m.getParameter("delay")], { id: "councilDecides" }),
    m.call(manager, "grantRole", [ADMIN_ROLE, recovery, m.getParameter("recoveryDelay")], { id: "recoveryDecides" }),
    m.call(manager, "grantRole", [STOP_ROLE, council, 0], { id: "councilStopsAtOnce" }),
    ...Object.entries({ trustList, schemaRegistry, attestationRegistry }).map(([name, contract]) =>
      m.call(manager, "setTargetFunctionRole", [contract, STOP_SELECTORS, STOP_ROLE], { id: `stop_${name}` }),
    ),
  ];
  m.call(manager, "renounceRole", [ADMIN_ROLE, m.getAccount(0)], { id: "deployerLeaves", after: grants });

  return { ...trust, ...identity };
});
