import { id, toBeHex, toQuantity } from "ethers";

import { gasOf } from "../../test/voting/ceremonyFixture.js";
import { ACCESSED, consentFixture, purposes, SCOPE, TREAT } from "../../test/helpers/consents.js";
import { CASE, evidenceFixture, exhibits } from "../../test/helpers/evidence.js";
import { issuerFixture, itemOf, SCHEMA } from "../../test/helpers/issuer.js";

/** What one write costs, by how many records of its kind are there. */
export interface FlatGas {
  readonly write: string;
  /** How the records came there. */
  readonly filled: string;
  readonly points: (readonly [records: number, gas: number])[];
}

/** A write, and how to make records without measuring. */
interface Growing {
  readonly write: string;
  readonly filled: string;
  /** Adds records, numbered from one on. */
  readonly fill: (from: number, count: number) => Promise<void>;
  /** Gas of one more, of which none was there before. */
  readonly measure: (at: number) => Promise<number>;
  /** How many records measuring adds, where that is more than a few. */
  readonly adds?: number;
}

const ATTESTATIONS = 250;
const ENTRIES = 500;
/** A log's entry costs more or less by where it comes to stand, and over so many entries that evens out. */
const [BATCHES, IN_BATCH] = [16, 64];
/** Kept apart from the numbers of those that fill. */
const MEASURED = 1_000_000;

/** Fills registers on the in-process chain, and measures a write at each of some sizes. */
export async function flatGas(sizes: readonly number[], note: (text: string) => void): Promise<FlatGas[]> {
  const found: FlatGas[] = [];
  for (const open of [attesting, depositing, depositingAlone, consenting, accessing, accessingMany]) {
    const { write, filled, fill, measure, adds = 0 } = await open();
    const points: [number, number][] = [];
    let records = 0;
    for (const size of sizes) {
      await fill(records, size - records);
      records = size + adds;
      points.push([size, await measure(size)]);
      note(`${write}: ${size.toLocaleString("en")} records`);
    }
    found.push({ write, filled, points });
  }
  return found;
}

const word = (n: number): string => toBeHex(n, 32);
const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

async function inBatches(from: number, count: number, size: number, send: (numbers: number[]) => Promise<unknown>) {
  for (let first = from; first < from + count; first += size) {
    await send(range(first, Math.min(size, from + count - first)));
  }
}

async function attesting(): Promise<Growing> {
  const { registry, operator, attestation } = await issuerFixture();
  const office = registry.connect(operator);
  const content = (n: number) => ({ ...itemOf(attestation(1)), content: id(`attestation ${n}`) });
  return {
    ...{ write: "attest", filled: `attestMany, ${ATTESTATIONS} at once` },
    fill: (from, count) =>
      inBatches(from, count, ATTESTATIONS, (numbers) => office.attestMany(SCHEMA, numbers.map(content))),
    measure: async (at) => {
      const item = content(MEASURED + at);
      return Number(await gasOf(office.attest(SCHEMA, item.content, item.expiresAt)));
    },
  };
}

async function depositing(): Promise<Growing> {
  const { fill, deposit } = await withExhibits();
  return {
    ...{ write: `depositMany, an exhibit of ${IN_BATCH}`, filled: `depositMany, ${ENTRIES} at once`, fill },
    adds: BATCHES * IN_BATCH,
    measure: async (at) =>
      (await meanOf(BATCHES, (i) => deposit(MEASURED + at * 100 + i * IN_BATCH, IN_BATCH))) / IN_BATCH,
  };
}

/** The dearest way into the log: its root, over a peak for each bit of its size, is computed for one exhibit. */
async function depositingAlone(): Promise<Growing> {
  const { fill, deposit } = await withExhibits();
  return {
    ...{ write: "depositMany, one alone", filled: `depositMany, ${ENTRIES} at once`, fill, adds: IN_BATCH },
    measure: (at) => meanOf(IN_BATCH, (i) => deposit(MEASURED + at * 100 + i, 1)),
  };
}

async function withExhibits() {
  const { registry, tool } = await evidenceFixture();
  return {
    deposit: (from: number, count: number) => gasOf(registry.depositMany(tool, exhibits(count, from), CASE)),
    fill: (from: number, count: number) =>
      inBatches(from, count, ENTRIES, (numbers) =>
        registry.depositMany(tool, exhibits(numbers.length, numbers[0]), CASE),
      ),
  };
}

async function consenting(): Promise<Growing> {
  const { registry, signers, terms, ethers } = await consentFixture();
  const to = await registry.getAddress();
  const grant = (n: number) => ({ ...terms(), scope: id(`scope ${n}`) });
  return {
    ...{ write: "grant", filled: `grant, one by one, by ${signers.length} patients` },
    fill: (from, count) =>
      // The chain signs by itself, which is quicker.
      inBatches(from, count, ENTRIES, (numbers) =>
        Promise.all(
          numbers.map((n) => {
            const data = registry.interface.encodeFunctionData("grant", [grant(n)]);
            const sent = {
              from: signers[n % signers.length]!.address,
              to,
              data,
              gas: toQuantity(200_000),
              gasPrice: "0x0",
            };
            return ethers.provider.send("eth_sendTransaction", [sent]);
          }),
        ),
      ),
    measure: async (at) => Number(await gasOf(registry.grant(grant(MEASURED + at)))),
  };
}

async function accessing(): Promise<Growing> {
  const { registry, byHospital, patient, terms } = await consentFixture();
  await registry.grant(terms({ purposes: purposes(TREAT) }));
  const access = () => byHospital.logAccess(patient, SCOPE, TREAT, ACCESSED);
  await access();
  return {
    ...{ write: "logAccess", filled: `logAccesses, ${ENTRIES} at once` },
    fill: (from, count) => inBatches(from, count, ENTRIES, (numbers) => byHospital.logAccesses(numbers.map(word))),
    measure: async () => Number(await gasOf(access())),
  };
}

async function accessingMany(): Promise<Growing> {
  const { byHospital } = await consentFixture();
  return {
    ...{ write: `logAccesses, an access of ${IN_BATCH}`, filled: `logAccesses, ${ENTRIES} at once` },
    adds: BATCHES * IN_BATCH,
    fill: (from, count) => inBatches(from, count, ENTRIES, (numbers) => byHospital.logAccesses(numbers.map(word))),
    measure: async (at) => {
      const entries = (batch: number) => range(0, IN_BATCH).map((i) => id(`access ${at} ${batch} ${i}`));
      return (await meanOf(BATCHES, (batch) => gasOf(byHospital.logAccesses(entries(batch))))) / IN_BATCH;
    },
  };
}

async function meanOf(times: number, send: (i: number) => Promise<bigint>): Promise<number> {
  let gas = 0n;
  for (let i = 0; i < times; i++) gas += await send(i);
  return Number(gas) / times;
}
