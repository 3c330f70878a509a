import { attestations } from "./attestations.js";
import { consents } from "./consents.js";
import { deposits } from "./deposits.js";
import { dids } from "./dids.js";
import type { Family } from "./Family.js";
import { proofs } from "./proofs.js";
import { trees } from "./trees.js";
import { votes } from "./votes.js";

/** All comparisons, in the order of the page. */
export const FAMILIES: readonly Family[] = [attestations, dids, deposits, consents, votes, trees, proofs];
