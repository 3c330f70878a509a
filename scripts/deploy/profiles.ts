/** How transactions are sent to a kind of network. */
export interface Profile {
  /** Its node; where it is left out, `DIWAN_RPC_URL` says which. */
  url?: string;
  /** Its pinned chain id. */
  chainId?: number;
  /** Where every transaction goes through a relay hub. */
  isLacchain?: boolean;
  /** Whether anybody knows the deploying key: Hardhat's first test account. */
  isForTrying?: boolean;
}

/**
 * The networks that `npm run deploy` knows. All are sent legacy transactions with a gas price of 0, whose fees are never
 * bumped; the confirmations follow from how the chain is sealed. RBB: QBFT, Berlin, 4 s, 16 million gas. LACChain's
 * Mainnet-Omega: IBFT 2.0, Berlin, 2 s, 350 million gas.
 */
export const PROFILES = {
  local: { url: "http://127.0.0.1:8545", chainId: 31_337, isForTrying: true },
  consortium: {},
  besuQbft: {},
  lacchain: { chainId: 648_541, isLacchain: true },
  rbb: { chainId: 12_120_014 },
} as const satisfies Record<string, Profile>;

/** The name of a network that can be deployed to. */
export type ProfileName = keyof typeof PROFILES;
