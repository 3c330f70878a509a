import type { ContractTransactionReceipt, Provider, Signer } from "ethers";

import { ask, eventsOf, send } from "../chain/send.js";
import type { StatusBits } from "../ledger/statusBits.js";
import type { AttestationRegistry } from "../typechain/contracts/identity/AttestationRegistry.js";
import type { SchemaRegistry } from "../typechain/contracts/identity/SchemaRegistry.js";
import { contentOf, itemOf, type Attestation } from "./attestation.js";
import { attestManyTypedData, type AttestMany } from "./attestManyTypedData.js";
import { IdentityError } from "./IdentityError.js";
import type { Json } from "./json.js";
import { schemaBytes, schemaIdOf } from "./schema.js";

/** What an issuer knows of an attestation before it is issued: the registry adds who issued it. */
export type Unissued = Omit<Attestation, "issuer">;

/** An attestation issued in the registry. */
export interface Issued {
  /** As its holder presents it. */
  attestation: Attestation;
  /** Its record. */
  uid: string;
}

/** A signed request to issue many attestations, which anyone may carry. */
export interface SignedAttestMany extends AttestMany {
  signature: string;
}

/**
 * Registers a schema; anyone may.
 *
 * @param registry The schema registry, connected to whoever pays.
 * @param definition The schema.
 * @returns Its id, which is also the scope of its issuers' accreditation.
 * @throws IdentityError SCHEMA_MALFORMED; ContractError SchemaAlreadyRegistered, WritesAreStopped
 * @example
 * ```ts
 * const { schema } = await registerSchema(schemaRegistry, { title: "Practitioner licence" });
 * ```
 */
export async function registerSchema(
  registry: SchemaRegistry,
  definition: Json,
): Promise<{ schema: string; receipt: ContractTransactionReceipt }> {
  const receipt = await send(() => registry.register(schemaBytes(definition)));
  return { schema: schemaIdOf(definition), receipt };
}

/**
 * Issues one attestation.
 *
 * @param registry Connected to a key that is accredited for the schema.
 * @param attestation What to issue.
 * @throws IdentityError ATTESTATION_MALFORMED; ContractError KeyNotInForce, NotAccredited, AttestationExists, …
 * @example
 * ```ts
 * const { attestation, uid } = await issue(registry, { schema, subject, commitment, validFrom, expiresAt: NO_END });
 * ```
 */
export async function issue(
  registry: AttestationRegistry,
  attestation: Unissued,
): Promise<Issued & { receipt: ContractTransactionReceipt }> {
  const { schema, expiresAt } = attestation;
  const receipt = await send(() => registry.attest(schema, contentOf(attestation), expiresAt));
  const [issued] = await issuedIn(registry, receipt, [attestation]);
  return { ...issued!, receipt };
}

/**
 * Issues many attestations of one schema in one transaction: all or none.
 *
 * @param registry Connected to a key that is accredited for the schema.
 * @param attestations At least one, of one schema.
 * @throws IdentityError BATCH_EMPTY, SCHEMAS_DIFFER, ATTESTATION_MALFORMED; ContractError as for `issue`
 * @example
 * ```ts
 * const { issued } = await issueMany(registry, attestations);
 * ```
 */
export async function issueMany(
  registry: AttestationRegistry,
  attestations: readonly Unissued[],
): Promise<{ issued: Issued[]; receipt: ContractTransactionReceipt }> {
  const schema = schemaOfAll(attestations);
  const receipt = await send(() => registry.attestMany(schema, attestations.map(itemOf)));
  return { issued: await issuedIn(registry, receipt, attestations), receipt };
}

/**
 * Signs a request to issue many attestations; nothing is sent.
 *
 * @param registry The registry.
 * @param operator The accredited key.
 * @param attestations At least one, of one schema.
 * @param options.deadline Last second at which the signature counts, in Unix seconds.
 * @param options.nonce The key's nonce; read from the registry, if left out. Each is used once, in order.
 * @throws IdentityError BATCH_EMPTY, SCHEMAS_DIFFER, ATTESTATION_MALFORMED
 * @example
 * ```ts
 * const signed = await signIssueMany(registry, operator, attestations, { deadline: now + 3_600n });
 * await relayIssueMany(registry.connect(relayer), attestations, signed);
 * ```
 */
