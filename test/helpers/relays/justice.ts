import { hexlify, id } from "ethers";

import {
  JudgmentRegistry__factory,
  PowerOfAttorneyRegistry__factory,
  ServiceRegistry__factory,
} from "../../../src/typechain/index.js";
import { treeOf } from "../batches.js";
import { CASE as TAG, exhibit, exhibits, ORDER, REFUSAL, STATE, withEvidence } from "../evidence.js";
import { CASE, DOCUMENT, FAILURE, judgment, KIND, NOTICE, OUTCOME, SCOPE } from "../judgments.js";
import { scopeOf, withParties } from "../parties.js";
import { NO_END } from "../suite.js";
import { now, type Signer } from "../trust.js";
import { GOVERNED, type Recipes, type World } from "./recipe.js";

const DAY = 86_400n;
const WITNESSED = "the witnesses' own signatures are in the call";
const SIGNED = "the principal's own signature is in the call";

/** The world with those who take part in justice, and its registry of evidence. */
async function withRegistry(world: World) {
  const evidence = await withEvidence(
    world,
    world.signers.slice(15),
    await world.deployed.evidenceRegistry.getAddress(),
  );
  const { police, laboratory, court, advocate } = evidence.parties;
  return { ...evidence, police: police.key, laboratory, court: court.key, advocate: advocate.key };
}

/** The same, and an exhibit of the police in some state. */
async function withExhibit(world: World, state: bigint = STATE.DEPOSITED) {
  const evidence = await withRegistry(world);
  return { ...evidence, commitment: await evidence.exhibitIn(state) };
}

/** An exhibit that the police offered to the laboratory. */
async function withOffer(world: World) {
  const evidence = await withExhibit(world);
  await evidence.registry.offer(evidence.commitment, evidence.laboratory.body, NO_END);
  return { ...evidence, by: evidence.laboratory.key };
}

export const EVIDENCE_REGISTRY: Recipes = {
  ...GOVERNED,

  deposit: async (world) => {
    const { police, tool } = await withRegistry(world);
    return { by: police, args: [tool, exhibit(1), TAG] };
  },
  depositMany: async (world) => {
    const { police, tool } = await withRegistry(world);
    return { by: police, args: [tool, exhibits(2), TAG] };
  },
  depositBatch: async (world) => {
    const { police, tool } = await withRegistry(world);
    return { by: police, args: [tool, hexlify(treeOf(exhibits(3)).root()), 3n, TAG] };
  },
  singleOut: async (world) => {
    const { police, batch } = await withRegistry(world);
    const [member] = await batch(exhibits(2));
    return { by: police, args: [member] };
  },
  witnessDeposit: async (world) => {
    const { commitment, coAttest, parties, court } = await withExhibit(world);
    const signed = await coAttest(commitment, parties.notary);
    return { by: court, args: [commitment, [signed]], anyone: WITNESSED };
  },

  offer: async (world) => {
    const { police, commitment, laboratory } = await withExhibit(world);
    return { by: police, args: [commitment, laboratory.body, NO_END] };
  },
  recall: async (world) => {
    const { police, commitment } = await withOffer(world);
    return { by: police, args: [commitment] };
  },
  accept: async (world) => {
    const { by, commitment } = await withOffer(world);
    return { by, args: [commitment] };
  },
  reject: async (world) => {
    const { by, commitment } = await withOffer(world);
    return { by, args: [commitment, REFUSAL.SEAL_BROKEN] };
  },
  handOver: async (world) => {
    const { police, laboratory, commitment, signHandOver, court } = await withExhibit(world);
    const keys = [police, laboratory.key] as const;
    const [from, to] = [await signHandOver(keys[0], keys), await signHandOver(keys[1], keys)];
    const args = [NO_END, commitment, keys[0].address, from, keys[1].address, to];
    return { by: court, args, anyone: "both custodians' own signatures are in the call" };
  },

  seal: async (world) => {
    const { police, commitment } = await withExhibit(world);
    return { by: police, args: [commitment] };
  },
  liftSeal: async (world) => {
    const { registry, court, commitment } = await withExhibit(world);
    await registry.seal(commitment);
    return { by: court, args: [commitment, ORDER] };
  },
  tender: async (world) => {
    const { police, parties, commitment } = await withExhibit(world);
    return { by: police, args: [parties.court.body, commitment] };
  },
  openChallenge: async (world) => {
    const { advocate, commitment } = await withExhibit(world, STATE.TENDERED);
    return { by: advocate, args: [commitment, ORDER] };
  },
  rebutAsAdvocate: async (world) => {
    const { advocate, commitment } = await withExhibit(world, STATE.CHALLENGED);
    return { by: advocate, args: [commitment, ORDER] };
  },
  rebut: async (world) => {
    const { police, commitment } = await withExhibit(world, STATE.CHALLENGED);
    return { by: police, args: [commitment, ORDER] };
  },
  decideAdmission: async (world) => {
    const { court, commitment } = await withExhibit(world, STATE.TENDERED);
    return { by: court, args: [commitment, ORDER] };
  },
  decideExclusion: async (world) => {
    const { court, commitment } = await withExhibit(world, STATE.ADMITTED);
    return { by: court, args: [commitment, ORDER] };
  },
  returnExhibit: async (world) => {
    const { police, commitment } = await withExhibit(world);
    return { by: police, args: [commitment, ORDER] };
  },
  destroy: async (world) => {
    const { police, commitment, seenDestroyed } = await withExhibit(world);
    return { by: police, args: [commitment, ORDER, await seenDestroyed(commitment)] };
  },
  hold: async (world) => {
    const { court, commitment } = await withExhibit(world);
    return { by: court, args: [commitment, ORDER] };
  },
  releaseFromHold: async (world) => {
    const { as, parties, court, commitment } = await withExhibit(world);
    await as(parties.court).hold(commitment, ORDER);
    return { by: court, args: [commitment, ORDER] };
  },
};

