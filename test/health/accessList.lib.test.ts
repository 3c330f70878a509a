import { readFileSync } from "node:fs";

import { expect } from "chai";
import { AbiCoder, getBytes, hexlify, id, keccak256, ZeroHash } from "ethers";

import { memoryEventCache } from "../../src/chain/memoryEventCache.js";
import { accessCommitment } from "../../src/health/consent/accessCommitment.js";
import { accessEntry, linkAccesses, verifyBatchedAccesses } from "../../src/health/consent/batchedAccess.js";
import { EVERYTHING } from "../../src/health/consent/consentState.js";
import { readEmergencyUses } from "../../src/health/consent/emergencyUses.js";
import type { FhirCoding } from "../../src/health/consent/fhirTypes.js";
import { judgeBatchedAccess } from "../../src/health/consent/judgeBatchedAccess.js";
import { listAccesses } from "../../src/health/consent/listAccesses.js";
import { loggedAt } from "../../src/health/consent/loggedAt.js";
import { placeOf } from "../../src/health/consent/placeOf.js";
import { readAccessLog } from "../../src/health/consent/readAccessLog.js";
import { readConsents } from "../../src/health/consent/readConsents.js";
import { toAuditEvent } from "../../src/health/consent/toAuditEvent.js";
import { toFhirConsent } from "../../src/health/consent/toFhirConsent.js";
import { type BreakGlassNotice, watchBreakGlass } from "../../src/health/consent/watchBreakGlass.js";
import { ACT_REASON_SYSTEM, purposesOf } from "../../src/health/purposes.js";
import { readLog } from "../../src/ledger/readLog.js";
import { ConsentRegistry__factory } from "../../src/typechain/index.js";
import { type LogFields, withLogsChanged, withoutEvents } from "../helpers/consentEvents.js";
import { consentFixture, HRESCH, purposes, SCOPE, TREAT } from "../helpers/consents.js";
import { fhirProblems } from "../helpers/fhirSchema.js";
import { rejectionCode } from "../helpers/healthErrors.js";

const opening = { salt: id("salt"), professional: "1234567", records: ["obs-1", "obs-2"], reason: "follow-up" };

async function scene() {
  const f = await consentFixture();
  await f.decide(f.registry, "setReviewLimit", [10n]);
  const reviewer = f.registry.connect(f.parties.reviewer.key);
  return {
    ...f,
    who: f.patient.address,
    hospital: Number(f.parties.hospital.body),
    list: (options = {}) => listAccesses(f.registry, f.patient.address, { fromBlock: 0, ...options }),
    /** The hospital reads for a purpose, under the consent for SCOPE. */
    read: (purpose = TREAT, commitment = ZeroHash) => f.byHospital.logAccess(f.patient, SCOPE, purpose, commitment),
    /** The hospital breaks the glass for an hour, and the use is told. */
    breakGlass: async () => {
      await f.byHospital.breakGlass(f.patient, 3_600n, 1n, id("why"));
      const openedAt = BigInt(await f.time.latest());
      const types = ["address", "uint32", "uint40"];
      const abi = AbiCoder.defaultAbiCoder();
      return { openedAt, use: keccak256(abi.encode(types, [f.patient.address, f.parties.hospital.body, openedAt])) };
    },
    review: (use: string, outcome: bigint) => reviewer.review(use, outcome, id("findings")),
  };
}

/** Three accesses: one under a consent, one in an emergency, one for research. */
async function threeAccesses() {
  const f = await scene();
  await f.registry.grant(f.terms({ purposes: purposes(TREAT, HRESCH) }));
  await f.read(TREAT, accessCommitment(opening));
  const { openedAt, use } = await f.breakGlass();
  await f.byHospital.logEmergencyAccess(f.patient, openedAt, id("emergency"));
  await f.read(HRESCH, id("research"));
  return { ...f, use };
}

