import { expect } from "chai";
import { encodeBytes32String, hexlify, toUtf8Bytes, TypedDataEncoder, ZeroAddress } from "ethers";

import { formatDid, parseDid } from "../../src/identity/did/did.js";
import { addDelegate, revokeAttribute, revokeDelegate, setAttribute } from "../../src/identity/did/didChange.js";
import { guardiansCommitment, makeGuardians } from "../../src/identity/did/didGuardians.js";
import {
  approveRecovery,
  changeManyTypedData,
  changeOwnerTypedData,
  recoverTypedData,
  sortApprovals,
} from "../../src/identity/did/didTypedData.js";
import { keysToRevoke } from "../../src/identity/did/keysToRevoke.js";
import { readDid } from "../../src/identity/did/readDid.js";
import {
  CHANGE_MANY,
  CHANGE_OWNER,
  commitmentOf,
  DID_DELAYS,
  didFixture,
  guardedFixture,
  KIND,
  PUBLIC_KEY,
  publicKey,
  RECOVER,
  RECOVERY_DELAY,
  SERVICE,
  SIG_AUTH,
  startRecovery,
  VERI_KEY,
} from "../helpers/did.js";
import { inOneBlock, peersOf } from "../helpers/didHistory.js";
import { rejection } from "../helpers/events.js";
import { NO_END } from "../helpers/suite.js";
import { load, type Signer, timeOf } from "../helpers/trust.js";

const ADDRESS = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

describe("did:ethr", () => {
  it("is written with the chain in hex and the checksum, and read in any case", () => {
    const did = `did:ethr:0x7a69:${ADDRESS}`;
    expect(formatDid(31_337n, ADDRESS.toLowerCase())).to.equal(did);
    for (const form of [did, did.toLowerCase(), did.replace("f39F", "F39f")]) {
      expect(parseDid(form)).to.deep.equal({ chainId: 31_337n, identity: ADDRESS });
    }
  });

  for (const did of [
    "",
    ADDRESS,
    `did:ethr:${ADDRESS}`,
    `did:ethr:31337:${ADDRESS}`,
    `did:ethr:0x07a69:${ADDRESS}`,
    `did:ethr:0x0:${ADDRESS}`,
    `did:ethr:mainnet:${ADDRESS}`,
    `did:web:0x7a69:${ADDRESS}`,
    `did:ethr:0x7a69:${ADDRESS}?versionId=1`,
    `did:ethr:0x7a69:${ADDRESS}#controller`,
    `did:ethr:0x7a69:${ADDRESS.slice(0, -1)}`,
    `did:ethr:0x7a69:${ADDRESS}\n`,
    `did:ethr:0x7a69:0x02${"ab".repeat(32)}`,
  ]) {
    it(`is refused as ${JSON.stringify(did)}`, () => {
      expect(() => parseDid(did))
        .to.throw()
        .with.property("code", "DID_MALFORMED");
    });
  }

  it("is not made of what is no address or no chain", () => {
    for (const [chain, address] of [
      [1n, "0x12"],
      [0n, ADDRESS],
      [-1n, ADDRESS],
    ] as const) {
      expect(() => formatDid(chain, address))
        .to.throw()
        .with.property("code", "DID_MALFORMED");
    }
  });
});

