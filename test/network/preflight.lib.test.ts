import { expect } from "chai";

import { checkBlocks } from "../../src/network/preflight/checkBlocks.js";
import { checkChainId } from "../../src/network/preflight/checkChainId.js";
import { checkClient } from "../../src/network/preflight/checkClient.js";
import { checkCodeSize } from "../../src/network/preflight/checkCodeSize.js";
import { checkDeployer } from "../../src/network/preflight/checkDeployer.js";
import { checkFees } from "../../src/network/preflight/checkFees.js";
import { checkHistory } from "../../src/network/preflight/checkHistory.js";
import { checkLogs } from "../../src/network/preflight/checkLogs.js";
import { checkOpcodes } from "../../src/network/preflight/checkOpcodes.js";
import { checkValidators } from "../../src/network/preflight/checkValidators.js";
import type { Finding } from "../../src/network/preflight/Finding.js";
import type { NodeAnswers } from "../../src/network/preflight/NodeAnswers.js";
import { preflight } from "../../src/network/preflight/preflight.js";

const word = (value: bigint) => ({ value: `0x${value.toString(16).padStart(64, "0")}` });
const refused = { refusal: "the method is not available" };
const invalid = { refusal: "invalid opcode" };
const someone = (i: number) => `0x${i.toString(16).padStart(40, "0")}`;
const DEPLOYER = { address: someone(99), balance: 0n, nonce: 3, pendingNonce: 3 };

/** A healthy QBFT chain on Berlin's rules. */
const HEALTHY: NodeAnswers = {
  chainId: 4_242n,
  genesisHash: `0x${"11".repeat(32)}`,
  client: { value: "besu/v26.7.1/linux-x86_64/openjdk-java-21" },
  sealing: "qbft",
  head: { number: 2_000, timestamp: 10_000, gasLimit: 30_000_000n },
  earlier: { number: 1_900, timestamp: 9_800 },
  gasPrice: { value: 0n },
  freeCall: { value: "0x" },
  probes: {
    plain: word(0n),
    chainId: word(4_242n),
    selfBalance: word(0n),
    baseFee: invalid,
    push0: invalid,
    mcopy: invalid,
    codeSize: { value: `0x${"00".repeat(24_576)}` },
  },
  logs: { blocks: 2_001, answer: { value: true } },
  proofs: { latest: { value: true }, oldBlock: 1_000, old: { value: true } },
  deployer: DEPLOYER,
  validators: { value: [1, 2, 3, 4].map(someone) },
};

const withProbes = (probes: Partial<NodeAnswers["probes"]>): NodeAnswers => {
  return { ...HEALTHY, probes: { ...HEALTHY.probes, ...probes } };
};

function expectFinding(finding: Finding, level: Finding["level"], text: RegExp): void {
  expect(finding.level, `${finding.found} ${finding.remedy ?? ""}`).to.equal(level);
  expect(`${finding.found} ${finding.remedy ?? ""}`).to.match(text);
  expect(finding.remedy === undefined).to.equal(level === "ok");
}

