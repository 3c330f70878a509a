import { expect } from "chai";
import { getBytes, hexlify, id, type Interface } from "ethers";

import { memoryEventCache } from "../../src/chain/memoryEventCache.js";
import { accessCommitment } from "../../src/health/consent/accessCommitment.js";
import { accessEntry, linkAccesses, verifyBatchedAccesses } from "../../src/health/consent/batchedAccess.js";
import { judgeBatchedAccess } from "../../src/health/consent/judgeBatchedAccess.js";
import { loggedAt } from "../../src/health/consent/loggedAt.js";
import { placeOf } from "../../src/health/consent/placeOf.js";
import { readAccessLog } from "../../src/health/consent/readAccessLog.js";
import { readConsents } from "../../src/health/consent/readConsents.js";
import { toAuditEvent } from "../../src/health/consent/toAuditEvent.js";
import { LogTree } from "../../src/ledger/LogTree.js";
import { ConsentRegistry__factory } from "../../src/typechain/index.js";
import { type LogFields, withLogsChanged, withoutEvents } from "../helpers/consentEvents.js";
import { consentFixture, SCOPE } from "../helpers/consents.js";
import { fhirProblems } from "../helpers/fhirSchema.js";
import { codeOf, rejectionCode } from "../helpers/healthErrors.js";
import { timeOf } from "../helpers/trust.js";

const entries = (n: number, from = 0) => Array.from({ length: n }, (_, i) => id(`entry ${from + i}`));

/** The hospital logs 3, 1 and 4 entries, the last by another key of its; the clinic logs in between. */
async function threeRuns() {
  const f = await consentFixture();
  const { hospital, clinic } = f.parties;
  const [spare] = f.spare;
  await f.giveKey(hospital.body, spare!, ["health-recipient"]);
  const times = [await timeOf(f.byHospital.logAccesses(entries(3)))];
  await f.registry.connect(clinic.key).logAccesses(entries(5, 100));
  await f.mineAt(times[0]! + 1_000n);
  times.push(await timeOf(f.byHospital.logAccesses(entries(1, 3))));
  await f.registry.connect(clinic.key).logAccesses(entries(2, 105));
  times.push(await timeOf(f.registry.connect(spare).logAccesses(entries(4, 4))));
  const recipient = Number(hospital.body);
  return {
    ...{ ...f, recipient, times: times.map(Number) },
    read: (options = {}) => readAccessLog(f.registry, recipient, { fromBlock: 0, ...options }),
  };
}

/** An event with other values than it has. */
function told(contract: Interface, log: LogFields, values: Record<string, unknown>): LogFields {
  const { address, blockNumber, blockHash, transactionHash, index } = log;
  const named = { ...contract.parseLog(log)!.args.toObject(), ...values };
  const event = contract.encodeEventLog("AccessesLogged", Object.values(named));
  return { address, blockNumber, blockHash, transactionHash, index, ...event };
}

