import { getAddress, toQuantity, ZeroAddress } from "ethers";

import { askValidators } from "../consensus/askValidators.js";
import type { JsonRpc } from "../rpc/JsonRpc.js";
import { LOG_RANGE } from "../rpc/logRange.js";
import { NetworkError } from "../NetworkError.js";
import { sealingOf } from "../consensus/sealingOf.js";

import { answerOf } from "./answerOf.js";
import type { Answer, NodeAnswers, ProbeName } from "./NodeAnswers.js";
import { PROBE_PROGRAMS } from "./probePrograms.js";

/** Over how many blocks the period is measured, and how far back a proof is asked for. */
const [MEASURED, OLD] = [100, 1_000];
/** Under the cap that GoQuorum has for calls (25 million), and enough for 24,576 bytes of code (200 gas each). */
const CALL_GAS = toQuantity(10_000_000);

type Block = Record<string, unknown>;

/**
 * Asks a node everything that the checks of `preflight` look at. It only reads.
 *
 * @param node The node.
 * @param deployer Address that is to deploy, if it is known.
 * @throws NetworkError NODE_UNREADABLE when the node does not tell its chain's id and blocks; what it throws when it is not there.
 * @example
 * ```ts
 * const answers = await askNode(new JsonRpcProvider(url), deployer);
 * ```
 */
export async function askNode(node: JsonRpc, deployer?: string): Promise<NodeAnswers> {
  const [chainId, genesis, newest] = await readable(
    Promise.all([
      node.send("eth_chainId", []).then((id) => BigInt(id as string)),
      blockAt(node, "0x0"),
      blockAt(node, "latest"),
    ]),
  );
  const head = {
    number: wholeOf(newest.number),
    timestamp: wholeOf(newest.timestamp),
    gasLimit: BigInt(newest.gasLimit as string),
    ...(typeof newest.baseFeePerGas === "string" && { baseFee: BigInt(newest.baseFeePerGas) }),
  };
  // The genesis block's time is set by hand, and tells nothing of the period.
  const earlier = await readable(blockAt(node, toQuantity(Math.max(head.number - MEASURED, Math.min(head.number, 1)))));
  const sealing = sealingOf(head.number === 0 ? genesis : newest);
  const from = deployer ?? ZeroAddress;
  const oldBlock = Math.max(head.number - OLD, 0);
  return {
    chainId,
    genesisHash: genesis.hash as string,
    sealing,
    head,
    earlier: { number: wholeOf(earlier.number), timestamp: wholeOf(earlier.timestamp) },
    client: await answerOf(async () => (await node.send("web3_clientVersion", [])) as string),
    gasPrice: await answerOf(async () => BigInt((await node.send("eth_gasPrice", [])) as string)),
    freeCall: await call(node, { from, to: from, gas: CALL_GAS, gasPrice: "0x0" }),
    probes: await askProbes(node, from),
    logs: await askLogs(node, head.number),
    proofs: {
      latest: await proofAt(node, from, toQuantity(head.number)),
      oldBlock,
      old: await proofAt(node, from, toQuantity(oldBlock)),
    },
    ...(deployer !== undefined && { deployer: await readable(askDeployer(node, deployer)) }),
    validators: await answerOf(() => askValidators(node, sealing)),
  };
}

async function readable<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NetworkError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new NetworkError("NODE_UNREADABLE", `the node does not tell its chain's id and blocks: ${why}`, {
      cause: error,
    });
  }
}

async function blockAt(node: JsonRpc, tag: string): Promise<Block> {
  const block = await node.send("eth_getBlockByNumber", [tag, false]);
  if (typeof block !== "object" || block === null) throw new Error(`there is no block ${tag}`);
  return block as Block;
}

function wholeOf(quantity: unknown): number {
  return Number(BigInt(quantity as string));
}

/** Without `to`, which older nodes take for a contract's creation and newer ones too; null is refused by some. */
function call(node: JsonRpc, params: Record<string, string>): Promise<Answer<string>> {
  return answerOf(async () => (await node.send("eth_call", [params, "latest"])) as string);
}

async function askProbes(node: JsonRpc, from: string): Promise<NodeAnswers["probes"]> {
  const probes: Partial<Record<ProbeName, Answer<string>>> = {};
  for (const [name, data] of Object.entries(PROBE_PROGRAMS) as [ProbeName, string][]) {
    probes[name] = await call(node, { from, gas: CALL_GAS, data });
  }
  return probes as NodeAnswers["probes"];
}

/** Of an account that has no logs, so that only the range is weighed. */
async function askLogs(node: JsonRpc, head: number): Promise<NodeAnswers["logs"]> {
  const first = Math.max(head - LOG_RANGE + 1, 0);
  const filter = { address: ZeroAddress, fromBlock: toQuantity(first), toBlock: toQuantity(head) };
  const answer = await answerOf(async () => {
    await node.send("eth_getLogs", [filter]);
    return true as const;
  });
  return { blocks: head - first + 1, answer };
}

function proofAt(node: JsonRpc, address: string, tag: string): Promise<Answer<true>> {
  return answerOf(async () => {
    await node.send("eth_getProof", [address, [], tag]);
    return true as const;
  });
}

async function askDeployer(node: JsonRpc, address: string): Promise<NonNullable<NodeAnswers["deployer"]>> {
  const [balance, nonce, pendingNonce] = await Promise.all([
    node.send("eth_getBalance", [address, "latest"]),
    node.send("eth_getTransactionCount", [address, "latest"]),
    node.send("eth_getTransactionCount", [address, "pending"]),
  ]);
  return {
    address: getAddress(address),
    balance: BigInt(balance as string),
    nonce: wholeOf(nonce),
    pendingNonce: wholeOf(pendingNonce),
  };
}
