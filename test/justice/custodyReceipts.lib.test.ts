import { createHash } from "node:crypto";

import { expect } from "chai";
import { id, N as ORDER_OF_CURVE, Signature, toBeHex, Wallet } from "ethers";

import {
  type CustodyReceipt,
  custodyReceiptDigest,
  decodeCustodyReceipt,
  encodeCustodyReceipt,
} from "../../src/justice/evidence/custodyReceipt.js";
import { depositExhibit } from "../../src/justice/evidence/depositExhibit.js";
import { carryHandOver, joinHandOver, signHandOver } from "../../src/justice/evidence/handOver.js";
import { makeCustodyReceipts } from "../../src/justice/evidence/makeCustodyReceipts.js";
import { acceptExhibit, offerExhibit, recallOffer, rejectExhibit } from "../../src/justice/evidence/offers.js";
import { readHandOver } from "../../src/justice/evidence/readHandOver.js";
import { readExhibit } from "../../src/justice/evidence/readExhibit.js";
import { type EvidenceStatement, STATEMENT_SCHEMA } from "../../src/justice/evidence/statement.js";
import { verifyCustodyReceipts } from "../../src/justice/evidence/verifyCustodyReceipts.js";
import { JusticeError } from "../../src/justice/JusticeError.js";
import { CASE, evidenceFixture, exhibit, type JusticeParty } from "../helpers/evidence.js";

const LATER = 4_000_000_000;
const KEYS = { police: new Wallet(toBeHex(11, 32)), archive: new Wallet(toBeHex(12, 32)) };

/** Of the registry of the fixture: a refusal, a hand-over by both signatures, one by an offer. */
async function fixture() {
  const f = await evidenceFixture();
  const bodyOf = (name: JusticeParty) => Number(f.parties[name].body);
  const by = (name: JusticeParty) => f.registry.connect(f.parties[name].key);
  const one = exhibit(1);
  await depositExhibit(f.registry, one, { tool: Number(f.tool), caseTag: CASE });
  await offerExhibit(f.registry, one, { to: bodyOf("laboratory"), until: LATER });
  await rejectExhibit(by("laboratory"), one, "MISMATCH");
  await offerExhibit(f.registry, one, { to: bodyOf("laboratory"), until: LATER });
  await recallOffer(f.registry, one);

  const [a, b] = [f.parties.police.key, f.parties.laboratory.key];
  const parties = { exhibit: one, from: a.address, to: b.address };
  const given = await signHandOver(f.registry, a, parties, { deadline: LATER });
  const joint = joinHandOver(given, await signHandOver(f.registry, b, parties, { deadline: LATER }));
  await carryHandOver(f.registry.connect(f.stranger), joint);
  await offerExhibit(by("laboratory"), one, { to: bodyOf("archive"), until: LATER });
  await acceptExhibit(by("archive"), one);

  const history = await readExhibit(f.registry, one, { fromBlock: 0 });
  const statement: EvidenceStatement = {
    schema: STATEMENT_SCHEMA,
    chainId: 31_337,
    registry: f.registryAddress.toLowerCase(),
    exhibitNumber: "A-1",
    digests: [{ algorithm: "sha-256", value: "ab".repeat(32) }],
    size: 1,
    kind: "file",
    tool: { body: Number(f.tool), name: "capture", version: "1" },
    caseId: "2026/1187",
  };
  const receipts = makeCustodyReceipts(history, { handOvers: [joint], statement });
  return { ...f, bodyOf, history, joint, receipts, statement };
}

/** Follows a changed receipt with digests that fit again, as one who forges would. */
function rechained(receipts: readonly CustodyReceipt[], at: number, change: Partial<CustodyReceipt>): CustodyReceipt[] {
  const forged = receipts.map((receipt) => ({ ...receipt }));
  Object.assign(forged[at]!, change);
  for (let i = at + 1; i < forged.length; i++) forged[i]!.previous = custodyReceiptDigest(forged[i - 1]!);
  return forged;
}

const codes = (receipts: readonly CustodyReceipt[], expected?: Parameters<typeof verifyCustodyReceipts>[1]) =>
  verifyCustodyReceipts(receipts, expected).problems.map(({ receipt, code }) => [receipt, code]);

