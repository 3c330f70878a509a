import { id, Wallet } from "ethers";

import type { FreeAccount } from "../../scripts/demo/freeAccount.js";
import { NO_END } from "../../src/identity/attestation.js";
import { holdElection } from "../../test/consortium/election.js";
import { BODIES, freeWallet, type Office, SCHEMA } from "../../test/consortium/office.js";

/** A kind of write, to be sent as often as blocks can hold. */
export interface Kind {
  readonly name: string;
  /** What each transaction holds of it, and how many. */
  readonly item: string;
  readonly items: number;
  readonly to: string;
  /** The call of a number. */
  readonly callOf: (n: number) => string;
  /** Who sends it. */
  readonly keyOf: (n: number) => Wallet;
  /** How many there are at most. */
  readonly most?: number;
}

/** How many keys of a body write in turn. */
const KEYS = 4;
const ATTESTATIONS = 20;
const EXHIBITS = 50;
const BALLOTS = 10;
const CASE = "0xca5e0001";
/** 40-bit times and purposes with few zero bytes, as the dearest consents have. */
const TERMS = { purposes: 0x0101_0121, until: 2_011_881_234, uses: 0 };
const [VOTING_SECONDS, STEP_SECONDS] = [86_400, 12];

/** The kinds of writes that the suite makes on a consortium chain, and plain transfers, which nothing undercuts. */
export async function makeKinds(office: Office, voters: number): Promise<Kind[]> {
  const { attestations, evidence, consents, bodies } = office;
  const [attestationsAt, evidenceAt, consentsAt] = (await Promise.all(
    [attestations, evidence, consents].map((contract) => contract.getAddress()),
  )) as [string, string, string];
  const fresh = () => Array.from({ length: KEYS }, () => freeWallet(office.provider));
  const keysOf = async (body: "office" | "police"): Promise<FreeAccount[]> => {
    const keys = fresh();
    for (const key of keys) await office.authorize(bodies[body].index, key, BODIES[body]);
    return keys;
  };
  const inTurn = (keys: readonly Wallet[]) => (n: number) => keys[n % keys.length]!;
  const many = <T>(count: number, n: number, make: (n: number) => T): T[] =>
    Array.from({ length: count }, (_, i) => make(n * count + i));

  const [one, batches, police] = [await keysOf("office"), await keysOf("office"), await keysOf("police")];
  await office.lane.settle();
  const patients: Wallet[] = [];
  const patient = (n: number) => (patients[n] ??= new Wallet(id(`patient ${n}`), office.provider));
  const given = { grantee: bodies.office.index, scope: id("laboratory"), from: 1, ...TERMS };
  const held = await holdElection(office, voters, VOTING_SECONDS, STEP_SECONDS);
  const { attestations: a, evidence: e, consents: c } = office;
  return [
    {
      name: "plain transfers",
      item: "transfer",
      items: 1,
      to: bodies.office.key.address,
      callOf: () => "0x",
      keyOf: inTurn(fresh()),
    },
    {
      ...{ name: "attest", item: "attestation", items: 1, to: attestationsAt, keyOf: inTurn(one) },
      callOf: (n) => a.interface.encodeFunctionData("attest", [SCHEMA, id(`single ${n}`), NO_END]),
    },
    {
      ...{
        name: `attestMany, ${ATTESTATIONS}`,
        item: "attestation",
        items: ATTESTATIONS,
        to: attestationsAt,
        keyOf: inTurn(batches),
      },
      callOf: (n) => {
        const items = many(ATTESTATIONS, n, (i) => ({ content: id(`of many ${i}`), expiresAt: NO_END }));
        return a.interface.encodeFunctionData("attestMany", [SCHEMA, items]);
      },
    },
    {
      ...{
        name: `depositMany, ${EXHIBITS}`,
        item: "log entry",
        items: EXHIBITS,
        to: evidenceAt,
        keyOf: inTurn(police),
      },
      callOf: (n) => {
        const entries = many(EXHIBITS, n, (i) => id(`exhibit ${i}`));
        return e.interface.encodeFunctionData("depositMany", [bodies.tool.index, entries, CASE]);
      },
    },
    {
      ...{ name: "grant, by the patient", item: "consent", items: 1, to: consentsAt, keyOf: patient },
      callOf: () => c.interface.encodeFunctionData("grant", [given]),
    },
    {
      ...{ name: `castBatch, ${BALLOTS}`, item: "ballot", items: BALLOTS, to: held.address, keyOf: inTurn(fresh()) },
      most: Math.floor(held.ballots.length / BALLOTS),
      callOf: (n) => held.carry(held.ballots.slice(n * BALLOTS, (n + 1) * BALLOTS)),
    },
  ];
}