describe("preflight", () => {
  it("finds nothing wrong with a healthy chain, and has every check once", () => {
    const findings = preflight(HEALTHY, { chainId: 4_242n });
    expect(findings.map(({ level }) => level)).to.deep.equal(Array(10).fill("ok"));
    expect(new Set(findings.map(({ id }) => id)).size).to.equal(10);
  });

  it("fails when one check does", () => {
    const findings = preflight(HEALTHY, { chainId: 1n });
    expect(findings.filter(({ level }) => level === "fail").map(({ id }) => id)).to.deep.equal(["chain-id"]);
  });

  describe("checkChainId", () => {
    it("passes the pinned id", () => {
      expectFinding(checkChainId(HEALTHY, 4_242n), "ok", /4242, genesis 0x1111/);
    });
    it("fails for another", () => {
      expectFinding(checkChainId(HEALTHY, 648_541n), "fail", /another chain than 648541/);
    });
    it("warns where none is pinned", () => {
      expectFinding(checkChainId(HEALTHY), "warn", /no chain id is pinned/);
    });
  });

  describe("checkClient", () => {
    const cases: readonly (readonly [string, NodeAnswers["sealing"], Finding["level"], RegExp])[] = [
      ["besu/v26.3.0/linux", "qbft", "ok", /besu/],
      ["besu/v26.4.0/linux", "qbft", "warn", /empty blocks/],
      ["besu/v26.7.0/linux", "ibft2", "warn", /empty blocks/],
      ["besu/v26.7.1/linux", "qbft", "ok", /besu/],
      ["besu/ministry/v26.5.0/linux", "qbft", "warn", /empty blocks/],
      ["besu/1.2.3-ministry/v26.7.1/linux", "qbft", "ok", /besu/],
      ["Geth/court/v1.14.0-stable/linux-amd64/go1.22.1", "clique", "warn", /seals no Clique/],
      ["Geth/court/v1.13.15-stable/linux-amd64/go1.21.6", "clique", "ok", /Geth/],
      ["besu/v27.1.0/linux", "clique", "warn", /dropped Clique/],
      ["Geth/v1.13.15-stable-c5ba367e/linux-amd64/go1.21", "clique", "ok", /Geth/],
      ["Geth/v1.14.0-stable/linux-amd64/go1.22", "clique", "warn", /seals no Clique/],
      ["Geth/v1.16.2-stable/linux-amd64/go1.24", "none", "ok", /Geth/],
      ["Geth/v1.10.3-stable(quorum-v24.4.1)/linux-amd64/go1.21", "qbft", "warn", /not maintained/],
      ["HardhatNetwork/3.18.0", "none", "ok", /Hardhat/],
      ["erigon/2.60.0", "qbft", "warn", /nothing is known/],
    ];
    for (const [client, sealing, level, text] of cases) {
      it(`says ${level} of ${client} under ${sealing}`, () => {
        expectFinding(checkClient({ ...HEALTHY, client: { value: client }, sealing }), level, text);
      });
    }
    it("lets Besu 26.5 pass for a sender with funds", () => {
      const answers = { ...HEALTHY, client: { value: "besu/v26.5.0/linux" }, deployer: { ...DEPLOYER, balance: 1n } };
      expectFinding(checkClient(answers), "ok", /besu/);
    });
    it("warns where the node does not say", () => {
      expectFinding(checkClient({ ...HEALTHY, client: refused }), "warn", /open the API `web3`/);
    });
  });

  describe("checkFees", () => {
    const { head } = HEALTHY;
    it("passes without a base fee, and with one of 0", () => {
      expectFinding(checkFees(HEALTHY), "ok", /no base fee/);
      expectFinding(checkFees({ ...HEALTHY, head: { ...head, baseFee: 0n } }), "ok", /base fee 0/);
    });
    it("fails for a base fee of 1", () => {
      expectFinding(checkFees({ ...HEALTHY, head: { ...head, baseFee: 1n } }), "fail", /zeroBaseFee/);
    });
    it("fails where a price of 0 is refused", () => {
      const freeCall = { refusal: "gas price below minimum" };
      expectFinding(checkFees({ ...HEALTHY, freeCall }), "fail", /below minimum.*min-gas-price=0/);
    });
    it("warns where the node suggests a price, or none", () => {
      expectFinding(checkFees({ ...HEALTHY, gasPrice: { value: 1_000_000_000n } }), "warn", /miner_setGasPrice/);
      expectFinding(checkFees({ ...HEALTHY, gasPrice: refused }), "warn", /no gas price/);
    });
  });

  describe("checkBlocks", () => {
    const { head, earlier } = HEALTHY;
    it("passes 30 million gas in 2 s", () => {
      expectFinding(checkBlocks(HEALTHY), "ok", /2\.0 s each, gas limit 30000000/);
    });
    it("passes as much as half of what is executed, and warns of more", () => {
      expectFinding(checkBlocks({ ...HEALTHY, head: { ...head, gasLimit: 100_000_000n } }), "ok", /100000000/);
      expectFinding(checkBlocks({ ...HEALTHY, head: { ...head, gasLimit: 350_000_000n } }), "warn", /empty for ever/);
    });
    it("fails for a limit that no large contract fits in", () => {
      expectFinding(checkBlocks({ ...HEALTHY, head: { ...head, gasLimit: 6_999_999n } }), "fail", /raise the limit/);
    });
    it("warns where there are too few blocks to measure", () => {
      expectFinding(checkBlocks({ ...HEALTHY, earlier: { ...earlier, number: 2_000 } }), "warn", /run preflight again/);
    });
  });

  describe("checkOpcodes", () => {
    it("passes without PUSH0, and says so", () => {
      expectFinding(checkOpcodes(HEALTHY), "ok", /lacks BASEFEE, PUSH0, MCOPY/);
    });
    it("fails without CHAINID, as on Alastria", () => {
      expectFinding(checkOpcodes(withProbes({ chainId: invalid })), "fail", /Petersburg.*signed messages/);
    });
    it("fails without SELFBALANCE", () => {
      expectFinding(checkOpcodes(withProbes({ selfBalance: { value: "0x" } })), "fail", /lacks SELFBALANCE/);
    });
    it("fails where contracts see another chain id", () => {
      expectFinding(checkOpcodes(withProbes({ chainId: word(1n) })), "fail", /contracts see chain 1/);
    });
    it("warns where no init code is run", () => {
      expectFinding(checkOpcodes(withProbes({ plain: refused })), "warn", /runs no init code/);
      expectFinding(checkOpcodes(withProbes({ plain: { value: "0x" } })), "warn", /runs no init code/);
    });
  });

  describe("checkCodeSize", () => {
    it("passes 24,576 bytes", () => {
      expectFinding(checkCodeSize(HEALTHY), "ok", /24576/);
    });
    it("fails where they are refused, or cut", () => {
      expectFinding(checkCodeSize(withProbes({ codeSize: { refusal: "max code size exceeded" } })), "fail", /exceeded/);
      expectFinding(checkCodeSize(withProbes({ codeSize: { value: "0x00" } })), "fail", /1 bytes of 24576/);
    });
    it("warns where no init code is run", () => {
      expectFinding(checkCodeSize(withProbes({ plain: refused })), "warn", /another node/);
    });
  });

  describe("checkLogs", () => {
    it("passes the library's range", () => {
      expectFinding(checkLogs(HEALTHY), "ok", /2001 blocks/);
    });
    it("fails where it is refused", () => {
      const logs = { blocks: 5_000, answer: { refusal: "Requested range exceeds maximum range limit" } };
      expectFinding(checkLogs({ ...HEALTHY, logs }), "fail", /5000 blocks are refused.*rpc-max-logs-range/);
    });
  });

  describe("checkHistory", () => {
    it("passes proofs of old", () => {
      expectFinding(checkHistory(HEALTHY), "ok", /1000 blocks back/);
    });
    it("warns where old state is forgotten", () => {
      const old = { refusal: "missing trie node" };
      expectFinding(checkHistory({ ...HEALTHY, proofs: { ...HEALTHY.proofs, old } }), "warn", /gcmode archive/);
    });
    it("warns where there are no proofs at all", () => {
      expectFinding(
        checkHistory({ ...HEALTHY, proofs: { ...HEALTHY.proofs, latest: refused } }),
        "warn",
        /eth_getProof/,
      );
    });
  });

  describe("checkDeployer", () => {
    const waiting = { ...HEALTHY, deployer: { ...DEPLOYER, pendingNonce: 5 } };
    it("passes an account that has nothing in the pool, and no funds", () => {
      expectFinding(checkDeployer(HEALTHY, false), "ok", /balance 0\.0, 3 transactions, 0 waiting/);
    });
    it("fails where transactions wait, and warns where they may be of a broken deployment", () => {
      expectFinding(checkDeployer(waiting, false), "fail", /2 waiting/);
      expectFinding(checkDeployer(waiting, true), "warn", /2 waiting/);
    });
    it("warns where none is named", () => {
      const { deployer, ...nobody } = HEALTHY;
      expect(deployer).to.equal(DEPLOYER);
      expectFinding(checkDeployer(nobody, false), "warn", /--from/);
    });
  });

  describe("checkValidators", () => {
    const clique = (count: number) => {
      return {
        ...HEALTHY,
        sealing: "clique" as const,
        validators: { value: Array.from({ length: count }, (_, i) => someone(i)) },
      };
    };
    it("passes four of QBFT, and five of Clique", () => {
      expectFinding(checkValidators(HEALTHY), "ok", /4, qbft/);
      expectFinding(checkValidators(clique(5)), "ok", /5, clique/);
    });
    it("warns of an even number of Clique's", () => {
      expectFinding(checkValidators(clique(4)), "warn", /tie/);
    });
    it("warns of too few", () => {
      expectFinding(checkValidators(clique(1)), "warn", /three or five/);
      expectFinding(checkValidators({ ...HEALTHY, validators: { value: [someone(1)] } }), "warn", /from four on/);
    });
    it("warns where BFT's are not told, and fails where Clique's are not, since depth hangs on them", () => {
      expectFinding(checkValidators({ ...HEALTHY, validators: refused }), "warn", /open the API/);
      expectFinding(checkValidators({ ...clique(3), validators: refused }), "fail", /open the API/);
    });
    it("warns where blocks are not sealed", () => {
      expectFinding(checkValidators({ ...HEALTHY, sealing: "none", validators: { value: [] } }), "warn", /no seals/);
    });
  });
});
