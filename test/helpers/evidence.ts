import { AbiCoder, getBytes, hexlify, id, keccak256, type BigNumberish, type Signer as AnySigner } from "ethers";

import type { LogTree } from "../../src/ledger/LogTree.js";
import { EvidenceRegistry__factory } from "../../src/typechain/index.js";
import { type BatchPlace, provedPlace, treeOf } from "./batches.js";
import { type Party, withParties } from "./parties.js";
import { deploySuite, NO_END } from "./suite.js";
import { load, type Signer, type Suite } from "./trust.js";

/** IEvidenceRegistry.State, in order. */
export const STATE = {
  UNKNOWN: 0n,
  DEPOSITED: 1n,
  TENDERED: 2n,
  CHALLENGED: 3n,
  REBUTTED: 4n,
  ADMITTED: 5n,
  EXCLUDED: 6n,
  RETURNED: 7n,
  DESTROYED: 8n,
} as const;

/** IEvidenceRegistry.Action, in order. */
export const ACTION = {
  HAND_OVER: 0n,
  SEAL: 1n,
  UNSEAL: 2n,
  TENDER: 3n,
  CHALLENGE: 4n,
  REBUT: 5n,
  ADMIT: 6n,
  EXCLUDE: 7n,
  RETURN: 8n,
  DESTROY: 9n,
  HOLD: 10n,
  LIFT_HOLD: 11n,
} as const;

/** IEvidenceRegistry.Refusal, in order. */
export const REFUSAL = { NONE: 0n, SEAL_BROKEN: 1n, MISMATCH: 2n, DAMAGED: 3n, NOT_ADDRESSEE: 4n, OTHER: 5n } as const;

/** Who takes part in justice. */
const PARTIES = {
  police: ["evidence-custodian"],
  laboratory: ["evidence-custodian", "forensic-centre"],
  archive: ["evidence-custodian"],
  court: ["court"],
  otherCourt: ["court"],
  advocate: ["advocate"],
  notary: ["notary"],
  certifier: ["certification-authority"],
  tool: ["capture-tool"],
  otherTool: ["capture-tool"],
  opponent: ["advocate"],
} as const;

/** Who takes part, by name. */
export type JusticeParty = keyof typeof PARTIES;

/** A role of justice, by the short name that its scope is made of. */
export type JusticeRole = (typeof PARTIES)[keyof typeof PARTIES][number];

/** A commitment that nobody deposited yet; the number makes it another one. */
export const exhibit = (n: number): string => id(`exhibit ${n}`);

/** As many of them, from a number on. */
export const exhibits = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => exhibit(from + i));

/** Stand for the tag of a case, and for the salted hashes of orders and decisions. */
export const CASE = "0xca5e0001";
export const ORDER = id("an order");

/** Typed data, written from the interface's text. */
const HAND_OVER = {
  HandOver: [
    { name: "exhibit", type: "bytes32" },
    { name: "hop", type: "uint16" },
    { name: "from", type: "address" },
    { name: "to", type: "address" },
    { name: "deadline", type: "uint256" },
  ],
};
const CO_ATTESTATION = {
  CoAttestation: [
    { name: "subject", type: "bytes32" },
    { name: "role", type: "bytes32" },
    { name: "witness", type: "address" },
    { name: "deadline", type: "uint256" },
  ],
};
const DESTRUCTION = {
  Destruction: [
    { name: "exhibit", type: "bytes32" },
    { name: "order", type: "bytes32" },
    { name: "role", type: "bytes32" },
    { name: "witness", type: "address" },
    { name: "deadline", type: "uint256" },
  ],
};

/** Where an exhibit stands in a batch, as `IEvidenceRegistry.Place`. */
export interface Place extends BatchPlace {
  depositor: bigint;
}

/** An exhibit of a batch, proved by a tree as it was at a size. */
export function memberOf(tree: LogTree, commitment: string, fields: Omit<Place, "path" | "root">) {
  return { commitment, place: provedPlace(tree, fields) };
}

/** A batch's id, written from the interface's text. */
export function batchIdOf({ depositor, inLog, root, size }: Omit<Place, "index" | "path">): string {
  const fields = [depositor, inLog, root, size];
  return keccak256(AbiCoder.defaultAbiCoder().encode(["uint32", "bool", "bytes32", "uint64"], fields));
}

/** What may be other in a signature than it should be. */
export interface Signed {
  deadline?: bigint;
  chainId?: BigNumberish;
  verifyingContract?: string;
  name?: string;
}

/** The registry, among those who take part in justice. */
export function evidenceFixture() {
  return load(deployEvidence);
}

async function deployEvidence() {
  const suite = await deploySuite();
  return withEvidence(suite, suite.signers.slice(10));
}

