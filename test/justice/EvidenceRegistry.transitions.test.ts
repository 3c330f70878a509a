import { expect } from "chai";
import { AbiCoder, id, keccak256, toBeHex, ZeroHash, type Interface, type Result } from "ethers";

import { ACTION, evidenceFixture, exhibit, ORDER, STATE } from "../helpers/evidence.js";
import type { Party } from "../helpers/parties.js";
import { NO_END } from "../helpers/suite.js";
import { Standing } from "../helpers/trust.js";

type World = Awaited<ReturnType<typeof evidenceFixture>>;
type StateName = keyof typeof STATE;
type ActionName = keyof typeof ACTION;

/**
 * The plan: what becomes of an exhibit in a state by an action, `=` for no other state, `-` for refused; whether it must be sealed
 * and held for it, `*` for either; and whose it is. States that are not here allow nothing.
 */
const PLAN = `
            DEPOSITED  TENDERED    CHALLENGED  REBUTTED    ADMITTED   EXCLUDED   sealed  held  whose
HAND_OVER   =          =           =           =           =          =          no      *     custodian
SEAL        =          =           =           =           =          =          no      *     custodian
UNSEAL      =          =           =           =           =          =          yes     *     court
TENDER      TENDERED   -           -           -           -          TENDERED   *       *     custodian
CHALLENGE   -          CHALLENGED  -           CHALLENGED  -          -          *       *     advocate
REBUT       -          -           REBUTTED    -           -          -          *       *     advocate+custodian
ADMIT       -          ADMITTED    ADMITTED    ADMITTED    -          -          *       *     court
EXCLUDE     -          EXCLUDED    EXCLUDED    EXCLUDED    EXCLUDED   -          *       *     court
RETURN      RETURNED   -           -           -           RETURNED   RETURNED   no      no    custodian
DESTROY     DESTROYED  -           -           -           DESTROYED  DESTROYED  no      no    custodian
HOLD        =          =           =           =           =          =          *       no    court
LIFT_HOLD   =          =           =           =           =          =          *       yes   court
`;

/** An exhibit's situation: `court` says whether a court is in charge. */
interface Situation {
  state: StateName;
  isSealed: boolean;
  isHeld: boolean;
  court: boolean;
}

interface Row {
  becomes: Partial<Record<StateName, StateName>>;
  /** Whether it must be; undefined for either. */
  isSealed: boolean | undefined;
  isHeld: boolean | undefined;
  whose: string[];
}

function readPlan(): ReadonlyMap<ActionName, Row> {
  const [head, ...rows] = PLAN.trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  const rule = { yes: true, no: false, "*": undefined };
  return new Map(
    rows.map(([action, ...cells]) => {
      const cell = Object.fromEntries(head!.map((name, i) => [name, cells[i]!]));
      const becomes: Row["becomes"] = {};
      for (const state of head!.slice(0, 6) as StateName[])
        if (cell[state] !== "-") becomes[state] = cell[state] === "=" ? state : (cell[state] as StateName);
      const [isSealed, isHeld] = [cell.sealed, cell.held].map((word) => rule[word as keyof typeof rule]);
      return [action as ActionName, { becomes, isSealed, isHeld, whose: cell.whose!.split("+") }];
    }),
  );
}

const TABLE = readPlan();

/** Every situation that calls lead to; the two ends also with a seal and a hold, which only a change of the storage gives them. */
function* situations(): Generator<Situation> {
  const flags = [false, true];
  for (const state of Object.keys(STATE) as StateName[])
    for (const isSealed of flags)
      for (const isHeld of flags) {
        if (state === "UNKNOWN" && (isSealed || isHeld)) continue;
        // Before any court none is in charge, unless one held it.
        const courts = state !== "DEPOSITED" ? [state !== "UNKNOWN" && state !== "RETURNED"] : isHeld ? [true] : flags;
        for (const court of courts) yield { state, isSealed, isHeld, court };
      }
}

const nameOf = ({ state, isSealed, isHeld, court }: Situation) =>
  [state, isSealed && "sealed", isHeld && "held", state === "DEPOSITED" && court && !isHeld && "of a court"]
    .filter(Boolean)
    .join(", ");