describe("the list of accesses", () => {
  it("tells who, when, why and on what basis, each covered", async () => {
    const f = await threeAccesses();
    const { accesses, head, emergencies } = await f.list({ openings: [opening] });
    const told = accesses.map(({ recipient, key, purpose, basis, version, status, isCovered }) => {
      return { recipient, key, purpose, basis, version, status, isCovered };
    });
    const common = { recipient: f.hospital, key: 1, isCovered: true };
    expect(told).to.deep.equal([
      { ...common, purpose: "TREAT", basis: SCOPE, version: 1, status: "IN_FORCE" },
      { ...common, purpose: "ETREAT", basis: f.use, version: 0, status: "BREAK_GLASS" },
      { ...common, purpose: "HRESCH", basis: SCOPE, version: 1, status: "IN_FORCE" },
    ]);
    expect(accesses.map((access) => access.opening)).to.deep.equal([opening, undefined, undefined]);
    expect(accesses[0]!.grant!.purposes).to.equal(purposesOf(["TREAT", "HRESCH"]));
    expect(accesses[1]!.emergency).to.deep.equal(emergencies[0]);
    expect(emergencies[0]).to.deep.include({ id: f.use, reason: "LIFE_THREATENING", outcome: "PENDING" });
    expect(BigInt(head)).to.equal(await f.registry.accessHeadOf(f.patient));
    for (const { block, time } of accesses) {
      expect((await f.ethers.provider.getBlock(block))!.timestamp).to.equal(time);
    }
  });

  it("is empty for a patient whom nothing happened to", async () => {
    const f = await scene();
    const { accesses, head } = await f.list();
    expect([accesses, head]).to.deep.equal([[], "0"]);
  });

  it("goes on from a cache", async () => {
    const f = await threeAccesses();
    const cache = memoryEventCache();
    expect((await f.list({ cache })).accesses).to.have.length(3);
    await f.read();
    const ranges: number[] = [];
    const { accesses } = await f.list({ cache, onProgress: ({ block }: { block: number }) => ranges.push(block) });
    expect(accesses).to.have.length(4);
    expect(Math.min(...ranges), "only the new block is read").to.equal(await f.ethers.provider.getBlockNumber());
  });

  it("is refused when the node leaves out an access, the last one too", async () => {
    const f = await threeAccesses();
    const { accesses } = await f.list();
    for (const access of accesses) {
      const lying = await withoutEvents(f.registry, [access]);
      const code = await rejectionCode(listAccesses(lying, f.who, { fromBlock: 0 }));
      expect(code, access.purpose).to.equal("ACCESS_LOG_INCOMPLETE");
    }
    const none = await withoutEvents(f.registry, accesses);
    expect(await rejectionCode(listAccesses(none, f.who, { fromBlock: 0 }))).to.equal("ACCESS_LOG_INCOMPLETE");
  });

  it("is refused when the node alters, repeats or reorders an access, or adds one", async () => {
    const f = await threeAccesses();
    const hash = f.registry.interface.getEvent("AccessLogged").topicHash;
    const isAccess = ({ topics }: Pick<LogFields, "topics">) => topics[0] === hash;
    const change = (log: LogFields, values: Partial<LogFields>): LogFields => {
      const { address, topics, data, blockNumber, blockHash, transactionHash, index } = log;
      return { address, topics, data, blockNumber, blockHash, transactionHash, index, ...values };
    };
    const withData = (name: string, value: unknown) => (logs: LogFields[]) => {
      return logs.map((log) => {
        if (!isAccess(log)) return log;
        const { args } = f.registry.interface.parseLog(log)!;
        const named: Record<string, unknown> = { ...args.toObject(), [name]: value };
        const event = f.registry.interface.encodeEventLog("AccessLogged", Object.values(named));
        return change(log, event);
      });
    };
    const lies: Record<string, (logs: LogFields[]) => LogFields[]> = {
      recipient: withData("recipient", 99n),
      key: withData("key", 2n),
      purpose: withData("purpose", 4n),
      basis: withData("basis", EVERYTHING),
      version: withData("version", 2n),
      commitment: withData("commitment", id("other")),
      "an access twice": (logs) => logs.flatMap((log) => (isAccess(log) ? [log, log] : [log])),
      "another order": (logs) => {
        const places = logs
          .filter(isAccess)
          .map(({ blockNumber, blockHash, index }) => ({ blockNumber, blockHash, index }));
        return logs.map((log) => (isAccess(log) ? change(log, places.pop()!) : log));
      },
    };
    for (const [what, lie] of Object.entries(lies)) {
      const lying = await withLogsChanged(f.registry, lie);
      expect(await rejectionCode(listAccesses(lying, f.who, { fromBlock: 0 })), what).to.equal("ACCESS_LOG_INCOMPLETE");
    }
  });

  it("is refused when the node leaves out the consent or the broken glass that an access went by", async () => {
    const f = await threeAccesses();
    const { history } = await f.list();
    const granted = history.events.filter(({ what }) => what === "GRANTED");
    const noGrant = await withoutEvents(f.registry, granted);
    expect(await rejectionCode(listAccesses(noGrant, f.who, { fromBlock: 0 }))).to.equal("EVENT_MISSING");
    const broken = history.events.filter(({ what }) => what === "GLASS_BROKEN");
    const noGlass = await withoutEvents(f.registry, broken);
    expect(await rejectionCode(listAccesses(noGlass, f.who, { fromBlock: 0 }))).to.equal("EVENT_MISSING");
  });

  it("is refused with an opening of another access", async () => {
    const f = await threeAccesses();
    const other = { ...opening, reason: "curiosity" };
    expect(await rejectionCode(f.list({ openings: [opening, other] }))).to.equal("OPENING_MISMATCH");
  });

  it("is refused when the node tells of other uses than were granted", async () => {
    const f = await scene();
    await f.registry.grant(f.terms({ uses: 2n }));
    const { interface: abi } = f.registry;
    const topic = abi.getEvent("ConsentGranted").topicHash;
    const told = async (uses: bigint) => {
      const lying = await withLogsChanged(f.registry, (logs) => {
        return logs.map((log) => {
          if (log.topics[0] !== topic) return log;
          const args = abi.decodeEventLog("ConsentGranted", log.data, log.topics).toArray() as unknown[];
          expect(args.splice(6, 1, uses)).to.deep.equal([2n]);
          return { ...log, ...abi.encodeEventLog("ConsentGranted", args) };
        });
      });
      return rejectionCode(listAccesses(lying, f.who, { fromBlock: 0 }));
    };
    for (let taken = 0; taken <= 2; taken++) {
      if (taken > 0) await f.read();
      expect(await Promise.all([0n, 1n, 3n].map(told)), `${taken} taken`).to.deep.equal(Array(3).fill("EVENT_MISSING"));
      expect((await f.list()).accesses).to.have.length(taken);
    }
  });

  it("counts uses: the last one is covered, and the list goes on after a new grant", async () => {
    const f = await scene();
    await f.registry.grant(f.terms({ uses: 2n }));
    await f.read();
    await f.read();
    await f.registry.grant(f.terms({ uses: 1n }));
    await f.read();
    const { accesses } = await f.list();
    expect(accesses.map(({ version, status }) => [version, status])).to.deep.equal([
      [1, "IN_FORCE"],
      [1, "IN_FORCE"],
      [2, "IN_FORCE"],
    ]);
  });

  it("judges accesses of one second by their order", async () => {
    const f = await scene();
    await f.registry.grant(f.terms());
    const at = BigInt(await f.time.latest()) + 10n;
    const gas = { gasLimit: 200_000n };
    await f.inOneBlock(
      at,
      () => f.byHospital.logAccess(f.patient, SCOPE, TREAT, ZeroHash, { ...gas, gasPrice: 9_000_000_000n }),
      () => f.registry.revoke(f.parties.hospital.body, SCOPE, { ...gas, gasPrice: 2_000_000_000n }),
    );
    const { accesses, history } = await f.list();
    expect(history.events.map(({ what }) => what)).to.deep.equal(["GRANTED", "ACCESS", "REVOKED"]);
    expect(accesses[0]!.status).to.equal("IN_FORCE");
  });

  it("covers an emergency until its review closes the window, in that very second too", async () => {
    const f = await scene();
    const { openedAt, use } = await f.breakGlass();
    const at = openedAt + 100n;
    const gas = { gasLimit: 300_000n };
    const byReviewer = f.registry.connect(f.parties.reviewer.key);
    await f.inOneBlock(
      at,
      () => f.byHospital.logEmergencyAccess(f.patient, openedAt, ZeroHash, { ...gas, gasPrice: 9_000_000_000n }),
      () => byReviewer.review(use, 2n, id("findings"), { ...gas, gasPrice: 2_000_000_000n }),
    );
    const { accesses, emergencies } = await f.list();
    expect(emergencies[0]).to.deep.include({ outcome: "UNJUSTIFIED", until: Number(at) });
    expect(emergencies[0]!.review).to.deep.include({
      ...{ reviewer: Number(f.parties.reviewer.body), key: 1, findings: id("findings"), time: Number(at) },
    });
    expect(accesses.map(({ status }) => status)).to.deep.equal(["BREAK_GLASS"]);
  });

  it("needs a node", async () => {
    const f = await scene();
    const alone = ConsentRegistry__factory.connect(await f.registry.getAddress(), null);
    expect(await rejectionCode(listAccesses(alone, f.who, { fromBlock: 0 }))).to.equal("PROVIDER_MISSING");
    expect(await rejectionCode(readEmergencyUses(alone, f.who, { fromBlock: 0 }))).to.equal("PROVIDER_MISSING");
  });
});