/** A suite with those who take part in justice, and the registry, if it is not the suite's own. */
export async function withEvidence<S extends Suite>(suite: S, others: readonly Signer[], deployed?: string) {
  const all = await withParties<S, keyof typeof PARTIES, JusticeRole>(suite, others, PARTIES);
  const { deployer, manager, trustList, relays, parties } = all;
  const registry =
    deployed === undefined
      ? await new EvidenceRegistry__factory(deployer).deploy(manager, trustList, relays)
      : EvidenceRegistry__factory.connect(deployed, deployer);
  const address = await registry.getAddress();
  const domainOf = ({ chainId = 31_337n, verifyingContract = address, name = "Diwan EvidenceRegistry" }: Signed) => ({
    ...{ name, version: "1", chainId, verifyingContract },
  });
  const tool = parties.tool.body;

  /** A witness's signature, as the contract takes it. */
  const attest = async (
    types: typeof CO_ATTESTATION | typeof DESTRUCTION,
    message: Record<string, string>,
    { key, roles: [role] }: Pick<Party, "key" | "roles">,
    signed: Signed & { role?: string; by?: AnySigner } = {},
  ) => {
    const { deadline = NO_END, role: scope = id(`diwan.role.${role}`), by = key } = signed;
    const witness = key.address;
    const signature = await by.signTypedData(domainOf(signed), types, { ...message, role: scope, witness, deadline });
    return { witness, role: scope, deadline, signature };
  };

  /** The registry, as somebody's key calls it. */
  const as = (party: Pick<Party, "key">) => registry.connect(party.key);

  /** One of the two parties signs that an exhibit passes from one key to another. */
  const signHandOver = async (
    by: AnySigner,
    [from, to]: readonly [{ address: string }, { address: string }],
    { commitment = exhibit(1), hop = 0n, ...signed }: Signed & { commitment?: string; hop?: bigint } = {},
  ) => {
    const { deadline = NO_END } = signed;
    const message = { exhibit: commitment, hop, from: from.address, to: to.address, deadline };
    return by.signTypedData(domainOf(signed), HAND_OVER, message);
  };

  /** A witness signs that it was there when an exhibit was destroyed. */
  const seeDestroyed = (
    commitment: string,
    witness: Pick<Party, "key" | "roles">,
    { order = ORDER, ...signed }: Parameters<typeof attest>[3] & { order?: string } = {},
  ) => attest(DESTRUCTION, { exhibit: commitment, order }, witness, signed);

  /** Two of them. */
  const seenDestroyed = async (commitment: string) => [
    await seeDestroyed(commitment, parties.notary),
    await seeDestroyed(commitment, parties.certifier),
  ];

  /** The police deposit an exhibit, and it is brought into a state. */
  const exhibitIn = async (state: bigint, n = 1): Promise<string> => {
    const [commitment, police, court] = [exhibit(n), as(parties.police), as(parties.court)];
    await police.deposit(tool, commitment, CASE);
    if (state === STATE.DEPOSITED) return commitment;
    if (state === STATE.RETURNED) await police.returnExhibit(commitment, ORDER);
    else if (state === STATE.DESTROYED) await police.destroy(commitment, ORDER, await seenDestroyed(commitment));
    else {
      await police.tender(parties.court.body, commitment);
      const isChallenged = state === STATE.CHALLENGED || state === STATE.REBUTTED;
      if (isChallenged) await as(parties.opponent).openChallenge(commitment, ORDER);
      if (state === STATE.REBUTTED) await as(parties.advocate).rebutAsAdvocate(commitment, ORDER);
      if (state === STATE.ADMITTED) await court.decideAdmission(commitment, ORDER);
      if (state === STATE.EXCLUDED) await court.decideExclusion(commitment, ORDER);
    }
    return commitment;
  };

  return {
    ...all,
    registryAddress: address,
    /** The registry, as the police's key calls it. */
    registry: registry.connect(parties.police.key),
    as,
    /** The capture tool's index. */
    tool,
    /** Signers that nothing is done with yet. */
    spare: others.slice(Object.keys(PARTIES).length),
    signHandOver,
    /** Both parties sign that an exhibit passes at its present hop, and a stranger carries that. */
    handOver: async (commitment: string, from: Pick<Party, "key">, to: Pick<Party, "key">, signed: Signed = {}) => {
      const { hop } = await registry.exhibitOf(commitment);
      const keys = [from.key, to.key] as const;
      const signatures = await Promise.all(keys.map((by) => signHandOver(by, keys, { commitment, hop, ...signed })));
      const [a, b] = signatures as [string, string];
      const deadline = signed.deadline ?? NO_END;
      return registry.connect(suite.stranger).handOver(deadline, commitment, from.key, a, to.key, b);
    },
    /** A witness signs that it co-attests. */
    coAttest: (subject: string, witness: Pick<Party, "key" | "roles">, signed?: Parameters<typeof attest>[3]) =>
      attest(CO_ATTESTATION, { subject }, witness, signed),
    seeDestroyed,
    seenDestroyed,
    exhibitIn,
    /** Somebody deposits an exhibit: the police, unless another is named. */
    deposit: (n: number, by: Pick<Party, "key"> = parties.police) => as(by).deposit(tool, exhibit(n), CASE),
    /** The police deposit exhibits in their log: the members. */
    log: async (tree: LogTree, commitments: readonly string[]) => {
      const first = tree.size;
      await registry.connect(parties.police.key).depositMany(tool, [...commitments], CASE);
      for (const commitment of commitments) tree.append(getBytes(commitment));
      const at = { depositor: parties.police.body, inLog: true, size: BigInt(tree.size) };
      return commitments.map((commitment, i) => memberOf(tree, commitment, { ...at, index: BigInt(first + i) }));
    },
    /** The police deposit exhibits under a root of their own: the members. */
    batch: async (commitments: readonly string[]) => {
      const tree = treeOf(commitments);
      await registry.connect(parties.police.key).depositBatch(tool, hexlify(tree.root()), tree.size, CASE);
      const at = { depositor: parties.police.body, inLog: false, size: BigInt(tree.size) };
      return commitments.map((commitment, i) => memberOf(tree, commitment, { ...at, index: BigInt(i) }));
    },
  };
}
