import type { GenesisOptions } from "../../src/network/genesis/Genesis.js";
import type { NetworkNode } from "./placeNodes.js";

/** Where compose.yaml mounts things in a container. */
export const PLACES = {
  config: "/etc/besu/config.toml",
  genesis: "/etc/besu/genesis.json",
  staticNodes: "/etc/besu/static-nodes.json",
  permissions: "/etc/besu/permissions.toml",
  key: "/run/secrets/node-key",
  data: "/var/lib/besu",
};

type Setting = readonly [name: string, value: string | number | boolean | readonly string[]];

/** A Besu node's configuration file. */
export function besuConfig(node: NetworkNode, { consensus, gasLimit, validators }: GenesisOptions): string {
  const votes = consensus.kind === "ibft2" ? "IBFT" : "QBFT";
  return [
    `# ${node.name}${node.address === undefined ? ", which serves JSON-RPC" : `, ${node.address}`}. RUNBOOK.md explains.`,
    section("Network", [
      ["genesis-file", PLACES.genesis],
      ["data-path", PLACES.data],
      ["node-private-key-file", PLACES.key],
      ["static-nodes-file", PLACES.staticNodes],
      ["permissions-nodes-config-file-enabled", true],
      ["permissions-nodes-config-file", PLACES.permissions],
      ["discovery-enabled", false],
      ["nat-method", "NONE"],
      ["p2p-host", node.host.replace(/[[\]]/g, "")],
      ["p2p-port", node.port],
      ["max-peers", validators.length + 25],
    ]),
    section("Every state is kept, so that proofs work at every block and a killed node goes on where it was", [
      ["sync-mode", "FULL"],
      ["data-storage-format", "FOREST"],
    ]),
    section("Free gas", [
      ["min-gas-price", 0],
      ["min-priority-fee", 0],
      ["tx-pool-min-gas-price", 0],
    ]),
    section("First come, first served; one office's many writes are not cut to a thousandth of the pool", [
      ["tx-pool", "SEQUENCED"],
      ["tx-pool-max-size", 8_192],
      ["tx-pool-limit-by-account-percentage", 1],
      ["tx-pool-no-local-priority", true],
      ["target-gas-limit", Number(gasLimit)],
    ]),
    section("JSON-RPC. The image listens on all of the container's addresses; compose.yaml opens 127.0.0.1 alone", [
      ["rpc-http-enabled", true],
      ["rpc-http-host", "0.0.0.0"],
      ["rpc-http-port", 8_545],
      ["rpc-http-api", ["ETH", "NET", "WEB3", votes]],
      ["rpc-http-cors-origins", ["none"]],
      ["host-allowlist", ["localhost", "127.0.0.1"]],
      ["rpc-http-max-active-connections", 80],
      ["rpc-http-max-batch-size", 100],
      ["rpc-http-max-request-content-length", 1_048_576],
      ["rpc-max-logs-range", 5_000],
      ["rpc-gas-cap", Number(gasLimit)],
      ["rpc-ws-enabled", false],
      ["revert-reason-enabled", true],
    ]),
  ].join("\n");
}

/** The nodes that may connect. */
export function besuPermissions(nodes: readonly NetworkNode[]): string {
  return `# The nodes that may connect, and no others.\nnodes-allowlist=${toml(nodes.map(({ enode }) => enode))}\n`;
}

function section(title: string, settings: readonly Setting[]): string {
  return `\n# ${title}\n${settings.map(([name, value]) => `${name}=${toml(value)}\n`).join("")}`;
}

/** Of these kinds, JSON's words are TOML's. */
function toml(value: Setting[1]): string {
  return JSON.stringify(value);
}