const JUDGES = {
  court: ["court"],
  appeals: ["court-of-appeal"],
  bailiff: ["bailiff"],
  notary: ["notary"],
} as const;

/** The world with courts, a bailiff, a notary, and people who hold keys and are no bodies. */
async function withCourts(world: World) {
  const all = await withParties(world, world.signers.slice(15), JUDGES);
  const [principal, agent, addressee] = world.signers.slice(19) as [Signer, Signer, Signer];
  const { deployed, deployer } = world;
  const { court, appeals, bailiff, notary } = all.parties;
  return {
    ...all,
    ...{ court: court.key, appeals: appeals.key, bailiff: bailiff.key, notary: notary.key },
    ...{ principal, agent, addressee },
    judgments: JudgmentRegistry__factory.connect(await deployed.judgmentRegistry.getAddress(), deployer),
    services: ServiceRegistry__factory.connect(await deployed.serviceRegistry.getAddress(), deployer),
    powers: PowerOfAttorneyRegistry__factory.connect(await deployed.powerOfAttorneyRegistry.getAddress(), deployer),
  };
}

const [FIRST, NEXT] = [judgment("of the first instance"), judgment("upon it")];

/** The courts, and a judgment that can be appealed until a time that may be unknown yet; appealed where it is said. */
async function withJudgment(world: World, { finalIn = 30n * DAY, isAppealed = false } = {}) {
  const courts = await withCourts(world);
  const decidedAt = await now(world);
  const given = (commitment: string, finalFrom: bigint) => ({
    commitment,
    caseCommitment: CASE,
    kind: KIND.JUDGMENT,
    decidedAt,
    finalFrom,
    appealTo: 0n,
  });
  const finalFrom = finalIn === 0n ? 0n : decidedAt + finalIn;
  await courts.judgments.connect(courts.court).register(given(FIRST, finalFrom));
  if (isAppealed) await courts.judgments.connect(courts.appeals).appeal(FIRST, NOTICE);
  return { ...courts, decidedAt, next: given(NEXT, decidedAt + 60n * DAY) };
}

export const JUDGMENT_REGISTRY: Recipes = {
  ...GOVERNED,
  register: async (world) => {
    const { court, next } = await withJudgment(world);
    return { by: court, args: [next] };
  },
  setFinality: async (world) => {
    const { court, decidedAt } = await withJudgment(world, { finalIn: 0n });
    return { by: court, args: [FIRST, decidedAt + DAY] };
  },
  rectify: async (world) => ({ by: (await withJudgment(world)).court, args: [FIRST, NEXT, CASE] }),
  appeal: async (world) => ({ by: (await withJudgment(world)).appeals, args: [FIRST, NOTICE] }),
  withdrawAppeal: async (world) => ({ by: (await withJudgment(world, { isAppealed: true })).appeals, args: [FIRST] }),
  decideAppeal: async (world) => {
    const { appeals, next } = await withJudgment(world, { isAppealed: true });
    return { by: appeals, args: [FIRST, OUTCOME.REVERSED, next] };
  },
  annul: async (world) => {
    const { appeals, next, decidedAt, time } = await withJudgment(world, { finalIn: DAY });
    await time.increaseTo(decidedAt + DAY);
    return { by: appeals, args: [FIRST, next] };
  },
};

