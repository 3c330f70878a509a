import { expect } from "chai";
import { hexlify, id, type Log, toBeHex, verifyTypedData } from "ethers";

import { ContractError } from "../../src/chain/decodeContractError.js";
import { memoryEventCache } from "../../src/chain/memoryEventCache.js";
import type { EventSource } from "../../src/chain/readEvents.js";
import {
  anchorAuthored,
  anchorBatch,
  anchorRecord,
  logRecords,
  membersOf,
} from "../../src/health/records/anchorRecords.js";
import { AUTHORSHIP_TYPES, authorshipTypedData, signAuthorship } from "../../src/health/records/authorship.js";
import { amendRecord, markInError, tombstoneRecords } from "../../src/health/records/changeRecords.js";
import { readRecords, type RegisteredRecord } from "../../src/health/records/readRecords.js";
import { statusOf, statusOfMember } from "../../src/health/records/status.js";
import { versionsOf } from "../../src/health/records/versionsOf.js";
import { LogTree } from "../../src/ledger/LogTree.js";
import { readLog } from "../../src/ledger/readLog.js";
import type { LogFields } from "../helpers/consentEvents.js";
import { forward, rejection } from "../helpers/events.js";
import { treeOf } from "../helpers/batches.js";
import { AUTHORSHIP, KIND as KIND_, record, records, recordsFixture } from "../helpers/records.js";

const KIND = Number(KIND_);

async function fixture() {
  const f = await recordsFixture();
  const [address, provider] = [await f.registry.getAddress(), Number(f.hospitalBody)];
  const node = f.ethers.provider;
  return {
    ...f,
    address,
    provider,
    node,
    tree: new LogTree(),
    professional: f.parties.professional.key,
    read: async (options: { batches?: string[][] } = {}) => {
      const register = await readRecords(node, address, provider, { fromBlock: 0, ...options });
      return { ...register, all: [...register.records()] };
    },
    versions: (commitment: string) => versionsOf(node, address, { provider, commitment }, { fromBlock: 0 }),
  };
}

const codeOf = async (promise: Promise<unknown>) => ((await rejection(promise)) as { code?: string }).code;
const brief = (all: RegisteredRecord[]) =>
  all.map(({ commitment, state, reason, version }) => [commitment, state, reason, version]);