describe("changes of a DID", () => {
  it("are what the registry takes", () => {
    const name = encodeBytes32String("did/svc/HubService");
    const value = hexlify(toUtf8Bytes("https://hub.example"));
    expect(setAttribute("did/svc/HubService", "https://hub.example", 5n)).to.deep.equal({
      ...{ kind: Number(KIND.SET_ATTRIBUTE), name, value, validity: 5n },
    });
    expect(revokeAttribute(PUBLIC_KEY, publicKey(1))).to.deep.equal({
      ...{ kind: Number(KIND.REVOKE_ATTRIBUTE), name: PUBLIC_KEY, value: publicKey(1), validity: 0n },
    });
    expect(addDelegate("sigAuth", ADDRESS.toLowerCase(), 6n)).to.deep.equal({
      ...{ kind: Number(KIND.ADD_DELEGATE), name: SIG_AUTH, value: ADDRESS, validity: 6n },
    });
    expect(revokeDelegate("veriKey", ADDRESS)).to.deep.equal({
      ...{ kind: Number(KIND.REVOKE_DELEGATE), name: VERI_KEY, value: ADDRESS, validity: 0n },
    });
  });

  it("are refused with a name too long, a delegate that is no address, a negative validity", () => {
    for (const make of [
      () => setAttribute("x".repeat(32), "0x", 1n),
      () => addDelegate("sigAuth", "0x1234", 1n),
      () => revokeDelegate("sigAuth", "friend"),
      () => setAttribute("did/other", "0x", -1n),
    ]) {
      expect(make).to.throw().with.property("code", "DID_CHANGE_MALFORMED");
    }
  });
});

describe("guardians", () => {
  const others = ["0x70997970C51812dc3A010C7d01b50e0d17dc79C8", "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"];

  it("are sorted, salted and committed to as the registry does", async () => {
    const made = makeGuardians({ members: [ADDRESS, ...others], threshold: 2, delay: 60 });
    expect(made.members).to.deep.equal([others[1], others[0], ADDRESS]);
    expect(made.veto).to.equal(ZeroAddress);
    expect(guardiansCommitment(made)).to.equal(commitmentOf({ ...made, threshold: 2n, delay: 60n }));
    expect(makeGuardians({ members: [ADDRESS], threshold: 1, delay: 1 }).salt).not.to.equal(made.salt);
    const { registry, did, friend } = await load(didFixture);
    const own = makeGuardians({ members: [friend.address], threshold: 1, delay: 1 });
    await registry.setGuardians(did, guardiansCommitment(own));
    await expect(registry.connect(friend).freezeAsGuardian(did, own)).to.emit(registry, "DIDOwnerChanged");
  });

  for (const [what, chosen] of Object.entries({
    nobody: { members: [], threshold: 0 },
    "fewer than must sign": { members: [ADDRESS], threshold: 2 },
    "a threshold of 0": { members: [ADDRESS], threshold: 0 },
    "one twice": { members: [ADDRESS, ADDRESS.toLowerCase()], threshold: 1 },
    "the zero address": { members: [ADDRESS, ZeroAddress], threshold: 1 },
    "what is no address": { members: ["0x12"], threshold: 1 },
    "a delay too long": { members: [ADDRESS], threshold: 1, delay: 2 ** 41 },
    "a delay that is no whole number": { members: [ADDRESS], threshold: 1, delay: 0.5 },
    "a veto that is no address": { members: [ADDRESS], threshold: 1, veto: "me" },
    "a salt too short": { members: [ADDRESS], threshold: 1, salt: "0x12" },
  })) {
    it(`are refused with ${what}`, () => {
      expect(() => makeGuardians({ delay: 1, ...chosen }))
        .to.throw()
        .with.property("code", "GUARDIANS_MALFORMED");
    });
  }

  it("are hashed only in their form, and a refusal does not tell the salt", () => {
    const salt = "0x1234";
    const list = { members: [ADDRESS], threshold: 1, delay: 1, veto: ZeroAddress, salt };
    expect(() => guardiansCommitment(list))
      .to.throw(/salt 32 bytes in hex$/)
      .with.property("code", "GUARDIANS_MALFORMED");
  });
});

describe("guardians without a delay", () => {
  it("are refused: they could take an active DID in one block, and no veto would come in time", () => {
    expect(() => makeGuardians({ members: [ADDRESS], threshold: 1, delay: 0 }))
      .to.throw()
      .with.property("code", "GUARDIANS_DELAY");
  });
});

