import { expect } from "chai";
import { getBytes, HDNodeWallet, Mnemonic } from "ethers";

import { decodeBftExtra } from "../../src/blocks/bftExtra.js";
import { bftExtraData } from "../../src/network/genesis/bftExtraData.js";
import { cliqueExtraData } from "../../src/network/genesis/cliqueExtraData.js";
import type { Genesis, GenesisOptions } from "../../src/network/genesis/Genesis.js";
import { genesisHeader } from "../../src/network/genesis/genesisHeader.js";
import { makeGenesis } from "../../src/network/genesis/makeGenesis.js";
import { sortedValidators } from "../../src/network/genesis/sortedValidators.js";
import { NetworkError } from "../../src/network/NetworkError.js";
import { CLIQUE, codeOf, QBFT, sorted, type CliqueSeries } from "../blocks/blocks.fixtures.js";

const RECORDED = QBFT.headers[0]!;
const [ALICE, BOB, CAROL] = CLIQUE[0]!.signers as [string, string, string];

/** The recorded networks' accounts: the twenty of Hardhat's well-known test words. */
const ACCOUNTS = Array.from({ length: 20 }, (_, i) => {
  const words = Mnemonic.fromPhrase("test test test test test test test test test test test junk");
  return HDNodeWallet.fromMnemonic(words, `m/44'/60'/0'/0/${i}`).address;
});

const OPTIONS: GenesisOptions = {
  consensus: { kind: "qbft", periodSeconds: 2, epochLength: 30_000 },
  client: "besu",
  chainId: 7_099,
  validators: [ALICE, BOB, CAROL],
  rules: "berlin",
  gasLimit: 30_000_000n,
};

const CLIQUE_OPTIONS: GenesisOptions = {
  ...OPTIONS,
  consensus: { kind: "clique", periodSeconds: 1, epochLength: 10 },
  client: "geth",
};

function allOf(accounts: readonly string[], wei: bigint): Record<string, bigint> {
  return Object.fromEntries(accounts.map((address) => [address, wei]));
}

/** The genesis that was given to the recorded series of Clique. */
function cliqueGenesis({ signers, genesis, period, epoch }: CliqueSeries): Genesis {
  return makeGenesis({
    ...CLIQUE_OPTIONS,
    consensus: { kind: "clique", periodSeconds: period, epochLength: epoch },
    chainId: 1_337,
    validators: signers.toReversed(),
    rules: genesis.baseFeePerGas === undefined ? "berlin" : "london",
    gasLimit: BigInt(genesis.gasLimit as string),
    timestamp: Number(genesis.timestamp),
    alloc: allOf(ACCOUNTS, 10n ** 22n),
  });
}

function problemOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof NetworkError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "none";
}

describe("sortedValidators", () => {
  it("sorts by bytes, whatever the letters' size, and leaves its argument alone", () => {
    const given = [`0x${"b0".repeat(20)}`, `0x${"0A".repeat(20)}`, `0x${"a0".repeat(20)}`];
    expect(sortedValidators(given).map((address) => address.slice(2, 4).toLowerCase())).to.deep.equal([
      "0a",
      "a0",
      "b0",
    ]);
    expect(given[0]).to.equal(`0x${"b0".repeat(20)}`);
    expect(sortedValidators([ALICE.toLowerCase()])).to.deep.equal([ALICE]);
  });

  const cases: [string, unknown[], RegExp][] = [
    ["none", [], /there are 0 validators, not 1 to 255/],
    ["256", Array.from({ length: 256 }, (_, i) => `0x${(i + 1).toString(16).padStart(40, "0")}`), /there are 256/],
    ["one twice", [ALICE, BOB, ALICE], new RegExp(`${ALICE} is there twice`)],
    ["one twice in other letters", [ALICE, ALICE.toLowerCase()], new RegExp(`${ALICE} is there twice`)],
    ["the zero address", [ALICE, `0x${"00".repeat(20)}`], /validator 2, .* is the zero address/],
    ["a digit too few", [ALICE.slice(0, -1)], /validator 1, .* forty hexadecimal digits/],
    ["no 0x", [ALICE.slice(2)], /forty hexadecimal digits/],
    ["an IBAN", ["XE7338O073KYGTWWZN0F2WZ0R8PX5ZPPZS"], /forty hexadecimal digits/],
    ["what is no text", [7], /validator 1, 7, is not/],
    ["a bad checksum", [BOB.replace("A", "a")], /validator 1, .* EIP-55/],
  ];
  for (const [what, given, message] of cases) {
    it(`refuses ${what}`, () => {
      const problem = problemOf(() => sortedValidators(given as string[]));
      expect(problem)
        .to.match(/^VALIDATORS_INVALID/)
        .and.match(message);
    });
  }

  it("takes 255", () => {
    const most = Array.from({ length: 255 }, (_, i) => `0x${(i + 1).toString(16).padStart(40, "0")}`);
    expect(sortedValidators(most)).to.have.lengthOf(255);
  });
});

