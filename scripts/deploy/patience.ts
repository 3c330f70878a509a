import type { Patience } from "../../src/network/rpc/openNode.js";

/** A deployment is long, and a node that restarts meanwhile must not break it; a person may have to agree to a signature. */
export const PATIENCE: Patience = { timeoutMs: 30_000, tries: 5 };
