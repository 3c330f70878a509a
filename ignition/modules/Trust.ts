import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { ZeroAddress } from "ethers";

/**
 * The council, its AccessManager with its first admin, the relays and the trust list.
 *
 * Parameters: `members`, in ascending order, and `threshold` of the council; the same of the council that recovers
 * it (`recoveryMembers`, `recoveryThreshold`); `hub`, a LACChain relay hub where there is one.
 * The manager's first admin is a contract that serves the deployer, and that by one call, which the module Suite makes. So
 * the deployer may as well send through a relay, which the manager knows nothing of.
 */
export default buildModule("Trust", (m) => {
  const forwarder = m.contract("ERC2771Forwarder", ["Diwan Forwarder"]);
  const relays = { forwarder, hub: m.getParameter("hub", ZeroAddress) };
  const inauguration = m.contract("Inauguration", [m.getAccount(0), relays]);
  const manager = m.contract("AccessManager", [inauguration]);

  const members = m.getParameter<string[]>("members");
  const council = m.contract("Council", [manager, members, m.getParameter("threshold"), relays]);

  const recoveryMembers = m.getParameter<string[]>("recoveryMembers");
  const recoveryThreshold = m.getParameter("recoveryThreshold");
  const recovery = m.contract("Council", [manager, recoveryMembers, recoveryThreshold, relays], { id: "Recovery" });

  const trustList = m.contract("TrustList", [manager, relays]);
  return { manager, forwarder, inauguration, council, recovery, trustList };
});