describe("batched accesses on the chain", () => {
  it("are proved by the recipient's log, and judged by the consents", async () => {
    const f = await scene();
    await f.registry.grant(f.terms());
    const grantedAt = await f.time.latest();
    await f.registry.grant(f.terms({ scope: EVERYTHING, uses: 3n }));
    await f.mineAt(BigInt(grantedAt) + 100n);
    await f.registry.revoke(f.parties.hospital.body, SCOPE);
    const revokedAt = await f.time.latest();

    const parties = { ...(await placeOf(f.registry)), recipient: f.hospital, patient: f.who };
    const details = { purpose: "TREAT", scope: SCOPE, commitment: accessCommitment(opening) } as const;
    const linked = linkAccesses(parties, [
      { ...details, time: grantedAt - 1 },
      { ...details, time: grantedAt },
      { ...details, time: grantedAt + 50, purpose: "HRESCH" },
      { ...details, time: grantedAt + 60, scope: EVERYTHING },
      { ...details, time: revokedAt - 1 },
      { ...details, time: revokedAt },
    ]);
    const entries = linked.map((access) => accessEntry(parties, access));
    const others = (n: number) => Array.from({ length: n }, (_, i) => id(`other ${n} ${i}`));
    await f.byHospital.logAccesses([...others(3), ...entries.slice(0, 2)]);
    await f.byHospital.logAccesses([...entries.slice(2), ...others(5)]);

    const address = await f.registry.getAddress();
    const log = hexlify(getBytes(`0x${f.hospital.toString(16).padStart(64, "0")}`));
    const tree = await readLog(f.ethers.provider, address, log, { fromBlock: 0 });
    const [size, root] = await f.registry.accessCheckpoint(f.hospital);
    const proofs = [3, 4, 5, 6, 7, 8].map((index) => {
      return { index, path: tree.inclusionProof(index).map((node) => hexlify(node)) };
    });
    const list = { ...parties, accesses: linked, proofs, size: Number(size), root };
    verifyBatchedAccesses(list, { parties, checkpoint: { size, root } });

    const history = await readConsents(f.registry, f.who, { fromBlock: 0 });
    const runs = await readAccessLog(f.registry, f.hospital, { fromBlock: 0, toBlock: history.block });
    const judged = linked.map((access, i) => {
      return judgeBatchedAccess(history, f.hospital, access, { loggedAt: loggedAt(runs, proofs[i]!.index) });
    });
    expect(judged.map(({ status }) => status)).to.deep.equal([
      ...["NONE", "IN_FORCE", "PURPOSE_NOT_GRANTED", "USES_LIMITED", "IN_FORCE", "REVOKED"],
    ]);
    expect(judged.map(({ isCovered }) => isCovered)).to.deep.equal([false, true, false, false, true, false]);
    for (const [i, { scope: basis, ...access }] of linked.entries()) {
      const event = toAuditEvent(parties, f.who, { ...access, basis, recipient: f.hospital, ...judged[i]! });
      expect(fhirProblems("AuditEvent", event)).to.deep.equal([]);
    }
  });
});

