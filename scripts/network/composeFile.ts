import { stringify } from "yaml";

import { PLACES } from "./besuConfig.js";
import { SUBNET, type NetworkNode } from "./placeNodes.js";

/** The first release since 26.4.0 that mines what accounts without funds send. */
export const BESU_IMAGE = "hyperledger/besu:26.7.1";

/** Asks the node whether it has a peer and keeps up. The image has bash, but no client of HTTP. */
const HEALTH = [
  "exec 3<>/dev/tcp/127.0.0.1/8545",
  String.raw`printf 'GET /readiness?minPeers=1&maxBlocksBehind=5 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3`,
  "read -r -t 4 _ status _ <&3",
  '[ "$status" = 200 ]',
].join(" && ");

/**
 * A compose file with a service for every node. Keys are secrets out of a folder that the variable NODE_KEYS names, and that
 * must lie elsewhere.
 *
 * @param rpcPort Port of the RPC node on 127.0.0.1; the validators have those after it.
 */
export function composeFile(nodes: readonly NetworkNode[], chainId: number, rpcPort: number): string {
  const compose = {
    name: `consortium-${chainId}`,
    services: Object.fromEntries(
      nodes.map((node, i) => [node.name, service(node, rpcPort + ((i + 1) % nodes.length))]),
    ),
    networks: { consortium: { ipam: { config: [{ subnet: SUBNET }] } } },
    volumes: Object.fromEntries(nodes.map(({ name }) => [`${name}-data`, {}])),
    secrets: Object.fromEntries(nodes.map(({ name }) => [`${name}-key`, { file: keyFile(name) }])),
  };
  const head =
    "# Written by `npm run network -- genesis`; RUNBOOK.md explains. An organization starts its own services alone.\n";
  return head + stringify(compose, { aliasDuplicateObjects: false, lineWidth: 0 });
}

function service({ name, ip, port, isPublished }: NetworkNode, rpcPort: number): object {
  return {
    image: BESU_IMAGE,
    command: [`--config-file=${PLACES.config}`],
    environment: { BESU_OPTS: "-Xmx${BESU_HEAP:-2g}" },
    restart: "unless-stopped",
    stop_grace_period: "1m",
    networks: { consortium: { ipv4_address: ip } },
    ports: [`127.0.0.1:${rpcPort}:8545`, ...(isPublished ? [`${port}:${port}`] : [])],
    secrets: [{ source: `${name}-key`, target: "node-key" }],
    volumes: [
      readOnly(`./config/${name}.toml`, PLACES.config),
      readOnly("./genesis.json", PLACES.genesis),
      readOnly("./static-nodes.json", PLACES.staticNodes),
      readOnly("./permissions.toml", PLACES.permissions),
      { type: "volume", source: `${name}-data`, target: PLACES.data },
    ],
    healthcheck: {
      // Compose takes a single dollar sign for a variable of its own.
      test: ["CMD", "bash", "-c", HEALTH.replaceAll("$", "$$$$")],
      interval: "10s",
      timeout: "5s",
      retries: 6,
      start_period: "1m",
    },
  };
}

function readOnly(source: string, target: string): object {
  return { type: "bind", source, target, read_only: true };
}

function keyFile(name: string): string {
  return `\${NODE_KEYS:?the folder of the node keys, outside of this one}/${name}.key`;
}