describe("extraData of a genesis", () => {
  it("is the recorded network's, for QBFT", () => {
    expect(bftExtraData(RECORDED.validators.toReversed(), "qbft")).to.equal(RECORDED.block.extraData);
  });

  for (const { name, signers, genesis } of CLIQUE) {
    it(`is the recorded network's, for Clique, ${name}`, () => {
      expect(cliqueExtraData(signers.toReversed())).to.equal(genesis.extraData);
    });
  }

  it("is what Besu's documentation gives for IBFT 2.0", () => {
    // besu.hyperledger.org/public-networks/concepts/genesis-file, the example of one validator.
    expect(bftExtraData(["0x9811ebc35d7b06b3fa8dc5809a1f9c52751e1deb"], "ibft2")).to.equal(
      `0xf83ea0${"00".repeat(32)}d5949811ebc35d7b06b3fa8dc5809a1f9c52751e1deb808400000000c0`,
    );
  });

  for (const kind of ["qbft", "ibft2"] as const) {
    it(`is read back by what reads headers, ${kind}`, () => {
      const extra = decodeBftExtra(getBytes(bftExtraData([CAROL, ALICE, BOB], kind)), kind);
      expect(extra.validators).to.deep.equal(sorted([ALICE, BOB, CAROL]));
      expect(extra).to.deep.include({ round: 0, seals: [] });
      expect(extra.vote).to.equal(undefined);
    });
  }
});

