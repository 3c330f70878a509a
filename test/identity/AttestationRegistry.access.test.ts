import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";

import {
  ATTEST_MANY,
  OTHER_SCHEMA,
  REASON,
  SCHEMA,
  batchOf,
  contentOf,
  issuerFixture,
  itemOf,
  maskOf,
  uidOf,
} from "../helpers/issuer.js";
import { NO_END } from "../helpers/suite.js";
import { authorizeKey, now, Standing, type Signer } from "../helpers/trust.js";

/**
 * Records that a key of a body issued: a live one, a suspended one, and a two-bit batch whose leaf 0 is suspended.
 */
async function recordsOf(f: Awaited<ReturnType<typeof issuerFixture>>, issuer: bigint, key: Signer) {
  const registry = f.registry.connect(key);
  const [live, held] = [f.attestation(1, { issuer }), f.attestation(2, { issuer })];
  await registry.attestMany(SCHEMA, [live, held].map(itemOf));
  await registry.suspend(uidOf(held), REASON.CERTIFICATE_HOLD);
  const leaves = [3, 4].map((n) => f.attestation(n, { issuer }));
  const { batch, uid } = batchOf(leaves, 2n);
  await registry.attestBatch(SCHEMA, batch.root, batch.size, batch.bits);
  await registry.markLeaves(batch, [{ wordIndex: 0n, mask: maskOf(2n, 0n) }], 2n, REASON.CERTIFICATE_HOLD);
  const receiver = await (await f.ethers.deployContract("Receiver")).getAddress();
  return { live: uidOf(live), held: uidOf(held), batch, batchUid: uid, receiver };
}

type Fixture = Awaited<ReturnType<typeof issuerFixture>> & Awaited<ReturnType<typeof recordsOf>>;
type Act = (f: Fixture, key: Signer, schema?: string) => Promise<ContractTransactionResponse>;

const fresh = (f: Fixture) => f.attestation(90);
const freshBatch = (f: Fixture) => batchOf([f.attestation(91)], 1n).batch;

/** What creates or brings back: for keys of a body that is accredited now. */
const ENTRIES: Record<string, Act> = {
  attest: (f, key, schema = SCHEMA) => f.registry.connect(key).attest(schema, contentOf(fresh(f)), NO_END),
  attestAndCall: (f, key, schema = SCHEMA) =>
    f.registry.connect(key).attestAndCall(schema, contentOf(fresh(f)), NO_END, f.receiver, "0x"),
  attestMany: (f, key, schema = SCHEMA) => f.registry.connect(key).attestMany(schema, [itemOf(fresh(f))]),
  attestManyBySignature: async (f, key, schema = SCHEMA) => {
    const items = [itemOf(fresh(f))];
    const message = { schema, items, operator: key.address, nonce: 0n, deadline: NO_END };
    const signature = await key.signTypedData(f.domain, ATTEST_MANY, message);
    return f.registry.connect(f.stranger).attestManyBySignature(schema, items, key.address, 0n, NO_END, signature);
  },
  attestBatch: (f, key, schema = SCHEMA) =>
    f.registry.connect(key).attestBatch(schema, freshBatch(f).root, freshBatch(f).size, 1n),
};

/** What brings back or replaces a record: for keys of its own body that is accredited now. */
const RETURNS: Record<string, Act> = {
  reinstate: (f, key, schema = SCHEMA) => f.registry.connect(key).reinstate(schema, f.held, REASON.UNSPECIFIED),
  reinstateMany: (f, key, schema = SCHEMA) =>
    f.registry.connect(key).reinstateMany(schema, [f.held], REASON.UNSPECIFIED),
  supersede: (f, key, schema = SCHEMA) =>
    f.registry
      .connect(key)
      .supersede(schema, { old: f.live, content: contentOf(fresh(f)), expiresAt: NO_END }, REASON.UNSPECIFIED),
  supersedeMany: (f, key, schema = SCHEMA) =>
    f.registry
      .connect(key)
      .supersedeMany(schema, [{ old: f.live, content: contentOf(fresh(f)), expiresAt: NO_END }], REASON.UNSPECIFIED),
};

const reinstateLeaves: Act = (f, key) =>
  f.registry.connect(key).reinstateLeaves(f.batch, [{ wordIndex: 0n, mask: maskOf(2n, 0n) }], REASON.UNSPECIFIED);

