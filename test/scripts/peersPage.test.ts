import { expect } from "chai";

import { renderPage } from "../../bench/peers/renderPage.js";
import { joinForks, type FamilyComparison, type Results } from "../../bench/peers/Results.js";

const comparison = (operation: string, theirs: number, ours: number, weAlso = ""): FamilyComparison => ({
  ...{ family: "attestations", operation, peer: "eas", unit: "gas", theirs, ours, basis: "measured" },
  ...{ theyAlso: "", weAlso },
});

/** The lines of a page from a heading to the next one. */
function section(page: string, heading: string): string[] {
  const lines = page.split("\n");
  const from = lines.indexOf(heading);
  expect(from, heading).to.be.at.least(0);
  const to = lines.findIndex((line, i) => i > from && line.startsWith("## "));
  return lines.slice(from, to);
}

describe("the page of the comparison", () => {
  const rows = [
    comparison("issue one", 1_000, 250, "keeps a reason"),
    comparison("revoke one", 1_000, 1_300, "keeps a reason"),
    comparison("rely on one", 1_000, 1_000),
  ];
  const results: Results = {
    date: "2026-01-01",
    commit: "0123456789abcdef",
    versions: { solc: "0.8.34" },
    peers: [],
    rows: joinForks({ berlin: rows, osaka: rows }),
    times: [{ ...comparison("build a tree", 10, 20), unit: "ms" }],
    growth: [],
  };
  const page = renderPage(results);

  it("names on top all where a peer is cheaper or faster, and nothing else", () => {
    expect(page).to.include(
      "Of 4 comparisons, of gas under the rules of osaka and of time, ours is dearer or slower in 2.",
    );
    const listed = section(page, "## Where a peer is cheaper or faster").filter((line) => line.includes("EAS"));
    expect(listed).to.deep.equal([
      "| Attestations | revoke one | EAS | 1.30 |",
      "| Attestations | build a tree | EAS | 2.00 |",
    ]);
  });

  it("shows the newest fork whole, and what either side does besides once", () => {
    const lines = section(page, "## Attestations");
    expect(lines).to.include("| issue one | EAS | 1.9.0 | 1,000 | 250 | 0.25 | measured | 1 |");
    expect(lines).to.include("| revoke one | EAS | 1.9.0 | 1,000 | 1,300 | 1.30 | measured | 1 |");
    expect(lines).to.include("| rely on one | EAS | 1.9.0 | 1,000 | 1,000 | 1.00 | measured |  |");
    expect(lines.filter((line) => line.includes("keeps a reason"))).to.deep.equal(["1. Ours also: keeps a reason."]);
  });

  it("shows ratios of all forks, and a dash where one was not measured", () => {
    const lines = section(page, "## Other forks");
    expect(lines).to.include("| Attestations | issue one | EAS | 0.25 | – | 0.25 |");
  });
});
