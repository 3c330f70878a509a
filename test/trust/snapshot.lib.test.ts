import { expect } from "chai";
import { id, TypedDataEncoder } from "ethers";

import { memoryEventCache } from "../../src/chain/memoryEventCache.js";
import { authorizeKey } from "../../src/trust/bodies.js";
import { standingAt, standingOf, trustHistory } from "../../src/trust/history.js";
import { keyConsentTypedData, signKeyConsent } from "../../src/trust/keyConsent.js";
import {
  readTrustSnapshot,
  verifySnapshot,
  type AccreditationChange,
  type KeyChange,
  type TrustChange,
  type TrustSnapshot,
} from "../../src/trust/snapshot.js";
import { STANDINGS } from "../../src/trust/standing.js";
import { TrustError } from "../../src/trust/TrustError.js";
import { randomOf } from "../helpers/random.js";
import { deploySuite, GROUNDS } from "../helpers/suite.js";
import { load, PROFILE, type Suite } from "../helpers/trust.js";

const SCOPES = [id("diwan.role.court"), id("diwan.role.clinic")];
const BODIES = 7;
const KEYS_EACH = 2;
const NO_END = 2 ** 40 - 1;
const DEADLINE = 2n ** 40n;
const METHODS = ["reinstate", "suspend", "withdraw"] as const;

const latest = async ({ ethers }: Suite) => (await ethers.provider.getBlock("latest"))!;

/** A trust list with a past: bodies accredited, suspended, moved and withdrawn at random, and keys compromised. */
async function deployHistory() {
  const suite = await deploySuite();
  const { trustList, ministry, connection, signers, decide } = suite;
  const { time } = connection.networkHelpers;
  const random = randomOf(20_261_124);
  const ours = trustList.connect(ministry);
  const start = await time.latest();
  for (let body = 1; body <= BODIES; body++) await ours.registerBody(ministry.address, PROFILE);

  // A tree of four levels to begin with, in both scopes.
  for (const scope of SCOPES) {
    await decide(trustList, "accredit", [scope, 0, 1, 1, NO_END, 3, GROUNDS]);
    for (const body of [2, 3, 4]) await ours.accredit(scope, body - 1, body, 1, NO_END, 4 - body, GROUNDS);
  }

  const anyTime = (now: number) => now + random.below(4_000) - 2_000;
  const keys = signers.slice(10, 10 + BODIES * KEYS_EACH);
  const bodyOf = (i: number) => (i % BODIES) + 1;

  /** Most of what is tried at random is refused, and changes nothing. */
  const act = async (): Promise<string> => {
    const scope = random.of(SCOPES);
    const body = random.below(BODIES) + 1;
    const now = await time.latest();
    await time.setNextBlockTimestamp(now + 1 + random.below(60));
    const from = random.of([1, 1, start, anyTime(now)]);
    const until = random.of([NO_END, NO_END, NO_END, anyTime(now) + 2_000]);
    switch (random.below(9)) {
      case 0:
        await decide(trustList, "accredit", [
          scope,
          0,
          random.of([1, 1, 5, body]),
          from,
          until,
          random.of([0, 2, 3, 3]),
          GROUNDS,
        ]);
        return "accredited by the council";
      case 1:
      case 2:
      case 3: {
        const parent = random.below(BODIES) + 1;
        const own = await trustList.accreditationOf(scope, parent);
        const levels = random.below(Number(own.levels) + 1);
        const period = [random.of([own.from, own.from, from]), random.of([own.until, own.until, until])] as const;
        await ours.accredit(scope, parent, body, ...period, levels, GROUNDS);
        return "accredited by a body";
      }
      case 4:
      case 5:
      case 6: {
        const method = METHODS[Math.min(2, Math.floor(random.below(10) / 4))]!;
        if (random.below(5) > 0) await ours[method](scope, body, GROUNDS);
        else await decide(trustList, method, [scope, body, GROUNDS]);
        return method;
      }
      case 7: {
        const i = random.below(keys.length);
        const consent = await signKeyConsent(trustList, keys[i]!, bodyOf(i), DEADLINE);
        await authorizeKey(ours, { ...consent, scopes: [scope], from: 1, until: NO_END });
        return "key authorised";
      }
      default:
        await ours.reportCompromise(keys[random.below(keys.length)]!.address, Math.max(1, now - random.below(1_500)));
        return "key compromised";
    }
  };

  const done = new Map<string, number>();
  for (let i = 0; i < 600; i++) {
    const what = await act().catch(() => "refused");
    done.set(what, (done.get(what) ?? 0) + 1);
  }
  const snapshot = await readTrustSnapshot(suite.ethers.provider, await trustList.getAddress(), { fromBlock: 0 });
  return { ...suite, start, done, snapshot };
}

