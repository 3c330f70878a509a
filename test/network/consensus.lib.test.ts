import { expect } from "chai";

import { confirmationsFor } from "../../src/network/consensus/confirmationsFor.js";

describe("confirmationsFor", () => {
  it("asks for the block itself where each is agreed on, and 2·(⌊N/2⌋+1) under Clique", () => {
    expect(confirmationsFor({ kind: "qbft", validators: 4 })).to.equal(1);
    expect(confirmationsFor({ kind: "ibft2", validators: 7 })).to.equal(1);
    const clique = [1, 3, 4, 5, 7].map((validators) => confirmationsFor({ kind: "clique", validators }));
    expect(clique).to.deep.equal([2, 4, 6, 6, 8]);
  });

  it("needs no number where none matters", () => {
    expect(confirmationsFor({ kind: "qbft" })).to.equal(1);
    expect(confirmationsFor({ kind: "none", validators: 0 })).to.equal(1);
  });

  it("refuses to count no validators, and signers who are not told", () => {
    for (const validators of [{ validators: 0 }, { validators: 1.5 }, {}]) {
      expect(() => confirmationsFor({ kind: "clique", ...validators }))
        .to.throw()
        .with.property("code", "VALIDATORS_INVALID");
    }
  });
});
