import { againstEas } from "./attestations/againstEas.js";
import { againstOnchainId } from "./attestations/againstOnchainId.js";
import { againstVerax } from "./attestations/againstVerax.js";
import type { Family } from "./Family.js";

/** Gas of attestations: issue, end, rely. */
export const attestations: Family = {
  name: "attestations",
  title: "Attestations",
  compare: async () => [...(await againstEas()), ...(await againstVerax()), ...(await againstOnchainId())],
};
