import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { ACTION, evidenceFixture, exhibit, ORDER, STATE, type JusticeParty } from "../helpers/evidence.js";
import { NO_END } from "../helpers/suite.js";
import { Standing } from "../helpers/trust.js";

const X = exhibit(1);
const ADVOCATE = id("diwan.role.advocate");
const COURT = id("diwan.role.court");
const OTHER_ORDER = id("another order");

type World = Awaited<ReturnType<typeof evidenceFixture>>;

/** The fixture with an exhibit of the police in a state. */
async function standing(state: bigint) {
  const f = await evidenceFixture();
  await f.exhibitIn(state);
  return f;
}

/** What a court, an advocate or a custodian does with the exhibit; each by whom it is to do. */
const DOINGS = {
  seal: { by: "police", action: ACTION.SEAL, role: "custodian" },
  liftSeal: { by: "court", action: ACTION.UNSEAL, role: "court" },
  tender: { by: "police", action: ACTION.TENDER, role: "custodian" },
  openChallenge: { by: "opponent", action: ACTION.CHALLENGE, role: "advocate" },
  rebutAsAdvocate: { by: "advocate", action: ACTION.REBUT, role: "advocate" },
  rebut: { by: "police", action: ACTION.REBUT, role: "custodian" },
  decideAdmission: { by: "court", action: ACTION.ADMIT, role: "court" },
  decideExclusion: { by: "court", action: ACTION.EXCLUDE, role: "court" },
  returnExhibit: { by: "police", action: ACTION.RETURN, role: "custodian" },
  destroy: { by: "police", action: ACTION.DESTROY, role: "custodian" },
  hold: { by: "court", action: ACTION.HOLD, role: "court" },
  releaseFromHold: { by: "court", action: ACTION.LIFT_HOLD, role: "court" },
} as const satisfies Record<string, { by: JusticeParty; action: bigint; role: string }>;

type Doing = keyof typeof DOINGS;

interface Acted {
  by?: JusticeParty;
  grounds?: string;
  commitment?: string;
}

/** Does it, by who should unless another is named. */
async function act(f: World, what: Doing, { by = DOINGS[what].by, grounds = ORDER, commitment = X }: Acted = {}) {
  const registry = f.as(f.parties[by]);
  if (what === "seal") return registry.seal(commitment);
  if (what === "tender") return registry.tender(f.parties.court.body, commitment);
  if (what === "destroy") return registry.destroy(commitment, grounds, await f.seenDestroyed(commitment));
  return registry[what](commitment, grounds);
}

/** A state, with its seal and hold, at which each may be done. */
async function ready(what: Doing) {
  const at: Partial<Record<Doing, bigint>> = {
    openChallenge: STATE.TENDERED,
    rebutAsAdvocate: STATE.CHALLENGED,
    rebut: STATE.CHALLENGED,
    decideAdmission: STATE.REBUTTED,
    decideExclusion: STATE.ADMITTED,
  };
  const f = await standing(at[what] ?? STATE.DEPOSITED);
  if (what === "liftSeal") await act(f, "seal");
  if (what === "releaseFromHold") await act(f, "hold");
  return f;
}

const doings = Object.keys(DOINGS) as Doing[];
const of = (role: string) => doings.filter((what) => DOINGS[what].role === role);

const stateOf = async ({ registry }: World) => {
  const { state, isSealed, isHeld, court } = await registry.exhibitOf(X);
  return { state, isSealed, isHeld, court };
};

