import type { GenesisOptions } from "../../src/network/genesis/Genesis.js";
import type { NetworkNode } from "./placeNodes.js";

/** The RPC node alone has it: a signer's account is unlocked, and its own console is enough there. */
const RPC = `HTTPHost = "127.0.0.1"
HTTPPort = 8545
HTTPVirtualHosts = ["localhost", "127.0.0.1"]
HTTPModules = ["eth", "net", "web3", "clique"]
`;

/** Configuration of geth 1.13.15 for a node of a Clique network. */
export function gethConfig(node: NetworkNode, nodes: readonly NetworkNode[], options: GenesisOptions): string {
  const others = JSON.stringify(nodes.filter(({ name }) => name !== node.name).map(({ enode }) => enode));
  const sealer = node.address === undefined ? "" : `Etherbase = "${node.address}"\n`;
  return `# ${node.name} of a Clique network, for geth 1.13.15. RUNBOOK.md explains.

[Eth]
NetworkId = ${options.chainId}
SyncMode = "full"
# Archive: every state is kept, so that proofs work at every block and a killed node goes on where it was.
NoPruning = true

# A table that is given in part has zeros for the rest: what follows is geth's own, but for Default.
[Eth.GPO]
Default = 0
Blocks = 20
Percentile = 60
MaxHeaderHistory = 1024
MaxBlockHistory = 1024
MaxPrice = 500000000000
IgnorePrice = 2

[Eth.Miner]
${sealer}GasCeil = ${options.gasLimit}
Recommit = 2000000000
NewPayloadTimeout = 2000000000

[Node]
DataDir = "data"
${node.address === undefined ? RPC : ""}
[Node.P2P]
# This address alone. The option --port would open every interface: leave it out.
ListenAddr = "${node.host}:${node.port}"
MaxPeers = ${options.validators.length + 25}
NoDiscovery = true
StaticNodes = ${others}
TrustedNodes = ${others}
`;
}
