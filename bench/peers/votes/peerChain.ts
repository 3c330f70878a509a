import { network } from "hardhat";

import type { Signer } from "../../../test/helpers/trust.js";
import { type Chain, openChain } from "../openChain.js";

/** A chain for peers that need nothing of Diwan's, under the rules of this process's fork. */
export async function peerChain(): Promise<{ chain: Chain; signers: Signer[] }> {
  const connection = await network.create();
  const signers = await connection.ethers.getSigners();
  return { chain: openChain({ connection }), signers };
}