describe("the watch over broken glass", () => {
  it("tells of what was, of what comes, and of reviews, each once", async () => {
    const f = await scene();
    const first = await f.breakGlass();
    await f.review(first.use, 1n);
    const stop = new AbortController();
    const told: BreakGlassNotice[] = [];
    const options = { fromBlock: 0, pollMs: 5, cache: memoryEventCache() };
    let second = { use: "", openedAt: 0n };
    for await (const notice of watchBreakGlass(f.registry, f.who, { ...options, signal: stop.signal })) {
      told.push(notice);
      if (told.length === 2) second = await f.breakGlass();
      if (told.length === 3) await f.review(second.use, 2n);
      if (told.length === 4) stop.abort();
    }
    expect(told.map(({ what, use }) => [what, use.id, use.outcome])).to.deep.equal([
      ["OPENED", first.use, "JUSTIFIED"],
      ["REVIEWED", first.use, "JUSTIFIED"],
      ["OPENED", second.use, "PENDING"],
      ["REVIEWED", second.use, "UNJUSTIFIED"],
    ]);

    // After a restart: what was told is not told again, and a review that came meanwhile is.
    const third = await f.breakGlass();
    const before = [...told.map(({ use }) => use), (await readEmergencyUses(f.registry, f.who, options)).at(-1)!];
    await f.review(third.use, 1n);
    const again: BreakGlassNotice[] = [];
    const restart = new AbortController();
    const how = { ...options, told: JSON.parse(JSON.stringify(before)) as typeof before, signal: restart.signal };
    for await (const notice of watchBreakGlass(f.registry, f.who, how)) {
      again.push(notice);
      restart.abort();
    }
    expect(again.map(({ what, use }) => [what, use.id])).to.deep.equal([["REVIEWED", third.use]]);
  });

  it("tells no review twice, though the chain took the first back", async () => {
    const f = await scene();
    const first = await f.breakGlass();
    const stop = new AbortController();
    const told: BreakGlassNotice[] = [];
    // What was told is of a block that a reorganisation took off the chain since.
    const before = [{ id: first.use, outcome: "JUSTIFIED" as const }];
    const options = { fromBlock: 0, pollMs: 5, told: before, signal: stop.signal };
    const watch = watchBreakGlass(f.registry, f.who, options);
    const second = await f.breakGlass();
    for await (const notice of watch) {
      told.push(notice);
      if (told.length === 1) await f.review(first.use, 1n);
      if (told.length === 1) await f.review(second.use, 1n);
      if (told.length === 2) stop.abort();
    }
    expect(told.map(({ what, use }) => [what, use.id])).to.deep.equal([
      ["OPENED", second.use],
      ["REVIEWED", second.use],
    ]);
  });

  it("tells nothing of other patients, and ends when told to", async () => {
    const f = await scene();
    await f.breakGlass();
    const stop = new AbortController();
    setTimeout(() => {
      stop.abort();
    }, 60);
    const told: BreakGlassNotice[] = [];
    const options = { fromBlock: 0, pollMs: 20_000, signal: stop.signal };
    for await (const notice of watchBreakGlass(f.registry, f.otherPatient.address, options)) told.push(notice);
    expect(told).to.deep.equal([]);
  });

  it("is refused when the node leaves out a review", async () => {
    const f = await scene();
    const { use } = await f.breakGlass();
    await f.review(use, 1n);
    const [told] = await readEmergencyUses(f.registry, f.who, { fromBlock: 0 });
    const lying = await withoutEvents(f.registry, [told!.review!]);
    expect(await rejectionCode(readEmergencyUses(lying, f.who, { fromBlock: 0 }))).to.equal("EVENT_MISSING");
  });
});