describe("reading when accesses were logged", () => {
  it("tells of each run of one recipient, when it was logged and by which key", async () => {
    const f = await threeRuns();
    const runs = await f.read();
    expect(runs.map(({ firstIndex, count, key, time }) => [firstIndex, count, key, time])).to.deep.equal([
      [0, 3, 1, f.times[0]],
      [3, 1, 1, f.times[1]],
      [4, 4, 2, f.times[2]],
    ]);
    const receipt = await f.ethers.provider.getTransactionReceipt(runs[2]!.transaction);
    expect([receipt!.blockNumber, receipt!.logs.at(-1)!.index]).to.deep.equal([runs[2]!.block, runs[2]!.index]);
    const others = await readAccessLog(f.registry, Number(f.parties.clinic.body), { fromBlock: 0 });
    expect(others.map(({ firstIndex, count }) => [firstIndex, count])).to.deep.equal([
      [0, 5],
      [5, 2],
    ]);
  });

  it("gives each entry the time of its run, and none to what is no entry", async () => {
    const f = await threeRuns();
    const runs = await f.read();
    const [first, second, third] = f.times;
    expect([0, 1, 2, 3, 4, 5, 6, 7].map((index) => loggedAt(runs, index))).to.deep.equal([
      ...[first, first, first, second, third, third, third, third],
    ]);
    for (const index of [-1, 8, 2.5, NaN]) {
      expect(
        codeOf(() => loggedAt(runs, index)),
        String(index),
      ).to.equal("EVENT_MISSING");
    }
    expect(codeOf(() => loggedAt([], 0))).to.equal("EVENT_MISSING");
  });

  it("reads up to a block, as the log was there, and goes on from a cache", async () => {
    const f = await threeRuns();
    const runs = await f.read();
    expect(await f.read({ toBlock: runs[1]!.block })).to.deep.equal(runs.slice(0, 2));
    expect(await f.read({ toBlock: runs[0]!.block - 1 })).to.deep.equal([]);
    const cache = memoryEventCache();
    expect(await f.read({ cache, toBlock: runs[1]!.block, range: 2 })).to.deep.equal(runs.slice(0, 2));
    expect(await f.read({ cache })).to.deep.equal(runs);
  });

  it("is empty for who logged nothing", async () => {
    const f = await threeRuns();
    expect(await readAccessLog(f.registry, 99, { fromBlock: 0 })).to.deep.equal([]);
  });

  it("is refused when the node leaves out a run, the first and the last too", async () => {
    const f = await threeRuns();
    const runs = await f.read();
    for (const gone of [...runs.map((run) => [run]), runs]) {
      const lying = await withoutEvents(f.registry, gone);
      expect(await rejectionCode(readAccessLog(lying, f.recipient, { fromBlock: 0 }))).to.equal("EVENT_MISSING");
    }
    // As from a block after the first run.
    const late = readAccessLog(f.registry, f.recipient, { fromBlock: runs[0]!.block + 1 });
    expect(await rejectionCode(late)).to.equal("EVENT_MISSING");
  });

  it("is refused when the node alters, repeats, reorders or adds a run", async () => {
    const f = await threeRuns();
    const contract = f.registry.interface;
    const change = (at: number, values: Record<string, unknown>) => (logs: LogFields[]) => {
      return logs.map((log, i) => (i === at ? told(contract, log, values) : log));
    };
    const lies: Record<string, (logs: LogFields[]) => LogFields[]> = {
      "a gap": change(1, { firstIndex: 4n }),
      "an overlap": change(1, { firstIndex: 2n }),
      "a run too long in between": change(1, { count: 2n }),
      "a last run too long": change(2, { count: 5n }),
      "a last run too short": change(2, { count: 3n }),
      "another recipient": change(2, { recipient: 7n }),
      "a run twice": (logs) => [...logs, logs.at(-1)!],
      "a run of nothing": (logs) => [...logs, told(contract, logs.at(-1)!, { firstIndex: 8n, count: 0n })],
      "one run more": (logs) => [...logs, told(contract, logs.at(-1)!, { firstIndex: 8n, count: 1n })],
      "another order": (logs) => {
        const [first, second, third] = logs.map((log) => contract.parseLog(log)!.args.toObject());
        const values = [first!, third!, second!];
        return logs.map((log, i) => told(contract, log, values[i]!));
      },
      "another event": (logs) => {
        const { topicHash } = contract.getEvent("ObjectionsSet");
        return logs.map((log) =>
          Object.assign(told(contract, log, {}), { topics: [topicHash, ...log.topics.slice(1)] }),
        );
      },
      "an unknown event": (logs) =>
        logs.map((log) => Object.assign(told(contract, log, {}), { topics: [id("other")] })),
      "another block": (logs) => logs.map((log) => Object.assign(told(contract, log, {}), { blockHash: id("other") })),
    };
    for (const [what, lie] of Object.entries(lies)) {
      const lying = await withLogsChanged(f.registry, lie);
      const code = await rejectionCode(readAccessLog(lying, f.recipient, { fromBlock: 0 }));
      expect(code, what).to.equal("EVENT_MISSING");
    }
    // The same ways with nothing changed: what is refused is the lie.
    const honest = await withLogsChanged(f.registry, (logs) => logs.map((log) => told(contract, log, {})));
    expect(await readAccessLog(honest, f.recipient, { fromBlock: 0 })).to.deep.equal(await f.read());
  });

  it("takes the events in the chain's order, whatever order the node gives them in", async () => {
    const f = await threeRuns();
    const turned = await withLogsChanged(f.registry, (logs) => logs.toReversed());
    expect(await readAccessLog(turned, f.recipient, { fromBlock: 0 })).to.deep.equal(await f.read());
  });

  it("needs a node", async () => {
    const f = await threeRuns();
    const alone = ConsentRegistry__factory.connect(await f.registry.getAddress(), null);
    expect(await rejectionCode(readAccessLog(alone, f.recipient, { fromBlock: 0 }))).to.equal("PROVIDER_MISSING");
  });
});