/** Who calls: the custodian, another, the court in charge, another, an advocate, a witness, and nobody of the trust list. */
const ACTORS = ["police", "laboratory", "court", "otherCourt", "advocate", "notary", "stranger"] as const;
type Actor = (typeof ACTORS)[number];

/** The way to take each action, by the contract's functions. */
const CALLS = {
  offer: "HAND_OVER",
  accept: "HAND_OVER",
  // Both parties signed; the actor only carries that.
  carryHandOver: "HAND_OVER",
  // The actor is one of the two parties, and signed with the other.
  handOverFrom: "HAND_OVER",
  handOverTo: "HAND_OVER",
  seal: "SEAL",
  liftSeal: "UNSEAL",
  tender: "TENDER",
  // To a court that is not in charge.
  tenderElsewhere: "TENDER",
  openChallenge: "CHALLENGE",
  rebutAsAdvocate: "REBUT",
  rebut: "REBUT",
  decideAdmission: "ADMIT",
  decideExclusion: "EXCLUDE",
  returnExhibit: "RETURN",
  destroy: "DESTROY",
  hold: "HOLD",
  releaseFromHold: "LIFT_HOLD",
} as const satisfies Record<string, ActionName>;
type Call = keyof typeof CALLS;

/** The calls in which the custodian acts, and those in which an accredited court or advocate does. */
const OF_CUSTODIAN: readonly Call[] = [
  ...(["offer", "handOverFrom", "seal", "tender", "tenderElsewhere"] as const),
  ...(["rebut", "returnExhibit", "destroy"] as const),
];
const OF_ADVOCATE: readonly Call[] = ["openChallenge", "rebutAsAdvocate"];

/** What a call must come to: the exact error, or the exhibit as it must stand. */
type Outcome = { error: string } | { exhibit: Record<string, bigint | boolean> };

