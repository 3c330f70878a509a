import { expect } from "chai";
import {
  AbiCoder,
  id,
  toBeHex,
  ZeroHash,
  type ContractTransactionReceipt,
  type Filter,
  type Log,
  type Provider,
} from "ethers";

import { ContractError } from "../../src/chain/decodeContractError.js";
import { coAttest, isCoAttested, signCoAttestation } from "../../src/justice/evidence/coAttestation.js";
import { depositBatch } from "../../src/justice/evidence/depositBatch.js";
import { depositExhibit } from "../../src/justice/evidence/depositExhibit.js";
import { depositMany } from "../../src/justice/evidence/depositMany.js";
import { destroyExhibit, signDestruction } from "../../src/justice/evidence/destruction.js";
import { batchIdOf, exhibitMembersOf } from "../../src/justice/evidence/exhibitMember.js";
import { EXHIBIT_ACTIONS, EXHIBIT_REFUSALS, EXHIBIT_STATES } from "../../src/justice/evidence/exhibitState.js";
import { exhibitStatus, memberStatus } from "../../src/justice/evidence/exhibitStatus.js";
import { findExhibits } from "../../src/justice/evidence/findExhibits.js";
import { carryHandOver, joinHandOver, signHandOver } from "../../src/justice/evidence/handOver.js";
import { EXHIBIT_ACTION_LABELS, nextActions } from "../../src/justice/evidence/nextActions.js";
import { acceptExhibit, offerExhibit, offerOf, recallOffer, rejectExhibit } from "../../src/justice/evidence/offers.js";
import {
  admitExhibit,
  challengeExhibit,
  excludeExhibit,
  holdExhibit,
  releaseFromHold,
  rebutExhibit,
  returnExhibit,
  sealExhibit,
  tenderExhibit,
  unsealExhibit,
} from "../../src/justice/evidence/proceedings.js";
import { type ExhibitEvent, readExhibit } from "../../src/justice/evidence/readExhibit.js";
import { singleOut } from "../../src/justice/evidence/singleOut.js";
import { JusticeError } from "../../src/justice/JusticeError.js";
import { LogTree } from "../../src/ledger/LogTree.js";
import { readLog } from "../../src/ledger/readLog.js";
import type { EvidenceRegistry } from "../../src/typechain/contracts/justice/EvidenceRegistry.js";
import {
  ACTION,
  CASE,
  evidenceFixture,
  exhibit,
  exhibits,
  type JusticeParty,
  REFUSAL,
  STATE,
} from "../helpers/evidence.js";
import { rejection } from "../helpers/events.js";

const LATER = 4_000_000_000;
const [GROUNDS, ANSWER, DECISION] = [id("grounds"), id("answer"), id("decision")];

/** An event, but for some of its members. */
function without(event: ExhibitEvent, ...names: (keyof ExhibitEvent)[]) {
  return Object.fromEntries(Object.entries(event).filter(([name]) => !(names as string[]).includes(name)));
}

/** A registry whose node changes its answers about events, or leaves some out. */
function withNode(registry: EvidenceRegistry, change: (log: Log) => Log | undefined): EvidenceRegistry {
  const node = registry.runner!.provider!;
  const getLogs = async (filter: Filter) => (await node.getLogs(filter)).map(change).filter((log) => log !== undefined);
  const forged: Provider = new Proxy(node, {
    get: (target, name) => {
      if (name === "provider") return forged;
      if (name === "getLogs") return getLogs;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? (member.bind(target) as unknown) : member;
    },
  });
  return registry.connect(forged);
}

