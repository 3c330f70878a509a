import { againstDocumentStore } from "./deposits/againstDocumentStore.js";
import { againstTimestamps } from "./deposits/againstTimestamps.js";
import { growDeposits } from "./deposits/growDeposits.js";
import type { Family } from "./Family.js";

/** Gas of deposits: that something was there, when, and whether it still stands. */
export const deposits: Family = {
  name: "deposits",
  title: "Deposits and documents",
  about:
    "EAS's timestamps tell when a hash was there, and no more; ours are exhibits of evidence. OpenAttestation's DocumentStore is one issuer's contract; ours are records of health, which a body issues and takes back by their hash.",
  grow: growDeposits,
  compare: async () => [...(await againstTimestamps()), ...(await againstDocumentStore())],
};
