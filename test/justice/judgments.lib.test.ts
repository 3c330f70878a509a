import { createHash } from "node:crypto";

import { expect } from "chai";
import { concat, getBytes, id, keccak256, ZeroHash, type BaseContract } from "ethers";

import { ContractError } from "../../src/chain/decodeContractError.js";
import { commitCase } from "../../src/justice/evidence/commitCase.js";
import { annulJudgment } from "../../src/justice/judgments/annulJudgment.js";
import { commitJudgment } from "../../src/justice/judgments/commitJudgment.js";
import { decideAppeal } from "../../src/justice/judgments/decideAppeal.js";
import { findJudgments } from "../../src/justice/judgments/findJudgments.js";
import {
  checkJudgmentStatement,
  encodeJudgmentStatement,
  type JudgmentStatement,
} from "../../src/justice/judgments/judgmentStatement.js";
import { JUDGMENT_KINDS, JUDGMENT_OUTCOMES, JUDGMENT_STATUSES } from "../../src/justice/judgments/judgmentState.js";
import { judgmentStatus } from "../../src/justice/judgments/judgmentStatus.js";
import type { JudgmentToRegister } from "../../src/justice/judgments/judgmentToRegister.js";
import { lodgeAppeal } from "../../src/justice/judgments/lodgeAppeal.js";
import { readFate } from "../../src/justice/judgments/readFate.js";
import { readJudgmentHistory } from "../../src/justice/judgments/readJudgmentHistory.js";
import { rectifyJudgment } from "../../src/justice/judgments/rectifyJudgment.js";
import { registerJudgment } from "../../src/justice/judgments/registerJudgment.js";
import { setFinality } from "../../src/justice/judgments/setFinality.js";
import { withdrawAppeal } from "../../src/justice/judgments/withdrawAppeal.js";
import { JusticeError } from "../../src/justice/JusticeError.js";
import { rejection } from "../helpers/events.js";
import { CASE, judgment, judgmentFixture, KIND, NOTICE, OUTCOME, STATUS } from "../helpers/judgments.js";

const SALT = getBytes(id("salt"));
const STATEMENT: JudgmentStatement = {
  schema: "diwan.judgment.statement.v1",
  chainId: 31_337,
  registry: "0x00000000000000000000000000000000000000aa",
  caseId: "2026/1187",
  court: { body: 7, name: "Cour d’appel" },
  kind: "ORDER",
  decidedAt: 1_800_000_000,
  text: { algorithm: "sha-256", value: "ab".repeat(32) },
  ecli: "ECLI:NL:HR:2009:384425",
};
// Written by hand from RFC 8785: members by their UTF-16 units, no blanks.
const CANONICAL = [
  `{"caseId":"2026/1187","chainId":31337,"court":{"body":7,"name":"Cour d’appel"},"decidedAt":1800000000,`,
  `"ecli":"ECLI:NL:HR:2009:384425","kind":"ORDER","registry":"0x00000000000000000000000000000000000000aa",`,
  `"schema":"diwan.judgment.statement.v1","text":{"algorithm":"sha-256","value":"${"ab".repeat(32)}"}}`,
].join("");

async function fixture() {
  const f = await judgmentFixture();
  const { registry, parties, start, finalFrom } = f;
  const fromBlock = (await registry.deploymentTransaction()!.wait())!.blockNumber;
  const given = (name: string, other: Partial<JudgmentToRegister> = {}): JudgmentToRegister => ({
    commitment: judgment(name),
    caseCommitment: CASE,
    kind: "JUDGMENT",
    decidedAt: Number(start),
    finalFrom: Number(finalFrom),
    ...other,
  });
  const by = (name: keyof typeof parties) => registry.connect(parties[name].key);
  return { ...f, toRegister: given, by, fromBlock };
}

