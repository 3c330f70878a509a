import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { id } from "ethers";

import { ADMIN_ROLE, EMERGENCY_ROLE, RECOVERY_ROLE } from "../../src/trust/roles.js";

import Health from "./Health.js";
import Identity from "./Identity.js";
import Justice from "./Justice.js";
import Trust from "./Trust.js";
import Voting from "./Voting.js";

const selectors = (...signatures: string[]) => signatures.map((signature) => id(signature).slice(0, 10));

const SET_MEMBERS = selectors("setMembers(address[],uint256)");
const STOP = selectors("stop(uint40,bytes32)", "resume(bytes32)");
const TAKE_AWAY = selectors("suspend(bytes32,uint32,bytes32)", "retireKey(address)");

/**
 * The whole suite, handed over to the council: the deployer's admin role is given up last.
 *
 * A stop, a suspension and the retirement of a key, which can be undone, the council does at once; all else waits.
 * Parameters: `delay` and `recoveryDelay`, in seconds, before what the council or its recovery decided is carried out.
 */
export default buildModule("Suite", (m) => {
  const trust = m.useModule(Trust);
  const identity = m.useModule(Identity);
  const voting = m.useModule(Voting);
  const health = m.useModule(Health);
  const justice = m.useModule(Justice);
  const { manager, council, recovery, trustList } = trust;
  const { schemaRegistry, attestationRegistry, didRegistry, enrolment, benefits } = identity;
  const { electionFactory } = voting;

  const grants = [
    m.call(manager, "grantRole", [ADMIN_ROLE, council, m.getParameter("delay")], { id: "councilDecides" }),
    m.call(manager, "grantRole", [RECOVERY_ROLE, council, m.getParameter("delay")], { id: "councilReplacesItself" }),
    m.call(manager, "grantRole", [RECOVERY_ROLE, recovery, m.getParameter("recoveryDelay")], {
      id: "recoveryReplacesIt",
    }),
    m.call(manager, "setTargetFunctionRole", [council, SET_MEMBERS, RECOVERY_ROLE], { id: "replaceMembers" }),
    m.call(manager, "grantRole", [EMERGENCY_ROLE, council, 0], { id: "councilActsAtOnce" }),
    ...Object.entries({
      ...{ trustList, schemaRegistry, attestationRegistry, didRegistry, enrolment, benefits, electionFactory },
      ...health,
      ...justice,
    }).map(([name, contract]) =>
      m.call(manager, "setTargetFunctionRole", [contract, STOP, EMERGENCY_ROLE], { id: `stop_${name}` }),
    ),
    m.call(manager, "setTargetFunctionRole", [trustList, TAKE_AWAY, EMERGENCY_ROLE], { id: "takeAwayAtOnce" }),
  ];
  m.call(manager, "renounceRole", [ADMIN_ROLE, m.getAccount(0)], { id: "deployerLeaves", after: grants });

  return { ...trust, ...identity, ...voting, ...health, ...justice };
});
