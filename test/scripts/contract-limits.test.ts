import { expect } from "chai";

import { leastDeploymentGas, listOversized } from "../../scripts/tooling/contract-limits.js";

function contract(creationBytes: number, deployedBytes: number) {
  return {
    source: "contracts/A.sol",
    name: "A",
    creation: { object: "01".repeat(creationBytes), sourceMap: "" },
    deployed: { object: "01".repeat(deployedBytes), sourceMap: "" },
  };
}

describe("contract limits", function () {
  it("counts transaction, calldata, init code words and code deposit", function () {
    const creation = { object: "00ff01", sourceMap: "" };
    expect(leastDeploymentGas({ creation, deployed: { object: "ff01", sourceMap: "" } })).to.equal(
      53_000 + (4 + 16 + 16) + 2 + 2 * 200,
    );
  });

  it("accepts the largest contract that is allowed and refuses one byte more", function () {
    const small = { ...contract(10, 24_575), creation: { object: "", sourceMap: "" } };
    expect(listOversized([small])).to.deep.equal([]);
    expect(listOversized([contract(10, 24_576)]).join()).to.include("24576 bytes of code");
  });

  it("accepts the longest code that makes a contract and refuses one byte more", function () {
    const zeros = (bytes: number) => ({ ...contract(0, 10), creation: { object: "00".repeat(bytes), sourceMap: "" } });
    expect(listOversized([zeros(49_152)])).to.deep.equal([]);
    expect(listOversized([zeros(49_153)]).join()).to.include("49153 bytes of code that makes it");
  });

  it("refuses a deployment of 5,000,000 gas", function () {
    // 53,000 + 216 a byte of creation code here, its words aside.
    expect(listOversized([contract(300_000, 1_000)]).join()).to.include("deploys for");
  });
});
