import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type { ArgumentType } from "@nomicfoundation/ignition-core";
import { id } from "ethers";

import { ROLE_FUNCTIONS } from "../../src/trust/roleFunctions.js";
import { ADMIN_ROLE, EMERGENCY_ROLE, RECOVERY_ROLE } from "../../src/trust/roles.js";

import Health from "./Health.js";
import Identity from "./Identity.js";
import Justice from "./Justice.js";
import Trust from "./Trust.js";
import Voting from "./Voting.js";

const selectorsOf = (name: keyof typeof ROLE_FUNCTIONS) =>
  ROLE_FUNCTIONS[name].map((signature) => id(signature).slice(0, 10));

/**
 * The whole suite; one transaction puts the council in office, after which whoever deployed it has no power.
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
  const { manager, inauguration, council, recovery, trustList } = trust;
  const { schemaRegistry, attestationRegistry, didRegistry, enrolment, benefits } = identity;
  const { electionFactory } = voting;
  const stoppable = {
    ...{ trustList, schemaRegistry, attestationRegistry, didRegistry, enrolment, benefits, electionFactory },
    ...health,
    ...justice,
  };

  const delay = m.getParameter("delay");
  const [grant, open] = ["grantRole", "setTargetFunctionRole"];
  const encode = (name: string, method: string, args: ArgumentType[]) =>
    m.encodeFunctionCall(manager, method, args, { id: name });
  const calls = [
    encode("councilDecides", grant, [ADMIN_ROLE, council, delay]),
    encode("councilReplacesItself", grant, [RECOVERY_ROLE, council, delay]),
    encode("recoveryReplacesIt", grant, [RECOVERY_ROLE, recovery, m.getParameter("recoveryDelay")]),
    encode("replaceMembers", open, [council, selectorsOf("setMembers"), RECOVERY_ROLE]),
    encode("councilActsAtOnce", grant, [EMERGENCY_ROLE, council, 0]),
    ...Object.entries(stoppable).map(([name, target]) =>
      encode(`stop_${name}`, open, [target, selectorsOf("stop"), EMERGENCY_ROLE]),
    ),
    encode("takeAwayAtOnce", open, [trustList, selectorsOf("takeAway"), EMERGENCY_ROLE]),
  ];
  m.call(inauguration, "inaugurate", [manager, council, calls]);

  return { ...trust, ...identity, ...voting, ...health, ...justice };
});
