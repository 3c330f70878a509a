import { id } from "ethers";
import { network } from "hardhat";

import { foldHints } from "../../src/voting/foldHints.js";
import { send } from "../helpers/harness.js";
import { ballotOf, questionOf } from "../voting/ballots.js";
import { deployHarness, type Harness } from "../voting/deployHarness.js";
import { record } from "./record.js";

const BATCH = 40;

/** Rounded up, so that no figure is flattered. */
const per = (total: bigint, count: number) => (total + BigInt(count) - 1n) / BigInt(count);

/** Ballots of as many voters, all of weight 1, the same in every run; another round gives others of the same voters. */
function batchFor(harness: Harness, size: number, round: number) {
  return Array.from({ length: size }, (_, i) => {
    const statement = harness.statement({ slotKey: id(`voter ${i}`) });
    return { statement, bytes: ballotOf(statement, i + round * size).bytes };
  });
}

async function deploy(options: number, groups: number): Promise<Harness> {
  const { ethers } = await network.create();
  return deployHarness(ethers, [questionOf(options, { groups })]);
}

/** Where nothing is said, into slots that were written before, as by a vote that is changed. */
describe("Gas of a ballot, in transactions to a contract that verifies, keeps the hash, emits the ballot and does nothing else", () => {
  for (const [options, groups, layout] of [
    [2, 1, "packed"],
    [5, 1, "packed"],
    [10, 1, "packed"],
    [2, 2, "one ciphertext an option"],
    [5, 5, "one ciphertext an option"],
  ] as const) {
    it(`cast, ${options} options, ${layout}`, async () => {
      const harness = await deploy(options, groups);
      for (const [round, what] of ["first cast", "cast"].entries()) {
        const batch = batchFor(harness, 1, round);
        const [{ statement, bytes }] = batch as [(typeof batch)[0]];
        const gas = await send(harness.contract, "cast", statement.slotKey, 1n, bytes, foldHints(batch).hints);
        record(`Ballot: ${what}, ${options} options, ${layout}`, gas);
      }
    });
  }

  for (const options of [2, 5]) {
    it(`castBatch of ${BATCH}, ${options} options, packed`, async () => {
      const harness = await deploy(options, 1);
      let gas = 0n;
      for (const round of [0, 1]) {
        const batch = batchFor(harness, BATCH, round);
        gas = await send(
          harness.contract,
          "castBatch",
          batch.map(({ statement }) => statement.slotKey),
          batch.map(({ statement }) => statement.weight),
          batch.map(({ bytes }) => bytes),
          foldHints(batch).hints,
        );
      }
      record(`Ballot: castBatch of ${BATCH}, ${options} options, packed, per ballot`, per(gas, BATCH));
    });
  }
});