describe("Judgments, the client", () => {
  it("names statuses, outcomes and kinds in the contract's order", () => {
    expect(JUDGMENT_STATUSES.map((name) => STATUS[name])).to.deep.equal([0n, 1n, 2n, 3n, 4n, 5n, 6n]);
    expect(JUDGMENT_OUTCOMES.map((name) => OUTCOME[name])).to.deep.equal([0n, 1n, 2n, 3n, 4n, 5n]);
    expect(JUDGMENT_KINDS.map((name) => KIND[name])).to.deep.equal([0n, 1n, 2n, 3n, 4n]);
  });

  describe("commitJudgment", () => {
    it("binds the canonical statement under a salt", () => {
      expect(new TextDecoder().decode(encodeJudgmentStatement(STATEMENT))).to.equal(CANONICAL);
      const digest = `0x${createHash("sha256").update(CANONICAL).digest("hex")}`;
      const expected = keccak256(concat([id("diwan.justice.judgment.v1"), SALT, digest]));
      expect(commitJudgment(STATEMENT, SALT)).to.equal(expected);
      expect(commitJudgment({ ...STATEMENT, kind: "JUDGMENT" }, SALT)).not.to.equal(expected);
    });

    it("refuses what is no statement, without quoting it", () => {
      for (const [change, where] of [
        [{ schema: "diwan.evidence.statement.v1" }, "schema"],
        [{ ecli: "NL:HR:2009:384425" }, "ecli"],
        [{ caseId: "two\nlines" }, "caseId"],
        [{ text: { algorithm: "sha-512", value: "ab".repeat(32) } }, "text.value"],
        [{ text: { algorithm: "md5", value: "ab".repeat(16) } }, "text.algorithm"],
        [{ registry: "0xAA" }, "registry"],
        [{ upon: "0x12" }, "upon"],
        [{ judge: "somebody" }, "judge"],
      ] as const) {
        expect(() => checkJudgmentStatement({ ...STATEMENT, ...change }))
          .to.throw(JusticeError, where)
          .with.property("code", "JUDGMENT_MALFORMED");
      }
      expect(() => checkJudgmentStatement({ ...STATEMENT, caseId: "secret\n" })).not.to.throw(JusticeError, "secret");
      expect(() => commitJudgment(STATEMENT, new Uint8Array(32)))
        .to.throw(JusticeError)
        .with.property("code", "SALT_MALFORMED");
    });
  });

  it("takes a judgment through appeals to the top, and reads its fate at each block", async () => {
    const f = await fixture();
    const { registry, by, toRegister, fromBlock } = f;
    await registerJudgment(by("court"), toRegister("a"));
    const { blockNumber } = await lodgeAppeal(by("appeals"), judgment("a"), NOTICE);
    await decideAppeal(by("appeals"), judgment("a"), "REVERSED", toRegister("b"));
    await lodgeAppeal(by("supreme"), judgment("b"), NOTICE);
    await decideAppeal(by("supreme"), judgment("b"), "REVERSED", toRegister("c", { finalFrom: Number(f.start) }));

    const fate = await readFate(registry, judgment("a"));
    expect(fate.map(({ commitment, status, outcome }) => [commitment, status, outcome])).to.deep.equal([
      [judgment("a"), "FINAL", "REVERSED"],
      [judgment("b"), "REVERSED", "REVERSED"],
      [judgment("c"), "FINAL", "NONE"],
    ]);
    const then = await readFate(registry, judgment("a"), { blockTag: blockNumber });
    expect(then.map(({ status, appealCourt }) => [status, appealCourt])).to.deep.equal([
      ["UNDER_APPEAL", Number(f.parties.appeals.body)],
    ]);
    const history = await readJudgmentHistory(registry, judgment("b"), { fromBlock });
    expect(history.map(({ what, other, outcome }) => [what, other, outcome])).to.deep.equal([
      ["DECIDES_UPON", judgment("a"), "REVERSED"],
      ["REGISTERED", undefined, undefined],
      ["APPEAL_LODGED", NOTICE, undefined],
      ["DECIDED_UPON", judgment("c"), "REVERSED"],
    ]);
    expect(history[0]!.court).to.equal(Number(f.parties.appeals.body));
    const found = await findJudgments(registry, CASE, { fromBlock });
    expect(found).to.deep.equal(["a", "b", "c"].map(judgment));
    expect(await findJudgments(registry, commitCase("another", SALT), { fromBlock })).to.deep.equal([]);
  });

  it("rectifies, sets finality, withdraws and annuls", async () => {
    const f = await fixture();
    const { registry, by, toRegister, fromBlock } = f;
    const { finalFrom: left, ...open } = toRegister("a");
    expect(left).to.equal(Number(f.finalFrom));
    await registerJudgment(by("court"), open);
    expect((await judgmentStatus(registry, judgment("a"))).finalFrom).to.equal(undefined);
    await lodgeAppeal(by("appeals"), judgment("a"), NOTICE);
    await withdrawAppeal(by("appeals"), judgment("a"));
    await setFinality(by("court"), judgment("a"), Number(f.finalFrom));
    await f.mineAt(f.finalFrom);
    await rectifyJudgment(by("court"), judgment("a"), judgment("a2"), CASE);
    await annulJudgment(by("supreme"), judgment("a2"), toRegister("x", { kind: "ORDER" }));
    const fate = await readFate(registry, judgment("a"));
    expect(fate.map(({ status, kind }) => [status, kind])).to.deep.equal([
      ["SUPERSEDED", "JUDGMENT"],
      ["ANNULLED", "JUDGMENT"],
      ["FINAL", "ORDER"],
    ]);
    const history = await readJudgmentHistory(registry, judgment("a"), { fromBlock });
    expect(history.map(({ what, finalFrom }) => [what, finalFrom])).to.deep.equal([
      ["REGISTERED", undefined],
      ["APPEAL_LODGED", undefined],
      ["APPEAL_WITHDRAWN", undefined],
      ["FINALITY_SET", Number(f.finalFrom)],
      ["DECIDED_UPON", undefined],
    ]);
  });

  it("says what the contract refuses, in words", async () => {
    const f = await fixture();
    await registerJudgment(f.by("court"), f.toRegister("a"));
    const refused = await rejection(registerJudgment(f.by("court"), f.toRegister("a")));
    expect(refused).to.be.instanceOf(ContractError);
    expect((refused as ContractError).message).to.match(/was registered before/);
    const lost = f.registry.connect(null) as BaseContract as typeof f.registry;
    expect(await rejection(readFate(lost, judgment("a")))).to.have.property("code", "PROVIDER_MISSING");
  });

  it("tells of what was never registered that it is unknown", async () => {
    const { registry } = await fixture();
    const verdict = await judgmentStatus(registry, ZeroHash);
    expect([verdict.status, verdict.successor, verdict.governing, verdict.standing]).to.deep.equal([
      ...["UNKNOWN", undefined, undefined, "NONE"],
    ]);
  });
});
