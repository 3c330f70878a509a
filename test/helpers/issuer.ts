import { AbiCoder, concat, id, keccak256, type TypedDataDomain } from "ethers";

import { signForwardRequest } from "../../src/chain/signForwardRequest.js";
import { GROUNDS, NO_END, deploySuite } from "./suite.js";
import { authorizeKey, load, registerBody, type Signer } from "./trust.js";

const abi = AbiCoder.defaultAbiCoder();

/** What the issuer of the fixture is accredited for. */
export const SCHEMA = id(`{"name":"residence"}`);

/** What the same body is accredited for besides, with a key of its own. */
export const OTHER_SCHEMA = id(`{"name":"licence"}`);

/** IAttestationRegistry.Status, in order. */
export const STATUS = {
  UNKNOWN: 0n,
  VALID: 1n,
  NOT_YET_VALID: 2n,
  EXPIRED: 3n,
  SUSPENDED: 4n,
  REVOKED: 5n,
  SUPERSEDED: 6n,
  ISSUER_SUSPENDED: 7n,
  ISSUER_WITHDRAWN: 8n,
  ISSUER_COMPROMISED: 9n,
} as const;

/** IAttestationRegistry.Reason, those that the tests use. */
export const REASON = {
  UNSPECIFIED: 0n,
  KEY_COMPROMISE: 1n,
  AFFILIATION_CHANGED: 3n,
  SUPERSEDED: 4n,
  CERTIFICATE_HOLD: 6n,
  REMOVE_FROM_CRL: 8n,
  PRIVILEGE_WITHDRAWN: 9n,
} as const;

/** An attestation as its holder presents it. */
export interface Attestation {
  issuer: bigint;
  schema: string;
  subject: string;
  commitment: string;
  validFrom: bigint;
  expiresAt: bigint;
}

/** A Merkle batch. */
export interface Batch {
  issuer: bigint;
  schema: string;
  root: string;
  size: bigint;
  bits: bigint;
}

/** Where an attestation stands in a Merkle batch. */
export interface Membership {
  root: string;
  size: bigint;
  bits: bigint;
  index: bigint;
  proof: string[];
}

// HASHES, written from the interface's text alone, so that the contract is not compared with itself.

/** The content of an attestation, as its issuer sends it. */
export function contentOf({ subject, commitment, validFrom }: Attestation): string {
  return keccak256(abi.encode(["bytes32", "bytes32", "uint40"], [subject, commitment, validFrom]));
}

/** The uid of a record with this content. */
export function uidFrom(issuer: bigint, schema: string, content: string, expiresAt: bigint): string {
  return keccak256(abi.encode(["uint32", "bytes32", "bytes32", "uint40"], [issuer, schema, content, expiresAt]));
}

/** The uid of an attestation issued singly. */
export function uidOf(attestation: Attestation): string {
  return uidFrom(attestation.issuer, attestation.schema, contentOf(attestation), attestation.expiresAt);
}

/** The uid of a Merkle batch. */
export function uidOfBatch({ issuer, schema, root, size, bits }: Batch): string {
  const types = ["uint32", "bytes32", "bytes32", "uint32", "uint8"];
  return keccak256(abi.encode(types, [issuer, schema, root, size, bits]));
}

/** The leaf of an attestation in a Merkle batch. */
export function leafOf(attestation: Attestation, index: bigint): string {
  const fields = [index, contentOf(attestation), attestation.expiresAt];
  return keccak256(keccak256(abi.encode(["uint32", "bytes32", "uint40"], fields)));
}

/** All levels of the Merkle tree over leaves, sorted pairs, an odd node going up as it is; the root is last. */
function treeOf(leaves: string[]): string[][] {
  const levels = [leaves];
  for (let level = leaves; level.length > 1; levels.push(level)) {
    const below = level;
    level = below.flatMap((left, i) => {
      if (i % 2 === 1) return [];
      const right = below[i + 1];
      if (right === undefined) return [left];
      return [keccak256(concat(BigInt(left) < BigInt(right) ? [left, right] : [right, left]))];
    });
  }
  return levels;
}

/** The siblings of a leaf, from the leaf up. */
function proofOf(levels: string[][], index: number): string[] {
  return levels.slice(0, -1).flatMap((level, height) => {
    const sibling = level[(index >> height) ^ 1];
    return sibling === undefined ? [] : [sibling];
  });
}

/** Attestations of one batch, each a leaf at its number, and where each stands. */
export function batchOf(attestations: Attestation[], bits: bigint) {
  const first = attestations[0];
  if (first === undefined) throw new Error("a batch needs a leaf");
  const levels = treeOf(attestations.map((attestation, i) => leafOf(attestation, BigInt(i))));
  const root = levels.at(-1)?.[0] ?? "";
  const size = BigInt(attestations.length);
  const batch: Batch = { issuer: first.issuer, schema: first.schema, root, size, bits };
  const memberships = attestations.map((_, i): Membership => ({
    root,
    size,
    bits,
    index: BigInt(i),
    proof: proofOf(levels, i),
  }));
  return { batch, uid: uidOfBatch(batch), levels, memberships };
}

