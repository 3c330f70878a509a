import { readFileSync, writeFileSync } from "node:fs";

import { expect } from "chai";
import type { TransactionResponse } from "ethers";

/** A figure that may not be exceeded: a number of gas, and what it counts ("transaction", "each of a batch of 100"). */
interface Ceiling {
  ceiling: number;
  unit: string;
}

const ceilings = readJson("ceilings.json") as Record<string, Ceiling>;
const snapshot = readJson("snapshot.json") as Record<string, number>;
const measured = new Map<string, number>();

/**
 * Records a named figure of gas: it must not exceed its ceiling, and it must equal the committed snapshot to the gas,
 * so that no change of cost lands unseen. Give the test fixed inputs: salts, keys, times.
 *
 * `npm run gas:update` takes the measured figures as the new snapshot; a ceiling is changed by hand, or not at all.
 *
 * @param name A name in ceilings.json.
 * @param gas What was measured.
 * @throws AssertionError when the name is unknown, was recorded before, or the figure is not what was promised.
 * @example record("attest", (await tx.wait()).gasUsed);
 */
export function record(name: string, gas: bigint): void {
  const promised = ceilings[name];
  if (promised === undefined) expect.fail(`"${name}" has no ceiling in test/gas/ceilings.json`);
  if (measured.has(name)) expect.fail(`"${name}" was recorded twice`);
  measured.set(name, Number(gas));

  expect(gas <= BigInt(promised.ceiling), `"${name}" took ${gas} gas, its ceiling is ${promised.ceiling}`).to.equal(
    true,
  );
  if (process.env["DIWAN_GAS_UPDATE"] === "1") return;
  const known = snapshot[name];
  expect(Number(gas), `"${name}" differs from its snapshot; where it is meant, npm run gas:update`).to.equal(known);
}

/** What a transaction takes, calldata and events included. */
export async function gasOf(sent: Promise<TransactionResponse>): Promise<bigint> {
  const receipt = await (await sent).wait();
  if (receipt === null) throw new Error("not mined");
  return receipt.gasUsed;
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
}

// For `npm run gas`, which compares what was measured with what was promised.
after(function () {
  const path = process.env["DIWAN_GAS_MEASURED"];
  if (path !== undefined) writeFileSync(path, JSON.stringify(Object.fromEntries(measured)));
});