describe("health records library", () => {
  describe("anchoring", () => {
    it("one record, whose status it tells in words", async () => {
      const { registry, provider, ethers } = await fixture();
      const { blockNumber } = await anchorRecord(registry, record(1), KIND);
      const anchoredAt = (await ethers.provider.getBlock(blockNumber))!.timestamp;
      expect(await statusOf(registry, record(1))).to.deep.equal({
        ...{ state: "CURRENT", reason: "NONE", kind: KIND, version: 1, provider, key: 1, anchoredAt, changedAt: 0 },
        ...{ standing: "IN_FORCE", standingNow: "IN_FORCE" },
      });
      const never = await statusOf(registry, record(1), { blockTag: blockNumber - 1 });
      expect([never.state, never.standing, never.anchoredAt]).to.deep.equal(["UNKNOWN", "NONE", 0]);
      const again = await rejection(anchorRecord(registry, record(1), KIND));
      expect(again).to.be.instanceOf(ContractError);
      expect((again as ContractError).code).to.equal("RecordExists");
    });

    it("many in the log, with proofs that stand alone and never grow old", async () => {
      const { registry, tree, provider, address, node } = await fixture();
      const first = await logRecords(registry, tree, records(5), KIND);
      const second = await logRecords(registry, tree, records(7, 5), KIND + 1);
      expect(tree.size).to.equal(12);
      for (const [batch, kind] of [
        [first, KIND],
        [second, KIND + 1],
      ] as const)
        for (const member of batch.members) {
          const status = await statusOfMember(registry, member);
          expect([status.state, status.kind, status.provider]).to.deep.equal(["CURRENT", kind, provider]);
        }
      // The same proofs from the log as the chain has it.
      const read = await readLog(node, address, toBeHex(provider, 32), { fromBlock: 0 });
      const place = { provider, inLog: true, size: 5 };
      expect(membersOf(read, place, records(5))).to.deep.equal(first.members);
      expect(JSON.parse(JSON.stringify(second.members))).to.deep.equal(second.members);
    });

    it("in a log that went on elsewhere is found out, and what was anchored is proved all the same", async () => {
      const { registry, tree, provider, address, node } = await fixture();
      await registry.anchorMany(records(3), KIND);
      expect(await codeOf(logRecords(registry, tree, records(2, 50), KIND))).to.equal("LOG_OUT_OF_STEP");
      expect(tree.size).to.equal(0);
      const read = await readLog(node, address, toBeHex(provider, 32), { fromBlock: 0 });
      for (const member of membersOf(read, { provider, inLog: true }, records(2, 50)))
        expect((await statusOfMember(registry, member)).state).to.equal("CURRENT");
      // As long as the log, but of other entries.
      expect(await codeOf(logRecords(registry, treeOf(records(5, 90)), records(1, 60), KIND))).to.equal(
        "LOG_OUT_OF_STEP",
      );
    });

    it("many under a root", async () => {
      const { registry } = await fixture();
      const { members, root } = await anchorBatch(registry, records(9), KIND);
      expect(members.map(({ membership }) => membership.root)).to.deep.equal(Array(9).fill(root));
      for (const member of members) expect((await statusOfMember(registry, member)).state).to.equal("CURRENT");
      const foreign = { ...members[0]!, commitment: record(99) };
      expect(await codeOf(statusOfMember(registry, foreign))).to.equal("RecordNotMember");
      expect(await codeOf(anchorBatch(registry, records(9), KIND))).to.equal("RecordBatchExists");
      expect(await codeOf(anchorBatch(registry, [], KIND))).to.equal("RecordBatchInvalid");
      expect(await codeOf(logRecords(registry, new LogTree(), [], KIND))).to.equal("LogBatchEmpty");
    });

    it("one that a professional signed", async () => {
      const { registry, professional, provider, address } = await fixture();
      const asked = { commitment: record(1), kind: KIND, provider, deadline: 2 ** 40 };
      const signed = await signAuthorship(registry, professional, asked);
      const { domain, types, message } = authorshipTypedData(31_337n, address, signed);
      expect(types).to.deep.equal(AUTHORSHIP);
      expect(AUTHORSHIP_TYPES).to.deep.equal(AUTHORSHIP);
      const { signature, ...fields } = signed;
      expect(fields).to.deep.equal({ ...asked, author: professional.address });
      expect(verifyTypedData(domain, types, message, signature)).to.equal(professional.address);
      await anchorAuthored(registry, signed);
      expect(await codeOf(anchorAuthored(registry, { ...signed, commitment: record(2), signature }))).to.equal(
        "SignatureInvalid",
      );
      const wallet = await signAuthorship(registry, professional, { ...asked, author: address });
      expect([wallet.author, wallet.signature]).to.not.include(signature);
      expect(wallet.author).to.equal(address);
    });

    it("asks for a node to sign for", async () => {
      const { registry, professional } = await fixture();
      const asked = { commitment: record(1), kind: KIND, provider: 1, deadline: 0 };
      expect(await codeOf(signAuthorship(registry.connect(null), professional, asked))).to.equal("PROVIDER_MISSING");
    });
  });

  describe("changes", () => {
    it("amend records and members, signed and unsigned", async () => {
      const { registry, professional, provider, tree } = await fixture();
      const sign = (n: number) =>
        signAuthorship(registry, professional, { commitment: record(n), kind: KIND, provider, deadline: 2 ** 40 });
      await anchorRecord(registry, record(1), KIND);
      await amendRecord(registry, record(1), record(2), "AMENDED");
      await amendRecord(registry, record(2), await sign(3), "RECTIFIED");
      const { members } = await logRecords(registry, tree, records(3, 10), KIND);
      await amendRecord(registry, members[0]!, record(20), "RECTIFIED");
      await amendRecord(registry, members[1]!, await sign(21), "AMENDED");

      const told = await Promise.all([1, 2, 3, 20, 21].map((n) => statusOf(registry, record(n))));
      expect(told.map(({ state, reason, version }) => [state, reason, version])).to.deep.equal([
        ["SUPERSEDED", "AMENDED", 1],
        ["SUPERSEDED", "RECTIFIED", 2],
        ["CURRENT", "NONE", 3],
        ["CURRENT", "NONE", 2],
        ["CURRENT", "NONE", 2],
      ]);
      const states = await Promise.all(members.map((member) => statusOfMember(registry, member)));
      expect(states.map(({ state }) => state)).to.deep.equal(["SUPERSEDED", "SUPERSEDED", "CURRENT"]);
      expect(await codeOf(amendRecord(registry, members[0]!, record(30), "AMENDED"))).to.equal("RecordStateRefuses");
    });

    it("end records and members: two transactions at most", async () => {
      const { registry } = await fixture();
      await anchorRecord(registry, record(1), KIND);
      await anchorRecord(registry, record(2), KIND);
      const { members } = await anchorBatch(registry, records(4, 10), KIND);
      await markInError(registry, record(1));
      await markInError(registry, members[0]!);
      expect((await statusOf(registry, record(1))).state).to.equal("ENTERED_IN_ERROR");
      expect((await statusOfMember(registry, members[0]!)).state).to.equal("ENTERED_IN_ERROR");
      const all = [record(1), members[0]!, record(2), members[2]!];
      expect(await tombstoneRecords(registry, all, "ERASURE_REQUESTED")).to.have.lengthOf(2);
      for (const n of [1, 2]) {
        const { state, reason } = await statusOf(registry, record(n));
        expect([state, reason]).to.deep.equal(["ERASED", "ERASURE_REQUESTED"]);
      }
      for (const i of [0, 2]) expect((await statusOfMember(registry, members[i]!)).state).to.equal("ERASED");
      expect(await tombstoneRecords(registry, [members[1]!], "ORDERED")).to.have.lengthOf(1);
      expect(await tombstoneRecords(registry, [], "ORDERED")).to.deep.equal([]);
      expect(await codeOf(tombstoneRecords(registry, [record(99)], "ORDERED"))).to.equal("RecordUnknown");
    });
  });

  describe("readRecords", () => {
    it("gives all of a provider's records with their states, and nobody else's", async () => {
      const f = await fixture();
      const { registry, asClinic, tree, professional, provider } = f;
      await anchorRecord(asClinic, record(80), KIND);
      await asClinic.anchorMany(records(3, 81), KIND);
      const signed = { commitment: record(1), kind: KIND, provider, deadline: 2 ** 40 };
      const first = await anchorAuthored(registry, await signAuthorship(registry, professional, signed));
      const second = await amendRecord(registry, record(1), record(2), "RECTIFIED");
      await anchorRecord(registry, record(3), 7);
      await markInError(registry, record(3));
      await tombstoneRecords(registry, [record(1)], "RETENTION_ENDED");
      const log = await logRecords(registry, tree, records(3, 10), 5);
      await logRecords(registry, tree, records(2, 13), 6);
      await amendRecord(registry, log.members[1]!, record(4), "AMENDED");
      const batch = await anchorBatch(registry, records(4, 20), 8);
      await tombstoneRecords(registry, [batch.members[3]!], "ORDERED");

      const { all, unnamed, logSize, block } = await f.read();
      expect(brief(all)).to.deep.equal([
        [record(1), "ERASED", "RETENTION_ENDED", 1],
        [record(2), "CURRENT", "NONE", 2],
        [record(3), "ENTERED_IN_ERROR", "ENTERED_IN_ERROR", 1],
        [record(4), "CURRENT", "NONE", 2],
        [record(10), "CURRENT", "NONE", 1],
        [record(11), "SUPERSEDED", "AMENDED", 1],
        [record(12), "CURRENT", "NONE", 1],
        [record(13), "CURRENT", "NONE", 1],
        [record(14), "CURRENT", "NONE", 1],
        [record(23), "ERASED", "ORDERED", 1],
      ]);
      expect(all.map(({ kind }) => kind)).to.deep.equal([KIND, KIND, 7, 5, 5, 5, 5, 6, 6, 8]);
      expect([logSize, block]).to.deep.equal([5, await f.node.getBlockNumber()]);
      const { size, root } = batch.members[0]!.membership;
      expect(unnamed).to.deep.equal([{ root, size, kind: 8, block: batch.receipt.blockNumber }]);
      const author = { body: Number(f.parties.professional.body), key: 1 };
      expect(all[0]!.authors).to.deep.equal([author]);
      expect([all[0]!.block, all[1]!.block]).to.deep.equal([first.blockNumber, second.blockNumber]);
      expect([all[1]!.changed, all[1]!.place, all[1]!.authors]).to.deep.equal([undefined, undefined, []]);

      // Each member's place is the one that its proof is for; what the register says is what the chain says.
      const paths = [...log.members, ...batch.members];
      for (const { commitment, place, state } of all) {
        const member = paths.find((other) => other.commitment === commitment);
        if (place === undefined) expect((await statusOf(registry, commitment)).state).to.equal(state);
        else if (member !== undefined) {
          const { path, provider: owner, ...fields } = member.membership;
          expect([place, owner]).to.deep.equal([fields, provider]);
          expect(path).to.be.an("array");
          expect((await statusOfMember(registry, member)).state).to.equal(state);
        }
      }
    });

    it("names the records of batches that are given, in their order alone", async () => {
      const f = await fixture();
      await anchorBatch(f.registry, records(3), 8);
      const other = await anchorBatch(f.registry, records(5, 10), 9);
      await tombstoneRecords(f.registry, [other.members[4]!], "ORDERED");
      const { all, unnamed } = await f.read({ batches: [records(5, 10)] });
      expect(brief(all).map(([commitment, state]) => [commitment, state])).to.deep.equal(
        records(5, 10).map((commitment, i) => [commitment, i === 4 ? "ERASED" : "CURRENT"]),
      );
      expect(unnamed.map(({ size }) => size)).to.deep.equal([3]);
      for (const batches of [[records(3).toReversed()], [records(2)], [[]]])
        expect(await codeOf(f.read({ batches }))).to.equal("BATCH_UNKNOWN");
    });

    it("tells the same commitment alone from the same in the log", async () => {
      const f = await fixture();
      await anchorRecord(f.registry, record(1), KIND);
      const { members } = await logRecords(f.registry, f.tree, [record(1), record(1)], KIND);
      await amendRecord(f.registry, members[1]!, record(2), "AMENDED");
      const states = (await f.read()).all.map(({ commitment, state }) => [commitment, state]);
      expect(states).to.deep.equal([
        [record(1), "CURRENT"],
        [record(2), "CURRENT"],
        [record(1), "CURRENT"],
        [record(1), "SUPERSEDED"],
      ]);
      await amendRecord(f.registry, record(1), record(3), "AMENDED");
      expect((await f.read()).all[0]!.state).to.equal("SUPERSEDED");
    });

    it("reads on whatever size a provider says that a batch is of", async () => {
      const { registry, provider, read } = await fixture();
      await anchorRecord(registry, record(1), KIND);
      const tree = treeOf(records(2, 2));
      const root = hexlify(tree.root());
      // The root of two is one of any 2^k + 1 too, as far as the last one's path goes.
      const size = 2n ** 53n + 1n;
      await registry.anchorBatch(root, size, KIND);
      await registry.anchorBatch(root, 2n ** 64n - 1n, KIND);
      const path = tree.inclusionProof(1).map((node) => hexlify(node));
      const membership = { provider, inLog: false, root, size, index: size - 1n, path };
      await registry.endMembers([{ commitment: record(3), membership }], 4n, 6n);
      const { all, unnamed } = await read();
      expect(brief(all)).to.deep.equal([
        [record(1), "CURRENT", "NONE", 1],
        [record(3), "ERASED", "ORDERED", 1],
      ]);
      expect(unnamed).to.have.lengthOf(2);
    });

    it("does not take a part of the events for all of them", async () => {
      const f = await fixture();
      const anchored = await anchorRecord(f.registry, record(1), KIND);
      await markInError(f.registry, record(1));
      const late = { fromBlock: anchored.blockNumber + 1 };
      expect(await codeOf(readRecords(f.node, f.address, f.provider, late))).to.equal("EVENT_MISSING");

      await logRecords(f.registry, f.tree, records(2), KIND);
      await logRecords(f.registry, f.tree, records(2, 2), KIND);
      const entries = id("EntriesAppended(bytes32,uint256,bytes32[])");
      const isFirst = (topics: readonly string[]) => topics[0] === entries && BigInt(topics[2]!) === 0n;
      const without = {
        ...forward(f.node),
        getLogs: async (filter: Parameters<typeof f.node.getLogs>[0]) =>
          (await f.node.getLogs(filter)).filter(({ topics }) => !isFirst(topics)),
      };
      expect(await codeOf(readRecords(without, f.address, f.provider, { fromBlock: 0 }))).to.equal("EVENT_MISSING");

      const logged = f.registry.interface.getEvent("RecordsLogged").topicHash;
      for (const left of [0, 1]) {
        const unclosed = {
          ...forward(f.node),
          getLogs: async (filter: Parameters<typeof f.node.getLogs>[0]) => {
            const logs = await f.node.getLogs(filter);
            const out = logs.filter(({ topics }) => topics[0] === logged)[left];
            return logs.filter((log) => log !== out);
          },
        };
        expect(await codeOf(readRecords(unclosed, f.address, f.provider, { fromBlock: 0 }))).to.equal("EVENT_MISSING");
      }
    });

    it("goes on from a cache", async () => {
      const f = await fixture();
      const cache = memoryEventCache();
      const options = { fromBlock: 0, cache };
      await anchorRecord(f.registry, record(1), KIND);
      await readRecords(f.node, f.address, f.provider, options);
      await anchorRecord(f.registry, record(2), KIND);
      const register = await readRecords(f.node, f.address, f.provider, options);
      expect([...register.records()].map(({ commitment }) => commitment)).to.deep.equal([record(1), record(2)]);
      // Asked again, it begins again.
      expect([...register.records()]).to.have.lengthOf(2);
    });

    it("reads what is not there as nothing", async () => {
      const f = await fixture();
      const { all, unnamed, logSize } = await f.read();
      expect([all, unnamed, logSize]).to.deep.equal([[], [], 0]);
    });
  });

  describe("versionsOf", () => {
    it("walks from any version to all, members included", async () => {
      const f = await fixture();
      const { registry, tree } = f;
      const { members } = await logRecords(registry, tree, records(2), KIND);
      const first = await amendRecord(registry, members[0]!, record(10), "AMENDED");
      const second = await amendRecord(registry, record(10), record(11), "RECTIFIED");
      await anchorRecord(registry, record(20), KIND);
      await amendRecord(registry, record(20), record(21), "AMENDED");
      const expected = [
        { commitment: record(0), version: 1, reason: undefined, block: undefined },
        { commitment: record(10), version: 2, reason: "AMENDED", block: first.blockNumber },
        { commitment: record(11), version: 3, reason: "RECTIFIED", block: second.blockNumber },
      ];
      for (const n of [0, 10, 11]) expect(await f.versions(record(n))).to.deep.equal(expected);
      expect(await f.versions(record(11).toUpperCase().replace("0X", "0x"))).to.deep.equal(expected);
      expect((await f.versions(record(1))).map(({ version }) => version)).to.deep.equal([1]);
      expect((await f.versions(record(21))).map(({ commitment }) => commitment)).to.deep.equal([
        record(20),
        record(21),
      ]);
    });

    it("ends where a provider came back to what it had superseded", async () => {
      const f = await fixture();
      const { registry, tree } = f;
      const { members } = await logRecords(registry, tree, [record(0)], KIND);
      const first = await amendRecord(registry, members[0]!, record(1), "AMENDED");
      // As a member of the log the registry knows it no more, so it stands alone as a later version.
      const second = await amendRecord(registry, record(1), record(0), "RECTIFIED");
      const third = await amendRecord(registry, record(0), record(2), "AMENDED");
      const expected = [
        { commitment: record(0), version: 1, reason: undefined, block: undefined },
        { commitment: record(1), version: 2, reason: "AMENDED", block: first.blockNumber },
        { commitment: record(0), version: 3, reason: "RECTIFIED", block: second.blockNumber },
        { commitment: record(2), version: 4, reason: "AMENDED", block: third.blockNumber },
      ];
      for (const n of [0, 1, 2]) expect(await f.versions(record(n))).to.deep.equal(expected);
    });

    it("does not take a later version for the first, nor believe a node that leads in a circle", async () => {
      const f = await fixture();
      const { registry, node, address, provider } = f;
      await anchorRecord(registry, record(1), KIND);
      await amendRecord(registry, record(1), record(2), "AMENDED");
      const { blockNumber } = await amendRecord(registry, record(2), record(3), "AMENDED");
      const from = (fromBlock: number, source: EventSource = node) =>
        codeOf(versionsOf(source, address, { provider, commitment: record(3) }, { fromBlock }));
      expect(await from(blockNumber)).to.equal("EVENT_MISSING");

      const { interface: abi } = registry;
      const isAmendment = (topics: readonly string[]) => topics[0] === abi.getEvent("RecordAmended").topicHash;
      const lying = {
        ...forward(node),
        getLogs: async (filter: Parameters<typeof node.getLogs>[0]) => {
          const [first, last] = (await node.getLogs(filter)).filter(({ topics }) => isAmendment(topics));
          const args = abi.decodeEventLog("RecordAmended", last!.data, last!.topics).toArray() as unknown[];
          const back = args.map((value) => (value === record(2) ? record(3) : value === record(3) ? record(1) : value));
          const { topics, data } = abi.encodeEventLog("RecordAmended", back);
          const fields: LogFields = last!;
          const told: LogFields[] = [first!, fields, { ...fields, topics, data }];
          return told as Log[];
        },
      };
      const listed = (source: EventSource) =>
        versionsOf(source, address, { provider, commitment: record(3) }, { fromBlock: 0 });
      const told = await listed(lying);
      expect(told).to.deep.equal(await listed(node));
      expect(told.map(({ version }) => version)).to.deep.equal([1, 2, 3]);
    });
  });
});
