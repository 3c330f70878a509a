import { againstErc1056 } from "./dids/againstErc1056.js";
import { identitiesOfOnchainId } from "./dids/identitiesOfOnchainId.js";
import { growChanges } from "./dids/growChanges.js";
import type { Family } from "./Family.js";

/** Gas of decentralised identifiers: keys, owners, delegates. */
export const dids: Family = {
  name: "dids",
  title: "Identifiers",
  about:
    "ERC-1056 is the registry behind did:ethr; ours emits its events and answers its questions, so that the same resolvers read both. An ONCHAINID is a contract that its holder owns.",
  grow: growChanges,
  compare: async () => [...(await againstErc1056()), ...(await identitiesOfOnchainId())],
};