describe("Custody receipts", () => {
  it("are made of all hand-overs, done and refused, and name the one before", async () => {
    const { history, receipts, joint, bodyOf } = await fixture();
    const [refused, signed, accepted] = receipts as [CustodyReceipt, CustodyReceipt, CustodyReceipt];
    expect(receipts).to.have.lengthOf(3);
    const at = (what: string) => history.events.filter((event) => event.what === what).map(({ time }) => time);
    const bodies = receipts.map(({ from, to, hop }) => [from, to, hop]);
    expect(bodies).to.deep.equal([
      [bodyOf("police"), bodyOf("laboratory"), 0],
      [bodyOf("police"), bodyOf("laboratory"), 0],
      [bodyOf("laboratory"), bodyOf("archive"), 1],
    ]);
    const [firstOffer, , lastOffer] = at("OFFERED");
    expect(refused).to.include({ outcome: "REJECTED", reason: "MISMATCH", sentAt: firstOffer, exhibitNumber: "A-1" });
    expect(refused.rejectedAt).to.equal(at("REJECTED")[0]);
    expect(refused).not.to.have.any.keys("previous", "acceptedAt", "signatures");
    // The offer that was recalled is not when this was sent.
    expect(signed).to.include({ outcome: "ACCEPTED", sentAt: signed.acceptedAt, acceptedAt: at("HANDED_OVER")[0] });
    expect(signed.signatures).to.include({ fromSignature: joint.fromSignature, toSignature: joint.toSignature });
    expect(accepted).to.include({ outcome: "ACCEPTED", sentAt: lastOffer, acceptedAt: at("HANDED_OVER")[1] });
    expect(accepted.signatures).to.equal(undefined);
    for (const [i, { previous }] of receipts.entries()) {
      if (i === 0) continue;
      const digest = createHash("sha256")
        .update(encodeCustodyReceipt(receipts[i - 1]!))
        .digest("hex");
      expect(previous).to.equal(digest);
    }
  });

  it("take the signatures out of the transaction that carried them", async () => {
    const { registry, history, joint, stranger } = await fixture();
    const passed = history.events.filter(({ what }) => what === "HANDED_OVER");
    const found = await Promise.all(passed.map((event) => readHandOver(registry, event)));
    expect(found).to.deep.equal([joint, undefined]);
    // One that went elsewhere, and one that never was.
    const elsewhere = await stranger.sendTransaction({ to: stranger.address });
    for (const transaction of [elsewhere.hash, id("no transaction")]) {
      expect(await readHandOver(registry, { transaction, hop: 0 })).to.equal(undefined);
    }
  });

  it("say nothing that the chain hides, unless the statement is given", async () => {
    const { history, joint } = await fixture();
    for (const receipt of makeCustodyReceipts(history, { handOvers: [joint] })) {
      expect(receipt).not.to.have.any.keys("digests", "exhibitNumber");
    }
    const foreign = { ...joint, message: { ...joint.message, exhibit: exhibit(2) } };
    const lapsed = { ...joint, message: { ...joint.message, deadline: 1 } };
    const elsewhere = { ...joint, chainId: 1 };
    const receipts = makeCustodyReceipts(history, { handOvers: [foreign, lapsed, elsewhere] });
    expect(receipts.map(({ signatures }) => signatures)).to.deep.equal([undefined, undefined, undefined]);
  });

  it("are verified by themselves, and say what they do not prove", async () => {
    const { receipts, bodyOf } = await fixture();
    const report = verifyCustodyReceipts(receipts);
    expect(report).to.deep.include({ isValid: true, holder: bodyOf("archive"), hop: 2, signed: 1, problems: [] });
    expect(report.notProved).to.deep.equal(["RECORDED", "KEYS_OF_BODIES", "COMPLETE", "CONSENT", "PHYSICAL"]);
    const { exhibit: commitment } = receipts[0]!;
    const known = { commitment, depositor: bodyOf("police"), custodian: bodyOf("archive"), hop: 2 };
    expect(verifyCustodyReceipts(receipts, known)).to.include({ isValid: true });
    expect(verifyCustodyReceipts(receipts, known).notProved).not.to.include("COMPLETE");
    expect(verifyCustodyReceipts([])).to.include({ isValid: true, holder: undefined, hop: 0 });
    expect(verifyCustodyReceipts([], { depositor: 5, custodian: 5, hop: 0 })).to.include({ isValid: true, holder: 5 });
    expect(codes([], { hop: 1 })).to.deep.equal([[undefined, "UNEXPECTED_END"]]);
  });

  it("lose their chain with each member that is changed", async () => {
    const { receipts } = await fixture();
    const changes: Partial<CustodyReceipt>[] = [
      { from: 999 },
      { to: 999 },
      { sentAt: receipts[0]!.sentAt - 1 },
      { rejectedAt: receipts[0]!.rejectedAt! + 1 },
      { reason: "DAMAGED" },
      { transaction: id("another") },
      { block: 1 },
      { exhibitNumber: "A-2" },
      { digests: [{ algorithm: "sha-256", value: "ba".repeat(32) }] },
    ];
    for (const change of changes) {
      const forged = [{ ...receipts[0]!, ...change }, receipts[1]!, receipts[2]!];
      expect(codes(forged), JSON.stringify(change)).to.deep.include([1, "CHAIN_BROKEN"]);
    }
    expect(codes([receipts[1]!, receipts[2]!])).to.deep.include([0, "CHAIN_BROKEN"]);
    expect(codes([receipts[0]!, receipts[2]!])).to.deep.include([1, "CHAIN_BROKEN"]);
    expect(codes([receipts[0]!, receipts[2]!, receipts[1]!])).to.deep.include([1, "CHAIN_BROKEN"]);
  });

  it("show a forger who makes the digests fit again", async () => {
    const { receipts, bodyOf } = await fixture();
    const [, signed] = receipts as [CustodyReceipt, CustodyReceipt];
    expect(codes(rechained(receipts, 0, { from: 999 }), { depositor: bodyOf("police") })).to.deep.include([
      0,
      "UNEXPECTED_START",
    ]);
    expect(codes(rechained(receipts, 1, { to: 999 }))).to.deep.equal([[2, "CUSTODIAN_BROKEN"]]);
    expect(codes(rechained(receipts, 2, { to: signed.to }))).to.deep.include([2, "CUSTODIAN_BROKEN"]);
    expect(codes(rechained(receipts, 2, { hop: 5 }))).to.deep.equal([[2, "CUSTODIAN_BROKEN"]]);
    expect(codes(rechained(receipts, 2, { sentAt: 1 }))).to.deep.equal([[2, "TIME_REVERSED"]]);
    expect(codes(rechained(receipts, 2, { acceptedAt: 1 }))).to.deep.equal([[2, "TIME_REVERSED"]]);
    expect(codes(rechained(receipts, 1, { chainId: 1 }))).to.deep.include([1, "ANOTHER_EXHIBIT"]);
    const registry = KEYS.archive.address.toLowerCase();
    expect(codes(rechained(receipts, 2, { registry }))).to.deep.equal([[2, "ANOTHER_EXHIBIT"]]);
    expect(codes(rechained(receipts, 1, { hop: 1 }))).to.deep.include([1, "SIGNATURE_INVALID"]);
    expect(codes(receipts, { commitment: exhibit(2) })).to.deep.include([0, "ANOTHER_EXHIBIT"]);
    expect(codes(receipts, { custodian: 999 })).to.deep.equal([[undefined, "UNEXPECTED_END"]]);
    // Without its end the list still holds: only who knows the hop sees it.
    expect(codes(receipts.slice(0, 2))).to.deep.equal([]);
    expect(codes(receipts.slice(0, 2), { hop: 2 })).to.deep.equal([[undefined, "UNEXPECTED_END"]]);
    expect(codes([{ ...receipts[0]!, strange: 1 } as CustodyReceipt])).to.deep.equal([[0, "MALFORMED"]]);
  });

  it("refuse signatures that are foreign, swapped, late or malleable", async () => {
    const { receipts } = await fixture();
    const { signatures } = receipts[1]!;
    const sig = Signature.from(signatures!.fromSignature);
    const highS = toBeHex(ORDER_OF_CURVE - BigInt(sig.s), 32);
    const malleable = `${sig.r}${highS.slice(2)}${sig.v === 27 ? "1c" : "1b"}`;
    const stranger = await KEYS.police.signMessage("something else");
    const cases: [Partial<typeof signatures & object>, string[]][] = [
      [{ fromSignature: signatures!.toSignature }, ["SIGNATURE_INVALID"]],
      [{ toSignature: stranger }, ["SIGNATURE_INVALID"]],
      [{ fromSignature: malleable }, ["SIGNATURE_INVALID"]],
      [{ fromSignature: "0x" }, ["SIGNATURE_INVALID"]],
      [{ from: KEYS.archive.address.toLowerCase() }, ["SIGNATURE_INVALID", "SIGNATURE_INVALID"]],
      [{ deadline: 1 }, ["SIGNATURE_INVALID", "SIGNATURE_INVALID", "SIGNATURE_LATE"]],
    ];
    for (const [change, expected] of cases) {
      const forged = rechained(receipts, 1, { signatures: { ...signatures!, ...change } });
      const found = verifyCustodyReceipts(forged);
      expect(found.problems.map(({ receipt, code }) => [receipt, code])).to.deep.equal(
        expected.map((code) => [1, code]),
      );
      expect(found.signed).to.equal(0);
    }
    const late = receipts[1]!.acceptedAt!;
    expect(late).to.be.below(signatures!.deadline);
  });

  it("are read to the letter, in canonical form alone", async () => {
    const { receipts } = await fixture();
    for (const receipt of receipts) {
      expect(decodeCustodyReceipt(encodeCustodyReceipt(receipt))).to.deep.equal(receipt);
    }
    const text = new TextDecoder().decode(encodeCustodyReceipt(receipts[1]!));
    const bad: [string, RegExp][] = [
      [`${text} `, /canonical/],
      [text.replace('"block":', '"block": '), /canonical/],
      [text.replace("{", '{"added":1,'), /strange member/],
      [text.replace('"ACCEPTED"', '"REJECTED"'), /rejectedAt is missing/],
      [text.replace('"outcome"', '"reason":"OTHER","outcome"'), /reason is there/],
      [text.replace('"number":1', '"number":0'), /previous/],
      [text.replace("RFC 8785", "none"), /canonicalisation/],
      ["{", /no JSON/],
      [`{"a":"${"a".repeat(20_000)}"}`, /16384/],
    ];
    for (const [changed, message] of bad) {
      expect(() => decodeCustodyReceipt(new TextEncoder().encode(changed)))
        .to.throw(JusticeError, message)
        .with.property("code", "CUSTODY_RECEIPT_MALFORMED");
    }
    expect(() => decodeCustodyReceipt(Uint8Array.of(0xff))).to.throw(JusticeError);
  });
});
