import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { Interface, toQuantity, Transaction, Wallet } from "ethers";

import { ObstacleError } from "../../scripts/console/obstacles.js";
import { OptionsError } from "../../scripts/console/OptionsError.js";
import { silentProgress } from "../../scripts/console/progress.js";
import { builtArtifact } from "../../scripts/deploy/builtArtifact.js";
import { readDeployOptions } from "../../scripts/deploy/deployOptions.js";
import { hubDelivery } from "../../scripts/deploy/hubDelivery.js";
import { runDeploy } from "../../scripts/deploy/runDeploy.js";
import { openSignedFolder, type SignedTransaction } from "../../scripts/deploy/signedFolder.js";
import { splitGasModel } from "../../src/network/lacchain/gasModel.js";
import type { JsonRpc } from "../../src/network/rpc/JsonRpc.js";
import { signForLacchain } from "../../src/network/lacchain/signForLacchain.js";
import { readManifest } from "../../src/network/manifest/readManifest.js";
import { requireSuite } from "../../src/network/manifest/requireSuite.js";
import { NetworkError } from "../../src/network/NetworkError.js";
import { openNode } from "../../src/network/rpc/openNode.js";
import { verifyManifest } from "../../src/network/manifest/verifyManifest.js";
import { ADMIN_ROLE } from "../../src/trust/roles.js";
import { AccessManager__factory, SchemaRegistry__factory } from "../../src/typechain/index.js";

import { type LacchainNode, serveLacchain } from "./lacchainNode.js";

const [DEPLOYER, CLERK] = [new Wallet(`0x${"11".repeat(32)}`), new Wallet(`0x${"22".repeat(32)}`)];
const MEMBERS = [`0x${"01".repeat(20)}`, `0x${"02".repeat(20)}`];
const KEY = "DIWAN_DEPLOYER_KEY";
const HASH = `0x${"cd".repeat(32)}`;
const FOUR_YEARS = 4 * 365 * 86_400;
/** The suite's 22 contracts, what elections and trustees are clones of, and the three libraries of these. */
const CONTRACTS = 27;

function parametersOf(hub?: string) {
  const relay = hub === undefined ? {} : { hub };
  return {
    Trust: { members: MEMBERS, threshold: 2, recoveryMembers: [MEMBERS[0]], recoveryThreshold: 1, ...relay },
    Identity: { exitDelay: 1, guardiansDelay: 1, ...relay },
    Voting: relay,
    Health: relay,
    Justice: relay,
    Suite: { delay: 0, recoveryDelay: 1 },
  };
}

