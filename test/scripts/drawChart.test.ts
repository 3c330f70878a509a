import { expect } from "chai";

import { type Chart, drawChart } from "../../bench/tooling/drawChart.js";

const CHART: Chart = {
  title: "Gas < time & money",
  x: "ballots",
  lines: [
    {
      name: "ours",
      points: [
        [1, 10],
        [2, 20],
        [3, 30],
      ],
    },
    {
      name: "theirs",
      points: [
        [1, 40],
        [2, 40],
        [3, 40],
      ],
    },
  ],
};

/** The text of each label, in the order of the file. */
const labelsOf = (svg: string): string[] => [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!);

describe("drawChart", () => {
  it("draws the same figures into the same file, however many were drawn before", () => {
    expect(drawChart(CHART)).to.equal(drawChart(CHART));
  });

  it("names the chart, its axes and its curves, and says it all to who cannot see", () => {
    const svg = drawChart(CHART);
    expect(labelsOf(svg)).to.include.members(["Gas &lt; time &amp; money", "gas", "ballots", "ours", "theirs"]);
    expect(svg).to.match(/^<svg [^>]*role="img">\n<title>Gas &lt; time &amp; money, gas by ballots<\/title>/);
  });

  it("has a ground of its own, and asks nothing of a page around it", () => {
    const svg = drawChart(CHART);
    expect(svg).to.match(/<rect width="760" height="420" x="0" y="0" fill="#ffffff">/);
    expect(svg).to.not.match(/class=|<style|<script|href=/);
  });

  it("draws as dashes what was reckoned, and nothing else", () => {
    const dashes = (chart: Chart) => drawChart(chart).match(/stroke-dasharray/g)?.length ?? 0;
    const [ours, theirs] = CHART.lines as [Chart["lines"][number], Chart["lines"][number]];
    expect(dashes(CHART)).to.equal(0);
    expect(dashes({ ...CHART, lines: [{ ...ours, simulatedFrom: 3 }, theirs] })).to.equal(1);
    expect(labelsOf(drawChart({ ...CHART, lines: [{ ...ours, simulatedFrom: 1 }] }))).to.include("ours");
  });

  it("counts by powers of ten where the least would not be seen", () => {
    const points = [
      [1, 1],
      [1_000, 5],
      [1_000_000, 9],
    ] as const;
    const labels = labelsOf(drawChart({ ...CHART, lines: [{ name: "ours", points: [...points] }] }));
    expect(labels).to.include.members(["10", "100", "1,000", "10,000", "100,000", "1,000,000"]);
    expect(labelsOf(drawChart(CHART))).to.not.include("100");
  });
});
