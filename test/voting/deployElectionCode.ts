import type { network } from "hardhat";

type Ethers = Awaited<ReturnType<typeof network.create>>["ethers"];

/** Deploys what elections are clones of, with the libraries that it needs. */
export async function deployElectionCode(ethers: Ethers) {
  const [opening, commission, tally] = [
    await ethers.deployContract("BallotOpening"),
    await ethers.deployContract("Commission"),
    await ethers.deployContract("Tally"),
  ];
  const libraries = {
    BallotOpening: await opening.getAddress(),
    Commission: await commission.getAddress(),
    Tally: await tally.getAddress(),
  };
  return { opening, commission, tally, implementation: await ethers.deployContract("Election", [], { libraries }) };
}