describe("makeGenesis and genesisHeader", () => {
  for (const series of CLIQUE) {
    it(`predict the hash that geth gave the recorded genesis, Clique, ${series.name}`, () => {
      // The series with a base fee that falls began at London's own 1 gwei, which makeGenesis never asks for.
      const fee = series.genesis.baseFeePerGas as string | undefined;
      const genesis = { ...cliqueGenesis(series), ...(fee !== undefined && { baseFeePerGas: fee }) };
      const { hash, header, sealing } = genesisHeader(genesis);
      expect(hash).to.equal(series.genesis.hash);
      expect(header.stateRoot).to.equal(series.genesis.stateRoot);
      expect(sealing).to.equal("clique");
    });
  }

  it("predict the hash that GoQuorum gave the recorded genesis, QBFT", () => {
    const genesis = makeGenesis({
      consensus: { kind: "qbft", periodSeconds: 1, epochLength: 50, requestTimeoutSeconds: 2 },
      client: "goquorum",
      chainId: 7_099,
      validators: RECORDED.validators.toReversed(),
      rules: "berlin",
      gasLimit: BigInt(RECORDED.block.gasLimit as string),
      alloc: allOf(ACCOUNTS, 10n ** 27n),
    });
    const { hash, header } = genesisHeader(genesis);
    expect(hash).to.equal(RECORDED.block.hash);
    expect(header.stateRoot).to.equal(RECORDED.block.stateRoot);
  });

  it("predict the hash that Besu gave a QBFT genesis without accounts", () => {
    // Besu's pull request 6285 shows the block. Its validators were not sorted, so its extraData is taken as it is.
    const extraData =
      `0xf88fa0${"00".repeat(32)}f869945c9437de876531c73c9618d13872f7508869f2539474474cf92e9b74df7a2ce2c4fbc0830c773b7a76` +
      "9462f241db855d439cc79f5d2bd4a58eeb9c5d01cd946d544f03911b74425dd4112e95f93b82ac6302f19477fd5cb2aea0b91e7e4faf7625bf9d" +
      "baee39ee47c080c0";
    const genesis = makeGenesis({ ...OPTIONS, gasLimit: 0x1fffffffffffffn, timestamp: 0x58ee40ba });
    expect(genesisHeader({ ...genesis, extraData }).hash).to.equal(
      "0x74f92c171677a9f8b1eac53fc4f2c2e0d6bbc7a7b9b259fd0067f7b573951e16",
    );
  });

  it("take a state's root that is given", () => {
    const series = CLIQUE[0]!;
    const genesis = { ...cliqueGenesis(series), alloc: {} };
    expect(genesisHeader(genesis).hash).not.to.equal(series.genesis.hash);
    expect(genesisHeader(genesis, series.genesis.stateRoot as string).hash).to.equal(series.genesis.hash);
  });

  it("give IBFT 2.0 a hash that leaves round and seals out", () => {
    const genesis = makeGenesis({ ...OPTIONS, consensus: { ...OPTIONS.consensus, kind: "ibft2" } });
    const sealed = genesis.extraData.replace(/8400000000c0$/, "8400000001c0");
    expect(genesisHeader({ ...genesis, extraData: sealed }).hash).to.equal(genesisHeader(genesis).hash);
    expect(genesisHeader({ ...genesis, timestamp: "0x1" }).hash).not.to.equal(genesisHeader(genesis).hash);
  });

  it("name every fork up to the one asked for, and none after it", () => {
    const forks = (options: GenesisOptions) =>
      Object.keys(makeGenesis(options).config).filter((name) => name.endsWith("Block"));
    expect(forks(OPTIONS)).to.include("berlinBlock").and.not.include("londonBlock");
    expect(forks({ ...OPTIONS, rules: "london" })).to.include.members(["berlinBlock", "londonBlock"]);
    expect(forks({ ...OPTIONS, rules: "london" })).not.to.include("arrowGlacierBlock");
  });

  it("ask for no base fee under Berlin, and for one of zero under London", () => {
    expect(makeGenesis(OPTIONS)).not.to.have.property("baseFeePerGas");
    expect(makeGenesis(OPTIONS).config).not.to.have.property("zeroBaseFee");
    const besu = makeGenesis({ ...OPTIONS, rules: "london" });
    expect(besu.baseFeePerGas).to.equal("0x0");
    expect(besu.config).to.include({ zeroBaseFee: true });
    const geth = makeGenesis({ ...CLIQUE_OPTIONS, rules: "london" });
    expect(geth.baseFeePerGas).to.equal("0x0");
    expect(geth.config).not.to.have.property("zeroBaseFee");
  });

  it("write the consensus as each client reads it", () => {
    const bft = { blockperiodseconds: 2, epochlength: 30_000, requesttimeoutseconds: 4 };
    expect(makeGenesis(OPTIONS).config.qbft).to.deep.equal(bft);
    const ibft2 = makeGenesis({ ...OPTIONS, consensus: { ...OPTIONS.consensus, kind: "ibft2" } });
    expect(ibft2.config.ibft2).to.deep.equal(bft);
    expect(makeGenesis(CLIQUE_OPTIONS).config.clique).to.deep.equal({ period: 1, epoch: 10 });
    const { config } = makeGenesis({ ...OPTIONS, client: "goquorum" });
    expect(config.qbft).to.deep.equal({ ...bft, policy: 0, ceil2Nby3Block: 0 });
    expect(config).to.deep.include({ isQuorum: true, txnSizeLimit: 64, maxCodeSizeConfig: [{ block: 0, size: 24 }] });
  });

  it("are the same after the way through a file", () => {
    const genesis = cliqueGenesis(CLIQUE[0]!);
    expect(genesisHeader(JSON.parse(JSON.stringify(genesis)) as Genesis)).to.deep.equal(genesisHeader(genesis));
  });

  const consensus = (changes: object) => ({ consensus: { ...OPTIONS.consensus, ...changes } });
  const wrong: [string, object, RegExp][] = [
    ["a client that is unknown", { client: "parity" }, /client is parity, not one of geth, besu, goquorum/],
    ["a client by a name of Object's", { client: "constructor" }, /client is constructor/],
    ["Clique on Besu", consensus({ kind: "clique" }), /consensus.kind is clique, not qbft or ibft2/],
    ["QBFT on geth", { client: "geth" }, /consensus.kind is qbft, not clique/],
    ["IBFT 2.0 on GoQuorum", { ...consensus({ kind: "ibft2" }), client: "goquorum" }, /not qbft, which is what goq/],
    ["London on GoQuorum", { client: "goquorum", rules: "london" }, /rules is london, not berlin/],
    ["rules that are unknown", { rules: "paris" }, /rules is paris, not berlin or london/],
    ["chain 0", { chainId: 0 }, /chainId is 0, not a whole number from 1 to 9007199254740991/],
    ["half a chain", { chainId: 1.5 }, /chainId is 1.5/],
    ["a chain past 2^53", { chainId: 2 ** 53 }, /chainId/],
    ["a period of 0", consensus({ periodSeconds: 0 }), /consensus.periodSeconds is 0, not .* 1 to 3600/],
    ["a period of hours", consensus({ periodSeconds: 3_601 }), /consensus.periodSeconds is 3601/],
    ["a period that is no number", consensus({ periodSeconds: NaN }), /consensus.periodSeconds is NaN/],
    ["an epoch of 1", consensus({ epochLength: 1 }), /consensus.epochLength is 1, not .* 2 to 100000000/],
    ["a timeout of 0", consensus({ requestTimeoutSeconds: 0 }), /consensus.requestTimeoutSeconds is 0/],
    [
      "a timeout for Clique",
      { ...consensus({ kind: "clique", requestTimeoutSeconds: 4 }), client: "geth" },
      /consensus.requestTimeoutSeconds is 4, not given for Clique/,
    ],
    ["a gas limit below the protocol's", { gasLimit: 4_999n }, /gasLimit is 4999, not a bigint from 5000/],
    ["a gas limit past 63 bits", { gasLimit: 2n ** 63n }, /gasLimit is 9223372036854775808/],
    ["a gas limit that is a number", { gasLimit: 30_000_000 }, /gasLimit/],
    ["a time before 1970", { timestamp: -1 }, /timestamp is -1/],
    ["an account that is no address", { alloc: { "0x12": 1n } }, /alloc has 0x12, not an address/],
    ["an account with nothing", { alloc: { [ALICE]: 0n } }, /with 0 wei/],
    ["an account with too much", { alloc: { [ALICE]: 2n ** 256n } }, /with 1157\d+ wei/],
    ["an account twice", { alloc: { [ALICE]: 1n, [ALICE.toLowerCase()]: 1n } }, /alloc has 0x\w+ twice/],
  ];
  for (const [what, changes, message] of wrong) {
    it(`refuse ${what}`, () => {
      const problem = problemOf(() => makeGenesis({ ...OPTIONS, ...changes }));
      expect(problem)
        .to.match(/^GENESIS_INVALID/)
        .and.match(message);
    });
  }

  it("refuse validators that are wrong, as sortedValidators does", () => {
    expect(problemOf(() => makeGenesis({ ...OPTIONS, validators: [] }))).to.match(/^VALIDATORS_INVALID/);
    expect(problemOf(() => makeGenesis({ ...CLIQUE_OPTIONS, validators: [BOB, BOB] }))).to.match(/^VALIDATORS_INVALID/);
  });

  it("refuse a file whose header cannot be known", () => {
    const genesis = makeGenesis({ ...OPTIONS, alloc: { [ALICE]: 1n } });
    const withCode = { [ALICE.toLowerCase()]: { balance: "0x1", code: "0x00" } };
    expect(problemOf(() => genesisHeader({ ...genesis, alloc: withCode }))).to.match(/has code: give the state's root/);
    expect(problemOf(() => genesisHeader({ ...genesis, config: { chainId: 1 } }))).to.match(/neither qbft, ibft2/);
    expect(problemOf(() => genesisHeader({ ...genesis, gasLimit: "30000000" }))).to.match(/gasLimit is "30000000"/);
    expect(codeOf(() => genesisHeader({ ...genesis, nonce: "0x1ffffffffffffffff" }))).to.equal("HEADER_MALFORMED");
    expect(codeOf(() => genesisHeader({ ...genesis, extraData: "0x" }))).to.equal("RLP_MALFORMED");
  });
});