export async function signIssueMany(
  registry: AttestationRegistry,
  operator: Signer,
  attestations: readonly Unissued[],
  options: { deadline: bigint; nonce?: bigint },
): Promise<SignedAttestMany> {
  const schema = schemaOfAll(attestations);
  const address = await operator.getAddress();
  const message: AttestMany = {
    schema,
    items: attestations.map(itemOf),
    operator: address,
    nonce: options.nonce ?? (await ask(() => registry.nonces(address))),
    deadline: options.deadline,
  };
  const chainId = await chainIdOf(registry);
  const { domain, types } = attestManyTypedData(chainId, await registry.getAddress(), message);
  return { ...message, signature: await operator.signTypedData(domain, types, message) };
}

/**
 * Carries a signed request to the registry.
 *
 * @param registry Connected to whoever pays.
 * @param attestations The attestations that were signed, in the same order.
 * @param signed As `signIssueMany` gives it.
 * @throws ContractError SignatureInvalid, SignatureExpired, InvalidAccountNonce, and as for `issue`
 * @example
 * ```ts
 * const { issued } = await relayIssueMany(registry.connect(relayer), attestations, signed);
 * ```
 */
export async function relayIssueMany(
  registry: AttestationRegistry,
  attestations: readonly Unissued[],
  signed: SignedAttestMany,
): Promise<{ issued: Issued[]; receipt: ContractTransactionReceipt }> {
  const { schema, items, operator, nonce, deadline, signature } = signed;
  const receipt = await send(() => {
    return registry.attestManyBySignature(schema, items, operator, nonce, deadline, signature);
  });
  return { issued: await issuedIn(registry, receipt, attestations), receipt };
}

/**
 * Issues a Merkle batch: one record for all its leaves.
 *
 * @param registry Connected to a key that is accredited for the schema.
 * @param batch The schema, and what `buildBatch` gives.
 * @returns The batch's record, and its issuer, which each attestation in it names.
 * @throws ContractError BatchShapeInvalid, and as for `issue`
 * @example
 * ```ts
 * const { uid, issuer } = await issueBatch(registry, { schema, ...(await buildBatch(items, 2)) });
 * ```
 */
export async function issueBatch(
  registry: AttestationRegistry,
  batch: { schema: string; root: string; size: number; bits: StatusBits },
): Promise<{ uid: string; issuer: number; receipt: ContractTransactionReceipt }> {
  const { schema, root, size, bits } = batch;
  const receipt = await send(() => registry.attestBatch(schema, root, size, bits));
  const [event] = await eventsOf(receipt, registry, "BatchIssued");
  if (event === undefined) throw new IdentityError("EVENT_MISSING", "the receipt holds no event of the batch");
  return { uid: event.args.uid as string, issuer: Number(event.args.issuer), receipt };
}

function schemaOfAll(attestations: readonly Unissued[]): string {
  const schema = attestations[0]?.schema;
  if (schema === undefined) throw new IdentityError("BATCH_EMPTY", "a batch needs at least one attestation");
  if (attestations.some((attestation) => attestation.schema !== schema)) {
    throw new IdentityError("SCHEMAS_DIFFER", "the attestations of one transaction have one schema");
  }
  return schema;
}

async function chainIdOf(registry: AttestationRegistry): Promise<bigint> {
  return (await (registry.runner?.provider as Provider).getNetwork()).chainId;
}

async function issuedIn(
  registry: AttestationRegistry,
  receipt: ContractTransactionReceipt,
  attestations: readonly Unissued[],
): Promise<Issued[]> {
  const events = await eventsOf(receipt, registry, "AttestationIssued");
  return attestations.map((attestation, i) => {
    const event = events[i];
    if (event === undefined) throw new IdentityError("EVENT_MISSING", `the receipt holds no event of item ${i}`);
    return { attestation: { issuer: Number(event.args.issuer), ...attestation }, uid: event.args.uid as string };
  });
}
