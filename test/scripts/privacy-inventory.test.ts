import { globSync, readFileSync } from "node:fs";

import { expect } from "chai";

import type { SolcOutput } from "../../scripts/tooling/build-output.js";
import { listOnChainFields } from "../../scripts/tooling/on-chain-fields.js";
import { compareInventory, readInventory } from "../../scripts/tooling/privacy-inventory.js";

/** The output that each artifact was made of: an earlier build may have left others beside them. */
function outputsInUse(): SolcOutput[] {
  const artifacts = globSync("artifacts/{contracts,@openzeppelin}/**/*.json");
  const ids = artifacts.map((path) => (JSON.parse(readFileSync(path, "utf8")) as { buildInfoId: string }).buildInfoId);
  return [...new Set(ids)].map((id) => {
    return (JSON.parse(readFileSync(`artifacts/build-info/${id}.output.json`, "utf8")) as { output: SolcOutput })
      .output;
  });
}

describe("docs/privacy.md", () => {
  const fields = listOnChainFields(outputsInUse());
  const inventory = readInventory(readFileSync("docs/privacy.md", "utf8"));

  it("lists every field that a contract stores, emits or is sent, and none that is gone", () => {
    expect([...fields.keys()]).to.include.members(["AttestationRegistry", "Benefits", "DidRegistry", "Enrolment"]);
    expect(compareInventory(fields, inventory)).to.deep.equal([]);
  });

  it("says of each whose it is and how it is erased", () => {
    for (const { contract, cells } of inventory) {
      expect(cells, contract).to.have.lengthOf(4);
      expect(
        cells.every((cell) => cell !== ""),
        `${contract}: ${cells.join(" | ")}`,
      ).to.be.true;
    }
  });

  it("is found wanting when a parameter of an event, a variable or a parameter of a function is not in it", () => {
    for (const place of ["events", "storage", "calldata"] as const) {
      const more = new Map(fields).set("Benefits", {
        ...fields.get("Benefits")!,
        [place]: [...fields.get("Benefits")![place], "claimant"],
      });
      expect(compareInventory(more, inventory)).to.deep.equal([`Benefits: claimant (${place}) is missing`]);
    }
    const other = new Map(fields).set("Ballots", { events: ["voter"], storage: [], calldata: [] });
    expect(compareInventory(other, inventory)).to.deep.equal(["Ballots: voter (events) is missing"]);
  });

  it("is found wanting when it lists what is gone", () => {
    const without = new Map(fields);
    without.delete("StatusList");
    expect(compareInventory(without, inventory)).to.include("StatusList: word is not in the contract");
  });
});