async function caught(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

interface Receipt {
  status: string;
  logs: { address: string; topics: string[]; data: string }[];
}

async function receiptOf(node: JsonRpc, hash: string): Promise<Receipt> {
  for (;;) {
    const receipt = (await node.send("eth_getTransactionReceipt", [hash])) as Receipt | null;
    if (receipt !== null) return receipt;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const nonceOf = (raw: string) => Transaction.from(raw).nonce;

describe("npm run deploy -- --network lacchain", () => {
  let lacchain: LacchainNode;
  let scratch: string;
  let keyBefore: string | undefined;

  before(async () => {
    lacchain = await serveLacchain();
    scratch = await mkdtemp(join(tmpdir(), "diwan-lacchain-"));
    await writeFile(join(scratch, "parameters.json"), JSON.stringify(parametersOf(lacchain.hub)));
    await writeFile(join(scratch, "no-hub.json"), JSON.stringify(parametersOf()));
    keyBefore = process.env[KEY];
    process.env[KEY] = DEPLOYER.privateKey;
  });
  after(async () => {
    if (keyBefore === undefined) Reflect.deleteProperty(process.env, KEY);
    else process.env[KEY] = keyBefore;
    await lacchain.close();
    await rm(scratch, { recursive: true, force: true });
  });

  const run = async (more: readonly string[] = ["--writer-node", lacchain.writer], file = "parameters.json") => {
    const out = join(scratch, "out");
    const options = readDeployOptions([
      ...["--network", "lacchain", "--rpc", lacchain.url, "--parameters", join(scratch, file)],
      ...["--out", out, "--polling", "50", "--built", ...more],
    ]);
    if (options === "help") throw new Error("no help was asked for");
    return runDeploy(options, silentProgress, () => undefined);
  };

  it("wants the writer node, the hub, and a key that is here", async () => {
    expect(await caught(run([])))
      .to.be.instanceOf(OptionsError)
      .with.property("message")
      .that.matches(/--writer-node/);
    const remote = ["--writer-node", lacchain.writer, "--signer", lacchain.url, "--from", DEPLOYER.address];
    expect(await caught(run(remote)))
      .to.be.instanceOf(OptionsError)
      .with.property("message")
      .that.matches(/--signer/);
    expect(await caught(run(undefined, "no-hub.json")))
      .to.be.instanceOf(ObstacleError)
      .with.property("message")
      .that.matches(/Trust\.hub/);
    expect(lacchain.sent).to.deep.equal([]);
  });

  it("looks far back for a transaction whose hash was never heard, and tells where there is none", async () => {
    const signed = await openSignedFolder(join(scratch, "unheard"));
    const ranges: [number, number][] = [];
    const node = (made: number): JsonRpc => ({
      async send(method, params) {
        if (method === "eth_getTransactionCount") return "0x5";
        if (method === "eth_blockNumber") return toQuantity(12_000);
        expect(method).to.equal("eth_getLogs");
        const [{ fromBlock, toBlock }] = params as [{ fromBlock: string; toBlock: string }];
        ranges.push([Number(fromBlock), Number(toBlock)]);
        return Number(fromBlock) <= made && made <= Number(toBlock) ? [{ transactionHash: HASH }] : [];
      },
    });
    const signer = { getAddress: async () => DEPLOYER.address, signTransaction: async () => "0x" };
    const through = { hub: lacchain.hub, from: DEPLOYER.address };
    const newest = { nonce: 4, to: null, data: "0x60", raw: "0x", hash: "0x" };
    expect(await hubDelivery(node(1_000), signer, signed, through)(newest)).to.equal(HASH);
    expect(ranges).to.deep.equal([
      [7_001, 12_000],
      [2_001, 7_000],
      [0, 2_000],
    ]);
    expect((await signed.get(4))!.hash).to.equal(HASH);
    expect(await caught(hubDelivery(node(-1), signer, signed, through)(newest))).to.be.instanceOf(ObstacleError);
  });

  it("deploys through the hub, over a lost answer and bytes that expired, and nothing twice", async () => {
    const chain = openNode(lacchain.chain);
    lacchain.decide((raw) => (nonceOf(raw) === 2 ? "refused" : "taken"));
    expect(await caught(run()))
      .to.be.instanceOf(NetworkError)
      .with.property("code", "RPC_UNREACHABLE");
    const refused = new Set(lacchain.sent.filter((raw) => nonceOf(raw) === 2));
    expect(refused.size).to.equal(1);

    // The bytes expire before anybody takes them, and what answers the ones signed anew is lost further on.
    await chain.send("evm_increaseTime", [FOUR_YEARS]);
    await chain.send("evm_mine", []);
    lacchain.decide((raw) => (nonceOf(raw) === 5 ? "unheard" : "taken"));
    expect(await caught(run()))
      .to.be.instanceOf(NetworkError)
      .with.property("code", "RPC_UNREACHABLE");

    lacchain.decide(() => "taken");
    const { manifest: path, problems } = await run();
    expect(problems).to.deep.equal([]);
    const manifest = requireSuite(readManifest(await readFile(path!, "utf8")));
    expect(manifest).to.include({ relay: "lacchain-hub", hub: lacchain.hub.toLowerCase(), chainId: 648_541 });
    expect(await verifyManifest(manifest, openNode(lacchain.url), builtArtifact)).to.deep.equal([]);

    const folder = join(path!, "..", "signed");
    const record = async (nonce: number) =>
      JSON.parse(await readFile(join(folder, `${nonce}.json`), "utf8")) as SignedTransaction;
    const expired = await record(2);
    expect(expired.earlier!.map(({ raw }) => raw)).to.deep.equal([...refused]);
    const [old, renewed] = [Transaction.from([...refused][0]), Transaction.from(expired.raw)];
    expect(renewed).to.include({ nonce: old.nonce, to: old.to, gasLimit: old.gasLimit, from: DEPLOYER.address });
    expect(splitGasModel(renewed.data).data).to.equal(splitGasModel(old.data).data);
    expect(splitGasModel(renewed.data).expiration).to.be.greaterThan(splitGasModel(old.data).expiration);
    expect((await record(5)).earlier).to.equal(undefined);

    const events = new Interface(["event ContractDeployed(address indexed, address indexed, address)"]);
    const topics = [events.getEvent("ContractDeployed")!.topicHash];
    const logs = (await chain.send("eth_getLogs", [
      { address: lacchain.hub, topics, fromBlock: "0x0", toBlock: "latest" },
    ])) as { transactionHash: string }[];
    expect(logs).to.have.length(CONTRACTS);
    expect(logs[5]!.transactionHash).to.equal((await record(5)).hash);
    expect(await readdir(folder)).to.have.length(CONTRACTS + 1);

    const sent = lacchain.sent.length;
    expect((await run()).problems).to.deep.equal([]);
    expect(lacchain.sent).to.have.length(sent);

    // Whoever had to do with it has no power left.
    const manager = AccessManager__factory.createInterface();
    const isAdmin = async (account: string) => {
      const data = manager.encodeFunctionData("hasRole", [ADMIN_ROLE, account]);
      const answer = await chain.send("eth_call", [{ to: manifest.contracts.manager.address, data }, "latest"]);
      return manager.decodeFunctionResult("hasRole", answer as string).isMember as boolean;
    };
    const { council, recovery, inauguration } = manifest.contracts;
    expect(await isAdmin(council.address)).to.equal(true);
    for (const account of [
      ...[DEPLOYER.address, lacchain.writer, lacchain.hub, inauguration.address, recovery.address],
      ...MEMBERS,
    ]) {
      expect(await isAdmin(account), account).to.equal(false);
    }

    // And what a clerk writes through the hub is the clerk's.
    const registry = SchemaRegistry__factory.createInterface();
    const call = {
      to: manifest.contracts.schemaRegistry.address,
      data: registry.encodeFunctionData("register", ["0x7b7d"]),
      nonce: 0,
      gasLimit: 500_000n,
    };
    const head = (await chain.send("eth_getBlockByNumber", ["latest", false])) as { timestamp: string };
    const now = Number(head.timestamp);
    const model = { node: lacchain.writer, expiration: now + 300 };
    const node = openNode(lacchain.url);
    const hash = await node.send("eth_sendRawTransaction", [signForLacchain(CLERK, call, model, now)]);
    const receipt = await receiptOf(node, hash as string);
    expect(receipt.status).to.equal("0x1");
    const written = receipt.logs.find(({ address }) => address === call.to)!;
    expect(registry.parseLog(written)!.args.registrar).to.equal(CLERK.address);
  });
});
