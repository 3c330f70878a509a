import { expect } from "chai";
import { toQuantity } from "ethers";

import { decodeHeader } from "../../src/blocks/decodeHeader.js";
import { headerHash } from "../../src/blocks/headerHash.js";
import type { JsonRpc } from "../../src/network/rpc/JsonRpc.js";
import { NetworkError } from "../../src/network/NetworkError.js";
import { askNode } from "../../src/network/preflight/askNode.js";
import { checkOpcodes } from "../../src/network/preflight/checkOpcodes.js";
import { openNode } from "../../src/network/rpc/openNode.js";

import { QBFT_CHAIN } from "../blocks/blocks.fixtures.js";

import { serveEdr } from "./edrServer.js";
import type { RpcServer } from "./serveRpc.js";

const ACCOUNT = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

/** A node with some answers of its own. */
function changed(node: JsonRpc, answers: Record<string, (params: unknown[]) => unknown>): JsonRpc {
  return { send: async (method, params) => (method in answers ? answers[method]!(params) : node.send(method, params)) };
}

/** A header of a GoQuorum network as a node tells it. */
function rpcBlockOf(rlp: string): Record<string, unknown> {
  const fields = Object.entries(decodeHeader(rlp)).map(([name, value]: [string, unknown]) => {
    return [name, typeof value === "bigint" || typeof value === "number" ? toQuantity(value) : value];
  });
  return Object.fromEntries([...fields, ["hash", headerHash(rlp, "qbft")]]) as Record<string, unknown>;
}

describe("askNode", () => {
  let server: RpcServer;
  let node: JsonRpc;

  before(async () => {
    server = await serveEdr();
    node = openNode(server.url);
  });
  after(() => server.close());

  it("reads a chain on Berlin's rules", async () => {
    const { chainId, probes, proofs, deployer, client } = await askNode(node, ACCOUNT);
    expect(chainId).to.equal(31_337n);
    expect(client)
      .to.have.property("value")
      .that.matches(/^Hardhat/);
    expect(probes.chainId).to.deep.equal({ value: `0x${31_337n.toString(16).padStart(64, "0")}` });
    for (const name of ["baseFee", "push0", "mcopy"] as const) expect(probes[name]).to.have.property("refusal");
    expect(probes.codeSize)
      .to.have.property("value")
      .that.has.length(2 + 2 * 24_576);
    expect(proofs.latest).to.deep.equal({ value: true });
    expect(deployer).to.include({ address: ACCOUNT, nonce: 0, pendingNonce: 0 });
  });

  it("asks for calls without a `to`, with gas under GoQuorum's cap, and logs of 5,000 blocks", async () => {
    const calls: Record<string, unknown>[] = [];
    const filters: { fromBlock: string; toBlock: string }[] = [];
    const head = { ...((await node.send("eth_getBlockByNumber", ["latest", false])) as object), number: "0x4e20" };
    await askNode(
      changed(node, {
        eth_call: ([params]) => (calls.push(params as Record<string, unknown>), "0x"),
        eth_getLogs: ([filter]) => (filters.push(filter as (typeof filters)[number]), []),
        eth_getBlockByNumber: () => head,
      }),
    );
    const probes = calls.filter(({ data }) => data !== undefined);
    expect(probes).to.have.length(7);
    for (const call of probes) {
      expect(call).not.to.have.property("to");
      expect(Number(call.gas)).to.be.at.most(25_000_000);
    }
    expect(filters).to.have.length(1);
    expect(Number(filters[0]!.toBlock) - Number(filters[0]!.fromBlock) + 1).to.equal(5_000);
  });

  it("keeps what a node refuses as an answer", async () => {
    const refuse = () => {
      throw new Error("the method does not exist");
    };
    const answers = await askNode(
      changed(node, { eth_getProof: refuse, eth_call: refuse, web3_clientVersion: refuse }),
    );
    const refusal = { refusal: "the method does not exist" };
    expect(answers.proofs.latest).to.deep.equal(refusal);
    expect(answers.client).to.deep.equal(refusal);
    expect(checkOpcodes(answers).level).to.equal("warn");
  });

  it("asks Besu and GoQuorum for QBFT's validators, each in its own way", async () => {
    const block = rpcBlockOf(QBFT_CHAIN.at(-1)!);
    const validator = `0x${"ab".repeat(20)}`;
    const refuse = () => {
      throw new Error("the method does not exist");
    };
    for (const method of ["qbft_getValidatorsByBlockNumber", "istanbul_getValidators"]) {
      const { sealing, validators } = await askNode(
        changed(node, {
          qbft_getValidatorsByBlockNumber: refuse,
          eth_getBlockByNumber: () => block,
          [method]: () => [validator],
        }),
      );
      expect(sealing).to.equal("qbft");
      expect(validators).to.have.property("value").that.has.length(1);
    }
  });

  it("throws when the chain's id is not told", async () => {
    const silent = changed(node, {
      eth_chainId: () => {
        throw new Error("unauthorized");
      },
    });
    const error: unknown = await askNode(silent).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(NetworkError).with.property("code", "NODE_UNREADABLE");
  });
});
