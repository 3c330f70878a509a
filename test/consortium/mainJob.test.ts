import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { runScript } from "../../scripts/tooling/run-command.js";

/** What it may take where a block takes a second, in minutes. */
const MOST_MINUTES = 12;
/** What only sealed blocks can show, besides all that the job shows anywhere. */
const OF_SEALS = ["package.seals", "package.header", "package.few"];

interface Report {
  ok: boolean;
  checks: { id: string; ok: boolean }[];
}

describe("npm start -- --network consortium", function () {
  this.timeout(MOST_MINUTES * 60_000);

  it("does the whole main job on five validators, and courts check its packages by their seals alone", async () => {
    const folder = await mkdtemp(join(tmpdir(), "diwan-job-"));
    try {
      const args = ["--network", "consortium", "--json", "--out", folder];
      const { code, output } = await runScript("scripts/demo.ts", args);
      const json = output.slice(output.indexOf("\n{") + 1, output.lastIndexOf("\n}") + 2);
      expect(json, output).to.match(/^\{/);
      const report = JSON.parse(json) as Report;
      expect(report.checks.filter(({ ok }) => !ok)).to.deep.equal([]);
      expect([code, report.ok]).to.deep.equal([0, true]);
      expect(report.checks.map(({ id }) => id)).to.include.members(OF_SEALS);

      // Outside of the job, as a court would.
      const court = join(folder, "justice", "court");
      const exhibit = [join(court, "admitted.bin"), join(court, "admitted.diwan")];
      const proof = await runScript("scripts/verify-package.ts", [
        ...exhibit,
        "--trust",
        join(court, "trust-anchor.json"),
      ]);
      expect(proof.code, proof.output).to.equal(0);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
