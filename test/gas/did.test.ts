import {
  addDelegate,
  CHANGE_MANY,
  CHANGE_OWNER,
  commitmentOf,
  didFixture,
  approvalsOf,
  PUBLIC_KEY,
  publicKey,
  setAttribute,
  SIG_AUTH,
  type Change,
} from "../helpers/did.js";
import { NO_END } from "../helpers/suite.js";
import { gasOf, record } from "./record.js";

/** Rounded up, so that no figure is flattered. */
const per = (total: bigint, count: number) => (total + BigInt(count) - 1n) / BigInt(count);

const YEAR = 31_557_600n;
/** Keys as resolvers know them: 33 bytes of a compressed public key, a year long. */
const keys = (count: number, from = 0): Change[] =>
  Array.from({ length: count }, (_, i) => setAttribute(PUBLIC_KEY, publicKey(from + i), YEAR));
const delegates = (count: number, from = 0): Change[] =>
  Array.from({ length: count }, (_, i) => addDelegate(SIG_AUTH, addressOf(from + i), YEAR));
/** An address without a zero byte. */
const addressOf = (n: number) => `0x${"a7".repeat(16)}${(n + 0x11_11_11_11).toString(16)}`;

describe("Gas of DIDs, whole transactions unless it says otherwise", () => {
  async function fixture() {
    const f = await didFixture();
    const { registry, did } = f;
    /** A DID that has a slot already, as after its first change. */
    const written = async () => {
      await registry.setAttribute(did, PUBLIC_KEY, publicKey(99), YEAR);
      return f;
    };
    /** What the owner signed, carried by a stranger. */
    const signed = async (changes: Change[]) => {
      const message = { identity: did, changes, nonce: await registry.nonce(did), deadline: NO_END };
      const signature = await f.owner.signTypedData(f.domain, CHANGE_MANY, message);
      return gasOf(f.didRegistry.connect(f.stranger).changeManyBySignature(did, changes, NO_END, signature));
    };
    return { ...f, written, signed };
  }

  it("the first key", async () => {
    const { registry, did } = await fixture();
    record(
      "DidRegistry: setAttribute, the first key of a DID",
      await gasOf(registry.setAttribute(did, PUBLIC_KEY, publicKey(0), YEAR)),
    );
    record(
      "DidRegistry: setAttribute, another key",
      await gasOf(registry.setAttribute(did, PUBLIC_KEY, publicKey(1), YEAR)),
    );
    record("DidRegistry: revokeAttribute", await gasOf(registry.revokeAttribute(did, PUBLIC_KEY, publicKey(1))));
  });

  it("ten keys in one transaction", async () => {
    const fresh = await fixture();
    record(
      "DidRegistry: changeMany of 10 keys on a fresh DID, each",
      per(await gasOf(fresh.registry.changeMany(fresh.did, keys(10))), 10),
    );
    const { registry, did } = await (await fixture()).written();
    record("DidRegistry: changeMany of 10 keys, each", per(await gasOf(registry.changeMany(did, keys(10))), 10));
  });

  it("delegates", async () => {
    const { registry, did } = await (await fixture()).written();
    record("DidRegistry: addDelegate", await gasOf(registry.addDelegate(did, SIG_AUTH, addressOf(500), YEAR)));
    record("DidRegistry: revokeDelegate", await gasOf(registry.revokeDelegate(did, SIG_AUTH, addressOf(500))));
    const ten = await gasOf(registry.changeMany(did, delegates(10)));
    const nine = await gasOf(registry.changeMany(did, delegates(9, 10)));
    record("DidRegistry: changeMany of 10 delegates, each", per(ten, 10));
    record("DidRegistry: changeMany of delegates, what one more adds", ten - nine);
    record(
      "DidRegistry: changeMany of 100 delegates, each",
      per(await gasOf(registry.changeMany(did, delegates(100, 20))), 100),
    );
  });

  it("by signature", async () => {
    const fresh = await fixture();
    record("DidRegistry: changeManyBySignature, the first key of a DID", await fresh.signed(keys(1)));
    const { signed } = await fixture().then(async (f) => ({ ...(await f.written()), signed: f.signed }));
    record("DidRegistry: changeManyBySignature of 1 key", await signed(keys(1)));
    record("DidRegistry: changeManyBySignature of 10 keys, each", per(await signed(keys(10)), 10));
  });

  it("another owner", async () => {
    const f = await (await fixture()).written();
    const { registry, did, newOwner, didRegistry, stranger, domain, friend } = f;
    record("DidRegistry: changeOwner, the first of a DID", await gasOf(registry.changeOwner(did, newOwner.address)));
    const message = { identity: did, newOwner: friend.address, nonce: 1n, deadline: NO_END };
    const signature = await newOwner.signTypedData(domain, CHANGE_OWNER, message);
    record(
      "DidRegistry: changeOwnerBySignature",
      await gasOf(didRegistry.connect(stranger).changeOwnerBySignature(did, friend.address, NO_END, signature)),
    );
  });

  it("freeze and thaw", async () => {
    const fresh = await fixture();
    record("DidRegistry: freeze of a fresh DID", await gasOf(fresh.registry.freeze(fresh.did)));
    const f = await (await fixture()).written();
    record("DidRegistry: freeze", await gasOf(f.registry.freeze(f.did)));
    record("DidRegistry: scheduleThaw", await gasOf(f.registry.scheduleThaw(f.did)));
    await f.time.increase(300n);
    record("DidRegistry: thaw", await gasOf(f.registry.thaw(f.did)));
  });

  it("recovery by two of three guardians", async () => {
    const f = await (await fixture()).written();
    const { registry, didRegistry, did, list, guardians, stranger, newOwner, time } = f;
    record("DidRegistry: setGuardians", await gasOf(registry.setGuardians(did, commitmentOf(list))));
    const [g1, g2] = guardians as [(typeof guardians)[0], (typeof guardians)[0]];
    const frozen = await gasOf(didRegistry.connect(g1).freezeAsGuardian(did, list));
    record("DidRegistry: freezeAsGuardian, 1 of 3", frozen);
    const approvals = await approvalsOf(f, [g1, g2]);
    const carry = didRegistry.connect(stranger);
    const started = await gasOf(carry.recover(did, newOwner.address, list, approvals, NO_END));
    record("DidRegistry: recover, 2 of 3", started);
    await time.increase(list.delay);
    const executed = await gasOf(carry.executeRecovery(did));
    record("DidRegistry: executeRecovery", executed);
    record("DidRegistry: recovery, 2 of 3, start and execution", started + executed);
    record("DidRegistry: recovery, 2 of 3, with a guardian's freeze", frozen + started + executed);
  });
});
