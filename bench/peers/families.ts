import { attestations } from "./attestations.js";
import { dids } from "./dids.js";
import type { Family } from "./Family.js";

/** All comparisons, in the order of the page. */
export const FAMILIES: readonly Family[] = [attestations, dids];