describe("what is signed over a DID", () => {
  it("hashes as the interface's text says", () => {
    const place = { chainId: 31_337n, registry: ADDRESS };
    const domain = { name: "Diwan DidRegistry", version: "1", chainId: 31_337n, verifyingContract: ADDRESS };
    const once = { identity: ADDRESS, nonce: 3n, deadline: 9n };
    const many = { ...once, changes: [setAttribute("did/other", "0x01", 1n)] };
    const data = changeManyTypedData(place, many);
    expect(TypedDataEncoder.hash(data.domain, data.types, data.message)).to.equal(
      TypedDataEncoder.hash(domain, CHANGE_MANY, many),
    );
    const give = { ...once, newOwner: ADDRESS };
    const given = changeOwnerTypedData(place, give);
    expect(TypedDataEncoder.hash(given.domain, given.types, given.message)).to.equal(
      TypedDataEncoder.hash(domain, CHANGE_OWNER, give),
    );
    const recovery = { ...give, guardians: PUBLIC_KEY };
    const recovered = recoverTypedData(place, recovery);
    expect(TypedDataEncoder.hash(recovered.domain, recovered.types, recovered.message)).to.equal(
      TypedDataEncoder.hash(domain, RECOVER, recovery),
    );
  });

  it("brings a DID back from the library alone", async () => {
    const f = await load(didFixture);
    const { registry, did, guardians, newOwner, domain, time } = f;
    const [g1, g2, g3] = guardians as [Signer, Signer, Signer];
    const members = [g3, g1, g2].map(({ address }) => address);
    const list = makeGuardians({ members, threshold: 2, delay: 10 });
    await registry.setGuardians(did, guardiansCommitment(list));
    const message = {
      ...{ identity: did, newOwner: newOwner.address, guardians: guardiansCommitment(list) },
      ...{ nonce: await registry.nonce(did), deadline: NO_END },
    };
    const place = { chainId: domain.chainId, registry: domain.verifyingContract };
    const approvals = [await approveRecovery(place, message, g3), await approveRecovery(place, message, g1)];
    await registry.recover(did, newOwner.address, list, sortApprovals(approvals), NO_END);
    await time.increase(10);
    await registry.executeRecovery(did);
    expect(await registry.identityOwner(did)).to.equal(newOwner.address);
  });
});

