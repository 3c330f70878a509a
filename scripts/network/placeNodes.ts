import { isIP } from "node:net";

import { computeAddress, getAddress } from "ethers";

import type { GenesisClient } from "../../src/network/genesis/Genesis.js";
import { sortedValidators } from "../../src/network/genesis/sortedValidators.js";
import { OptionsError } from "../console/OptionsError.js";

/** A node of the deployment: a validator, or the one that serves JSON-RPC. */
export interface NetworkNode {
  /** `validator1` and so on in the order of the genesis, or `rpc`. */
  readonly name: string;
  /** A validator's. */
  readonly address?: string;
  /** Its place in compose.yaml's network. */
  readonly ip: string;
  /** Where others reach it. */
  readonly host: string;
  readonly port: number;
  readonly enode: string;
  /** Whether the enode still lacks the public key. */
  readonly isPlaceholder: boolean;
  /** Whether it was given a host of its own, so that its port is opened to others. */
  readonly isPublished: boolean;
}

const P2P_PORT = 30_303;

/** The network that compose.yaml makes. */
export const SUBNET = "172.28.0.0/16";

/**
 * Gives every node its name, place and enode. Besu and GoQuorum sign blocks with the node's key, so that it is known whose an
 * enode is, and the one that is no validator's is the RPC node's. Geth signs with an account's: there the enodes stand in the
 * order of the validators, the RPC node's last.
 *
 * @param validators In the order in which they were given.
 * @param enodes `enode://KEY@IP:PORT`, or for Besu public keys alone of nodes that live in compose's network.
 * @throws OptionsError for what is no enode, for two of one node, and for more than one that is no validator's.
 */
export function placeNodes(
  validators: readonly string[],
  enodes: readonly string[],
  client: GenesisClient,
): NetworkNode[] {
  const addresses = validators.map((address) => getAddress(address));
  const given = new Map<string, Enode>();
  enodes.forEach((text, i) => {
    const enode = readEnode(text, client === "besu");
    const signer = client === "geth" ? addresses[i] : addresses.find((address) => address === enode.address);
    const owner = signer ?? "rpc";
    if (given.has(owner)) {
      const what = owner === "rpc" ? "a second node that is no validator's" : `validator ${owner} a second time`;
      throw new OptionsError(`--enodes names ${what}: ${text}`);
    }
    given.set(owner, enode);
  });
  const nodes = sortedValidators(addresses).map((address, i) => {
    const ip = `172.28.${1 + Math.floor(i / 200)}.${10 + (i % 200)}`;
    return { ...placeNode(`validator${i + 1}`, ip, given.get(address), client), address };
  });
  return [...nodes, placeNode("rpc", "172.28.0.10", given.get("rpc"), client)];
}

interface Enode {
  readonly key: string;
  readonly address: string;
  readonly host?: string;
  readonly port?: number;
}

function readEnode(text: string, mayLackPlace: boolean): Enode {
  const parts =
    /^(?:enode:\/\/)?(?:0x)?([0-9a-f]{128})(?:@(\[[0-9a-f:.]+\]|[0-9.]+):(\d{1,5})(?:\?discport=\d+)?)?$/i.exec(text);
  const [, key, host, port] = parts ?? [];
  if (key === undefined) {
    throw new OptionsError(`--enodes takes enode://KEY@IP:PORT or KEY, KEY being 128 hexadecimal digits, not ${text}`);
  }
  if (host === undefined && !mayLackPlace) throw new OptionsError(`--enodes has no IP address and port in ${text}`);
  if (host === undefined) return { key: key.toLowerCase(), address: addressOf(key, text) };
  if (isIP(host.replace(/[[\]]/g, "")) === 0 || Number(port) < 1 || Number(port) > 65_535) {
    throw new OptionsError(`--enodes has no valid IP address and port in ${text}`);
  }
  return { key: key.toLowerCase(), address: addressOf(key, text), host, port: Number(port) };
}

function addressOf(key: string, text: string): string {
  try {
    return computeAddress(`0x04${key}`);
  } catch {
    throw new OptionsError(`--enodes has a public key that is no point of the curve: ${text}`);
  }
}

function placeNode(name: string, ip: string, enode: Enode | undefined, client: GenesisClient): NetworkNode {
  // Only Besu's nodes have a network that this folder makes.
  const home = client === "besu" ? ip : `PUT_THE_IP_OF_${name.toUpperCase()}_HERE`;
  const { host = home, port = P2P_PORT } = enode ?? {};
  const key = enode?.key ?? `PUT_THE_PUBLIC_KEY_OF_${name.toUpperCase()}_HERE`;
  return {
    name,
    ip,
    host,
    port,
    enode: `enode://${key}@${host}:${port}`,
    isPlaceholder: enode === undefined,
    isPublished: enode?.host !== undefined,
  };
}
