import { createHash } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { getBytes } from "ethers";

import { FILES, FOLDERS, HOLDERS } from "../../scripts/demo/exportFormat.js";
import type { Job } from "../../scripts/demo/job.js";
import { type DemoChain, openOwnChain } from "../../scripts/demo/openChain.js";
import { type DemoOptions, readDemoOptions } from "../../scripts/demo/options.js";
import { silentProgress } from "../../scripts/console/progress.js";
import { type DemoReport, reportOf, reportText } from "../../scripts/demo/report.js";
import { historyOf, runDemo } from "../../scripts/demo/runDemo.js";
import { verifyFiles } from "../../scripts/demo/verifyFiles.js";
import { STATUSES } from "../../src/identity/verdict.js";
import { encodeBitstringStatusList } from "../../src/ledger/bitstringStatusList.js";
import { commitExhibit } from "../../src/justice/evidence/commitExhibit.js";
import type { EvidenceStatement } from "../../src/justice/evidence/statement.js";
import { ElectionFactory__factory } from "../../src/typechain/index.js";
import { checkElectionTexts, type QuestionTexts } from "../../src/voting/election/electionTexts.js";
import { parseTranscript } from "../../src/voting/verifier/parseTranscript.js";

/** What the job keeps of an exhibit. */
interface KeptExhibit {
  statement: EvidenceStatement;
  salt: string;
  commitment: string;
}

