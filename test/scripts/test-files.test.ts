import { expect } from "chai";

import { listTestFiles, LONG_TESTS, withoutLongTests } from "../../scripts/tooling/test-files.js";

describe("the test files", () => {
  it("hold each that is named as long", () => {
    expect(listTestFiles().mocha).to.include.members([...LONG_TESTS]);
  });

  it("are all there without the long ones, Solidity's too", () => {
    const { solidity, mocha } = listTestFiles();
    const short = withoutLongTests({ solidity, mocha });
    expect(short.solidity).to.deep.equal(solidity);
    expect([...short.mocha, ...LONG_TESTS].sort()).to.deep.equal([...mocha].sort());
  });
});
