import { network } from "hardhat";

import { HOST } from "../../scripts/console/obstacles.js";

import type { RpcServer } from "./serveRpc.js";

/** Served on Berlin's rules, with blocks by the clock, so that what was sent waits; its genesis is the same each time. */
export async function serveEdr({ interval = 200, chainId = 31_337 } = {}): Promise<RpcServer> {
  const mining = { auto: false, interval };
  const override = { chainId, allowBlocksWithSameTimestamp: true, initialDate: new Date(1_700_000_000_000), mining };
  const server = await network.createServer({ network: "berlin", override }, HOST, 0);
  const { address, port } = await server.listen();
  return { url: `http://${address}:${port}`, close: () => server.close() };
}
