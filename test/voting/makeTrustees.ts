import { ZeroAddress } from "ethers";
import type { network } from "hardhat";

import { type Trustees, Trustees__factory } from "../../src/typechain/index.js";
import type { Signer } from "../helpers/trust.js";

type Ethers = Awaited<ReturnType<typeof network.create>>["ethers"];

/** Trustees that are bound to no election yet, each of whose periods takes 100 seconds, connected to the first of them. */
export async function makeTrustees(ethers: Ethers, holders: readonly Signer[], threshold: number): Promise<Trustees> {
  const maker = await ethers.deployContract("TrusteesMaker");
  const periods = { registrationPeriod: 100, dealingPeriod: 100, complaintPeriod: 100, answerPeriod: 100 };
  const terms = { trustees: holders.map(({ address }) => address), threshold, ...periods };
  const receipt = await (await maker.getFunction("make").send(terms, ZeroAddress)).wait();
  return Trustees__factory.connect(maker.interface.parseLog(receipt!.logs.at(-1)!)!.args[0] as string, holders[0]);
}
