import { id, MaxUint256 } from "ethers";
import { network } from "hardhat";

import { send } from "../helpers/harness.js";
import { record } from "./record.js";

const LOG = id("log");
const LIST = id("list");

const entries = (count: number) => Array.from({ length: count }, (_, i) => id(`entry ${i}`));

/** Rounded up, so that no figure is flattered. */
const per = (total: bigint, count: number) => (total + BigInt(count) - 1n) / BigInt(count);

async function deploy(name: string) {
  const { ethers } = await network.create();
  const harness = await ethers.deployContract(name);
  return (method: string, ...args: unknown[]) => send(harness, method, ...args);
}

describe("Gas of the ledger, in transactions to contracts that own a log or list and do nothing else", () => {
  it("TransparencyLog", async () => {
    const call = await deploy("TransparencyLogHarness");
    let total = 0n;
    for (const entry of entries(256)) total += await call("append", LOG, entry);
    record("TransparencyLog: append, average of the first 256", per(total, 256));

    for (const count of [100, 1_000]) {
      const gas = await call("appendMany", id(`log of ${count}`), entries(count));
      record(`TransparencyLog: appendMany of ${count.toLocaleString("en")}, per entry`, per(gas, count));
    }
  });

  it("StatusList", async () => {
    const call = await deploy("StatusListHarness");
    record("StatusList: set in a fresh word", await call("set", LIST, 1, 131_072, 1_000, 1));
    record("StatusList: set in a word written before", await call("set", LIST, 1, 131_072, 1_001, 1));

    const words = Array.from({ length: 16 }, (_, i) => [i, MaxUint256]);
    const gas = await call("setWords", id("dense"), 1, 131_072, words, 1);
    record("StatusList: dense update of 4,096 fresh bits, per bit", per(gas, 4_096));
  });
});