/** The mask of entries of one word of a status list, the first entry in the most significant bits. */
export function maskOf(bits: bigint, ...entries: bigint[]): bigint {
  const entry = (1n << bits) - 1n;
  return entries.reduce((mask, i) => mask | (entry << (256n - bits * ((i % (256n / bits)) + 1n))), 0n);
}

/** Typed data of `attestManyBySignature`. */
export const ATTEST_MANY = {
  AttestMany: [
    { name: "schema", type: "bytes32" },
    { name: "items", type: "Item[]" },
    { name: "operator", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
  Item: [
    { name: "content", type: "bytes32" },
    { name: "expiresAt", type: "uint40" },
  ],
};

// THE FIXTURE

/**
 * The suite with four bodies: a ministry that may accredit, an office directly under the council, a branch under the
 * ministry, and a rival directly under the council. Each call starts again from the same state.
 */
export function issuerFixture() {
  return load(deployIssuerAlone);
}

const deployIssuerAlone = () => deployIssuer();

/** The same, where all contracts trust a relay hub besides the forwarder. */
export function hubFixture() {
  return load(deployIssuerWithHub);
}

const deployIssuerWithHub = () => deployIssuer({ withHub: true });

async function deployIssuer(options = {}) {
  const suite = await deploySuite(options);
  const { connection, ethers, trustList, attestationRegistry: registry, decide, signers } = suite;
  const { ministry: minister, hospital: controller, operator, operator2: colleague } = suite;
  const [branchHead, rivalHead, otherClerk, branchClerk, rivalClerk] = signers.slice(10) as [
    Signer,
    Signer,
    Signer,
    Signer,
    Signer,
  ];
  const parent = await registerBody(suite, minister);
  const office = await registerBody(suite, controller);
  const branch = await registerBody(suite, branchHead);
  const rival = await registerBody(suite, rivalHead);

  const accredit = async (scope: string, body: bigint, levels = 0n) =>
    decide(trustList, "accredit", [scope, 0n, body, 0n, NO_END, levels, GROUNDS]);
  await accredit(SCHEMA, parent, 3n);
  await accredit(SCHEMA, office);
  await accredit(OTHER_SCHEMA, office);
  await accredit(SCHEMA, rival);
  await trustList.connect(minister).accredit(SCHEMA, parent, branch, 0n, NO_END, 0n, GROUNDS);

  /** A controller lets a key act, without end unless one is given. */
  const authorize = (by: Signer, body: bigint, operator: Signer, scope: string, { from = 0n, until = NO_END } = {}) =>
    authorizeKey(suite, { by, body, operator, scopes: [scope], from, until });
  await authorize(controller, office, operator, SCHEMA);
  await authorize(controller, office, colleague, SCHEMA);
  await authorize(controller, office, otherClerk, OTHER_SCHEMA);
  await authorize(branchHead, branch, branchClerk, SCHEMA);
  await authorize(rivalHead, rival, rivalClerk, SCHEMA);

  const domain: TypedDataDomain = {
    name: "Diwan AttestationRegistry",
    version: "1",
    chainId: 31_337n,
    verifyingContract: await registry.getAddress(),
  };
  const { time } = connection.networkHelpers;

  /** Carries out transactions in one block; each needs a gas limit of its own. */
  const inOneBlock = async (timestamp: bigint, ...sends: (() => Promise<unknown>)[]) => {
    await ethers.provider.send("evm_setAutomine", [false]);
    try {
      for (const send of sends) await send();
      await time.setNextBlockTimestamp(timestamp);
      await connection.networkHelpers.mine();
    } finally {
      await ethers.provider.send("evm_setAutomine", [true]);
    }
  };

  return {
    ...suite,
    minister,
    controller,
    colleague,
    branchHead,
    rivalHead,
    otherClerk,
    branchClerk,
    rivalClerk,
    parent,
    office,
    branch,
    rival,
    /** The registry, as the office's operator calls it. */
    registry: registry.connect(operator),
    domain,
    time,
    authorize,
    inOneBlock,
    /** A stranger carries a call to the registry for whoever signed it, through the ERC-2771 forwarder. */
    forward: async (signer: Signer, data: string) => {
      const call = { to: await registry.getAddress(), data };
      const options = { gas: 500_000n, deadline: 2n ** 48n - 1n };
      const request = await signForwardRequest(suite.forwarder, signer, call, options);
      return suite.forwarder.connect(suite.stranger).execute(request);
    },
    /** The council decides on a body's accreditation for the schema. */
    councilDoes: (decision: "suspend" | "reinstate" | "withdraw", body: bigint, at?: bigint) =>
      decide(trustList, decision, [SCHEMA, body, GROUNDS], at),
    /** The council stops new writes until a time. */
    stopUntil: (until: bigint) => decide(registry, "stop", [until, GROUNDS]),
    /** An attestation of the office that nobody issued yet; the number makes it another one. */
    attestation: (n: number, fields: Partial<Attestation> = {}): Attestation => ({
      issuer: office,
      schema: SCHEMA,
      subject: id(`subject ${n}`),
      commitment: id(`commitment ${n}`),
      validFrom: 0n,
      expiresAt: NO_END,
      ...fields,
    }),
  };
}

/** What an issuer sends for an attestation. */
export function itemOf(attestation: Attestation) {
  return { content: contentOf(attestation), expiresAt: attestation.expiresAt };
}
