import type { Finding } from "./Finding.js";
import type { NodeAnswers } from "./NodeAnswers.js";

type Version = readonly [number, number, number];

/** Besu mines blocks without the transactions of senders who have nothing, from the first to before the second. */
const [BESU_BROKEN, BESU_MENDED]: readonly [Version, Version] = [
  [26, 4, 0],
  [26, 7, 1],
];
/** From here on, geth follows Clique and does not seal it. */
const GETH_UNSEALED: Version = [1, 14, 0];
/** From here on, Besu knows no Clique. */
const BESU_WITHOUT_CLIQUE: Version = [26, 4, 0];

/**
 * Whether the node's program is known to serve this kind of chain, as far as its version tells.
 *
 * @example
 * ```ts
 * const finding = checkClient(answers);
 * ```
 */
export function checkClient({ client, sealing, deployer }: NodeAnswers): Finding {
  const about = { id: "client", title: "Client" };
  if ("refusal" in client) {
    const remedy = "the node does not say what it is (web3_clientVersion): open the API `web3`, or ask its operator";
    return { ...about, level: "warn", found: client.refusal, remedy };
  }
  const found = client.value;
  const warn = (remedy: string): Finding => ({ ...about, level: "warn", found, remedy });
  const isQuorum = /quorum/i.test(found);
  // A node that was given a name of its own tells it before the version.
  const [, name, ...digits] = /^([A-Za-z-]+)\/(?:(?:.*\/)?v)?(\d+)\.(\d+)\.(\d+)/.exec(found) ?? [];
  const version = digits.map(Number) as unknown as Version;
  if (/^besu$/i.test(name ?? "")) {
    if (isAtLeast(version, BESU_BROKEN) && !isAtLeast(version, BESU_MENDED) && (deployer?.balance ?? 0n) === 0n) {
      return warn(
        "Besu 26.4.0 to 26.7.0 mines empty blocks for senders without funds: update to 26.7.1 or later, or fund them",
      );
    }
    if (sealing === "clique" && isAtLeast(version, BESU_WITHOUT_CLIQUE)) {
      return warn("Besu dropped Clique in 26.4: this node cannot follow the chain after an update; move to QBFT");
    }
    return { ...about, level: "ok", found };
  }
  if (/^geth$/i.test(name ?? "")) {
    if (!isQuorum && sealing === "clique" && isAtLeast(version, GETH_UNSEALED)) {
      return warn("geth seals no Clique from 1.14 on: validators must run 1.13.15, or the network move to QBFT");
    }
    if (isQuorum)
      return warn("GoQuorum is not maintained any more: plan a move to Besu; keep archive storage until then");
    return { ...about, level: "ok", found };
  }
  if (/^hardhat/i.test(name ?? "")) return { ...about, level: "ok", found };
  return warn("nothing is known here of this client: deploy to a test network with it first");
}

function isAtLeast(version: Version, least: Version): boolean {
  for (const [i, part] of least.entries()) {
    if (version[i] !== part) return version[i]! > part;
  }
  return true;
}
