import { AbiCoder, encodeBytes32String, hexlify, keccak256, toUtf8Bytes, ZeroAddress, type AddressLike } from "ethers";

import type { DidRegistry } from "../../src/typechain/index.js";

import { deploySuite, DID_DELAYS, NO_END } from "./suite.js";
import type { Signer, Suite } from "./trust.js";

/** IDidRegistry.State, in order. */
export const STATE = { ACTIVE: 0n, FROZEN: 1n, DEACTIVATED: 2n } as const;

/** IDidRecovery.Plan, in order. */
export const PLAN = { NONE: 0n, RECOVERY: 1n, THAW: 2n, DEACTIVATION: 3n } as const;

/** IDidRegistry.Kind, in order. */
export const KIND = { SET_ATTRIBUTE: 0n, REVOKE_ATTRIBUTE: 1n, ADD_DELEGATE: 2n, REVOKE_DELEGATE: 3n } as const;

/** A key and a service, as did:ethr names them. */
export const VERI_KEY = encodeBytes32String("veriKey");
export const SIG_AUTH = encodeBytes32String("sigAuth");
export const PUBLIC_KEY = encodeBytes32String("did/pub/Secp256k1/veriKey/hex");
export const SERVICE = encodeBytes32String("did/svc/HubService");

/** A change as the contract takes it. */
export interface Change {
  kind: bigint;
  name: string;
  value: string;
  validity: bigint;
}

export const setAttribute = (name: string, value: string, validity = 1_000n): Change => {
  return { kind: KIND.SET_ATTRIBUTE, name, value, validity };
};
export const revokeAttribute = (name: string, value: string): Change => {
  return { kind: KIND.REVOKE_ATTRIBUTE, name, value, validity: 0n };
};
export const addDelegate = (name: string, delegate: string, validity = 1_000n): Change => {
  return { kind: KIND.ADD_DELEGATE, name, value: delegate, validity };
};
export const revokeDelegate = (name: string, delegate: string): Change => {
  return { kind: KIND.REVOKE_DELEGATE, name, value: delegate, validity: 0n };
};

/** A compressed public key, made up of a number. */
export function publicKey(n: number): string {
  return `0x02${n.toString(16).padStart(64, "a")}`;
}

/** A service's address as bytes. */
export function endpoint(url: string): string {
  return hexlify(toUtf8Bytes(url));
}

/** Who can bring back a DID, as the contract takes it. */
export interface Guardians {
  members: string[];
  threshold: bigint;
  delay: bigint;
  veto: string;
  salt: string;
}

const GUARDIANS = "tuple(address[] members,uint8 threshold,uint40 delay,address veto,bytes32 salt)";

/** The commitment to guardians, written from the interface's text alone. */
export function commitmentOf(guardians: Guardians): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode([GUARDIANS], [guardians]));
}

/** The EIP-712 types, written from the interface's text alone. */
export const CHANGE_OWNER = {
  ChangeOwner: [
    { name: "identity", type: "address" },
    { name: "newOwner", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};
export const CHANGE_MANY = {
  ChangeMany: [
    { name: "identity", type: "address" },
    { name: "changes", type: "Change[]" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
  Change: [
    { name: "kind", type: "uint8" },
    { name: "name", type: "bytes32" },
    { name: "value", type: "bytes" },
    { name: "validity", type: "uint256" },
  ],
};
export const RECOVER = {
  Recover: [
    { name: "identity", type: "address" },
    { name: "newOwner", type: "address" },
    { name: "guardians", type: "bytes32" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

/** Seconds that a recovery of the fixture waits. */
export const RECOVERY_DELAY = 200n;

export { DID_DELAYS };

/**
 * The suite with people around one DID: its `owner` (whose address it is), three `guardians` of which two bring it back,
 * the `vetoer` that the holder named, a `newOwner`, a `thief` and a `friend` to be a delegate.
 */
export async function didFixture() {
  return withDid(await deploySuite());
}

/** People around one DID, in a suite that there is. */
export async function withDid<S extends Suite>(suite: S) {
  const { didRegistry, signers, connection } = suite;
  const [owner, newOwner, g1, g2, g3, vetoer, thief, friend] = signers.slice(12) as [
    ...[Signer, Signer, Signer, Signer, Signer, Signer, Signer, Signer],
  ];
  const guardians = [g1, g2, g3].sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
  const list: Guardians = {
    members: guardians.map(({ address }) => address),
    threshold: 2n,
    delay: RECOVERY_DELAY,
    veto: vetoer.address,
    salt: keccak256("0x01"),
  };
  const registry = didRegistry.connect(owner);
  const domain = {
    name: "Diwan DidRegistry",
    version: "1",
    chainId: 31_337n,
    verifyingContract: await didRegistry.getAddress(),
  };
  return {
    ...suite,
    ...{ registry, owner, newOwner, guardians, vetoer, thief, friend, list, domain },
    /** The DID's address. */
    did: owner.address,
    time: connection.networkHelpers.time,
  };
}

/** The same, the DID having its guardians. */
export async function guardedFixture() {
  const fixture = await didFixture();
  await fixture.registry.setGuardians(fixture.did, commitmentOf(fixture.list));
  return fixture;
}

export type DidFixture = Awaited<ReturnType<typeof didFixture>>;

interface Recovery {
  newOwner?: AddressLike;
  list?: Guardians;
  nonce?: bigint;
  deadline?: bigint;
  registry?: DidRegistry;
  domain?: DidFixture["domain"];
}

/** The guardians' approvals of a recovery, in the order of the signers given. */
export async function approvalsOf(fixture: DidFixture, signers: Signer[], recovery: Recovery = {}) {
  const { registry, did, domain } = fixture;
  const { newOwner = fixture.newOwner, list = fixture.list, deadline = NO_END } = recovery;
  const nonce = recovery.nonce ?? (await registry.nonce(did));
  const message = { identity: did, newOwner, guardians: commitmentOf(list), nonce, deadline };
  const values = { ...message, newOwner: typeof newOwner === "string" ? newOwner : await addressOf(newOwner) };
  return Promise.all(
    signers.map(async (signer) => {
      const signature = await signer.signTypedData(recovery.domain ?? domain, RECOVER, values);
      return { guardian: signer.address, signature };
    }),
  );
}

async function addressOf(of: AddressLike): Promise<string> {
  const held = await of;
  return typeof held === "string" ? held : held.getAddress();
}

/** A stranger starts a recovery that these guardians signed. */
export async function startRecovery(fixture: DidFixture, signers: Signer[], recovery: Recovery = {}) {
  const { didRegistry, did, stranger } = fixture;
  const { newOwner = fixture.newOwner, list = fixture.list, deadline = NO_END } = recovery;
  const approvals = await approvalsOf(fixture, signers, recovery);
  return didRegistry.connect(stranger).recover(did, newOwner, list, approvals, deadline);
}

/** Nobody's address. */
export const NOBODY = ZeroAddress;
