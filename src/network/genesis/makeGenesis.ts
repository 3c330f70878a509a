import { toQuantity, ZeroAddress, ZeroHash } from "ethers";

import { bftExtraData } from "./bftExtraData.js";
import { checkGenesisOptions } from "./checkGenesisOptions.js";
import { cliqueExtraData } from "./cliqueExtraData.js";
import type { Genesis, GenesisConsensus, GenesisOptions, GenesisRules } from "./Genesis.js";
import { genesisAlloc } from "./genesisAlloc.js";

/** What QBFT and IBFT 2.0 write for a mix hash: "tic", then "byzantine fault tolerance" cut short, in ASCII. */
const BFT_MIX_HASH = "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365";

/** Every fork up to Berlin, from block 0 on. */
const BERLIN_FORKS = Object.fromEntries(
  [
    ...["homestead", "eip150", "eip155", "eip158", "byzantium", "constantinople"],
    ...["petersburg", "istanbul", "muirGlacier", "berlin"],
  ].map((fork) => [`${fork}Block`, 0]),
);

/** Ethereum's own limit of a contract's code, and the largest transaction, both in KiB. */
const GOQUORUM_LIMITS = { isQuorum: true, maxCodeSizeConfig: [{ block: 0, size: 24 }], txnSizeLimit: 64 };

/**
 * A network's genesis file, with free gas: under Berlin's rules there is no base fee, under London's it starts at 0. Besu
 * keeps it there; geth's Clique lifts it to 1 wei after the first block that is more than half full, so Berlin is what it
 * should run.
 *
 * @throws {@link NetworkError} `VALIDATORS_INVALID`, or `GENESIS_INVALID` with the field that is out of range or that the
 * client does not know.
 *
 * @example
 * ```ts
 * const genesis = makeGenesis({
 *   consensus: { kind: "qbft", periodSeconds: 2, epochLength: 30_000 },
 *   client: "besu",
 *   chainId: 7_099,
 *   validators,
 *   rules: "berlin",
 *   gasLimit: 30_000_000n,
 * });
 * writeFileSync("genesis.json", JSON.stringify(genesis, null, 2));
 * ```
 */
export function makeGenesis(options: GenesisOptions): Genesis {
  checkGenesisOptions(options);
  const { consensus, client, chainId, validators, rules, gasLimit, timestamp = 0, alloc = {} } = options;
  const { kind } = consensus;
  return {
    config: {
      chainId,
      ...BERLIN_FORKS,
      ...(rules === "london" && { londonBlock: 0 }),
      ...(rules === "london" && client === "besu" && { zeroBaseFee: true }),
      ...(client === "goquorum" && GOQUORUM_LIMITS),
      ...consensusConfig(consensus, client === "goquorum"),
    },
    nonce: "0x0",
    timestamp: toQuantity(timestamp),
    extraData: kind === "clique" ? cliqueExtraData(validators) : bftExtraData(validators, kind),
    gasLimit: toQuantity(gasLimit),
    difficulty: "0x1",
    mixHash: kind === "clique" ? ZeroHash : BFT_MIX_HASH,
    coinbase: ZeroAddress,
    ...baseFee(rules),
    alloc: genesisAlloc(alloc),
  };
}

function consensusConfig(consensus: GenesisConsensus, isGoQuorum: boolean): Record<string, unknown> {
  const { kind, periodSeconds, epochLength, requestTimeoutSeconds = 2 * periodSeconds } = consensus;
  if (kind === "clique") return { clique: { period: periodSeconds, epoch: epochLength } };
  const bft = {
    blockperiodseconds: periodSeconds,
    epochlength: epochLength,
    requesttimeoutseconds: requestTimeoutSeconds,
  };
  // GoQuorum's validators propose in turn, and from block 0 on ceil(2N/3) of them must seal.
  return { [kind]: isGoQuorum ? { ...bft, policy: 0, ceil2Nby3Block: 0 } : bft };
}

/** Left out, clients start at 1 gwei. */
function baseFee(rules: GenesisRules): Pick<Genesis, "baseFeePerGas"> {
  return rules === "london" ? { baseFeePerGas: "0x0" } : {};
}
