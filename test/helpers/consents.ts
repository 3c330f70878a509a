import { AbiCoder, id, keccak256, ZeroHash, type BigNumberish, type TypedDataDomain } from "ethers";

import { ConsentRegistry__factory, type ConsentRegistry } from "../../src/typechain/index.js";
import { deployHealth } from "./health.js";
import { load, now, type Signer } from "./trust.js";

const abi = AbiCoder.defaultAbiCoder();

/** The longest window of the break-glass in these tests, in seconds. */
export const MAX_WINDOW = 72n * 3_600n;

/** `IConsentRegistry.Status`, in order. */
export const STATUS = {
  NONE: 0n,
  IN_FORCE: 1n,
  PENDING: 2n,
  EXPIRED: 3n,
  REVOKED: 4n,
  USED_UP: 5n,
  PURPOSE_NOT_GRANTED: 6n,
  OBJECTED: 7n,
  GUARDIAN_LAPSED: 8n,
} as const;

/** `IConsentRegistry.By`, in order. */
export const BY = { NONE: 0n, PATIENT: 1n, SIGNATURE: 2n, GUARDIAN: 3n, DELEGATES: 4n } as const;

/** `IConsentRegistry.State`, in order. */
export const STATE = { NONE: 0n, GRANTED: 1n, REVOKED: 2n, USED_UP: 3n } as const;

/** Numbers of some purposes. */
export const TREAT = 0n;
export const ETREAT = 1n;
export const HRESCH = 5n;

/** Salted hashes of what data is meant. */
export const SCOPE = id("scope: laboratory, salt 1");
export const EVERYTHING = ZeroHash;

/** A salted hash of what was accessed. */
export const ACCESSED = id("what was accessed, salt 2");

/** A bitmap of purposes. */
export function purposes(...numbers: bigint[]): bigint {
  return numbers.reduce((mask, n) => mask | (1n << n), 0n);
}

/** `IConsentRegistry.Grant`. */
export interface Grant {
  grantee: bigint;
  scope: string;
  purposes: bigint;
  from: bigint;
  until: bigint;
  uses: bigint;
}

/** `IDelegation.Delegates`. */
export interface Delegates {
  members: string[];
  threshold: bigint;
  until: bigint;
  salt: string;
}

/** The commitment of delegates, written from the interface's text. */
export function commitmentOf({ members, threshold, until, salt }: Delegates): string {
  return keccak256(abi.encode(["tuple(address[], uint8, uint40, bytes32)"], [[members, threshold, until, salt]]));
}

/** One access, as its event tells it, with the time of its block. */
export interface Access {
  recipient: bigint;
  key: bigint;
  purpose: bigint;
  basis: string;
  version: bigint;
  time: bigint;
  commitment: string;
}

/** The head of a chain of accesses, written from the interface's text. */
export function headOf(accesses: Access[]): bigint {
  const types = ["uint224", "uint32", "uint32", "uint8", "bytes32", "uint32", "uint40", "bytes32"];
  return accesses.reduce((head, a) => {
    const link = abi.encode(types, [head, a.recipient, a.key, a.purpose, a.basis, a.version, a.time, a.commitment]);
    return BigInt(keccak256(link)) & (2n ** 224n - 1n);
  }, 0n);
}

const field = (type: string, name: string) => ({ name, type });
const PATIENT = field("address", "patient");
const GRANTEE_AND_SCOPE = [field("uint32", "grantee"), field("bytes32", "scope")];
const DEADLINE = field("uint256", "deadline");
const NONCE = field("uint256", "nonce");

/** The EIP-712 types of what patients and delegates sign. */
export const TYPES = {
  ConsentGrant: [
    PATIENT,
    ...GRANTEE_AND_SCOPE,
    field("uint32", "purposes"),
    field("uint40", "from"),
    field("uint40", "until"),
    field("uint24", "uses"),
    field("uint32", "version"),
    DEADLINE,
  ],
  ConsentRevocation: [PATIENT, ...GRANTEE_AND_SCOPE, field("uint32", "version"), DEADLINE],
  ConsentObjection: [PATIENT, field("uint32", "purposes"), NONCE, DEADLINE],
  ConsentDelegation: [PATIENT, field("bytes32", "commitment"), NONCE, DEADLINE],
};

