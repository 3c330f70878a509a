import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { ZeroAddress } from "ethers";

/**
 * The council, its AccessManager, the relays and the trust list.
 *
 * Parameters: `members`, in ascending order, and `threshold` of the council; the same of the council that recovers
 * it (`recoveryMembers`, `recoveryThreshold`); `hub`, a LACChain relay hub where there is one.
 * Until the module Suite has run, the deployer holds the manager's admin role.
 */
export default buildModule("Trust", (m) => {
  const manager = m.contract("AccessManager", [m.getAccount(0)]);
  const forwarder = m.contract("ERC2771Forwarder", ["Diwan Forwarder"]);
  const relays = { forwarder, hub: m.getParameter("hub", ZeroAddress) };

  const members = m.getParameter<string[]>("members");
  const council = m.contract("Council", [manager, members, m.getParameter("threshold"), relays]);

  const recoveryMembers = m.getParameter<string[]>("recoveryMembers");
  const recoveryThreshold = m.getParameter("recoveryThreshold");
  const recovery = m.contract("Council", [manager, recoveryMembers, recoveryThreshold, relays], { id: "Recovery" });

  const trustList = m.contract("TrustList", [manager, relays]);
  return { manager, forwarder, council, recovery, trustList };
});
