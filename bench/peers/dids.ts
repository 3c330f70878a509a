import { againstErc1056 } from "./dids/againstErc1056.js";
import { identitiesOfOnchainId } from "./dids/identitiesOfOnchainId.js";
import type { Family } from "./Family.js";

/** Gas of decentralised identifiers: keys, owners, delegates. */
export const dids: Family = {
  name: "dids",
  title: "Identifiers",
  compare: async () => [...(await againstErc1056()), ...(await identitiesOfOnchainId())],
};
