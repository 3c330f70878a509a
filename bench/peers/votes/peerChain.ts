import { network } from "hardhat";

import type { Signer } from "../../../test/helpers/trust.js";
import { type Chain, openChain } from "../openChain.js";

type Connection = Awaited<ReturnType<typeof network.create>>;

/** A chain for peers that need nothing of Diwan's, under the rules of this process's fork. */
export async function peerChain(): Promise<{ chain: Chain; connection: Connection; signers: Signer[] }> {
  const connection = await network.create();
  return { chain: openChain({ connection }), connection, signers: await connection.ethers.getSigners() };
}
