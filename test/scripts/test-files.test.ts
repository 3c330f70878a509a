import { expect } from "chai";

import { contractTests, listTestFiles, LONG_TESTS } from "../../scripts/tooling/test-files.js";

describe("the test files", () => {
  it("hold each that is named as long", () => {
    expect(listTestFiles().mocha).to.include.members([...LONG_TESTS]);
  });

  it("of contracts are all but the long ones, the library's own and the scripts'", () => {
    const { solidity, mocha } = listTestFiles();
    const chosen = contractTests({ solidity, mocha });
    expect(chosen.solidity).to.deep.equal(solidity);
    const left = mocha.filter((file) => !chosen.mocha.includes(file));
    expect(left).to.include.members([...LONG_TESTS, "test/identity/wallet.lib.test.ts", "test/scripts/steps.test.ts"]);
    expect(left.filter((file) => !/\.lib\.test\.ts$|^test\/scripts\//.test(file)).sort()).to.deep.equal(
      [...LONG_TESTS].sort(),
    );
  });
});
