import { expect } from "chai";
import { AbiCoder, type BaseContract, type Filter, id, type Log, type Provider, type TransactionRequest } from "ethers";

import { readExhibit } from "../../src/justice/evidence/readExhibit.js";
import { verifyCustodyReceipts } from "../../src/justice/evidence/verifyCustodyReceipts.js";
import { type CustodyReceipt, CUSTODY_RECEIPT_SCHEMA } from "../../src/justice/evidence/custodyReceipt.js";
import { evidenceTypedData } from "../../src/justice/evidence/evidenceTypedData.js";
import { readFate } from "../../src/justice/judgments/readFate.js";
import { readJudgmentHistory } from "../../src/justice/judgments/readJudgmentHistory.js";
import { rejection } from "../helpers/events.js";
import { CASE as TAG, evidenceFixture, exhibit, ORDER } from "../helpers/evidence.js";
import { CASE, judgment, judgmentFixture, KIND, NOTICE, OUTCOME } from "../helpers/judgments.js";

const NO_END = 2n ** 40n - 1n;
const ALL = { fromBlock: 0 };

/** What a node that lies makes of true answers. */
interface Lies {
  logs?: (logs: Log[]) => Log[];
  call?: (answer: string, call: TransactionRequest) => string;
}

function withNode<T extends BaseContract>(registry: T, { logs = (all) => all, call = (answer) => answer }: Lies): T {
  const node = registry.runner!.provider!;
  const liar: Provider = new Proxy(node, {
    get: (target, name) => {
      if (name === "provider") return liar;
      if (name === "getLogs") return async (filter: Filter) => logs(await node.getLogs(filter));
      if (name === "call") return async (asked: TransactionRequest) => call(await node.call(asked), asked);
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? (member.bind(target) as unknown) : member;
    },
  });
  return registry.connect(liar) as T;
}

const other = (log: Log, change: Partial<Log>): Log =>
  Object.create(log, Object.fromEntries(Object.entries(change).map(([name, value]) => [name, { value }]))) as Log;

const codeOf = async (promise: Promise<unknown>) => ((await rejection(promise)) as { code?: string }).code;

/** An exhibit that was offered, passed on, sealed, unsealed, held, tendered and excluded. */
async function exhibitFixture() {
  const f = await evidenceFixture();
  const { registry, as, parties, tool } = f;
  const { laboratory, court } = parties;
  for (const n of [1, 2]) await registry.deposit(tool, exhibit(n), TAG);
  await registry.offer(exhibit(1), laboratory.body, NO_END);
  await as(laboratory).accept(exhibit(1));
  await as(laboratory).seal(exhibit(1));
  await as(court).liftSeal(exhibit(1), ORDER);
  await as(court).hold(exhibit(1), ORDER);
  await as(laboratory).tender(court.body, exhibit(1));
  await as(court).decideExclusion(exhibit(1), ORDER);
  return f;
}

describe("A node that lies of an exhibit", () => {
  it("is believed where it tells all", async () => {
    const { registry } = await exhibitFixture();
    const { events } = await readExhibit(withNode(registry, {}), exhibit(1), ALL);
    expect(events.map(({ what }) => what)).to.deep.equal([
      ...["DEPOSITED", "OFFERED", "HANDED_OVER", "SEALED", "UNSEALED", "HELD", "TENDERED", "EXCLUDED"],
    ]);
  });

  for (const name of [
    ...["ExhibitDeposited", "CustodyChanged", "ExhibitUnsealed", "ExhibitHeld", "ExhibitExcluded"],
  ] as const) {
    it(`is found out where it leaves out ${name}`, async () => {
      const { registry } = await exhibitFixture();
      const { topicHash } = registry.interface.getEvent(name);
      const liar = withNode(registry, { logs: (logs) => logs.filter(({ topics }) => topics[0] !== topicHash) });
      expect(await codeOf(readExhibit(liar, exhibit(1), ALL))).to.equal("EVENT_MISSING");
    });
  }

  it("is found out where it tells of another custodian", async () => {
    const { registry, parties } = await exhibitFixture();
    const { topicHash } = registry.interface.getEvent("CustodyChanged");
    const coder = AbiCoder.defaultAbiCoder();
    const lies = {
      from: (log: Log) => other(log, { data: coder.encode(["uint32", "uint32"], [parties.archive.body, 1]) }),
      to: (log: Log) =>
        other(log, { topics: [...log.topics.slice(0, 2), coder.encode(["uint32"], [parties.archive.body])] }),
    };
    for (const [name, lie] of Object.entries(lies)) {
      const logs = (all: Log[]) => all.map((log) => (log.topics[0] === topicHash ? lie(log) : log));
      expect(await codeOf(readExhibit(withNode(registry, { logs }), exhibit(1), ALL)), name).to.equal("EVENT_MISSING");
    }
  });

  it("is found out where it answers with what was not asked for", async () => {
    const { registry } = await exhibitFixture();
    const foreign = {
      "another exhibit's": (log: Log) => other(log, { topics: [log.topics[0]!, exhibit(2), ...log.topics.slice(2)] }),
      "another contract's": (log: Log) => other(log, { address: `0x${"12".repeat(20)}` }),
      "an earlier block's": (log: Log) => other(log, { blockNumber: -1 }),
    };
    for (const [name, lie] of Object.entries(foreign)) {
      const logs = (all: Log[]) => all.map((log, i) => (i === 1 ? lie(log) : log));
      expect(await codeOf(readExhibit(withNode(registry, { logs }), exhibit(1), ALL)), name).to.equal("EVENT_FOREIGN");
    }
    for (const logs of [(all: Log[]) => [all[0]!, ...all], (all: Log[]) => all.toReversed()]) {
      expect(await codeOf(readExhibit(withNode(registry, { logs }), exhibit(1), ALL))).to.equal("EVENT_FOREIGN");
    }
  });
});