async function fixture() {
  const f = await evidenceFixture();
  const terms = { tool: Number(f.tool), caseTag: CASE };
  const bodyOf = (name: JusticeParty) => Number(f.parties[name].body);
  const by = (name: JusticeParty) => f.registry.connect(f.parties[name].key);
  const fromBlock = 0;
  /** Two parties sign that an exhibit passes between them. */
  const joint = async (from: JusticeParty, to: JusticeParty, commitment = exhibit(1)) => {
    const [a, b] = [f.parties[from].key, f.parties[to].key];
    const parties = { exhibit: commitment, from: a.address, to: b.address };
    const given = await signHandOver(f.registry, a, parties, { deadline: LATER });
    return joinHandOver(given, await signHandOver(f.registry, b, parties, { deadline: LATER }));
  };
  const refused = async (sent: Promise<ContractTransactionReceipt>) => {
    const error = await rejection(sent);
    expect(error).to.be.instanceOf(ContractError);
    return (error as ContractError).code;
  };
  const code = async (promise: Promise<unknown>) => {
    const error = await rejection(promise);
    expect(error).to.be.instanceOf(JusticeError);
    return (error as JusticeError).code;
  };
  return { ...f, terms, bodyOf, by, fromBlock, joint, refused, codeOf: code };
}