/** What a bailiff sent to somebody. */
async function withService(world: World) {
  const courts = await withCourts(world);
  const { address } = courts.addressee;
  await courts.services.connect(courts.bailiff).send(DOCUMENT, address, NO_END, scopeOf("bailiff"));
  return { ...courts, address };
}

/** Signs in the domain of a registry of the suite. */
async function signIn(
  contract: { getAddress(): Promise<string> },
  [name, type]: readonly [string, string],
  by: Signer,
  fields: readonly (readonly [string, string, unknown])[],
): Promise<string> {
  const domain = { name, version: "1", chainId: 31_337n, verifyingContract: await contract.getAddress() };
  const types = { [type]: fields.map(([kind, field]) => ({ type: kind, name: field })) };
  return by.signTypedData(domain, types, Object.fromEntries(fields.map(([, field, value]) => [field, value])));
}

export const SERVICE_REGISTRY: Recipes = {
  ...GOVERNED,
  send: async (world) => {
    const { bailiff, addressee } = await withCourts(world);
    return { by: bailiff, args: [DOCUMENT, addressee.address, NO_END, scopeOf("bailiff")] };
  },
  deliver: async (world) => {
    const { bailiff, address } = await withService(world);
    return { by: bailiff, args: [DOCUMENT, address] };
  },
  fail: async (world) => {
    const { bailiff, address } = await withService(world);
    return { by: bailiff, args: [DOCUMENT, address, FAILURE.NOT_FOUND] };
  },
  acknowledge: async (world) => ({ by: (await withService(world)).addressee, args: [DOCUMENT] }),
  acknowledgeBySignature: async (world) => {
    const { services, addressee, address, bailiff } = await withService(world);
    const signature = await signIn(services, ["Diwan ServiceRegistry", "ServiceAcknowledgement"], addressee, [
      ["bytes32", "document", DOCUMENT],
      ["address", "addressee", address],
      ["uint256", "deadline", NO_END],
    ]);
    return {
      by: bailiff,
      args: [DOCUMENT, address, NO_END, signature],
      anyone: "the addressee's own signature is in it",
    };
  },
};

/** A power that was granted, of version 1. */
async function withPower(world: World) {
  const courts = await withCourts(world);
  const { principal, agent, powers } = courts;
  const grant = { agent: agent.address, scope: SCOPE, from: 0n, until: NO_END };
  await powers.connect(principal).grant(grant);
  const sign = (type: string, fields: readonly (readonly [string, string, unknown])[]) =>
    signIn(powers, ["Diwan PowerOfAttorneyRegistry", type], principal, [
      ["address", "principal", principal.address],
      ["address", "agent", agent.address],
      ["bytes32", "scope", grant.scope],
      ...fields,
      ["uint32", "version", 1n],
      ["uint256", "deadline", NO_END],
    ]);
  return { ...courts, grant, sign };
}

export const POWER_OF_ATTORNEY_REGISTRY: Recipes = {
  ...GOVERNED,
  grant: async (world) => {
    const { principal, grant } = await withPower(world);
    return { by: principal, args: [{ ...grant, scope: id("another scope") }] };
  },
  grantBySignature: async (world) => {
    const { principal, agent, grant, sign } = await withPower(world);
    const signature = await sign("PowerGrant", [
      ["uint40", "from", grant.from],
      ["uint40", "until", grant.until],
    ]);
    return { by: agent, args: [principal.address, grant, 1n, NO_END, signature], anyone: SIGNED };
  },
  revoke: async (world) => {
    const { principal, grant } = await withPower(world);
    return { by: principal, args: [grant.agent, grant.scope] };
  },
  revokeBySignature: async (world) => {
    const { principal, agent, grant, sign } = await withPower(world);
    const signature = await sign("PowerRevocation", []);
    const args = [principal.address, grant.agent, grant.scope, 1n, NO_END, signature];
    return { by: agent, args, anyone: SIGNED };
  },
  renounce: async (world) => {
    const { principal, agent, grant } = await withPower(world);
    return { by: agent, args: [principal.address, grant.scope] };
  },
  attest: async (world) => {
    const { notary, principal, grant } = await withPower(world);
    return { by: notary, args: [principal.address, grant.agent, grant.scope, 1n] };
  },
};