describe("readDid", () => {
  it("tells at each moment what the registry tells, and what waits", async () => {
    const f = await load(guardedFixture);
    const { registry, didRegistry, did, guardians, list, newOwner, vetoer, friend, time } = f;
    const { read } = peersOf(f);
    const [g1, g2] = guardians as [Signer, Signer];
    const other = `0x${"03".repeat(32)}`;
    const STATES = ["ACTIVE", "FROZEN", "DEACTIVATED"];
    const PLANS = [undefined, undefined, "THAW", "DEACTIVATION"];
    const expectAgreed = async () => {
      const record = await read();
      const [state, owner] = await registry.stateOf(did);
      const [plan, dueAt, to] = await registry.planOf(did);
      const [commitment, next, nextDueAt] = await registry.guardiansOf(did);
      expect([record.state, record.owner]).to.deep.equal([STATES[Number(state)], owner]);
      expect(record.recovery).to.deep.equal(plan === 1n ? { newOwner: to, dueAt: Number(dueAt) } : undefined);
      expect(record.exit).to.deep.equal(plan > 1n ? { plan: PLANS[Number(plan)], dueAt: Number(dueAt) } : undefined);
      expect(record.guardians).to.equal(BigInt(commitment) === 0n ? undefined : commitment);
      const waiting = { commitment: next, dueAt: Number(nextDueAt) };
      expect(record.nextGuardians).to.deep.equal(nextDueAt === 0n ? undefined : waiting);
      expect(record.keys.owner).to.equal(owner);
    };
    const steps: (() => Promise<unknown>)[] = [
      () => registry.addDelegate(did, SIG_AUTH, friend.address, 100_000n),
      () => registry.setGuardians(did, other),
      () => registry.cancelGuardians(did),
      () => registry.setGuardians(did, other),
      () => startRecovery(f, [g1, g2]),
      () => registry.vetoRecovery(did),
      () => didRegistry.connect(g1).freezeAsGuardian(did, list),
      () => registry.scheduleThaw(did),
      () => registry.freeze(did),
      () => registry.scheduleDeactivation(did),
      () => startRecovery(f, [g1, g2]),
      () => didRegistry.connect(vetoer).vetoRecoveryAsVetoer(did, list),
      () => registry.scheduleThaw(did),
      () => time.increase(DID_DELAYS.exitDelay),
      () => registry.thaw(did),
      () => startRecovery(f, [g1, g2]),
      () => time.increase(RECOVERY_DELAY),
      () => registry.executeRecovery(did),
      () => registry.connect(newOwner).setGuardians(did, `0x${"00".repeat(32)}`),
      () => time.increase(DID_DELAYS.guardiansDelay),
      () => registry.applyGuardians(did),
      () => registry.connect(newOwner).freeze(did),
      () => registry.connect(newOwner).scheduleDeactivation(did),
      () => time.increase(DID_DELAYS.exitDelay),
      () => registry.deactivate(did),
    ];
    await expectAgreed();
    for (const step of steps) {
      await step();
      await expectAgreed();
    }
    const { keys, document } = await read();
    expect([keys.delegates, document.verificationMethod]).to.deep.equal([[], []]);
  });

  it("tells of a past time, to the second, and of a block", async () => {
    const f = await load(didFixture);
    const { registry, did, friend, newOwner, time } = f;
    const { read, did: name } = peersOf(f);
    const t1 = await timeOf(registry.addDelegate(did, SIG_AUTH, friend.address, 100n));
    const first = await registry.changed(did);
    await time.setNextBlockTimestamp(t1 + 50n);
    await registry.changeOwner(did, newOwner.address);
    const second = Number(await registry.changed(did));
    const at = async (t: bigint) => {
      const { owner, versionId, nextVersionId, document, keys } = await read({ time: Number(t) });
      return [owner, versionId, nextVersionId, document.verificationMethod.length, keys.delegates.length];
    };
    expect(await at(t1 - 1n)).to.deep.equal([did, 0, Number(first), 1, 0]);
    expect(await at(t1)).to.deep.equal([did, Number(first), second, 2, 1]);
    expect(await at(t1 + 49n)).to.deep.equal([did, Number(first), second, 2, 1]);
    expect(await at(t1 + 50n)).to.deep.equal([newOwner.address, second, undefined, 2, 1]);
    // Resolvers take the last second for valid, the registry does not.
    expect(await at(t1 + 100n)).to.deep.equal([newOwner.address, second, undefined, 2, 0]);
    expect(await at(t1 + 101n)).to.deep.equal([newOwner.address, second, undefined, 1, 0]);
    expect((await read({ block: Number(first) })).owner).to.equal(did);
    expect((await read({ block: second })).document.id).to.equal(name);
  });

  it("refuses a DID of another chain, what is no DID, and a block that is not there", async () => {
    const f = await load(didFixture);
    const { ethers, domain, did } = f;
    const of = (name: string, block?: number) =>
      rejection(readDid(ethers.provider, domain.verifyingContract, name, { fromBlock: 0, ...(block && { block }) }));
    expect(await of(formatDid(1n, did))).to.have.property("code", "DID_MALFORMED");
    expect(await of("did:web:example.org")).to.have.property("code", "DID_MALFORMED");
    expect(await of(formatDid(31_337n, did), 9_999)).to.have.property("code", "BLOCK_NOT_FOUND");
  });
});

