import { NetworkError } from "../NetworkError.js";
import type { GenesisClient, GenesisOptions } from "./Genesis.js";

/** What each client can seal. Besu dropped Clique in 26.4; GoQuorum's `ibft` is another protocol than IBFT 2.0. */
const KINDS: Readonly<Record<GenesisClient, readonly string[]>> = {
  geth: ["clique"],
  besu: ["qbft", "ibft2"],
  goquorum: ["qbft"],
};

/**
 * Refuses what is out of range, or what the client cannot do. Validators and accounts are checked where they are written.
 *
 * @throws {@link NetworkError} `GENESIS_INVALID`, which names the field, what it holds, and what it may hold.
 *
 * @example
 * ```ts
 * checkGenesisOptions({ ...options, chainId: 0 }); // throws: chainId is 0, not a whole number from 1 to 9007199254740991
 * ```
 */
export function checkGenesisOptions(options: GenesisOptions): void {
  const { consensus, client, rules } = options;
  const kinds = Object.hasOwn(KINDS, client) ? KINDS[client] : undefined;
  if (kinds === undefined) throw invalid("client", client, `one of ${Object.keys(KINDS).join(", ")}`);
  if (!kinds.includes(consensus.kind)) {
    throw invalid("consensus.kind", consensus.kind, `${kinds.join(" or ")}, which is what ${client} seals`);
  }
  if (rules !== "berlin" && rules !== "london") throw invalid("rules", rules, "berlin or london");
  if (client === "goquorum" && rules === "london")
    throw invalid("rules", rules, "berlin, the newest that GoQuorum has");

  requireWhole("chainId", options.chainId, 1, Number.MAX_SAFE_INTEGER);
  requireWhole("consensus.periodSeconds", consensus.periodSeconds, 1, 3_600);
  requireWhole("consensus.epochLength", consensus.epochLength, 2, 100_000_000);
  if (options.timestamp !== undefined) requireWhole("timestamp", options.timestamp, 0, Number.MAX_SAFE_INTEGER);
  if (consensus.requestTimeoutSeconds !== undefined) {
    if (consensus.kind === "clique") {
      throw invalid(
        "consensus.requestTimeoutSeconds",
        consensus.requestTimeoutSeconds,
        "given for Clique, which has none",
      );
    }
    requireWhole("consensus.requestTimeoutSeconds", consensus.requestTimeoutSeconds, 1, 3_600);
  }
  const { gasLimit } = options;
  if (typeof gasLimit !== "bigint" || gasLimit < 5_000n || gasLimit >= 2n ** 63n) {
    throw invalid("gasLimit", gasLimit, "a bigint from 5000 to 2^63 - 1");
  }
}

function requireWhole(field: string, value: number, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw invalid(field, value, `a whole number from ${least} to ${most}`);
  }
}

function invalid(field: string, value: unknown, expected: string): NetworkError {
  return new NetworkError("GENESIS_INVALID", `${field} is ${String(value)}, not ${expected}`);
}