/** What ends or suspends: for keys of the record's body, accredited or not. */
const EXITS: Record<string, Act> = {
  revoke: (f, key) => f.registry.connect(key).revoke(f.live, REASON.UNSPECIFIED),
  revokeMany: (f, key) => f.registry.connect(key).revokeMany([f.live], REASON.UNSPECIFIED),
  suspend: (f, key) => f.registry.connect(key).suspend(f.live, REASON.UNSPECIFIED),
  suspendMany: (f, key) => f.registry.connect(key).suspendMany([f.live], REASON.UNSPECIFIED),
  markLeaves: (f, key) =>
    f.registry.connect(key).markLeaves(f.batch, [{ wordIndex: 0n, mask: maskOf(2n, 1n) }], 1n, REASON.UNSPECIFIED),
};

const NEED_ACCREDITATION = { ...ENTRIES, ...RETURNS, reinstateLeaves };
const ALL = { ...NEED_ACCREDITATION, ...EXITS };

describe("AttestationRegistry: who may", () => {
  /** Records of the office, directly under the council. */
  async function fixture(): Promise<Fixture> {
    const f = await issuerFixture();
    return { ...f, ...(await recordsOf(f, f.office, f.operator)) };
  }

  /** Records of the branch, under the ministry. */
  async function branchFixture(): Promise<Fixture> {
    const f = await issuerFixture();
    return { ...f, ...(await recordsOf(f, f.branch, f.branchClerk)) };
  }

  const expectKeyNotInForce = (f: Fixture, sent: Promise<unknown>, key: Signer, standing: bigint) =>
    expect(sent).to.be.revertedWithCustomError(f.trustList, "KeyNotInForce").withArgs(key.address, standing);
  const expectNotAccredited = (f: Fixture, sent: Promise<unknown>, body: bigint, standing: bigint) =>
    expect(sent).to.be.revertedWithCustomError(f.trustList, "NotAccredited").withArgs(SCHEMA, body, standing);

  for (const [name, act] of Object.entries(ALL)) {
    describe(name, () => {
      it("goes through for another key of the body", async () => {
        const f = await fixture();
        await expect(act(f, f.colleague)).to.not.revert(f.ethers);
      });

      it("reverts when the caller is nobody's key: a stranger, the controller, a member of the council", async () => {
        const f = await fixture();
        for (const caller of [f.stranger, f.controller, f.members[0] ?? f.stranger]) {
          await expectKeyNotInForce(f, act(f, caller), caller, Standing.NONE);
        }
      });

      it("reverts when the key lists another schema of the same body", async () => {
        const f = await fixture();
        await expect(act(f, f.otherClerk))
          .to.be.revertedWithCustomError(f.trustList, "RoleNotListed")
          .withArgs(f.otherClerk.address, f.office, 0n);
      });

      it("reverts before the key's first second and from its last on", async () => {
        const f = await fixture();
        const from = (await now(f)) + 100n;
        await f.authorize(f.controller, f.office, f.colleague, SCHEMA, { from, until: from + 10n });
        for (const [time, standing] of [
          [from - 1n, Standing.PENDING],
          [from, undefined],
          [from + 9n, undefined],
          [from + 10n, Standing.EXPIRED],
        ] as const) {
          const snapshot = await f.connection.networkHelpers.takeSnapshot();
          await f.time.setNextBlockTimestamp(time);
          if (standing === undefined) await expect(act(f, f.colleague)).to.not.revert(f.ethers);
          else await expectKeyNotInForce(f, act(f, f.colleague), f.colleague, standing);
          await snapshot.restore();
        }
      });

      it("reverts when the key is retired", async () => {
        const f = await fixture();
        await f.trustList.connect(f.colleague).retireKey(f.colleague.address);
        await expectKeyNotInForce(f, act(f, f.colleague), f.colleague, Standing.EXPIRED);
      });

      it("reverts when the key is compromised, whenever that began", async () => {
        const f = await fixture();
        await f.trustList.connect(f.controller).reportCompromise(f.colleague.address, await now(f));
        await expectKeyNotInForce(f, act(f, f.colleague), f.colleague, Standing.COMPROMISED);
      });
    });
  }

  for (const [name, act] of Object.entries(NEED_ACCREDITATION)) {
    describe(name, () => {
      it("reverts when the body is suspended or withdrawn", async () => {
        const f = await fixture();
        await f.councilDoes("suspend", f.office);
        await expectNotAccredited(f, act(f, f.operator), f.office, Standing.SUSPENDED);
        await f.councilDoes("withdraw", f.office);
        await expectNotAccredited(f, act(f, f.operator), f.office, Standing.WITHDRAWN);
      });

      it("reverts when the body's parent is suspended or withdrawn", async () => {
        const f = await branchFixture();
        await f.councilDoes("suspend", f.parent);
        await expectNotAccredited(f, act(f, f.branchClerk), f.branch, Standing.SUSPENDED);
        await f.councilDoes("withdraw", f.parent);
        await expectNotAccredited(f, act(f, f.branchClerk), f.branch, Standing.WITHDRAWN);
      });

      it("reverts from the second on at which the accreditation ends", async () => {
        const f = await fixture();
        const until = (await now(f)) + 100n;
        await f.decide(f.trustList, "accredit", [SCHEMA, 0n, f.office, 0n, until, 0n, SCHEMA]);
        const snapshot = await f.connection.networkHelpers.takeSnapshot();
        await f.time.setNextBlockTimestamp(until - 1n);
        await expect(act(f, f.operator)).to.not.revert(f.ethers);
        await snapshot.restore();
        await f.time.setNextBlockTimestamp(until);
        await expectNotAccredited(f, act(f, f.operator), f.office, Standing.EXPIRED);
      });

      it("reverts while the council has stopped new writes, until the second of the stop's end", async () => {
        const f = await fixture();
        const until = (await now(f)) + 100n;
        await f.stopUntil(until);
        await f.time.setNextBlockTimestamp(until - 1n);
        await expect(act(f, f.operator)).to.be.revertedWithCustomError(f.registry, "WritesAreStopped").withArgs(until);
        await f.time.setNextBlockTimestamp(until);
        await expect(act(f, f.operator)).to.not.revert(f.ethers);
      });
    });
  }

  for (const [name, act] of Object.entries(EXITS)) {
    describe(name, () => {
      it("goes on while the body is suspended, and when it is withdrawn", async () => {
        for (const decision of ["suspend", "withdraw"] as const) {
          const f = await fixture();
          await f.councilDoes(decision, f.office);
          await expect(act(f, f.operator)).to.not.revert(f.ethers);
        }
      });

      it("goes on when the body's parent is withdrawn", async () => {
        const f = await branchFixture();
        await f.councilDoes("withdraw", f.parent);
        await expect(act(f, f.branchClerk)).to.not.revert(f.ethers);
      });

      it("goes on while the council has stopped new writes", async () => {
        const f = await fixture();
        await f.stopUntil(NO_END);
        await expect(act(f, f.operator)).to.not.revert(f.ethers);
      });

      it("reverts when the key is another body's", async () => {
        const f = await fixture();
        await expect(act(f, f.rivalClerk))
          .to.be.revertedWithCustomError(f.trustList, "KeyOfAnotherBody")
          .withArgs(f.rivalClerk.address, f.office, f.rival);
      });

      it("reverts when the key is the parent's", async () => {
        const f = await branchFixture();
        const [clerk] = f.signers.slice(20) as [Signer];
        await f.authorize(f.minister, f.parent, clerk, SCHEMA);
        await expect(act(f, clerk))
          .to.be.revertedWithCustomError(f.trustList, "KeyOfAnotherBody")
          .withArgs(clerk.address, f.branch, f.parent);
      });
    });
  }

  for (const [name, act] of Object.entries(RETURNS)) {
    describe(name, () => {
      const uidFor = (f: Fixture) => (name.startsWith("reinstate") ? f.held : f.live);

      it("reverts when the key is another accredited body's", async () => {
        const f = await fixture();
        await expect(act(f, f.rivalClerk))
          .to.be.revertedWithCustomError(f.registry, "IssuerMismatch")
          .withArgs(uidFor(f), f.rival, 0n);
      });

      it("reverts when the same body acts under its other schema", async () => {
        const f = await fixture();
        await expect(act(f, f.otherClerk, OTHER_SCHEMA))
          .to.be.revertedWithCustomError(f.registry, "IssuerMismatch")
          .withArgs(uidFor(f), f.office, 1n);
      });
    });
  }

  describe("reinstateLeaves", () => {
    it("reverts when the key is another accredited body's", async () => {
      const f = await fixture();
      await expect(reinstateLeaves(f, f.rivalClerk))
        .to.be.revertedWithCustomError(f.registry, "IssuerMismatch")
        .withArgs(f.batchUid, f.rival, 0n);
    });
  });

  describe("many records, not all of one issuer and schema", () => {
    /** The office's record, one under its other schema, and the rival's. */
    async function mixedFixture() {
      const f = await fixture();
      const other = f.attestation(60, { schema: OTHER_SCHEMA });
      await f.registry.connect(f.otherClerk).attest(OTHER_SCHEMA, contentOf(other), NO_END);
      const theirs = f.attestation(61, { issuer: f.rival });
      await f.registry.connect(f.rivalClerk).attest(SCHEMA, contentOf(theirs), NO_END);
      return { ...f, mine: f.live, other: uidOf(other), theirs: uidOf(theirs) };
    }
    const many = {
      revokeMany: (f: Fixture, uids: string[], key = f.operator) =>
        f.registry.connect(key).revokeMany(uids, REASON.UNSPECIFIED),
      suspendMany: (f: Fixture, uids: string[], key = f.operator) =>
        f.registry.connect(key).suspendMany(uids, REASON.UNSPECIFIED),
    };

    for (const [name, act] of Object.entries(many)) {
      it(`${name} reverts when one is another body's, wherever it stands, and changes none`, async () => {
        const f = await mixedFixture();
        const before = await f.registry.recordOf(f.mine);
        for (const uids of [
          [f.mine, f.theirs],
          [f.theirs, f.mine],
          [f.mine, f.batchUid, f.theirs],
        ]) {
          await expect(act(f, uids))
            .to.be.revertedWithCustomError(f.trustList, "KeyOfAnotherBody")
            .withArgs(f.operator.address, f.rival, f.office);
        }
        expect(await f.registry.recordOf(f.mine)).to.deep.equal(before);
      });

      it(`${name} reverts when one is of a schema that the key does not list, wherever it stands`, async () => {
        const f = await mixedFixture();
        for (const uids of [
          [f.mine, f.other],
          [f.other, f.mine],
          [f.mine, f.other, f.batchUid],
        ]) {
          await expect(act(f, uids))
            .to.be.revertedWithCustomError(f.trustList, "RoleNotListed")
            .withArgs(f.operator.address, f.office, 1n);
        }
      });

      it(`${name} goes through, back and forth, for a key that lists both schemas`, async () => {
        const f = await mixedFixture();
        const [both] = f.signers.slice(20) as [Signer];
        await authorizeKey(f, {
          by: f.controller,
          body: f.office,
          operator: both,
          scopes: [SCHEMA, OTHER_SCHEMA],
          from: 0n,
        });
        await expect(act(f, [f.mine, f.other, f.batchUid], both)).to.not.revert(f.ethers);
      });
    }

    it("reinstateMany and supersedeMany revert when one is another body's or of another schema", async () => {
      const f = await mixedFixture();
      await f.registry.connect(f.rivalClerk).suspend(f.theirs, REASON.UNSPECIFIED);
      await f.registry.connect(f.otherClerk).suspend(f.other, REASON.UNSPECIFIED);
      for (const uid of [f.theirs, f.other]) {
        const replacements = [f.live, uid].map((old, i) => ({ old, ...itemOf(f.attestation(70 + i)) }));
        for (const sent of [
          f.registry.reinstateMany(SCHEMA, [f.held, uid], REASON.UNSPECIFIED),
          f.registry.supersedeMany(SCHEMA, replacements, REASON.UNSPECIFIED),
        ]) {
          await expect(sent).to.be.revertedWithCustomError(f.registry, "IssuerMismatch").withArgs(uid, f.office, 0n);
        }
      }
    });
  });

  describe("through relays", () => {
    it("takes the operator from the trusted forwarder", async () => {
      const f = await fixture();
      const a = f.attestation(50);
      const data = f.registry.interface.encodeFunctionData("attest", [SCHEMA, contentOf(a), NO_END]);
      await expect(f.forward(f.operator, data))
        .to.emit(f.registry, "AttestationIssued")
        .withArgs(uidOf(a), SCHEMA, f.office, NO_END);
      expect((await f.registry.recordOf(uidOf(a))).key).to.equal(1n);
    });

    it("takes no suffix for the operator from anybody else", async () => {
      const f = await fixture();
      const data = f.registry.interface.encodeFunctionData("revoke", [f.live, REASON.UNSPECIFIED]);
      const forged = data + f.operator.address.slice(2).toLowerCase();
      await expectKeyNotInForce(
        f,
        f.stranger.sendTransaction({ to: await f.registry.getAddress(), data: forged }),
        f.stranger,
        Standing.NONE,
      );
    });
  });

  describe("stop and resume", () => {
    it("revert when the caller is not the council", async () => {
      const f = await fixture();
      for (const caller of [f.stranger, f.operator, f.controller]) {
        for (const sent of [
          f.registry.connect(caller).stop(NO_END, SCHEMA),
          f.registry.connect(caller).resume(SCHEMA),
        ]) {
          await expect(sent)
            .to.be.revertedWithCustomError(f.registry, "AccessManagedUnauthorized")
            .withArgs(caller.address);
        }
      }
    });
  });
});