describe("A node that lies of a judgment", () => {
  async function fixture() {
    const f = await judgmentFixture();
    const { registry, parties, start, finalFrom } = f;
    const by = (name: keyof typeof parties) => registry.connect(parties[name].key);
    const given = (name: string) => ({
      ...{ commitment: judgment(name), caseCommitment: CASE, kind: KIND.JUDGMENT, decidedAt: start },
      ...{ finalFrom: 0n, appealTo: 0n },
    });
    await by("court").register(given("a"));
    await by("court").setFinality(judgment("a"), finalFrom);
    await by("appeals").appeal(judgment("a"), NOTICE);
    await by("appeals").withdrawAppeal(judgment("a"));
    await by("appeals").appeal(judgment("a"), NOTICE);
    await by("appeals").decideAppeal(judgment("a"), OUTCOME.REVERSED, given("b"));
    await by("supreme").appeal(judgment("b"), NOTICE);
    await by("court").register(given("c"));
    await by("court").setFinality(judgment("c"), finalFrom);
    return f;
  }

  it("is believed where it tells all", async () => {
    const { registry } = await fixture();
    const liar = withNode(registry, {});
    expect(await readJudgmentHistory(liar, judgment("a"), ALL)).to.have.length(6);
    expect(await readJudgmentHistory(liar, judgment("b"), ALL)).to.have.length(3);
    expect(await readJudgmentHistory(liar, judgment("c"), ALL)).to.have.length(2);
    expect(await readJudgmentHistory(liar, judgment("d"), ALL)).to.deep.equal([]);
    expect(await readFate(liar, judgment("a"))).to.have.length(2);
  });

  for (const [name, told] of [
    ["JudgmentRegistered", "a"],
    ["FinalitySet", "c"],
    ["FateDecided", "a"],
    ["FateDecided", "b"],
    ["AppealLodged", "b"],
  ] as const) {
    it(`is found out where it leaves out ${name} of ${told}`, async () => {
      const { registry } = await fixture();
      const { topicHash } = registry.interface.getEvent(name);
      const liar = withNode(registry, { logs: (logs) => logs.filter(({ topics }) => topics[0] !== topicHash) });
      expect(await codeOf(readJudgmentHistory(liar, judgment(told), ALL))).to.equal("EVENT_MISSING");
    });
  }

  it("leads nobody in a circle", async () => {
    const { registry } = await fixture();
    const { selector } = registry.interface.getFunction("statusOf");
    const first = await registry.statusOf(judgment("a"));
    expect(first.successor).to.equal(judgment("b"));
    const circle = (answer: string, { data }: TransactionRequest) =>
      data?.startsWith(selector) === true ? answer.replaceAll(judgment("b").slice(2), judgment("a").slice(2)) : answer;
    expect(await codeOf(readFate(withNode(registry, { call: circle }), judgment("a")))).to.equal("FATE_ENDLESS");
  });
});

describe("Custody receipts of another registry", () => {
  it("are no receipts of this one, though both parties signed them there", async () => {
    const { parties, registryAddress } = await evidenceFixture();
    const { police, laboratory } = parties;
    const receiptOf = async (registry: string, from = police.key, to = laboratory.key): Promise<CustodyReceipt> => {
      const { domain, types } = evidenceTypedData({ chainId: 31_337, registry }, "HandOver");
      const deadline = 4_000_000_000;
      const message = { exhibit: exhibit(1), hop: 0, from: from.address, to: to.address, deadline };
      return {
        ...{ schema: CUSTODY_RECEIPT_SCHEMA, canonicalisation: "RFC 8785", number: 0, chainId: 31_337, registry },
        ...{ exhibit: exhibit(1), hop: 0, from: Number(police.body), to: Number(laboratory.body) },
        ...{ sentAt: 1_900_000_000, outcome: "ACCEPTED", acceptedAt: 1_900_000_000, transaction: id("one"), block: 1 },
        signatures: {
          ...{ from: from.address.toLowerCase(), to: to.address.toLowerCase(), deadline },
          fromSignature: await from.signTypedData(domain, types, message),
          toSignature: await to.signTypedData(domain, types, message),
        },
      };
    };
    const here = registryAddress.toLowerCase();
    const codes = (receipt: CustodyReceipt, expected: Parameters<typeof verifyCustodyReceipts>[1]) =>
      verifyCustodyReceipts([receipt], expected).problems.map(({ code }) => code);
    const known = { chainId: 31_337, registry: registryAddress, commitment: exhibit(1) };
    expect(codes(await receiptOf(here), known)).to.deep.equal([]);
    expect(codes(await receiptOf(here), { ...known, chainId: 1 })).to.deep.equal(["ANOTHER_EXHIBIT"]);
    expect(codes(await receiptOf(`0x${"12".repeat(20)}`), known)).to.deep.equal(["ANOTHER_EXHIBIT"]);
    // One key cannot be two bodies'.
    expect(codes(await receiptOf(here, police.key, police.key), known)).to.deep.equal(["SIGNATURE_INVALID"]);
  });
});
