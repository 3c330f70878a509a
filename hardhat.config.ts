import { fileURLToPath } from "node:url";

import hardhatEthers from "@nomicfoundation/hardhat-ethers";
import hardhatEthersChaiMatchers from "@nomicfoundation/hardhat-ethers-chai-matchers";
import hardhatIgnitionEthers from "@nomicfoundation/hardhat-ignition-ethers";
import hardhatKeystore from "@nomicfoundation/hardhat-keystore";
import hardhatMocha from "@nomicfoundation/hardhat-mocha";
import hardhatNetworkHelpers from "@nomicfoundation/hardhat-network-helpers";
import hardhatTypechain from "@nomicfoundation/hardhat-typechain";
import { configVariable, defineConfig } from "hardhat/config";
import type { EdrNetworkUserConfig, HttpNetworkUserConfig } from "hardhat/types/config";

import { type Profile, PROFILES } from "./scripts/deploy/profiles.js";

// The compiler is the npm package, so that a build needs the package registry and no other host. From 0.8.35 on it warns
// of names in OpenZeppelin 5.3 that will be keywords, in a stranger's code where nobody here can mend them.
const compiler = {
  version: "0.8.34",
  path: fileURLToPath(import.meta.resolve("solc/soljson.js")),
  settings: {
    // Paris bytecode is the same as Istanbul's to London's: it holds neither PUSH0 nor MCOPY.
    evmVersion: "paris",
    viaIR: true,
    optimizer: { enabled: true, runs: 20_000 },
    metadata: { bytecodeHash: "ipfs" as const },
  },
};

// An election holds casting, its commission's decisions and the count in one contract, whose size is bounded (EIP-170).
const small = { ...compiler, settings: { ...compiler.settings, optimizer: { enabled: true, runs: 1_500 } } };
const compilers = {
  compilers: [compiler],
  // What makes an election with `new` holds its code, and is built like it.
  overrides: {
    "contracts/justice/EvidenceRegistry.sol": small,
    "contracts/voting/Election.sol": small,
    "test/invariant/Elections.t.sol": small,
    "test/voting/ElectionModel.sol": small,
  },
};

/** An in-process chain with the rules of one fork and free gas, as on the consortium networks. */
function simulated(hardfork: string): EdrNetworkUserConfig {
  const hasBaseFee = !["istanbul", "berlin"].includes(hardfork);
  return {
    type: "edr-simulated",
    chainId: 31_337,
    hardfork,
    accounts: { count: 50 },
    ...(hasBaseFee ? { initialBaseFeePerGas: 0 } : {}),
    minGasPrice: 0,
  };
}

/** A real network with free gas. Its key is in the encrypted keystore: `hardhat keystore set DIWAN_DEPLOYER_KEY`. */
function consortium({ url, chainId, isForTrying = false }: Profile): HttpNetworkUserConfig {
  return {
    type: "http",
    url: url ?? configVariable("DIWAN_RPC_URL"),
    ...(chainId !== undefined && { chainId }),
    accounts: isForTrying ? "remote" : [configVariable("DIWAN_DEPLOYER_KEY")],
    gasPrice: 0n,
    ignition: { gasPrice: 0n, disableFeeBumping: true },
  };
}

export default defineConfig({
  plugins: [
    hardhatEthers,
    hardhatEthersChaiMatchers,
    hardhatIgnitionEthers,
    hardhatKeystore,
    hardhatMocha,
    hardhatNetworkHelpers,
    hardhatTypechain,
    { id: "parallel-build", hookHandlers: { solidity: () => import("./scripts/tooling/parallel-build.js") } },
  ],
  solidity: {
    // Ignition builds `production`, which without settings of its own forgets evmVersion.
    profiles: { default: compilers, production: compilers },
    npmFilesToBuild: [
      "@openzeppelin/contracts/access/manager/AccessManager.sol",
      "@openzeppelin/contracts/metatx/ERC2771Forwarder.sol",
    ],
  },
  // Inside src, since the published library is typed by them.
  typechain: { outDir: "src/typechain" },
  paths: { tests: { mocha: "test", solidity: "test" } },
  test: {
    mocha: { timeout: 240_000 },
    solidity: {
      profiles: {
        default: { fuzz: { runs: 1_000 }, invariant: { runs: 256, depth: 50 } },
        // Instrumented code is slow, and one run a line is enough to see that the line runs.
        coverage: { fuzz: { runs: 32 }, invariant: { runs: 16, depth: 25 } },
        deep: { fuzz: { runs: 50_000 }, invariant: { runs: 1_000, depth: 100 } },
      },
    },
  },
  // Choose with `--network <name>` (or HARDHAT_NETWORK); Solidity tests follow the chosen network's fork.
  networks: {
    default: simulated("osaka"),
    istanbul: simulated("istanbul"),
    berlin: simulated("berlin"),
    london: simulated("london"),
    merge: simulated("merge"),
    shanghai: simulated("shanghai"),
    cancun: simulated("cancun"),
    prague: simulated("prague"),
    osaka: simulated("osaka"),
    // What `npm run node` serves; the name `node` itself is taken by Hardhat.
    localhost: { type: "http", url: "http://127.0.0.1:8545", accounts: "remote" },
    // What `npm run deploy` deploys to.
    local: consortium(PROFILES.local),
    consortium: consortium(PROFILES.consortium),
    besuQbft: consortium(PROFILES.besuQbft),
    lacchain: consortium(PROFILES.lacchain),
    rbb: consortium(PROFILES.rbb),
  },
});
