import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { ZeroAddress } from "ethers";

import Identity from "./Identity.js";
import Trust from "./Trust.js";

/**
 * What elections are made of: the factory, the implementations that elections and trustees are clones of, with the libraries
 * these need, and the gate for voters who hold an attestation.
 *
 * Parameters: `hub`, as in the module Trust.
 */
export default buildModule("Voting", (m) => {
  const { manager, forwarder, trustList } = m.useModule(Trust);
  const { attestationRegistry } = m.useModule(Identity);
  const relays = { forwarder, hub: m.getParameter("hub", ZeroAddress) };

  const libraries = {
    BallotOpening: m.library("BallotOpening"),
    Commission: m.library("Commission"),
    Tally: m.library("Tally"),
  };
  const election = m.contract("Election", [], { libraries });
  const trustees = m.contract("Trustees");
  const electionFactory = m.contract("ElectionFactory", [manager, trustList, election, trustees, relays]);
  const attestationGate = m.contract("AttestationGate", [attestationRegistry]);
  return { election, trustees, electionFactory, attestationGate };
});
