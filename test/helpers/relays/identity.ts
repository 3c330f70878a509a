import { hexlify, toUtf8Bytes } from "ethers";

import { BECAUSE, COMMITMENT, confirmationOf } from "../applicant.js";
import { withAgency } from "../benefits.js";
import { ATTEST_MANY, batchOf, contentOf, itemOf, maskOf, REASON, SCHEMA, uidOf } from "../issuer.js";
import { NO_END } from "../suite.js";
import type { Signer } from "../trust.js";
import { GOVERNED, type Recipes, type World } from "./recipe.js";

export const SCHEMA_REGISTRY: Recipes = {
  ...GOVERNED,
  register: ({ controller }) => ({ by: controller, args: [hexlify(toUtf8Bytes(`{"name":"relayed"}`))] }),
};

const citizenOf = ({ signers }: World) => signers[24] as Signer;

/** An attestation that the office's operator issued, suspended where it is said. */
async function issued({ registry, attestation }: World, { suspended = false } = {}): Promise<string> {
  const item = itemOf(attestation(1));
  await registry.attest(SCHEMA, item.content, item.expiresAt);
  const uid = uidOf(attestation(1));
  if (suspended) await registry.suspend(uid, REASON.CERTIFICATE_HOLD);
  return uid;
}

/** A two-bit batch that the office's operator issued, its first leaf suspended where it is said. */
async function issuedBatch({ registry, attestation }: World, { suspended = false } = {}) {
  const { batch } = batchOf([attestation(2), attestation(3)], 2n);
  await registry.attestBatch(SCHEMA, batch.root, batch.size, batch.bits);
  const leaves = [{ wordIndex: 0n, mask: maskOf(2n, 0n) }];
  if (suspended) await registry.markLeaves(batch, leaves, 2n, REASON.CERTIFICATE_HOLD);
  return { batch, leaves };
}

export const ATTESTATION_REGISTRY: Recipes = {
  ...GOVERNED,
  attest: ({ operator, attestation }) => ({ by: operator, args: [SCHEMA, contentOf(attestation(1)), NO_END] }),
  attestAndCall: async (world) => {
    const { operator, attestation, enrolment, office } = world;
    const citizen = citizenOf(world);
    await enrolment.connect(citizen).request(office, SCHEMA, COMMITMENT);
    const data = confirmationOf(citizen.address, COMMITMENT);
    const to = await enrolment.getAddress();
    return { by: operator, args: [SCHEMA, contentOf(attestation(1)), NO_END, to, data] };
  },
  attestMany: ({ operator, attestation }) => ({
    by: operator,
    args: [SCHEMA, [1, 2].map((n) => itemOf(attestation(n)))],
  }),
  attestManyBySignature: async ({ operator, attestation, domain, controller }) => {
    const items = [itemOf(attestation(1))];
    const message = { schema: SCHEMA, items, operator: operator.address, nonce: 0n, deadline: NO_END };
    const signature = await operator.signTypedData(domain, ATTEST_MANY, message);
    const args = [SCHEMA, items, operator.address, 0n, NO_END, signature];
    return { by: controller, args, anyone: "the operator's own signature is in the call" };
  },
  attestBatch: ({ operator, attestation }) => {
    const { batch } = batchOf([attestation(1)], 1n);
    return { by: operator, args: [SCHEMA, batch.root, batch.size, batch.bits] };
  },
  revoke: async (world) => ({ by: world.operator, args: [await issued(world), REASON.UNSPECIFIED] }),
  revokeMany: async (world) => ({ by: world.operator, args: [[await issued(world)], REASON.UNSPECIFIED] }),
  suspend: async (world) => ({ by: world.operator, args: [await issued(world), REASON.UNSPECIFIED] }),
  suspendMany: async (world) => ({ by: world.operator, args: [[await issued(world)], REASON.UNSPECIFIED] }),
  reinstate: async (world) => {
    const uid = await issued(world, { suspended: true });
    return { by: world.operator, args: [SCHEMA, uid, REASON.UNSPECIFIED] };
  },
  reinstateMany: async (world) => {
    const uid = await issued(world, { suspended: true });
    return { by: world.operator, args: [SCHEMA, [uid], REASON.UNSPECIFIED] };
  },
  supersede: async (world) => {
    const replacement = { old: await issued(world), ...itemOf(world.attestation(9)) };
    return { by: world.operator, args: [SCHEMA, replacement, REASON.SUPERSEDED] };
  },
  supersedeMany: async (world) => {
    const replacement = { old: await issued(world), ...itemOf(world.attestation(9)) };
    return { by: world.operator, args: [SCHEMA, [replacement], REASON.SUPERSEDED] };
  },
  markLeaves: async (world) => {
    const { batch, leaves } = await issuedBatch(world);
    return { by: world.operator, args: [batch, leaves, 1n, REASON.UNSPECIFIED] };
  },
  reinstateLeaves: async (world) => {
    const { batch, leaves } = await issuedBatch(world, { suspended: true });
    return { by: world.operator, args: [batch, leaves, REASON.UNSPECIFIED] };
  },
};

export const ENROLMENT: Recipes = {
  ...GOVERNED,
  onAttested: { because: "the attestation registry calls it, and no relay speaks for the registry" },
  request: (world) => ({ by: citizenOf(world), args: [world.office, SCHEMA, COMMITMENT] }),
  withdraw: async (world) => {
    const by = citizenOf(world);
    await world.enrolment.connect(by).request(world.office, SCHEMA, COMMITMENT);
    return { by, args: [world.office, SCHEMA, COMMITMENT] };
  },
  reject: async (world) => {
    const citizen = citizenOf(world);
    await world.enrolment.connect(citizen).request(world.office, SCHEMA, COMMITMENT);
    return { by: world.operator, args: [SCHEMA, citizen.address, COMMITMENT, BECAUSE.IDENTITY_NOT_PROVEN] };
  },
};

export const BENEFITS: Recipes = {
  ...GOVERNED,
  claim: async (world) => {
    const { decider, answer, sign } = await withAgency(world);
    const args = [answer(1), decider.address, await sign(answer(1))];
    return { by: world.controller, args, anyone: "the decider's own signature is in the call" };
  },
  revoke: async (world) => {
    const { decider, answer, claim, policy } = await withAgency(world);
    await claim(answer(1));
    return { by: decider, args: [policy, 0n, answer(1).nullifier, 1n] };
  },
};