/** The fixture, with what the table needs to know of it. */
async function world() {
  const f = await evidenceFixture();
  const { parties, stranger, registryAddress, ethers, registry, trustList } = f;
  const own: Interface = registry.interface;
  const lists: Interface = trustList.interface;
  const nobody: Pick<Party, "key" | "body"> = { key: stranger, body: 0n };
  const who: Record<Actor, Pick<Party, "key" | "body">> = { ...parties, stranger: nobody };

  /** Brings an exhibit of the police, offered to the laboratory, into a situation. */
  const bring = async ({ state, isSealed, isHeld, court }: Situation, n: number): Promise<string> => {
    const commitment = exhibit(n);
    if (state === "UNKNOWN") return commitment;
    const isOver = state === "RETURNED" || state === "DESTROYED";
    await f.exhibitIn(isOver ? STATE.DEPOSITED : STATE[state], n);
    await registry.offer(commitment, parties.laboratory.body, NO_END);
    const judge = f.as(parties.court);
    // A court that held it stays in charge when it lets go.
    const isReleased = state === "DESTROYED" || (state === "DEPOSITED" && court && !isHeld);
    if (isReleased || (isHeld && !isOver)) await judge.hold(commitment, ORDER);
    if (isReleased) await judge.releaseFromHold(commitment, ORDER);
    if (!isOver) {
      if (isSealed) await registry.seal(commitment);
      return commitment;
    }
    if (state === "RETURNED") await registry.returnExhibit(commitment, ORDER);
    else await registry.destroy(commitment, ORDER, await f.seenDestroyed(commitment));
    // Fourth slot of the registry's storage; the seal is bit 232, the hold bit 233.
    const slot = keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [commitment, 3n]));
    const word = BigInt(await ethers.provider.getStorage(registryAddress, slot));
    const flags = (isSealed ? 1n << 232n : 0n) | (isHeld ? 1n << 233n : 0n);
    await ethers.provider.send("hardhat_setStorageAt", [registryAddress, slot, toBeHex(word | flags, 32)]);
    return commitment;
  };

  /** The calldata. Every exhibit here has changed hands not once. */
  const encode = async (call: Call, actor: Actor, commitment: string): Promise<string> => {
    const encoded = (name: string, args: readonly unknown[]) => own.encodeFunctionData(name, args);
    const handOver = async (from: Pick<Party, "key">, to: Pick<Party, "key">) => {
      const keys = [from.key, to.key] as const;
      const [a, b] = await Promise.all(keys.map((by) => f.signHandOver(by, keys, { commitment })));
      return encoded("handOver", [NO_END, commitment, from.key.address, a, to.key.address, b]);
    };
    if (call === "offer") return encoded(call, [commitment, parties.archive.body, NO_END]);
    if (call === "accept" || call === "seal") return encoded(call, [commitment]);
    if (call === "carryHandOver") return handOver(parties.police, parties.archive);
    if (call === "handOverFrom") return handOver(who[actor], parties.archive);
    if (call === "handOverTo") return handOver(parties.police, who[actor]);
    if (call === "tender") return encoded(call, [parties.court.body, commitment]);
    if (call === "tenderElsewhere") return encoded("tender", [parties.otherCourt.body, commitment]);
    if (call === "destroy") return encoded(call, [commitment, ORDER, await f.seenDestroyed(commitment)]);
    return encoded(call, [commitment, ORDER]);
  };

  /** The error of the registry or the trust list, as it is sent back. */
  const refusal = (name: string, args: readonly unknown[]): Outcome => {
    const source = own.getError(name) === null ? lists : own;
    return { error: source.encodeErrorResult(name, args) };
  };

  /** By the plan alone. What the exhibit refuses comes before what the caller may not. */
  const expected = (
    call: Call,
    actor: Actor,
    at: Situation,
    { commitment, before }: { commitment: string; before: Record<string, bigint | boolean> },
  ): Outcome => {
    const { police, laboratory, archive, court, otherCourt } = parties;
    const { key, body } = who[actor];
    const action = CALLS[call];
    const row = TABLE.get(action)!;
    if (at.state === "UNKNOWN") return refusal("ExhibitUnknown", [commitment]);
    const next = row.becomes[at.state];
    if (next === undefined) return refusal("ExhibitStateRefuses", [commitment, STATE[at.state], ACTION[action]]);
    if (row.isSealed === !at.isSealed) return refusal("ExhibitSealRefuses", [commitment, at.isSealed, ACTION[action]]);
    if (row.isHeld === !at.isHeld) return refusal("ExhibitHoldRefuses", [commitment, at.isHeld, ACTION[action]]);

    const isKnown = actor !== "stranger";
    const needs = (role: string, ...actors: Actor[]) => {
      if (!isKnown) return refusal("KeyNotInForce", [key.address, Standing.NONE]);
      const isAccredited = actors.includes(actor);
      return isAccredited ? undefined : refusal("NotAccredited", [id(`diwan.role.${role}`), body, Standing.NONE]);
    };
    let refused: Outcome | undefined;
    if (OF_CUSTODIAN.includes(call)) {
      if (!isKnown) refused = refusal("KeyNotInForce", [key.address, Standing.NONE]);
      else if (actor !== "police") refused = refusal("KeyOfAnotherBody", [key.address, police.body, body]);
    } else if (OF_ADVOCATE.includes(call)) refused = needs("advocate", "advocate");
    else if (call === "accept") {
      refused = needs("evidence-custodian", "police", "laboratory");
      if (actor === "police") refused = refusal("OfferMissing", [commitment, laboratory.body, police.body]);
    } else if (call === "handOverTo") {
      refused = needs("evidence-custodian", "police", "laboratory");
      if (actor === "police") refused = refusal("CustodianIsSame", [commitment, police.body]);
    } else if (call !== "carryHandOver") {
      refused = needs("court", "court", "otherCourt");
      if (actor === "otherCourt" && at.court)
        refused = refusal("CourtNotInCharge", [commitment, court.body, otherCourt.body]);
    }
    const isHeldElsewhere = call === "tenderElsewhere" && at.isHeld;
    if (isHeldElsewhere) refused ??= refusal("CourtNotInCharge", [commitment, court.body, otherCourt.body]);
    if (refused) return refused;

    const after = { ...before, state: STATE[next] };
    if (call === "accept" || call === "handOverTo") Object.assign(after, { custodian: body, hop: 1n });
    if (call === "carryHandOver" || call === "handOverFrom") Object.assign(after, { custodian: archive.body, hop: 1n });
    if (call === "seal" || call === "liftSeal") Object.assign(after, { isSealed: call === "seal" });
    if (call === "hold" || call === "releaseFromHold") Object.assign(after, { isHeld: call === "hold" });
    if (call === "hold") Object.assign(after, { court: body });
    if (call === "tender") Object.assign(after, { court: court.body });
    if (call === "tenderElsewhere") Object.assign(after, { court: otherCourt.body });
    return { exhibit: after };
  };

  const read = async (commitment: string) => {
    const answer: unknown = await registry.exhibitOf(commitment);
    return (answer as Result).toObject() as Record<string, bigint | boolean>;
  };

  /** The error's bytes that a call comes back with; undefined when it goes through. Changes nothing. */
  const ask = async (actor: Actor, data: string): Promise<string | undefined> => {
    try {
      const call = { from: who[actor].key.address, to: registryAddress, data };
      await ethers.provider.send("eth_call", [call, "latest"]);
      return undefined;
    } catch (error) {
      const { data: why } = error as { data?: unknown };
      if (typeof why !== "string") throw error;
      return why;
    }
  };

  /** How the exhibit stands after a call, which is then undone. */
  const tried = async (actor: Actor, data: string, commitment: string) => {
    const snapshot: unknown = await ethers.provider.send("evm_snapshot", []);
    await who[actor].key.sendTransaction({ to: registryAddress, data, gasLimit: 500_000n });
    const after = await read(commitment);
    await ethers.provider.send("evm_revert", [snapshot]);
    return after;
  };

  return { ...f, bring, encode, expected, read, ask, tried };
}