/** What somebody signs in a registry's domain. */
export async function signFor(
  registry: ConsentRegistry,
  signer: Signer,
  type: keyof typeof TYPES,
  message: Record<string, BigNumberish>,
  domain: TypedDataDomain = {},
): Promise<string> {
  const verifyingContract = await registry.getAddress();
  const own = { name: "Diwan ConsentRegistry", version: "1", chainId: 31_337n, verifyingContract };
  return signer.signTypedData({ ...own, ...domain }, { [type]: TYPES[type] }, message);
}

/** The scene of health with a registry of consents; each call starts again from the same state. */
export function consentFixture() {
  return load(deployConsents);
}

async function deployConsents() {
  const health = await deployHealth();
  const { deployer, manager, trustList, relays, patient, parties, connection } = health;
  const registry = await new ConsentRegistry__factory(deployer).deploy(manager, trustList, MAX_WINDOW, relays);
  const start = await now(health);
  const hospital = parties.hospital;

  const year = start + 31_536_000n;
  const deadline = start + 86_400n;

  /** A grant to the hospital for treatment in one scope, from the start on for a year, without a limit. */
  const terms = (other: Partial<Grant> = {}): Grant => ({
    grantee: hospital.body,
    scope: SCOPE,
    purposes: purposes(TREAT),
    from: start,
    until: year,
    uses: 0n,
    ...other,
  });

  interface Signed {
    version?: bigint;
    deadline?: bigint;
    /** Who signs, and in whose name. */
    by?: Signer;
    of?: string;
    domain?: TypedDataDomain;
  }
  /** A grant, signed. */
  const signGrant = (given: Grant, options: Signed = {}) => {
    const { version = 0n, by = patient, of = patient.address, domain = {} } = options;
    const message = { patient: of, ...given, version, deadline: options.deadline ?? deadline };
    return signFor(registry, by, "ConsentGrant", message, domain);
  };
  /** A revocation of the hospital's consent, signed. */
  const signRevocation = (options: Signed & { grantee?: bigint; scope?: string } = {}) => {
    const { version = 0n, by = patient, of = patient.address, domain = {} } = options;
    const { grantee = hospital.body, scope = SCOPE } = options;
    const message = { patient: of, grantee, scope, version, deadline: options.deadline ?? deadline };
    return signFor(registry, by, "ConsentRevocation", message, domain);
  };

  return {
    ...health,
    /** Called by the patient. */
    registry: registry.connect(patient),
    /** Called by the hospital's key. */
    byHospital: registry.connect(hospital.key),
    /** Called by somebody who only carries what others signed. */
    byRelayer: registry.connect(health.relayer),
    start,
    /** The deadline of what is signed, unless another is given. */
    deadline,
    terms,
    signGrant,
    signRevocation,
    /** How the patient's consent stands for a purpose. */
    statusFor: (purpose = TREAT, { grantee = hospital.body, scope = SCOPE, of = patient.address } = {}) =>
      registry.statusOf(of, grantee, scope, purpose),
    /** The patient's consent to the hospital, as it is recorded. */
    recorded: (scope = SCOPE) => registry.consentOf(patient, hospital.body, scope),
    /** Makes the next transaction's block come at a time. */
    at: (timestamp: bigint) => health.time.setNextBlockTimestamp(timestamp),
    /** Mines a block at a time, for views that are asked there. */
    mineAt: async (timestamp: bigint) => {
      await health.time.setNextBlockTimestamp(timestamp);
      await connection.networkHelpers.mine();
    },
    /** The court appoints a guardian of the patient until a time. */
    appoint: (until = year, guardian: string = health.guardian.address) =>
      registry.connect(parties.court.key).appointGuardian(patient, guardian, until),
    /** Called by the guardian. */
    byGuardian: registry.connect(health.guardian),
    /** The three delegates by ascending address, and a list of them for two of three. */
    delegation: (() => {
      const signers = health.delegates.toSorted((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
      const members = signers.map(({ address }) => address);
      const list: Delegates = { members, threshold: 2n, until: year, salt: id("salt of the delegates") };
      return { signers, list };
    })(),
  };
}