type Fixture = Awaited<ReturnType<typeof consentFixture>>;

/** The hospital logs one access in a batch, at one time and said to be of another; how does the patient's client judge it? */
async function judged(f: Fixture, when: { saidToBe: bigint; loggedAt: bigint; after?: () => Promise<unknown> }) {
  const { registry, patient, parties } = f;
  const who = { ...(await placeOf(registry)), recipient: Number(parties.hospital.body), patient: patient.address };
  const commitment = accessCommitment({ salt: id("s"), professional: "1", records: ["r"], reason: "" });
  const details = { time: Number(when.saidToBe), purpose: "TREAT", scope: SCOPE, commitment } as const;
  const accesses = linkAccesses(who, [details]);
  const entry = accessEntry(who, accesses[0]!);
  await f.at(when.loggedAt);
  await f.byHospital.logAccesses([entry]);
  await when.after?.();

  const tree = new LogTree();
  tree.append(getBytes(entry));
  const [size, root] = await registry.accessCheckpoint(who.recipient);
  const list = { ...who, accesses, proofs: [{ index: 0, path: [] }], size: tree.size, root: hexlify(tree.root()) };
  verifyBatchedAccesses(list, { parties: who, checkpoint: { size, root } });
  const history = await readConsents(registry, who.patient, { fromBlock: 0 });
  const runs = await readAccessLog(registry, who.recipient, { fromBlock: 0, toBlock: history.block });
  const judgement = judgeBatchedAccess(history, who.recipient, accesses[0]!, { loggedAt: loggedAt(runs, 0) });
  const audited = { ...details, basis: details.scope, recipient: who.recipient, ...judgement };
  return { ...judgement, event: toAuditEvent(who, who.patient, audited) };
}

describe("a batched access that its reader dates as it likes", () => {
  it("is not covered by a consent that came after it was logged", async () => {
    const f = await consentFixture();
    const granted = f.start + 10_000n;
    const { status, isCovered, event } = await judged(f, {
      ...{ saidToBe: granted + 10n, loggedAt: granted - 5_000n },
      after: async () => {
        await f.at(granted);
        await f.registry.grant(f.terms({ from: granted }));
        await f.mineAt(granted + 100n);
      },
    });
    expect([status, isCovered]).to.deep.equal(["DATED_LATER", false]);
    expect(fhirProblems("AuditEvent", event)).to.deep.equal([]);
    expect(event.entity[1]!.detail).to.deep.include({ type: "status", valueString: "DATED_LATER" });
    expect(event.purposeOfEvent.map(({ coding }) => coding![0]!.code)).to.deep.equal(["TREAT"]);
  });

  it("is not covered by a consent that was revoked long before it was logged", async () => {
    const f = await consentFixture();
    const grantedAt = await timeOf(f.registry.grant(f.terms()));
    await f.at(grantedAt + 100n);
    await f.registry.revoke(f.parties.hospital.body, SCOPE);
    const when = { saidToBe: grantedAt + 50n, loggedAt: grantedAt + 20_000_000n };
    const { status, isCovered, event } = await judged(f, when);
    expect([status, isCovered]).to.deep.equal(["LOGGED_LATE", false]);
    expect(fhirProblems("AuditEvent", event)).to.deep.equal([]);
    expect(event.entity[1]!.detail).to.deep.include({ type: "status", valueString: "LOGGED_LATE" });
  });

  it("is judged by the consent from a day before its block up to the block's own second", async () => {
    const cases: [bigint, string][] = [
      [1n, "DATED_LATER"],
      [0n, "IN_FORCE"],
      [-86_400n, "IN_FORCE"],
      [-86_401n, "LOGGED_LATE"],
    ];
    for (const [offset, expected] of cases) {
      const f = await consentFixture();
      await f.registry.grant(f.terms());
      const at = f.start + 200_000n;
      const { status } = await judged(f, { saidToBe: at + offset, loggedAt: at });
      expect(status, String(offset)).to.equal(expected);
    }
  });
});