/** What `nextOf` must answer, by the plan alone. */
function nextByPlan({ state, isSealed, isHeld, court }: Situation, { parties }: Pick<World, "parties">) {
  const roles: Record<string, [string, bigint]> = {
    custodian: [ZeroHash, parties.police.body],
    advocate: [id("diwan.role.advocate"), 0n],
    court: [id("diwan.role.court"), court ? parties.court.body : 0n],
  };
  return [...TABLE].flatMap(([action, row]) => {
    const isOpen = row.becomes[state] !== undefined && row.isSealed !== !isSealed && row.isHeld !== !isHeld;
    return isOpen ? row.whose.map((whose) => [ACTION[action], ...roles[whose]!]) : [];
  });
}

describe("EvidenceRegistry, transitions", function () {
  const all = [...situations()];
  let w: Awaited<ReturnType<typeof world>>;
  before(async () => {
    w = await world();
  });

  it("are planned for every action, and there are as many situations as there should be", () => {
    expect([...TABLE.keys()]).to.deep.equal(Object.keys(ACTION));
    // Six open states, sealed or not, held or not; DEPOSITED besides with a court that let go, sealed or not; the ends; nothing.
    expect(all.map(nameOf)).to.have.lengthOf(6 * 4 + 2 + 2 * 4 + 1);
    expect(new Set(all.map(nameOf)).size).to.equal(all.length);
  });

  let [allowed, refused] = [0, 0];
  for (const [n, situation] of all.entries()) {
    it(`of an exhibit that is ${nameOf(situation)}`, async () => {
      const commitment = await w.bring(situation, n);
      const before = await w.read(commitment);
      expect([before.state, before.isSealed, before.isHeld, before.court]).to.deep.equal([
        ...[STATE[situation.state], situation.isSealed, situation.isHeld],
        situation.court ? w.parties.court.body : 0n,
      ]);
      expect(await w.registry.nextOf(commitment)).to.deep.equal(nextByPlan(situation, w));
      for (const call of Object.keys(CALLS) as Call[])
        for (const actor of ACTORS) {
          const data = await w.encode(call, actor, commitment);
          const outcome = w.expected(call, actor, situation, { commitment, before });
          const label = `${call} by ${actor}`;
          if ("error" in outcome) {
            expect(await w.ask(actor, data), label).to.equal(outcome.error);
            refused++;
          } else {
            expect(await w.tried(actor, data, commitment), label).to.deep.equal(outcome.exhibit);
            allowed++;
          }
        }
    });
  }

  it("were each tried by everybody", () => {
    expect(allowed + refused).to.equal(all.length * Object.keys(CALLS).length * ACTORS.length);
    expect(allowed).to.be.greaterThan(0);
  });
});
