import { id, type TypedDataDomain, type TypedDataField, ZeroAddress } from "ethers";

import { read } from "../../../test/helpers/harness.js";
import { compilePeer } from "../compilePeer.js";
import { peerChain } from "./peerChain.js";

const FOLDER = "bench/peers/contracts";
const FOR = 1;
const TYPES: Record<string, TypedDataField[]> = {
  Ballot: [
    { name: "proposalId", type: "uint256" },
    { name: "support", type: "uint8" },
    { name: "voter", type: "address" },
    { name: "nonce", type: "uint256" },
  ],
};

/** Gas of a public vote with OpenZeppelin's Governor, where each is for, against, or abstains; some votes are carried by another. */
export async function measureGovernor(carried: number) {
  const { chain, signers, connection } = await peerChain();
  const [proposer, ...voters] = signers;
  const units = await chain.deploy(compilePeer(`${FOLDER}/VoteUnits.sol`));
  const governor = await chain.deploy(compilePeer(`${FOLDER}/PublicVote.sol`), units);
  const address = await governor.getAddress();
  let admit = 0;
  for (const { address: voter } of voters) admit = await chain.call(units, "admit", voter);

  const calls = [[ZeroAddress], [0], ["0x"]] as const;
  const propose = async (text: string) => {
    const gas = await chain.call(governor.connect(proposer!), "propose", ...calls, text);
    // The voting delay is one block, and the snapshot must be past.
    for (let i = 0; i < 2; i++) await chain.gas(() => proposer!.sendTransaction({ to: proposer!.address }));
    const proposal = await read<bigint>(governor, "getProposalId", ...calls, id(text));
    return { gas, proposal };
  };
  await propose("the first, which is not counted");
  const { gas: open, proposal } = await propose("whether it is done");

  const cast = (voter: number) => chain.call(governor.connect(voters[voter]!), "castVote", proposal, FOR);
  // The first who is for it pays for the slot of the sum.
  const first = await cast(0);
  const later = await cast(1);

  const { chainId } = await connection.ethers.provider.getNetwork();
  const domain: TypedDataDomain = { name: "PublicVote", version: "1", chainId, verifyingContract: address };
  const carry = async (voter: number) => {
    const by = voters[voter]!;
    const message = { proposalId: proposal, support: FOR, voter: by.address, nonce: 0n };
    const signature = await by.signTypedData(domain, TYPES, message);
    return chain.call(governor.connect(proposer!), "castVoteBySig", proposal, FOR, by.address, signature);
  };
  let signed = 0;
  for (let voter = 2; voter < 2 + carried; voter++) signed += await carry(voter);
  return { admit, open, first, later, signed: Math.round(signed / carried) };
}
