import type { HDNodeWallet } from "ethers";

import { formatDid } from "../../src/identity/did/did.js";
import { type HolderWallet, newWallet, walletKey } from "../../src/identity/wallet.js";

import type { Job } from "./job.js";
import { type FhirPatient, readPatients } from "./readFhir.js";

/** A citizen's keys: another one for each thing they are used for, so that nobody can tell that they are one person's. */
export const KEY = { did: 1, counter: 2, guardian: 3, tablet: 4 } as const;

/** A person with a wallet of their own. */
export interface Citizen {
  /** Of the FHIR example, such as `Patient/f001`. */
  source: string;
  fhir: FhirPatient;
  wallet: HolderWallet;
  did: string;
}

/** The example that is a cat or a dog. */
const ANIMALS = ["animal"];

/** The citizens whom something happens to, by the ids of their examples. */
export const WHO = {
  /** Requests at the counter, is confirmed, loses his phone. */
  confirmed: "f001",
  /** Requests at the counter and never appears. */
  lapses: "xds",
  /** Requests at the counter and is rejected. */
  rejected: "pat3",
  /** Was registered in a batch, and has twins. */
  parent: "infant-mom",
  child: "infant-twin-1",
  guardians: ["example", "f201", "mom"],
} as const;

/** Every example Patient that is a person, with a fresh wallet and a DID. */
export function makeCitizens(chainId: bigint): Map<string, Citizen> {
  const people = [...readPatients()].filter(([id]) => !ANIMALS.includes(id));
  return new Map(
    people.map(([id, fhir]) => {
      const wallet = newWallet();
      const did = formatDid(chainId, walletKey(wallet, KEY.did).address);
      wallet.dids.push({ did, purpose: "public services", key: KEY.did });
      return [id, { source: `Patient/${id}`, fhir, wallet, did }];
    }),
  );
}

/** A key of a citizen, on the job's chain. It has no means of its own: relayers carry what it signs. */
export function keyOf(job: Job, { wallet }: Pick<Citizen, "wallet">, key: number): HDNodeWallet {
  return walletKey(wallet, key).connect(job.chain.provider);
}