async function checkpointOf({ trustList }: Suite) {
  const [size, root] = await trustList.checkpoint();
  return { size, root };
}

describe("trust list library", () => {
  describe("readTrustSnapshot and verifySnapshot", () => {
    it("agree with the contract's checkpoint, also after the snapshot was a file", async () => {
      const suite = await load(deployHistory);
      const { snapshot } = suite;
      const actions = ["accredited by the council", "accredited by a body", "suspend", "reinstate", "withdraw"];
      for (const what of [...actions, "key authorised", "key compromised"]) {
        expect(suite.done.get(what), `${what}, of ${JSON.stringify([...suite.done])}`).to.be.greaterThan(3);
      }
      const file = JSON.parse(JSON.stringify(snapshot)) as TrustSnapshot;
      expect(file).to.deep.equal(snapshot);
      expect(verifySnapshot(file, await checkpointOf(suite))).to.equal(true);
      expect(snapshot.time).to.equal((await latest(suite)).timestamp);
    });

    it("refuse a snapshot in which anything is left out, changed or moved", async () => {
      const suite = await load(deployHistory);
      const checkpoint = await checkpointOf(suite);
      const changed = (change: (file: TrustSnapshot) => void) => {
        const file = structuredClone(suite.snapshot);
        change(file);
        return verifySnapshot(file, checkpoint);
      };
      expect(changed((file) => file.changes.pop())).to.equal(false);
      expect(changed((file) => file.changes.reverse())).to.equal(false);
      expect(changed((file) => file.changes.push(file.changes[0]!))).to.equal(false);
      for (const kind of ["body", "accreditation", "key"] as const) {
        const at = suite.snapshot.changes.findIndex((change) => change.kind === kind);
        expect(at).to.be.at.least(0);
        const tampered = changed((file) => {
          const change = file.changes[at]!;
          if (change.kind === "body") change.profile = id("another");
          if (change.kind === "accreditation") change.accreditation.levels ^= 1;
          if (change.kind === "key") change.key.compromisedSince += 1;
        });
        expect(tampered, kind).to.equal(false);
      }
    });

    it("refuse a snapshot that writes a change otherwise than it is read, though its hash is the same", async () => {
      const suite = await load(deployHistory);
      const checkpoint = await checkpointOf(suite);
      const { changes } = suite.snapshot;
      const at = (kind: string) => changes.findLastIndex((change) => change.kind === kind);
      const rewritten = (i: number, change: object) => {
        const file = { ...suite.snapshot, changes: changes.with(i, { ...changes[i], ...change } as TrustChange) };
        expect(() => verifySnapshot(file, checkpoint), JSON.stringify(change))
          .to.throw(TrustError)
          .with.property("code", "SNAPSHOT_MALFORMED");
      };
      const { key } = changes[at("key")] as KeyChange;
      const { accreditation } = changes[at("accreditation")] as AccreditationChange;
      for (const kind of ["body", "accreditation", "key"])
        rewritten(at(kind), { body: String(changes[at(kind)]!.body) });
      rewritten(at("key"), { key: { ...key, index: String(key.index) } });
      rewritten(at("key"), { key: [key.body, key.index, key.from, key.until, key.compromisedSince, key.roles] });
      for (const name of ["from", "until", "since", "parent", "levels"] as const) {
        rewritten(at("accreditation"), { accreditation: { ...accreditation, [name]: String(accreditation[name]) } });
      }
      rewritten(at("accreditation"), { accreditation: null });
      expect(verifySnapshot(suite.snapshot, checkpoint)).to.equal(true);
    });

    it("go on from a cache", async () => {
      const suite = await load(deployHistory);
      const cache = memoryEventCache();
      const address = await suite.trustList.getAddress();
      const { provider } = suite.ethers;
      const options = { fromBlock: 0, range: 50, cache };
      await readTrustSnapshot(provider, address, { ...options, toBlock: suite.snapshot.block - 100 });
      expect(await readTrustSnapshot(provider, address, options)).to.deep.equal(suite.snapshot);
    });
  });

  describe("standingAt and standingOf", () => {
    it("judge as the contract does, over a random history", async () => {
      const suite = await load(deployHistory);
      const { trustList, snapshot } = suite;
      const trust = trustHistory(snapshot);
      const random = randomOf(7);
      const moments = snapshot.changes.flatMap((change) => {
        if (change.kind === "body") return [];
        if (change.kind === "key") return [change.key.compromisedSince, change.key.from];
        return [change.accreditation.since, change.accreditation.from, change.accreditation.until];
      });
      const seen = new Map<string, number>();
      for (let i = 0; i < 600; i++) {
        const [scope, body, key] = [random.of(SCOPES), random.below(BODIES + 1), random.below(KEYS_EACH + 1)];
        const time = Math.min(NO_END, Math.max(0, random.of(moments) + random.below(3) - 1));
        const where = `scope ${scope}, body ${body}, key ${key}, time ${time}`;

        const [standing, decidedBy] = await trustList.standingAt(scope, body, time);
        const expected = { standing: STANDINGS[Number(standing)], decidedBy: Number(decidedBy) };
        expect(standingAt(trust, scope, body, time), where).to.deep.equal(expected);
        const ofRecord = STANDINGS[Number(await trustList.standingOf(scope, body, key, time))]!;
        expect(standingOf(trust, scope, body, key, time), where).to.equal(ofRecord);
        seen.set(ofRecord, (seen.get(ofRecord) ?? 0) + 1);
      }
      expect([...seen.keys()].sort(), JSON.stringify([...seen])).to.deep.equal([...STANDINGS].sort());
    });

    it("count the last of several decisions in one second", async () => {
      const suite = await load(deployHistory);
      const { trustList, ministry, ethers, snapshot } = suite;
      const fresh = trustList.connect(ministry);
      await fresh.registerBody(ministry.address, PROFILE);
      const body = BODIES + 1;
      await suite.decide(trustList, "accredit", [SCOPES[0], 0, body, 1, NO_END, 1, GROUNDS]);
      await fresh.registerBody(ministry.address, PROFILE);
      await fresh.accredit(SCOPES[0]!, body, body + 1, 1, NO_END, 0, GROUNDS);

      await ethers.provider.send("evm_setAutomine", [false]);
      const gas = { gasLimit: 1_000_000 };
      await fresh.suspend(SCOPES[0]!, body + 1, GROUNDS, gas);
      await fresh.reinstate(SCOPES[0]!, body + 1, GROUNDS, gas);
      await fresh.suspend(SCOPES[0]!, body + 1, GROUNDS, gas);
      await ethers.provider.send("evm_mine", []);
      await ethers.provider.send("evm_setAutomine", [true]);

      const { timestamp } = await latest(suite);
      const address = await trustList.getAddress();
      const after = await readTrustSnapshot(ethers.provider, address, { fromBlock: 0 });
      expect(after.changes.length).to.equal(snapshot.changes.length + 7);
      expect(verifySnapshot(after, await checkpointOf(suite))).to.equal(true);
      const trust = trustHistory(after);
      for (const time of [timestamp - 1, timestamp, timestamp + 1]) {
        const [standing] = await trustList.standingAt(SCOPES[0]!, body + 1, time);
        expect(standingAt(trust, SCOPES[0]!, body + 1, time).standing).to.equal(STANDINGS[Number(standing)]);
      }
      expect(standingAt(trust, SCOPES[0]!, body + 1, timestamp).standing).to.equal("SUSPENDED");
      expect(standingAt(trust, SCOPES[0]!, body + 1, timestamp - 1).standing).to.equal("IN_FORCE");
    });
  });

  describe("keyConsentTypedData", () => {
    it("has the domain and the type that the contract has", async () => {
      const { trustList } = await load(deployHistory);
      const address = await trustList.getAddress();
      const message = { body: 1, operator: address, deadline: DEADLINE };
      const { domain, types, primaryType } = keyConsentTypedData(31_337n, address, message);
      const [, name, version, chainId, verifyingContract] = await trustList.eip712Domain();
      expect(domain).to.deep.equal({ name, version, chainId, verifyingContract });
      const encoder = TypedDataEncoder.from(types);
      expect(encoder.primaryType).to.equal(primaryType);
      expect(encoder.encodeType(primaryType)).to.equal("KeyConsent(uint32 body,address operator,uint256 deadline)");
    });
  });
});
