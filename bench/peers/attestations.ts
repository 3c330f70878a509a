import { againstEas } from "./attestations/againstEas.js";
import { againstOnchainId } from "./attestations/againstOnchainId.js";
import { againstVerax } from "./attestations/againstVerax.js";
import { growAttestations } from "./attestations/growAttestations.js";
import type { Family } from "./Family.js";

/** Gas of attestations: issue, end, rely. */
export const attestations: Family = {
  name: "attestations",
  title: "Attestations",
  about:
    "A statement of an issuer about a subject: a schema, an answer of 32 bytes, an expiry. EAS without resolvers; Verax behind its proxies with a default portal without modules; ONCHAINID by its factory of proxies. Batches are of 40, which all of them fit into the smallest live block, of 10.4 million gas; ours fits 390. Our issuer is a body that the council itself accredited; each level that it stands further down adds some 2,600 to 2,950 gas to a write and to a reading.",
  grow: growAttestations,
  compare: async () => [...(await againstEas()), ...(await againstVerax()), ...(await againstOnchainId())],
};
