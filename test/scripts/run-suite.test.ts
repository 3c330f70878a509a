import { expect } from "chai";

import { addCount, failuresIn, readCount } from "../../scripts/tooling/run-suite.js";

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

describe("failuresIn", () => {
  it("is Mocha's list, in colours or without", () => {
    const passed = "  a thing\n    ✔ works\n";
    for (const list of ["  1 failing\n\n  1) a thing", "\u001b[31m  1 failing\u001b[0m\n\n  1) a thing"]) {
      expect(failuresIn(`${passed}${list}\n\n3 passed, 1 failed\n`)).to.equal(`${list}\n\n3 passed, 1 failed`);
    }
  });

  it("is the last lines of a run that has no list", () => {
    const lines = Array.from({ length: 100 }, (_, i) => `line ${i}`);
    expect(failuresIn(lines.join("\n")).split("\n")).to.deep.equal(lines.slice(-40));
  });
});
