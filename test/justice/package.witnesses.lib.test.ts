import assert from "node:assert/strict";

import { certificateInput } from "../../src/justice/package/certificateInput.js";
import { withManifest } from "../../src/justice/package/packageManifest.js";
import { renderReport } from "../../src/justice/package/renderReport.js";
import { batchIdOf } from "../helpers/evidence.js";
import { packageFixture, verify, wrong } from "./package.fixtures.js";

describe("witnesses in a package", () => {
  for (const inLog of [true, false]) {
    it(`are those of the batch, then of the member that was singled out (${inLog ? "log" : "root"})`, async () => {
      const { batch, build, anchorOf, registry, coAttest, parties, councilDoes, commitmentOf, time } =
        await packageFixture();
      const { notary, certifier, laboratory } = parties;
      const members = await batch([1, 2, 3], inLog);
      const other = await batch([4, 5], false);
      const { place } = members[1]!;
      const subject = batchIdOf(place);
      await registry.witnessDeposit(subject, [await coAttest(subject, notary), await coAttest(subject, certifier)]);
      const first = await time.latest();
      const foreign = batchIdOf(other[0]!.place);
      await registry.witnessDeposit(foreign, [await coAttest(foreign, notary)]);
      await councilDoes("withdraw", "notary", notary.body);

      const found = await build(2, { place });
      const report = await verify(found, await anchorOf());
      assert.deepEqual(wrong(report), []);
      assert.deepEqual([report.integrity, report.status, report.who], ["PROVED", "PROVED", "PROVED"]);
      const seen = report.witnesses.map(({ of, body, time: at, standing }) => [of, body, at, standing]);
      const ofBatch = [notary, certifier].map(({ body }) => ["batch", Number(body), first, "IN_FORCE"]);
      assert.deepEqual(seen, ofBatch);
      assert.match(renderReport(report), /Witness of the deposit of its batch: body \d+, in force, /);
      const wanted = { issuedAt: first + 9_999, packageDigest: "00".repeat(32), command: "npm run verify:package" };
      assert.deepEqual(
        certificateInput(found, report, wanted).witnesses.map(({ body, role }) => [body, role]),
        [
          [Number(notary.body), "NOTARY"],
          [Number(certifier.body), "CERTIFICATION_AUTHORITY"],
        ],
      );

      await registry.singleOut(members[1]!);
      const one = commitmentOf(2);
      await registry.witnessDeposit(one, [await coAttest(one, { ...laboratory, roles: ["forensic-centre"] })]);
      const more = await verify(await build(2, { place }), await anchorOf());
      assert.deepEqual(wrong(more), []);
      assert.deepEqual(
        more.witnesses.map(({ of, body }) => [of, body]),
        [...ofBatch.map(([of, body]) => [of, body]), ["exhibit", Number(laboratory.body)]],
      );

      // A receipt of another batch's witness is none of this exhibit's.
      const elsewhere = await build(4, { place: other[0]!.place });
      assert.equal(elsewhere.custody.length, 2);
      const now = await build(2, { place });
      const custody = [...now.custody.slice(0, 2), elsewhere.custody[1]!, ...now.custody.slice(2)];
      const slipped = await verify(withManifest({ ...now, custody }), await anchorOf());
      assert.deepEqual(wrong(slipped), ["custody CUSTODY_BROKEN"]);
      assert.equal(slipped.witnesses.length, 3);
    });
  }
});