describe("the main job", () => {
  let folder: string;
  let chain: DemoChain;
  let report: DemoReport;

  before(async function () {
    this.timeout(600_000);
    folder = await mkdtemp(join(tmpdir(), "diwan-demo-"));
    const options = optionsFor(join(folder, "whole"));
    chain = await openOwnChain(historyOf(options));
    report = reportOf(await runDemo(chain, options, silentProgress), 1);
  });

  after(async () => {
    await chain.close();
    await rm(folder, { recursive: true, force: true });
  });

  describe("report", () => {
    it("holds no check that failed", () => {
      expect(report.checks.filter(({ ok }) => !ok)).to.deep.equal([]);
      expect(report).to.include({ ok: true, failed: 0, passed: report.checks.length });
    });

    it("tells of every status that there is", () => {
      const seen = report.checks.filter(({ id }) => id.startsWith("attestation.")).map(({ actual }) => actual);
      for (const status of STATUSES) {
        expect(
          seen.some((text) => text.startsWith(`${status} `) || text.startsWith(`${status},`)),
          status,
        ).to.equal(true);
      }
    });

    it("has at least 1,000 attestations in one Merkle batch", () => {
      expect(report.checks.find(({ id }) => id === "leaves.large")?.actual).to.equal("1018 VALID, issuer IN_FORCE");
      expect(report.issued.inBatches).to.be.at.least(1_000);
    });

    it("tells of a citizen's whole path", () => {
      const actual = new Map(report.checks.map(({ id, actual: found }) => [id, found]));
      for (const [id, found] of Object.entries({
        "enrolment.confirmed": "CONFIRMED",
        "enrolment.rejected": "REJECTED",
        "enrolment.lapsed": "LAPSED",
        "did.frozen": "FROZEN",
        "did.frozen.resolved": "true",
        "did.thief.owner": "DidIsFrozen",
        "did.thief.guardian": "TooFewGuardians",
        "did.thief.veto": "DidIsFrozen",
        "did.recovered": "ACTIVE",
        "presented.counter": "VALID: city",
        "presented.batch": "VALID: over18",
        "presented.frozen": "DID_FROZEN",
        "presented.thief": "KEY_NOT_OF_DID",
        "benefit.decided": "yes: MET, MET, MET",
        "benefit.claimed": "CLAIMED",
        "benefit.twice": "BenefitAlreadyClaimed",
      })) {
        expect(actual.get(id), id).to.equal(found);
      }
      for (const id of ["presented.counter.files", "presented.batch.files"]) {
        expect(actual.get(id), id).to.match(/^VALID: \w+; files \d+ s old$/);
      }
    });

    it("explains a refusal in words", () => {
      expect(report.explained).to.include(
        '2. the parent, the tax office: the claim "underThreshold" was not disclosed.',
      );
      expect(reportText(report)).to.include("The refusal in words:").and.include("Not eligible.");
    });

    it("says how a court checks an exhibit again", () => {
      const court = join(folder, "whole", "justice", "court");
      expect(reportText(report)).to.include(
        `verify:package -- ${court}/admitted.bin ${court}/admitted.diwan --trust ${court}/trust-anchor.json`,
      );
    });

    it("tells of a hospital, its patient and its monitor", () => {
      const groups = ["record", "consent", "glass", "access", "prescription", "bill", "monitor", "erasure"];
      const health = report.checks.filter(({ id }) => groups.includes(id.split(".")[0]!));
      const actual = Object.fromEntries(health.map(({ id, actual: found }) => [id, found]));
      expect(actual).to.deep.equal({
        "record.single": "49 CURRENT version 1, IN_FORCE",
        "record.logged": "97 CURRENT version 1, IN_FORCE",
        "record.batched": "99 CURRENT version 1, IN_FORCE",
        "record.twice": "RecordExists",
        "record.unlicensed": "RoleNotListed",
        "record.amended": "SUPERSEDED version 1, IN_FORCE; CURRENT version 2, IN_FORCE",
        "record.rectified": "SUPERSEDED version 1, IN_FORCE; CURRENT version 2, IN_FORCE",
        "record.error": "ENTERED_IN_ERROR version 1, IN_FORCE",
        "consent.limit": "BreakGlassBlocked",
        "consent.before": "ConsentNotInForce: NONE",
        "consent.read": "accepted",
        "consent.other": "ConsentNotInForce: NONE",
        "consent.purpose": "ConsentNotInForce: PURPOSE_NOT_GRANTED",
        "consent.receipt": "VALID, current",
        "consent.package": "CURRENT, IN_FORCE",
        "consent.revoked": "ConsentNotInForce: REVOKED",
        "consent.replayed": "ConsentVersionMismatch",
        "glass.own": "RoleNotListed",
        "glass.seen": "OPENED by the reader, UNABLE_TO_CONSENT; REVIEWED by the reader, UNABLE_TO_CONSENT",
        "access.batch": "accepted",
        "access.covered": "20 of 20",
        "access.gap": "ACCESS_LOG_INCOMPLETE",
        "access.listed": "TREAT IN_FORCE, by Practitioner/f202; ETREAT BREAK_GLASS, by Practitioner/f202",
        "prescription.once": "accepted",
        "prescription.again": "PrescriptionSpent",
        "prescription.elsewhere": "PrescriptionSpent",
        "prescription.status": "DISPENSED, IN_FORCE",
        "bill.once": "accepted",
        "bill.elsewhere": "BillPaidBefore",
        "bill.again": "BillSubmittedBefore",
        "bill.status": "PAID, IN_FORCE",
        "monitor.clean": "247 of 247 intact, nothing found",
        "monitor.tampered": "ALTERED the altered one; MISSING the deleted one",
        "monitor.mended": "247 of 247 intact, nothing found",
        "erasure.unverifiable": "225 UNVERIFIABLE, 22 intact",
        "erasure.handed": actual["erasure.handed"],
        "erasure.deleted": "22 of 22 intact, nothing found",
      });
      expect(actual["erasure.handed"]).to.match(/^ERASED; \{"body":\d+\} Observation\//);
    });

    it("tells of a whole election", () => {
      const election = report.checks.filter(({ id }) => id.startsWith("election."));
      expect(Object.fromEntries(election.map(({ id, actual }) => [id.slice("election.".length), actual]))).to.include({
        made: "true",
        voters: "190 and 10",
        complaint: "WAITING, COMPLAINED, WAITING, WAITING",
        finished: "FINISHED",
        qualified: "1, 2, 3",
        direct: "40",
        gate: "10",
        audit: "true",
        spoiled: "BallotIsSpoiled",
        "journal.audited": "BALLOT_AUDITED",
        stranger: "VoterNotOnRoll",
        weight: "VoterNotOnRoll",
        copied: "BallotSelectionsWrong",
        swapped: "BallotSelectionsWrong",
        key: "ElectionKeyWrong",
        expired: "BallotNotRecordable: SIGNATURE_EXPIRED",
        filtered: "refused: SIGNATURE_INVALID",
        relayed: "79",
        again: "recorded",
        replay: "BallotNotRecordable: SLOT_CHANGED",
        "journal.reused": "BALLOT_REUSED",
        "journal.signed": "BALLOT_SIGNED",
        receipt: "true",
        turnout: "119",
        early: "ElectionStateWrong",
        summed: "TALLYING",
        final: "FINAL",
        "verify.transcript": "right",
        "verify.terms": "right",
        "verify.ceremony": "right",
        "verify.roll": "right",
        "verify.opening": "right",
        "verify.ballots": "right",
        "verify.audits": "right",
        "verify.sums": "right",
        "verify.partials": "right",
        "verify.results": "right",
        "verify.order": "right",
        outcome: "FINAL",
        texts: "as fixed",
        "texts.turned": "TEXTS_DIFFER",
      });
    });

    it("counts what was voted, as the job kept it aside", () => {
      // 119 ballots, 72 of them for the first answer, three of which are changed.
      const expected = { "election.result.0": "28, 30, 31, 30", "election.result.1": "69, 26, 24" };
      for (const [id, counts] of Object.entries(expected)) {
        const check = report.checks.find((one) => one.id === id);
        expect(check, id).to.include({ expected: counts, actual: counts });
      }
    });

    it("leaves the election's texts where others may hold them against its terms", async () => {
      const read = (name: string) => readFile(join(folder, "whole", "election", name), "utf8");
      const texts = JSON.parse(await read("texts.json")) as QuestionTexts[];
      const { logs } = parseTranscript(await read("transcript.json"));
      const factory = ElectionFactory__factory.createInterface();
      const created = logs.map((log) => factory.parseLog(log)).find((event) => event?.name === "ElectionCreated")!;
      const { terms } = created.args as unknown as { terms: { texts: string } };
      checkElectionTexts(texts, terms.texts);
    });

    it("says so when a check failed", () => {
      const check = { id: "council.alone", title: "One alone", expected: "refused", actual: "accepted", ok: false };
      const text = reportText({ ...report, ok: false, failed: 1, checks: [check] });
      expect(text).to.include("FAILED  One alone").and.include("expected  refused").and.include("found     accepted");
    });
  });

  describe("files", () => {
    // A smaller job, since each of its files is spoilt and verified in turn; with one exhibit of three bytes, which is the least.
    let small: string;
    let checks: Job["checks"];
    const exhibit = "أمر ضبط.txt";

    before(async function () {
      small = join(folder, "small");
      await writeFile(join(folder, exhibit), "abc");
      const options = optionsFor(small, "--batch", "16", "--files", join(folder, exhibit));
      const own = await openOwnChain(historyOf(options));
      ({ checks } = (await runDemo(own, options, silentProgress)).job);
      await own.close();
    });

    it("follow an exhibit that is one small file, and keep its statement and its salt", async () => {
      expect(checks.failed).to.deep.equal([]);
      const kept = await readFile(join(small, "justice", "exhibits.json"), "utf8");
      const [{ statement, salt, commitment }, ...others] = JSON.parse(kept) as [KeptExhibit, ...KeptExhibit[]];
      expect(others).to.deep.equal([]);
      expect(statement.name).to.equal(exhibit);
      expect(commitExhibit(statement, getBytes(salt))).to.equal(commitment);
    });

    it("name the bodies on an exhibit's certificate", async () => {
      const page = await readFile(join(small, "justice", "court", "certificate.ar.html"), "utf8");
      for (const name of ["A police evidence room", "A forensic centre", "The registry of a court"]) {
        expect(page, name).to.include(name);
      }
    });

    it("verify when nobody touched them", async () => {
      expect((await verifyFiles(small)).checks.filter(({ ok }) => !ok)).to.deep.equal([]);
    });

    it("do not verify when one byte of a file is another, and that file is named", async function () {
      const names = await readdir(join(small, FOLDERS.public));
      expect(names).to.have.lengthOf(20);
      for (const name of names) {
        const { length } = await readFile(join(small, FOLDERS.public, name));
        const at = Math.floor(length / 2);
        const failed = await failedAfter(small, name, (bytes) => {
          bytes[at]! ^= 1;
          return undefined;
        });
        expect(failed, `${name}, byte ${at}`).to.include(name);
      }
    });

    it("do not verify when one is missing", async () => {
      const copy = await copyOf(small);
      await rm(join(copy, FOLDERS.public, FILES.records));
      expect(failuresIn(await verifyFiles(copy))).to.include(`${FILES.records} is missing`);
    });

    // What a forger would do who also mends the list of digests.
    const forgeries: [string, string, (text: string) => string | Promise<string>, string][] = [
      ["another chain", FILES.manifest, (text) => text.replace('"chainId": 31337', '"chainId": 1'), FILES.manifest],
      ["another schema", FILES.schemas, (text) => text.replace("birthDate", "birthYear"), FILES.schemas],
      ["another name of a body", FILES.bodies, (text) => text.replace("Good Health", "Bad Health"), FILES.bodies],
      ["a withdrawal taken back", FILES.trustList, (text) => text.replace("WITHDRAWN", "ACCREDITED"), FILES.trustList],
      ["a change left out", FILES.trustList, withoutLastChange, FILES.trustList],
      [
        "a revocation taken back",
        FILES.records,
        (text) => text.replace(/"endedAt": [1-9]\d*/, '"endedAt": 0'),
        FILES.records,
      ],
      ["another end", FILES.records, (text) => text.replace(/"endedAt": [1-9]\d*/, '"endedAt": 1'), FILES.verdicts],
      [
        "another leaf",
        "batch-large.json",
        (text) => text.replace(/"0x[0-9a-f]{64}"\n \]/, `"0x${"7".repeat(64)}"\n ]`),
        "batch-large.json",
      ],
      ["another verdict", FILES.verdicts, (text) => text.replace("REVOKED", "VALID"), FILES.verdicts],
      ["another W3C status list", "status-large.w3c.json", withCleanList, "status-large.w3c.json"],
    ];
    for (const [what, name, forge, found] of forgeries) {
      it(`do not verify with ${what}, its digest mended`, async () => {
        const failed = await failedAfter(
          small,
          name,
          async (bytes) => {
            const text = bytes.toString("utf8");
            const forged = await forge(text);
            expect(forged).to.not.equal(text);
            return Buffer.from(forged);
          },
          true,
        );
        expect(failed).to.include(`${found}:`);
        expect(failed).to.not.include("has the digest");
      });
    }

    it("do not verify when a holder's claim is another", async () => {
      const copy = await copyOf(small);
      const path = join(copy, FOLDERS.private, HOLDERS);
      await writeFile(path, (await readFile(path, "utf8")).replace("Eric", "Erik"));
      expect(failuresIn(await verifyFiles(copy))).to.include("the commitment of Practitioner/f001");
    });
  });

  async function copyOf(original: string): Promise<string> {
    const copy = join(folder, "copy");
    await rm(copy, { recursive: true, force: true });
    await cp(original, copy, { recursive: true });
    return copy;
  }

  /** What verification finds after a public file was changed; `mend` brings its digest up to date. */
  async function failedAfter(
    original: string,
    name: string,
    change: (bytes: Buffer) => Promise<Buffer> | undefined,
    mend = false,
  ): Promise<string> {
    const copy = await copyOf(original);
    const path = join(copy, FOLDERS.public, name);
    const before = await readFile(path);
    const bytes = Buffer.from(before);
    const after = (await change(bytes)) ?? bytes;
    await writeFile(path, after);
    if (mend) {
      const sums = join(copy, FOLDERS.public, FILES.sums);
      const digest = (data: Buffer) => createHash("sha256").update(data).digest("hex");
      await writeFile(sums, (await readFile(sums, "utf8")).replace(digest(before), digest(after)));
    }
    return failuresIn(await verifyFiles(copy));
  }
});

function optionsFor(out: string, ...args: string[]): DemoOptions {
  const options = readDemoOptions(["--out", out, ...args]);
  if (options === "help") throw new Error("no options");
  return options;
}

function failuresIn({ checks }: Awaited<ReturnType<typeof verifyFiles>>): string {
  const failed = checks.filter(({ ok }) => !ok);
  return failed.map(({ title, actual }) => `${title}: ${actual}`).join("\n");
}

function withoutLastChange(text: string): string {
  const file = JSON.parse(text) as { snapshot: { changes: unknown[] } };
  file.snapshot.changes.pop();
  return JSON.stringify(file);
}

/** A list that says everything is valid, in place of the list. */
async function withCleanList(text: string): Promise<string> {
  const file = JSON.parse(text) as { credentialSubject: { encodedList: string } };
  file.credentialSubject.encodedList = await encodeBitstringStatusList(new Uint8Array(4), 2);
  return JSON.stringify(file);
}