describe("EvidenceRegistry, proceedings", () => {
  describe("each, by whom it is to do", () => {
    it("seals and unseals", async () => {
      const f = await ready("seal");
      const { registry, parties } = f;
      await expect(act(f, "seal")).to.emit(registry, "ExhibitSealed").withArgs(X, parties.police.body);
      expect((await stateOf(f)).isSealed).to.equal(true);
      await expect(act(f, "liftSeal")).to.emit(registry, "ExhibitUnsealed").withArgs(X, parties.court.body, ORDER);
      expect(await stateOf(f)).to.deep.equal({ state: STATE.DEPOSITED, isSealed: false, isHeld: false, court: 0n });
    });

    it("holds and lifts; the court is in charge from then on", async () => {
      const f = await ready("hold");
      const { registry, parties } = f;
      const { body } = parties.court;
      await expect(act(f, "hold")).to.emit(registry, "ExhibitHeld").withArgs(X, body, ORDER);
      expect(await stateOf(f)).to.deep.equal({ state: STATE.DEPOSITED, isSealed: false, isHeld: true, court: body });
      await expect(act(f, "releaseFromHold")).to.emit(registry, "ExhibitReleased").withArgs(X, body, ORDER);
      expect(await stateOf(f)).to.deep.equal({ state: STATE.DEPOSITED, isSealed: false, isHeld: false, court: body });
    });

    it("tenders, challenges, rebuts, admits, excludes, and tenders again", async () => {
      const f = await standing(STATE.DEPOSITED);
      const { registry, parties } = f;
      const { court, opponent, advocate, police, otherCourt } = parties;
      const at = async (state: bigint) => {
        expect(await stateOf(f)).to.deep.equal({ state, isSealed: false, isHeld: false, court: court.body });
      };
      await expect(act(f, "tender")).to.emit(registry, "ExhibitTendered").withArgs(X, court.body);
      await at(STATE.TENDERED);
      await expect(act(f, "openChallenge")).to.emit(registry, "ExhibitChallenged").withArgs(X, opponent.body, ORDER);
      await at(STATE.CHALLENGED);
      await expect(act(f, "rebutAsAdvocate")).to.emit(registry, "ExhibitRebutted").withArgs(X, advocate.body, ORDER);
      await at(STATE.REBUTTED);
      await act(f, "openChallenge", { by: "advocate" });
      await expect(act(f, "rebut")).to.emit(registry, "ExhibitRebutted").withArgs(X, police.body, ORDER);
      await at(STATE.REBUTTED);
      await expect(act(f, "decideAdmission")).to.emit(registry, "ExhibitAdmitted").withArgs(X, court.body, ORDER);
      await at(STATE.ADMITTED);
      await expect(act(f, "decideExclusion")).to.emit(registry, "ExhibitExcluded").withArgs(X, court.body, ORDER);
      await at(STATE.EXCLUDED);
      await registry.tender(otherCourt.body, X);
      const { state, court: inCharge } = await stateOf(f);
      expect([state, inCharge]).to.deep.equal([STATE.TENDERED, otherCourt.body]);
    });

    it("returns", async () => {
      const f = await ready("returnExhibit");
      const { registry, parties } = f;
      await expect(act(f, "returnExhibit"))
        .to.emit(registry, "ExhibitReturned")
        .withArgs(X, parties.police.body, ORDER);
      const { state, custodian } = await registry.exhibitOf(X);
      expect([state, custodian]).to.deep.equal([STATE.RETURNED, parties.police.body]);
    });

    it("destroys, before two witnesses", async () => {
      const f = await ready("destroy");
      const { registry, parties } = f;
      await expect(act(f, "destroy"))
        .to.emit(registry, "ExhibitDestroyed")
        .withArgs(X, parties.police.body, ORDER, parties.notary.body, parties.certifier.body);
      expect((await stateOf(f)).state).to.equal(STATE.DESTROYED);
    });
  });

  describe("the state", () => {
    /** By the plan: the states at which each may be done, whatever its seal and hold. */
    const FROM: Record<Doing, readonly bigint[]> = {
      seal: [1n, 2n, 3n, 4n, 5n, 6n],
      liftSeal: [1n, 2n, 3n, 4n, 5n, 6n],
      tender: [STATE.DEPOSITED, STATE.EXCLUDED],
      openChallenge: [STATE.TENDERED, STATE.REBUTTED],
      rebutAsAdvocate: [STATE.CHALLENGED],
      rebut: [STATE.CHALLENGED],
      decideAdmission: [STATE.TENDERED, STATE.CHALLENGED, STATE.REBUTTED],
      decideExclusion: [STATE.TENDERED, STATE.CHALLENGED, STATE.REBUTTED, STATE.ADMITTED],
      returnExhibit: [STATE.DEPOSITED, STATE.ADMITTED, STATE.EXCLUDED],
      destroy: [STATE.DEPOSITED, STATE.ADMITTED, STATE.EXCLUDED],
      hold: [1n, 2n, 3n, 4n, 5n, 6n],
      releaseFromHold: [1n, 2n, 3n, 4n, 5n, 6n],
    };

    for (const [name, state] of Object.entries(STATE)) {
      it(`${name} refuses all that is out of order`, async () => {
        const f = await evidenceFixture();
        const { registry } = f;
        if (state !== STATE.UNKNOWN) await f.exhibitIn(state);
        for (const what of doings) {
          if (FROM[what].includes(state)) continue;
          if (state === STATE.UNKNOWN)
            await expect(act(f, what)).to.be.revertedWithCustomError(registry, "ExhibitUnknown").withArgs(X);
          else
            await expect(act(f, what), what)
              .to.be.revertedWithCustomError(registry, "ExhibitStateRefuses")
              .withArgs(X, state, DOINGS[what].action);
        }
      });
    }
  });

  describe("a seal", () => {
    it("bars return and destruction, sealing again, and nothing that a court or a party does", async () => {
      const f = await standing(STATE.DEPOSITED);
      const { registry } = f;
      await act(f, "seal");
      for (const what of ["seal", "returnExhibit", "destroy"] as const)
        await expect(act(f, what))
          .to.be.revertedWithCustomError(registry, "ExhibitSealRefuses")
          .withArgs(X, true, DOINGS[what].action);
      for (const what of [
        "hold",
        "tender",
        "openChallenge",
        "rebutAsAdvocate",
        "decideAdmission",
        "decideExclusion",
        "releaseFromHold",
      ] as const)
        await act(f, what);
      expect((await stateOf(f)).isSealed).to.equal(true);
      await act(f, "liftSeal");
      await expect(act(f, "liftSeal"))
        .to.be.revertedWithCustomError(registry, "ExhibitSealRefuses")
        .withArgs(X, false, ACTION.UNSEAL);
      await act(f, "returnExhibit");
    });
  });

  describe("a hold", () => {
    it("bars return and destruction, holding again, and nothing else", async () => {
      const f = await standing(STATE.ADMITTED);
      const { registry } = f;
      await act(f, "hold");
      for (const what of ["hold", "returnExhibit", "destroy"] as const)
        await expect(act(f, what))
          .to.be.revertedWithCustomError(registry, "ExhibitHoldRefuses")
          .withArgs(X, true, DOINGS[what].action);
      for (const what of [
        "seal",
        "liftSeal",
        "decideExclusion",
        "tender",
        "openChallenge",
        "rebutAsAdvocate",
        "decideAdmission",
      ] as const)
        await act(f, what);
      expect((await stateOf(f)).isHeld).to.equal(true);
      await act(f, "releaseFromHold");
      await expect(act(f, "releaseFromHold"))
        .to.be.revertedWithCustomError(registry, "ExhibitHoldRefuses")
        .withArgs(X, false, ACTION.LIFT_HOLD);
      await act(f, "destroy");
    });

    it("with a seal: both must go before it is returned", async () => {
      const f = await standing(STATE.DEPOSITED);
      const { registry } = f;
      await act(f, "seal");
      await act(f, "hold");
      await expect(act(f, "returnExhibit")).to.be.revertedWithCustomError(registry, "ExhibitSealRefuses");
      await act(f, "liftSeal");
      await expect(act(f, "returnExhibit")).to.be.revertedWithCustomError(registry, "ExhibitHoldRefuses");
      await act(f, "releaseFromHold");
      await act(f, "returnExhibit");
    });
  });

  describe("the custodian", () => {
    for (const what of of("custodian")) {
      it(`alone may ${what}: no stranger, no court, no depositor that handed on`, async () => {
        const f = await ready(what);
        const { trustList, parties, registry, stranger } = f;
        await f.handOver(X, parties.police, parties.archive);
        for (const by of ["police", "court", "advocate"] as const)
          await expect(act(f, what, { by }), by)
            .to.be.revertedWithCustomError(trustList, "KeyOfAnotherBody")
            .withArgs(parties[by].key, parties.archive.body, parties[by].body);
        if (what === "seal")
          await expect(registry.connect(stranger).seal(X))
            .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
            .withArgs(stranger, Standing.NONE);
        await act(f, what, { by: "archive" });
      });

      it(`may ${what} though it is no longer accredited, and though writes are stopped`, async () => {
        const f = await ready(what);
        await f.councilDoes("withdraw", "evidence-custodian", f.parties.police.body);
        await f.stopUntil(f.registry, NO_END);
        await act(f, what);
      });

      it(`may not ${what} with a key that is compromised, retired, or for another role`, async () => {
        const f = await ready(what);
        const { trustList, parties, time, ministry, spare, accreditIn, giveKey } = f;
        const { police } = parties;
        await accreditIn("court", police.body);
        await giveKey(police.body, spare[0]!, ["court"]);
        const other = { ...f, parties: { ...parties, police: { ...police, key: spare[0]! } } };
        await expect(act(other, what)).to.be.revertedWithCustomError(trustList, "RoleNotListed");
        await trustList.connect(ministry).retireKey(police.key);
        await expect(act(f, what))
          .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
          .withArgs(police.key, Standing.EXPIRED);
        await f.compromise(police.key, BigInt(await time.latest()));
        await expect(act(f, what))
          .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
          .withArgs(police.key, Standing.COMPROMISED);
      });
    }

    it("tenders to an accredited court only", async () => {
      const f = await standing(STATE.DEPOSITED);
      const { registry, parties, trustList } = f;
      const refused = (body: bigint, value: bigint) =>
        expect(registry.tender(body, X))
          .to.be.revertedWithCustomError(trustList, "NotAccredited")
          .withArgs(COURT, body, value);
      await refused(parties.notary.body, Standing.NONE);
      await refused(0n, Standing.NONE);
      await f.councilDoes("suspend", "court", parties.otherCourt.body);
      await refused(parties.otherCourt.body, Standing.SUSPENDED);
      expect((await stateOf(f)).state).to.equal(STATE.DEPOSITED);
    });

    it("tenders what a court holds to that court only", async () => {
      const f = await standing(STATE.DEPOSITED);
      const { registry, parties } = f;
      await act(f, "hold");
      await expect(registry.tender(parties.otherCourt.body, X))
        .to.be.revertedWithCustomError(registry, "CourtNotInCharge")
        .withArgs(X, parties.court.body, parties.otherCourt.body);
      await registry.tender(parties.court.body, X);
      await act(f, "decideExclusion");
      await act(f, "releaseFromHold");
      await registry.tender(parties.otherCourt.body, X);
    });
  });

  describe("courts and advocates", () => {
    const roles = [
      ["court", COURT],
      ["advocate", ADVOCATE],
    ] as const;
    for (const [role, scope] of roles)
      for (const what of of(role)) {
        it(`${what} is of a body accredited as ${role} in that second`, async () => {
          const f = await ready(what);
          const { trustList, parties, registry, stranger } = f;
          for (const by of ["police", "notary", role === "court" ? "advocate" : "court"] as const)
            await expect(act(f, what, { by }), by)
              .to.be.revertedWithCustomError(trustList, "NotAccredited")
              .withArgs(scope, parties[by].body, Standing.NONE);
          if (what === "hold")
            await expect(registry.connect(stranger).hold(X, ORDER)).to.be.revertedWithCustomError(
              trustList,
              "KeyNotInForce",
            );
          const { body } = parties[DOINGS[what].by];
          await f.councilDoes("suspend", role, body);
          await expect(act(f, what))
            .to.be.revertedWithCustomError(trustList, "NotAccredited")
            .withArgs(scope, body, Standing.SUSPENDED);
          await f.councilDoes("reinstate", role, body);
          await f.stopUntil(f.registry, NO_END);
          await act(f, what);
        });
      }

    for (const what of of("court")) {
      it(`${what} is of the court in charge`, async () => {
        const f = await ready(what);
        const { registry, parties } = f;
        if ((await stateOf(f)).court === 0n) await act(f, "tender");
        await expect(act(f, what, { by: "otherCourt" }))
          .to.be.revertedWithCustomError(registry, "CourtNotInCharge")
          .withArgs(X, parties.court.body, parties.otherCourt.body);
      });
    }

    it("any court unseals or holds where none is in charge; then no other does", async () => {
      const f = await standing(STATE.DEPOSITED);
      const { registry, parties } = f;
      await act(f, "seal");
      await act(f, "liftSeal", { by: "otherCourt" });
      await act(f, "seal");
      await act(f, "hold", { by: "otherCourt" });
      for (const what of ["liftSeal", "releaseFromHold"] as const)
        await expect(act(f, what))
          .to.be.revertedWithCustomError(registry, "CourtNotInCharge")
          .withArgs(X, parties.otherCourt.body, parties.court.body);
    });
  });

  it("needs the grounds of all that is decided upon an exhibit", async () => {
    for (const what of doings) {
      if (what === "seal" || what === "tender") continue;
      const f = await ready(what);
      await expect(act(f, what, { grounds: ZeroHash }))
        .to.be.revertedWithCustomError(f.registry, "GroundsMissing")
        .withArgs(X, DOINGS[what].action);
    }
  });

  describe("destroy", () => {
    it("refuses fewer or more than two witnesses, whichever", async () => {
      const f = await ready("destroy");
      const { registry } = f;
      const [a, b] = await f.seenDestroyed(X);
      for (const witnesses of [[], [a!], [a!, b!, a!]])
        await expect(registry.destroy(X, ORDER, witnesses))
          .to.be.revertedWithCustomError(registry, "WitnessesMissing")
          .withArgs(BigInt(witnesses.length), 2n);
    });

    it("refuses one body twice, by one key or two, and the custodian's own, first or second", async () => {
      const f = await ready("destroy");
      const { registry, parties, spare } = f;
      const { notary, certifier, laboratory } = parties;
      const [a, b] = await f.seenDestroyed(X);
      await f.giveKey(notary.body, spare[0]!, ["notary"]);
      const again = await f.seeDestroyed(X, { ...notary, key: spare[0]! });
      for (const second of [a!, again])
        await expect(registry.destroy(X, ORDER, [a!, second]))
          .to.be.revertedWithCustomError(registry, "WitnessNotIndependent")
          .withArgs(X, notary.body);
      await f.handOver(X, parties.police, laboratory);
      const own = await f.seeDestroyed(X, laboratory, { role: id("diwan.role.forensic-centre") });
      for (const witnesses of [
        [own, b!],
        [a!, own],
      ])
        await expect(f.as(laboratory).destroy(X, ORDER, witnesses))
          .to.be.revertedWithCustomError(registry, "WitnessNotIndependent")
          .withArgs(X, laboratory.body);
      await f.as(laboratory).destroy(X, ORDER, [await f.seeDestroyed(X, certifier), a!]);
    });

    it("refuses signatures of another exhibit, order, kind, domain or time, and of who is no witness", async () => {
      const f = await ready("destroy");
      const { registry, parties, trustList, time, spare } = f;
      const { notary, certifier, advocate } = parties;
      const good = await f.seeDestroyed(X, certifier);
      for (const bad of [
        await f.seeDestroyed(exhibit(2), notary),
        await f.seeDestroyed(X, notary, { order: OTHER_ORDER }),
        await f.seeDestroyed(X, notary, { chainId: 1n }),
        await f.seeDestroyed(X, notary, { verifyingContract: await trustList.getAddress() }),
        await f.seeDestroyed(X, notary, { name: "Diwan" }),
        await f.seeDestroyed(X, notary, { by: spare[0]! }),
        await f.coAttest(X, notary),
        { ...(await f.seeDestroyed(X, notary)), role: id("diwan.role.forensic-centre") },
        { ...(await f.seeDestroyed(X, notary)), deadline: NO_END - 1n },
      ])
        for (const witnesses of [
          [bad, good],
          [good, bad],
        ])
          await expect(registry.destroy(X, ORDER, witnesses)).to.be.revertedWithCustomError(
            registry,
            "SignatureInvalid",
          );
      const deadline = BigInt(await time.latest());
      await expect(
        registry.destroy(X, ORDER, [good, await f.seeDestroyed(X, notary, { deadline })]),
      ).to.be.revertedWithCustomError(registry, "SignatureExpired");
      await expect(registry.destroy(X, ORDER, [good, await f.seeDestroyed(X, advocate)]))
        .to.be.revertedWithCustomError(registry, "WitnessRoleInvalid")
        .withArgs(ADVOCATE);
      const role = id("diwan.role.notary");
      await expect(registry.destroy(X, ORDER, [good, await f.seeDestroyed(X, advocate, { role })]))
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(role, advocate.body, Standing.NONE);
    });
  });

  describe("nextOf", () => {
    /** What it answers, in words: the action, the role and the body. */
    const nextOf = async (f: World) => {
      const { registry, parties } = f;
      const actions = Object.keys(ACTION);
      const roles: Record<string, string> = { [ADVOCATE]: "advocate", [COURT]: "court", [ZeroHash]: "custodian" };
      const bodies = new Map(Object.entries(parties).map(([name, { body }]) => [body, name]));
      return (await registry.nextOf(X)).map(
        ({ action, role, body }) =>
          `${actions[Number(action)]}: ${roles[role]}${body === 0n ? "" : ` ${bodies.get(body)}`}`,
      );
    };

    it("names who may do what, in each state", async () => {
      const court = "court court";
      const police = "custodian police";
      const always = [`HAND_OVER: ${police}`, `SEAL: ${police}`];
      const ends = [`RETURN: ${police}`, `DESTROY: ${police}`];
      const expected: [bigint, string[]][] = [
        [STATE.DEPOSITED, [...always, `TENDER: ${police}`, ...ends, "HOLD: court"]],
        [STATE.TENDERED, [...always, "CHALLENGE: advocate", `ADMIT: ${court}`, `EXCLUDE: ${court}`, `HOLD: ${court}`]],
        [
          STATE.CHALLENGED,
          [...always, "REBUT: advocate", `REBUT: ${police}`, `ADMIT: ${court}`, `EXCLUDE: ${court}`, `HOLD: ${court}`],
        ],
        [STATE.REBUTTED, [...always, "CHALLENGE: advocate", `ADMIT: ${court}`, `EXCLUDE: ${court}`, `HOLD: ${court}`]],
        [STATE.ADMITTED, [...always, `EXCLUDE: ${court}`, ...ends, `HOLD: ${court}`]],
        [STATE.EXCLUDED, [...always, `TENDER: ${police}`, ...ends, `HOLD: ${court}`]],
        [STATE.RETURNED, []],
        [STATE.DESTROYED, []],
      ];
      const f = await evidenceFixture();
      expect(await nextOf(f)).to.deep.equal([]);
      for (const [state, steps] of expected) expect(await nextOf(await standing(state))).to.deep.equal(steps);
    });

    it("minds seal and hold", async () => {
      const f = await standing(STATE.DEPOSITED);
      await act(f, "seal");
      expect(await nextOf(f)).to.deep.equal(["UNSEAL: court", "TENDER: custodian police", "HOLD: court"]);
      await act(f, "hold");
      expect(await nextOf(f)).to.deep.equal([
        "UNSEAL: court court",
        "TENDER: custodian police",
        "LIFT_HOLD: court court",
      ]);
      await act(f, "liftSeal");
      expect(await nextOf(f)).to.deep.equal([
        "HAND_OVER: custodian police",
        "SEAL: custodian police",
        "TENDER: custodian police",
        "LIFT_HOLD: court court",
      ]);
    });
  });
});