describe("audit events", () => {
  it("tell of a list as FHIR R4 has it, good by HL7's schema", async () => {
    const f = await threeAccesses();
    const { accesses, history } = await f.list({ openings: [opening] });
    const events = accesses.map((access) => toAuditEvent(history, f.who, access));
    for (const event of events) expect(fhirProblems("AuditEvent", event)).to.deep.equal([]);
    const codes = events.map(({ purposeOfEvent }) => purposeOfEvent.map(({ coding }) => coding![0]!.code));
    expect(codes).to.deep.equal([["TREAT"], ["BTG", "ETREAT"], ["HRESCH"]]);
    const [first, emergency] = events as [(typeof events)[number], (typeof events)[number]];
    expect(first.recorded).to.equal(new Date(accesses[0]!.time * 1_000).toISOString().replace(".000", ""));
    expect(first.agent.map(({ who, requestor }) => [who.type, who.identifier!.value, requestor])).to.deep.equal([
      ["Practitioner", "1234567", true],
      ["Organization", `eip155:31337:${history.registry.toLowerCase()}/${f.hospital}`, false],
    ]);
    expect(first.entity.map(({ what }) => what.identifier?.value)).to.deep.equal([
      `eip155:31337:${f.who.toLowerCase()}`,
      `eip155:31337:${history.registry.toLowerCase()}/${f.who.toLowerCase()}/${f.hospital}/${SCOPE}`,
      ...["obs-1", "obs-2"],
    ]);
    expect(emergency.agent.map(({ requestor }) => requestor)).to.deep.equal([true]);
    expect(emergency.entity[1]!.what.identifier).to.deep.equal({
      system: "https://example.org/diwan/fhir/NamingSystem/break-glass",
      value: `eip155:31337:${history.registry.toLowerCase()}/${f.use}`,
    });
    expect(emergency.entity[1]!.detail).to.deep.include.members([
      { type: "status", valueString: "BREAK_GLASS" },
      { type: "emergencyReason", valueString: "LIFE_THREATENING" },
    ]);
  });

  it("use codes of HL7's own code systems, and HL7's names for them", async () => {
    const f = await threeAccesses();
    const { accesses, history } = await f.list({ openings: [opening] });
    const codings = codingsIn(accesses.map((access) => toAuditEvent(history, f.who, access)));
    const grant = { grantee: 2, scope: SCOPE, purposes: 1, from: 0, until: 1, uses: 1 };
    const consent = toFhirConsent({ ...history, kind: "GRANT", grant, version: 1 });
    const objection = toFhirConsent({ ...history, kind: "OBJECTION", purposes: 32 });
    codings.push(...codingsIn([consent, objection]));
    const codes = JSON.parse(readFileSync("test/vectors/hl7-r4-codes/codes.json", "utf8")) as {
      [system: string]: Record<string, string> | undefined;
    };
    // The purposes have a test of their own, LOINC is not HL7's.
    const others = codings.filter(({ system }) => system !== ACT_REASON_SYSTEM && system !== "http://loinc.org");
    expect(new Set(others.map(({ system }) => system)).size).to.equal(11);
    for (const { system, code, display } of others) {
      expect(codes[system!]?.[code!], `${system} ${code}`).to.be.a("string");
      if (display !== undefined) expect(codes[system!]![code!]).to.equal(display);
    }
  });

  it("are refused by the schema when anything in them is not FHIR", async () => {
    const f = await threeAccesses();
    const { accesses, history } = await f.list();
    const event = toAuditEvent(history, f.who, accesses[0]!);
    const wrong = [
      ...[
        { ...event, recorded: "yesterday" },
        { ...event, action: "X" },
        { ...event, patient: f.who },
      ],
      ...[
        { ...event, agent: undefined },
        { ...event, source: {} },
        { ...event, outcome: "9" },
      ],
    ];
    for (const other of wrong) {
      expect(fhirProblems("AuditEvent", JSON.parse(JSON.stringify(other)))).to.not.deep.equal([]);
    }
  });
});

/** Every coding in a value, however deep: what has a system and a code. */
function codingsIn(value: unknown): FhirCoding[] {
  if (typeof value !== "object" || value === null) return [];
  const own = "system" in value && "code" in value ? [value as FhirCoding] : [];
  return [...own, ...Object.values(value).flatMap(codingsIn)];
}