describe("Exhibits, the client", () => {
  it("names states, actions and refusals in the contract's order", () => {
    expect(EXHIBIT_STATES.map((name) => STATE[name])).to.deep.equal([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n]);
    expect(EXHIBIT_ACTIONS.map((name) => ACTION[name])).to.deep.equal(EXHIBIT_ACTIONS.map((_, i) => BigInt(i)));
    expect(EXHIBIT_REFUSALS.map((name) => REFUSAL[name])).to.deep.equal([0n, 1n, 2n, 3n, 4n, 5n]);
  });

  describe("deposits", () => {
    it("deposits one, and tells how it stands", async () => {
      const f = await fixture();
      expect(await exhibitStatus(f.registry, exhibit(1))).to.include({
        state: "UNKNOWN",
        depositor: 0,
        standing: "NONE",
      });
      const { blockNumber } = await depositExhibit(f.registry, exhibit(1), f.terms);
      const { timestamp } = (await f.ethers.provider.getBlock(blockNumber))!;
      expect(await exhibitStatus(f.registry, exhibit(1))).to.deep.equal({
        ...{ state: "DEPOSITED", isSealed: false, isHeld: false },
        ...{ depositor: f.bodyOf("police"), key: 1, tool: f.terms.tool, depositedAt: timestamp },
        ...{ custodian: f.bodyOf("police"), court: undefined, hop: 0 },
        ...{ standing: "IN_FORCE", standingNow: "IN_FORCE", toolStanding: "IN_FORCE", toolStandingNow: "IN_FORCE" },
      });
      const before = await exhibitStatus(f.registry, exhibit(1), { blockTag: blockNumber - 1 });
      expect(before.state).to.equal("UNKNOWN");
      expect(await f.refused(depositExhibit(f.registry, exhibit(1), f.terms))).to.equal("ExhibitExists");
      expect(await f.refused(depositExhibit(f.by("court"), exhibit(2), f.terms))).to.equal("NotAccredited");
      const tool = { ...f.terms, tool: f.bodyOf("court") };
      expect(await f.refused(depositExhibit(f.registry, exhibit(2), tool))).to.equal("CaptureToolNotAccredited");
    });

    it("deposits many in the log, each with a proof that the registry takes, and singles one out", async () => {
      const f = await fixture();
      const tree = new LogTree();
      await depositMany(f.registry, tree, exhibits(5), f.terms);
      const { id: batch, members, root } = await depositMany(f.registry, tree, exhibits(6, 5), f.terms);
      expect(members.map(({ place }) => place.index)).to.deep.equal([5, 6, 7, 8, 9, 10]);
      expect(batch).to.equal(await f.registry.batchIdOf(f.parties.police.body, true, root, 11));
      for (const member of members) {
        const { state, depositor } = await memberStatus(f.registry, member);
        expect([state, depositor]).to.deep.equal(["DEPOSITED", f.bodyOf("police")]);
      }
      const wrong = { ...members[0]!, commitment: exhibit(99) };
      expect(((await rejection(memberStatus(f.registry, wrong))) as ContractError).code).to.equal("ExhibitNotMember");
      expect(await f.refused(singleOut(f.registry, wrong))).to.equal("ExhibitNotMember");
      expect(await f.refused(singleOut(f.by("archive"), members[0]!))).to.equal("KeyOfAnotherBody");
      await singleOut(f.registry, members[3]!);
      expect((await exhibitStatus(f.registry, exhibit(8))).state).to.equal("DEPOSITED");
      expect(await f.refused(singleOut(f.registry, members[3]!))).to.equal("ExhibitExists");
      await sealExhibit(f.registry, exhibit(8));
      expect(await memberStatus(f.registry, members[3]!)).to.include({ isSealed: true });
    });

    it("says when the tree is out of step with the log, and goes on with the log read anew", async () => {
      const f = await fixture();
      const tree = new LogTree();
      await f.registry.depositMany(f.tool, exhibits(2), CASE);
      expect(await f.codeOf(depositMany(f.registry, tree, exhibits(2, 2), f.terms))).to.equal("LOG_OUT_OF_STEP");
      expect(tree.size).to.equal(0);
      const other = new LogTree();
      for (let i = 0; i < 4; i++) other.append(new Uint8Array(32));
      expect(await f.codeOf(depositMany(f.registry, other, [exhibit(4)], f.terms))).to.equal("LOG_OUT_OF_STEP");

      const log = toBeHex(f.bodyOf("police"), 32);
      const read = await readLog(f.ethers.provider, f.registryAddress, log, { fromBlock: f.fromBlock });
      const at = { depositor: f.bodyOf("police"), inLog: true, size: 4 };
      const [member] = exhibitMembersOf(read, at, exhibits(2, 2));
      expect((await memberStatus(f.registry, member!)).state).to.equal("DEPOSITED");
      const { members } = await depositMany(f.registry, read, [exhibit(5)], f.terms);
      expect(members[0]!.place).to.include({ index: 5, size: 6 });
    });

    it("deposits a batch under a root, which witnesses co-attest", async () => {
      const f = await fixture();
      const { id: batch, members } = await depositBatch(f.registry, exhibits(9), f.terms);
      expect(batchIdOf(members[0]!.place)).to.equal(batch);
      expect(Number((await f.registry.depositOf(batch)).depositedAt)).to.be.above(0);
      for (const member of members) expect((await memberStatus(f.registry, member)).tool).to.equal(f.terms.tool);
      const again = rejection(depositBatch(f.registry, exhibits(9), f.terms));
      expect(((await again) as ContractError).code).to.equal("ExhibitBatchExists");
      const what = { subject: batch, role: "notary" } as const;
      const signed = await signCoAttestation(f.registry, f.parties.notary.key, what, { deadline: LATER });
      await coAttest(f.registry.connect(f.stranger), [signed]);
      expect(await isCoAttested(f.registry, batch, [f.bodyOf("notary")], 1)).to.equal(true);
    });
  });

  describe("custody", () => {
    it("passes by an offer, after one that was recalled and one that was refused", async () => {
      const f = await fixture();
      await depositExhibit(f.registry, exhibit(1), f.terms);
      const offer = { to: f.bodyOf("laboratory"), until: LATER };
      expect(await offerOf(f.registry, exhibit(1))).to.equal(undefined);
      await offerExhibit(f.registry, exhibit(1), offer);
      expect(await offerOf(f.registry, exhibit(1))).to.deep.equal(offer);
      await recallOffer(f.registry, exhibit(1));
      expect(await f.refused(recallOffer(f.registry, exhibit(1)))).to.equal("OfferMissing");
      await offerExhibit(f.registry, exhibit(1), offer);
      await rejectExhibit(f.by("laboratory"), exhibit(1), "SEAL_BROKEN");
      expect(await offerOf(f.registry, exhibit(1))).to.equal(undefined);
      expect(await f.refused(acceptExhibit(f.by("laboratory"), exhibit(1)))).to.equal("OfferMissing");
      await offerExhibit(f.registry, exhibit(1), offer);
      expect(await f.refused(acceptExhibit(f.by("archive"), exhibit(1)))).to.equal("OfferMissing");
      await acceptExhibit(f.by("laboratory"), exhibit(1));
      expect(await exhibitStatus(f.registry, exhibit(1))).to.include({ custodian: f.bodyOf("laboratory"), hop: 1 });
      // The slot still holds the offer, which custody has outrun.
      expect((await f.registry.currentOfferOf(exhibit(1))).to).to.equal(f.parties.laboratory.body);
      expect(await offerOf(f.registry, exhibit(1))).to.equal(undefined);
      expect(await f.refused(offerExhibit(f.registry, exhibit(1), offer))).to.equal("KeyOfAnotherBody");
      const own = offerExhibit(f.by("laboratory"), exhibit(1), offer);
      expect(await f.refused(own)).to.equal("CustodianIsSame");
    });

    it("passes by both signatures, which a stranger carries, and by none of them twice", async () => {
      const f = await fixture();
      await depositExhibit(f.registry, exhibit(1), f.terms);
      const joint = await f.joint("police", "laboratory");
      expect(joint.message.hop).to.equal(0);
      await carryHandOver(f.registry.connect(f.stranger), joint);
      expect(await exhibitStatus(f.registry, exhibit(1))).to.include({ custodian: f.bodyOf("laboratory"), hop: 1 });
      expect(await f.refused(carryHandOver(f.registry, joint))).to.equal("SignatureInvalid");
      await carryHandOver(f.registry, await f.joint("laboratory", "archive"));
      expect((await exhibitStatus(f.registry, exhibit(1))).custodian).to.equal(f.bodyOf("archive"));
    });

    it("does not join what the parties did not sign alike, nor carry it elsewhere", async () => {
      const f = await fixture();
      await depositExhibit(f.registry, exhibit(1), f.terms);
      const [a, b] = [f.parties.police.key, f.parties.laboratory.key];
      const parties = { exhibit: exhibit(1), from: a.address, to: b.address };
      const given = await signHandOver(f.registry, a, parties, { deadline: LATER, hop: 0 });
      const taken = await signHandOver(f.registry, b, parties, { deadline: LATER - 1, hop: 1 });
      const error = (() => {
        try {
          return joinHandOver(given, taken);
        } catch (thrown) {
          return thrown;
        }
      })();
      expect(error).to.be.instanceOf(JusticeError).with.property("code", "HAND_OVER_MISMATCH");
      expect((error as JusticeError).message).to.match(/hop, deadline$/);
      const abroad = { ...given, chainId: 1 };
      expect(() => joinHandOver(given, abroad)).to.throw(JusticeError, /registry$/);
      const joint = await f.joint("police", "laboratory");
      expect(await f.codeOf(carryHandOver(f.registry, { ...joint, chainId: 1 }))).to.equal("SIGNED_ELSEWHERE");
      const other = { ...joint, registry: f.parties.police.key.address };
      expect(await f.codeOf(carryHandOver(f.registry, other))).to.equal("SIGNED_ELSEWHERE");
      const swapped = { ...joint, fromSignature: joint.toSignature };
      expect(await f.refused(carryHandOver(f.registry, swapped))).to.equal("SignatureInvalid");
    });
  });

  describe("witnesses", () => {
    it("co-attest an exhibit, k of n, in whatever order they are named", async () => {
      const f = await fixture();
      await depositExhibit(f.registry, exhibit(1), f.terms);
      const sign = (party: JusticeParty, role: "notary" | "certification-authority" | "forensic-centre", n = 1) =>
        signCoAttestation(f.registry, f.parties[party].key, { subject: exhibit(n), role }, { deadline: LATER });
      const signed = [await sign("notary", "notary"), await sign("laboratory", "forensic-centre")];
      await coAttest(f.registry.connect(f.stranger), signed);
      const bodies = [f.bodyOf("certifier"), f.bodyOf("notary"), f.bodyOf("laboratory"), f.bodyOf("notary")];
      expect(await isCoAttested(f.registry, exhibit(1), bodies, 2)).to.equal(true);
      expect(await isCoAttested(f.registry, exhibit(1), bodies, 3)).to.equal(false);
      expect(await f.refused(coAttest(f.registry, signed))).to.equal("WitnessNotIndependent");
      expect(await f.refused(coAttest(f.registry, []))).to.equal("WitnessesMissing");
      const mixed = [await sign("certifier", "certification-authority"), await sign("notary", "notary", 2)];
      expect(await f.codeOf(coAttest(f.registry, mixed))).to.equal("SIGNED_ELSEWHERE");
      const abroad = [{ ...mixed[0]!, chainId: 1 }];
      expect(await f.codeOf(coAttest(f.registry, abroad))).to.equal("SIGNED_ELSEWHERE");
      expect(await f.refused(coAttest(f.registry, [await sign("notary", "forensic-centre")]))).to.equal(
        "NotAccredited",
      );
    });

    it("see an exhibit destroyed, two of different bodies, of the same exhibit and order", async () => {
      const f = await fixture();
      await depositExhibit(f.registry, exhibit(1), f.terms);
      const sign = (party: "notary" | "certifier", order = DECISION) => {
        const role = party === "notary" ? "notary" : "certification-authority";
        const what = { exhibit: exhibit(1), order, role } as const;
        return signDestruction(f.registry, f.parties[party].key, what, { deadline: LATER });
      };
      const [a, b] = [await sign("notary"), await sign("certifier")];
      const differ = destroyExhibit(f.registry, [a, await sign("certifier", GROUNDS)]);
      expect(await f.codeOf(differ)).to.equal("SIGNED_ELSEWHERE");
      expect(await f.codeOf(destroyExhibit(f.registry, [{ ...a, chainId: 1 }, b]))).to.equal("SIGNED_ELSEWHERE");
      expect(await f.refused(destroyExhibit(f.registry, [a, a]))).to.equal("WitnessNotIndependent");
      await destroyExhibit(f.registry, [a, b]);
      expect((await exhibitStatus(f.registry, exhibit(1))).state).to.equal("DESTROYED");
      expect(await nextActions(f.registry, exhibit(1))).to.deep.equal([]);
    });
  });

  describe("proceedings", () => {
    it("go from tender to return, with every step told as the next before it is taken", async () => {
      const f = await fixture();
      await depositExhibit(f.registry, exhibit(1), f.terms);
      const [police, court] = [f.registry, f.by("court")];
      const [one, courtBody] = [exhibit(1), f.bodyOf("court")];
      const take = async (action: string, sent: () => Promise<unknown>, state: string) => {
        expect((await nextActions(police, one)).map((next) => next.action)).to.include(action);
        await sent();
        expect((await exhibitStatus(police, one)).state).to.equal(state);
      };
      await take("SEAL", () => sealExhibit(police, one), "DEPOSITED");
      await take("UNSEAL", () => unsealExhibit(court, one, DECISION), "DEPOSITED");
      await take("TENDER", () => tenderExhibit(police, one, courtBody), "TENDERED");
      await take("CHALLENGE", () => challengeExhibit(f.by("opponent"), one, GROUNDS), "CHALLENGED");
      await take("REBUT", () => rebutExhibit(f.by("advocate"), one, ANSWER, "ADVOCATE"), "REBUTTED");
      await take("CHALLENGE", () => challengeExhibit(f.by("opponent"), one, GROUNDS), "CHALLENGED");
      await take("REBUT", () => rebutExhibit(police, one, ANSWER, "CUSTODIAN"), "REBUTTED");
      await take("ADMIT", () => admitExhibit(court, one, DECISION), "ADMITTED");
      await take("HOLD", () => holdExhibit(court, one, DECISION), "ADMITTED");
      expect(await f.refused(returnExhibit(police, one, DECISION))).to.equal("ExhibitHoldRefuses");
      await take("LIFT_HOLD", () => releaseFromHold(court, one, DECISION), "ADMITTED");
      await take("EXCLUDE", () => excludeExhibit(court, one, DECISION), "EXCLUDED");
      await take("RETURN", () => returnExhibit(police, one, DECISION), "RETURNED");

      expect(await f.refused(sealExhibit(police, one))).to.equal("ExhibitStateRefuses");
      await depositExhibit(police, exhibit(2), f.terms);
      await tenderExhibit(police, exhibit(2), courtBody);
      expect(await f.refused(admitExhibit(f.by("otherCourt"), exhibit(2), DECISION))).to.equal("CourtNotInCharge");
      expect(await f.refused(admitExhibit(court, exhibit(2), ZeroHash))).to.equal("GroundsMissing");
      expect(await f.refused(rebutExhibit(police, exhibit(2), ANSWER, "ADVOCATE"))).to.equal("ExhibitStateRefuses");
    });

    it("tell who may do what, in words of two languages", async () => {
      const f = await fixture();
      await depositExhibit(f.registry, exhibit(1), f.terms);
      await tenderExhibit(f.registry, exhibit(1), f.bodyOf("court"));
      const steps = await nextActions(f.registry, exhibit(1));
      expect(steps.map(({ action, role, body }) => [action, role, body])).to.deep.equal([
        ["HAND_OVER", "custodian", f.bodyOf("police")],
        ["SEAL", "custodian", f.bodyOf("police")],
        ["CHALLENGE", "advocate", undefined],
        ["ADMIT", "court", f.bodyOf("court")],
        ["EXCLUDE", "court", f.bodyOf("court")],
        ["HOLD", "court", f.bodyOf("court")],
      ]);
      expect(steps[3]!.label).to.deep.equal(EXHIBIT_ACTION_LABELS.ADMIT);
      expect(Object.keys(EXHIBIT_ACTION_LABELS)).to.deep.equal([...EXHIBIT_ACTIONS]);
      const labels = Object.values(EXHIBIT_ACTION_LABELS);
      expect(new Set(labels.map(({ en }) => en)).size).to.equal(EXHIBIT_ACTIONS.length);
      expect(new Set(labels.map(({ ar }) => ar)).size).to.equal(EXHIBIT_ACTIONS.length);
      for (const { en, ar } of labels) {
        expect(en).to.match(/^[A-Z][a-z ]+$/);
        expect(ar).to.match(/^[\u0600-\u06ff ]+$/);
      }
    });
  });

  describe("histories", () => {
    it("tell of an exhibit all that happened, with bodies, keys, times and grounds", async () => {
      const f = await fixture();
      const one = exhibit(1);
      await depositExhibit(f.registry, one, f.terms);
      await depositExhibit(f.registry, exhibit(2), f.terms);
      const what = { subject: one, role: "notary" } as const;
      await coAttest(f.registry, [
        await signCoAttestation(f.registry, f.parties.notary.key, what, { deadline: LATER }),
      ]);
      const lab = f.bodyOf("laboratory");
      await offerExhibit(f.registry, one, { to: lab, until: LATER });
      await rejectExhibit(f.by("laboratory"), one, "DAMAGED");
      await carryHandOver(f.registry, await f.joint("police", "laboratory"));
      await tenderExhibit(f.by("laboratory"), one, f.bodyOf("court"));
      await challengeExhibit(f.by("opponent"), one, GROUNDS);
      await rebutExhibit(f.by("advocate"), one, ANSWER, "ADVOCATE");
      const last = await admitExhibit(f.by("court"), one, DECISION);

      const history = await readExhibit(f.registry, one, { fromBlock: f.fromBlock });
      expect(history).to.include({
        commitment: one,
        chainId: 31_337,
        registry: f.registryAddress,
        caseTag: CASE,
        key: 1,
      });
      expect(history.batch).to.equal(undefined);
      const [police, court] = [f.bodyOf("police"), f.bodyOf("court")];
      const told = history.events.map((event) => without(event, "block", "time", "transaction"));
      expect(told).to.deep.equal([
        { what: "DEPOSITED", hop: 0, body: police, key: 1 },
        { what: "WITNESSED", hop: 0, body: f.bodyOf("notary"), key: 1, role: "notary", isOfBatch: false },
        { what: "OFFERED", hop: 0, body: police, to: lab, until: LATER },
        { what: "REJECTED", hop: 0, body: lab, key: 1, from: police, to: lab, refusal: "DAMAGED" },
        { what: "HANDED_OVER", hop: 0, body: lab, key: 1, from: police, to: lab },
        { what: "TENDERED", hop: 1, body: lab, to: court },
        { what: "CHALLENGED", hop: 1, body: f.bodyOf("opponent"), grounds: GROUNDS },
        { what: "REBUTTED", hop: 1, body: f.bodyOf("advocate"), grounds: ANSWER },
        { what: "ADMITTED", hop: 1, body: court, grounds: DECISION },
      ]);
      const { block, time, transaction } = history.events.at(-1)!;
      expect([block, transaction]).to.deep.equal([last.blockNumber, last.hash]);
      expect(time).to.equal((await f.ethers.provider.getBlock(block))!.timestamp);
      expect(history.events[0]!.time).to.equal(history.depositedAt);

      const earlier = await readExhibit(f.registry, one, { fromBlock: f.fromBlock, toBlock: block - 1 });
      expect(earlier.events).to.have.lengthOf(8);
      const late = { fromBlock: history.events[1]!.block };
      expect(await f.codeOf(readExhibit(f.registry, one, late))).to.equal("EVENT_MISSING");
      expect(await f.codeOf(readExhibit(f.registry, exhibit(9), { fromBlock: 0 }))).to.equal("EXHIBIT_UNKNOWN");
    });

    it("tell of every other act too", async () => {
      const f = await fixture();
      const [one, court] = [exhibit(1), f.by("court")];
      await depositExhibit(f.registry, one, f.terms);
      await offerExhibit(f.registry, one, { to: f.bodyOf("archive"), until: LATER });
      await recallOffer(f.registry, one);
      await sealExhibit(f.registry, one);
      await unsealExhibit(court, one, GROUNDS);
      await holdExhibit(court, one, ANSWER);
      await releaseFromHold(court, one, DECISION);
      await tenderExhibit(f.registry, one, f.bodyOf("court"));
      await excludeExhibit(court, one, DECISION);
      const role = { notary: "notary", certifier: "certification-authority" } as const;
      const seen = await Promise.all(
        (["notary", "certifier"] as const).map((name) => {
          const what = { exhibit: one, order: DECISION, role: role[name] };
          return signDestruction(f.registry, f.parties[name].key, what, { deadline: LATER });
        }),
      );
      await destroyExhibit(f.registry, [seen[0]!, seen[1]!]);
      const { events } = await readExhibit(f.registry, one, { fromBlock: f.fromBlock });
      const [police, body] = [f.bodyOf("police"), f.bodyOf("court")];
      const witnesses = [f.bodyOf("notary"), f.bodyOf("certifier")];
      expect(events.slice(2).map((event) => without(event, "block", "time", "transaction", "hop"))).to.deep.equal([
        { what: "RECALLED", body: police, to: f.bodyOf("archive") },
        { what: "SEALED", body: police },
        { what: "UNSEALED", body, grounds: GROUNDS },
        { what: "HELD", body, grounds: ANSWER },
        { what: "RELEASED", body, grounds: DECISION },
        { what: "TENDERED", body: police, to: body },
        { what: "EXCLUDED", body, grounds: DECISION },
        { what: "DESTROYED", body: police, grounds: DECISION, witnesses },
      ]);
      await depositExhibit(f.registry, exhibit(2), f.terms);
      await returnExhibit(f.registry, exhibit(2), DECISION);
      const other = await readExhibit(f.registry, exhibit(2), { fromBlock: f.fromBlock });
      expect(other.events.at(-1)).to.include({ what: "RETURNED", body: police, grounds: DECISION });
    });

    it("tell of one that was singled out from its batch's deposit on, in the log and under a root", async () => {
      const f = await fixture();
      await depositBatch(f.registry, exhibits(3, 50), f.terms);
      const logged = await depositMany(f.registry, new LogTree(), exhibits(4), { ...f.terms, caseTag: "0x00000001" });
      const rooted = await depositBatch(f.registry, exhibits(4, 10), { ...f.terms, caseTag: "0x00000002" });
      for (const [{ id: batch, members, receipt }, caseTag] of [
        [logged, "0x00000001"],
        [rooted, "0x00000002"],
      ] as const) {
        const what = { subject: batch, role: "notary" } as const;
        const signed = await signCoAttestation(f.registry, f.parties.notary.key, what, { deadline: LATER });
        await coAttest(f.registry, [signed]);
        await singleOut(f.registry, members[2]!);
        const history = await readExhibit(f.registry, members[2]!.commitment, { fromBlock: f.fromBlock });
        expect(history).to.deep.include({ caseTag, batch: { id: batch, index: 2 } });
        const told = history.events.map(({ what: name, isOfBatch }) => [name, isOfBatch]);
        expect(told).to.deep.equal([
          ["DEPOSITED", undefined],
          ["WITNESSED", true],
          ["SINGLED_OUT", undefined],
        ]);
        expect(history.events[0]!.transaction).to.equal(receipt.hash);
        expect(history.events[0]!.time).to.equal(history.depositedAt);
      }
    });

    it("are not told where a node leaves out a change of custody or entries of the log", async () => {
      const f = await fixture();
      await depositExhibit(f.registry, exhibit(1), f.terms);
      await carryHandOver(f.registry, await f.joint("police", "laboratory"));
      const tree = new LogTree();
      for (const count of [1, 2]) await depositMany(f.registry, tree, exhibits(count, 10 * count), f.terms);
      const { interface: abi } = f.registry;
      const isOf = (name: "CustodyChanged" | "EntriesAppended", { topics }: Log) =>
        topics[0] === abi.getEvent(name).topicHash;
      const reading = { fromBlock: f.fromBlock };

      const silent = withNode(f.registry, (log) => (isOf("CustodyChanged", log) ? undefined : log));
      expect(await f.codeOf(readExhibit(silent, exhibit(1), reading))).to.equal("EVENT_MISSING");
      const empty = withNode(f.registry, (log) => (isOf("EntriesAppended", log) ? undefined : log));
      expect(await f.codeOf(findExhibits(empty, {}, reading))).to.equal("EVENT_MISSING");
      // Of the second run one entry, and nothing of the first.
      for (const first of [0n, 1n]) {
        const short = withNode(f.registry, (log) => {
          if (!isOf("EntriesAppended", log) || BigInt(log.topics[2]!) !== first) return log;
          const data = AbiCoder.defaultAbiCoder().encode(["bytes32[]"], [exhibits(Number(first))]);
          return Object.create(log, { data: { value: data } }) as Log;
        });
        expect(await f.codeOf(findExhibits(short, {}, reading))).to.equal("EVENT_MISSING");
      }
      const whole = await findExhibits(
        withNode(f.registry, (log) => log),
        {},
        reading,
      );
      expect(whole.batches.map(({ commitments }) => commitments)).to.deep.equal([exhibits(1, 10), exhibits(2, 20)]);
    });

    it("find what was deposited, by depositor and by tag", async () => {
      const f = await fixture();
      const tag = "0x00000007";
      await depositExhibit(f.registry, exhibit(1), f.terms);
      await depositExhibit(f.registry, exhibit(2), { ...f.terms, caseTag: tag });
      await depositExhibit(f.by("archive"), exhibit(3), { ...f.terms, caseTag: tag });
      const tree = new LogTree();
      await depositMany(f.registry, tree, exhibits(3, 10), f.terms);
      const logged = await depositMany(f.registry, tree, exhibits(2, 20), { ...f.terms, caseTag: tag });
      const rooted = await depositBatch(f.by("archive"), exhibits(2, 30), { ...f.terms, caseTag: tag });
      const reading = { fromBlock: f.fromBlock };
      const depositor = f.bodyOf("police");
      const own = await findExhibits(f.registry, { depositor, caseTag: tag }, reading);
      expect(own.alone.map(({ commitment }) => commitment)).to.deep.equal([exhibit(2)]);
      expect(own.batches).to.have.lengthOf(1);
      expect(own.batches[0]).to.deep.include({ id: logged.id, inLog: true, first: 3, size: 5 });
      expect(own.batches[0]!.commitments).to.deep.equal(exhibits(2, 20));

      const all = await findExhibits(f.registry, { caseTag: tag }, reading);
      expect(all.alone.map(({ depositor: body }) => body)).to.deep.equal([depositor, f.bodyOf("archive")]);
      expect(all.batches.map(({ id: batch }) => batch)).to.deep.equal([logged.id, rooted.id]);
      expect(all.batches[1]).to.include({ commitments: undefined, first: 0, size: 2, tool: f.terms.tool });
      const every = await findExhibits(f.registry, {}, reading);
      expect([every.alone.length, every.batches.length]).to.deep.equal([3, 3]);
    });
  });
});
