import { expect } from "chai";

import { addCount, readCount } from "../../scripts/tooling/run-suite.js";

describe("the count of a run", () => {
  it("is its last closing line", () => {
    expect(readCount(0, "3 passed, 0 failed\n…\n12 passed, 0 failed\n")).to.deep.equal({ passed: 12, failed: 0 });
  });

  it("has a failure when the run failed, whatever it printed", () => {
    expect(readCount(1, "")).to.deep.equal({ passed: 0, failed: 1 });
    expect(readCount(1, "5 passed, 0 failed\n")).to.deep.equal({ passed: 5, failed: 1 });
    expect(readCount(1, "5 passed, 2 failed\n")).to.deep.equal({ passed: 5, failed: 2 });
  });

  it("has a failure when there is no closing line, even if the run did not fail", () => {
    expect(readCount(0, "")).to.deep.equal({ passed: 0, failed: 1 });
    expect(readCount(0, "it says 3 passed, 0 failed\n3 passed, 0 failed, it said\n")).to.deep.equal({
      passed: 0,
      failed: 1,
    });
  });

  it("adds up", () => {
    const counts = [
      { passed: 1, failed: 0 },
      { passed: 2, failed: 3 },
    ];
    expect(addCount(...counts)).to.deep.equal({ passed: 3, failed: 3 });
    expect(addCount()).to.deep.equal({ passed: 0, failed: 0 });
  });
});