describe("keysToRevoke", () => {
  it("revokes what a thief added or prolonged, in the freeze's block too, and leaves the rest", async () => {
    const f = await load(guardedFixture);
    const { registry, didRegistry, did, thief, friend, stranger, guardians, list, newOwner, time } = f;
    const [g1, g2] = guardians as [Signer, Signer];
    const { read, resolve } = peersOf(f);
    await registry.addDelegate(did, SIG_AUTH, friend.address, 1_000_000n);
    await registry.addDelegate(did, VERI_KEY, stranger.address, 1_000n);
    const lost = await timeOf(registry.setAttribute(did, SERVICE, "0x01", 1_000_000n));
    await time.increase(10);
    await registry.setAttribute(did, PUBLIC_KEY, publicKey(6), 1_000_000n);
    await registry.addDelegate(did, SIG_AUTH, thief.address, 1_000_000n);
    await registry.addDelegate(did, VERI_KEY, stranger.address, 1_000_000n);
    await registry.setAttribute(did, PUBLIC_KEY, publicKey(7), 1n);
    await registry.setAttribute(did, PUBLIC_KEY, publicKey(8), 1_000_000n);
    await registry.revokeAttribute(did, PUBLIC_KEY, publicKey(8));
    await inOneBlock(
      f,
      () => registry.addDelegate(did, VERI_KEY, thief.address, 1_000_000n, { gasLimit: 300_000 }),
      () => didRegistry.connect(g1).freezeAsGuardian(did, list, { gasLimit: 300_000 }),
    );
    await startRecovery(f, [g1, g2]);
    await time.increase(RECOVERY_DELAY);
    await registry.executeRecovery(did);
    expect(await registry.validDelegate(did, VERI_KEY, thief.address)).to.equal(true);

    const changes = keysToRevoke(await read(), Number(lost) + 1);
    expect(changes).to.have.deep.members([
      revokeAttribute(PUBLIC_KEY, publicKey(6)),
      revokeDelegate(SIG_AUTH, thief.address),
      revokeDelegate(VERI_KEY, stranger.address),
      revokeDelegate(VERI_KEY, thief.address),
    ]);
    await registry.connect(newOwner).changeMany(did, changes);
    for (const type of [SIG_AUTH, VERI_KEY]) {
      expect(await registry.validDelegate(did, type, thief.address)).to.equal(false);
    }
    expect(await registry.validDelegate(did, SIG_AUTH, friend.address)).to.equal(true);
    const { didDocument } = await resolve(await f.ethers.provider.getBlockNumber());
    expect(didDocument?.verificationMethod?.map((key) => key.blockchainAccountId)).to.deep.equal([
      `eip155:31337:${newOwner.address}`,
      `eip155:31337:${friend.address}`,
    ]);
    expect(keysToRevoke(await read(), Number(lost) + 1)).to.deep.equal([]);
    expect(keysToRevoke(await read(), Number(lost))).to.deep.equal([revokeAttribute(SERVICE, "0x01")]);
  });

  it("revokes what the registry has ended in the block of a freeze, which resolvers pass over", async () => {
    const f = await load(guardedFixture);
    const { registry, didRegistry, did, thief, guardians, list, newOwner, time } = f;
    const [g1, g2] = guardians as [Signer, Signer];
    const { read, resolve } = peersOf(f);
    const accounts = async () => {
      const { didDocument } = await resolve(await f.ethers.provider.getBlockNumber());
      return didDocument?.verificationMethod?.map((key) => key.blockchainAccountId);
    };
    await registry.addDelegate(did, VERI_KEY, thief.address, 1_000_000n);
    await inOneBlock(
      f,
      () => registry.revokeDelegate(did, VERI_KEY, thief.address, { gasLimit: 300_000 }),
      () => didRegistry.connect(g1).freezeAsGuardian(did, list, { gasLimit: 300_000 }),
    );
    await startRecovery(f, [g1, g2]);
    await time.increase(RECOVERY_DELAY);
    await registry.executeRecovery(did);
    expect(await registry.validDelegate(did, VERI_KEY, thief.address)).to.equal(false);
    expect(await accounts()).to.include(`eip155:31337:${thief.address}`);

    const changes = keysToRevoke(await read(), 0);
    expect(changes).to.deep.equal([revokeDelegate(VERI_KEY, thief.address)]);
    await registry.connect(newOwner).changeMany(did, changes);
    expect(await accounts()).to.deep.equal([`eip155:31337:${newOwner.address}`]);
    expect(keysToRevoke(await read(), 0)).to.deep.equal([]);
  });
});
