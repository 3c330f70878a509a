import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { keccak256, toQuantity } from "ethers";

import type { JsonRpc } from "../../src/network/rpc/JsonRpc.js";
import { replaceFile } from "../../src/sealing/replaceFile.js";
import { ObstacleError } from "../console/obstacles.js";
import type { Progress } from "../console/progress.js";

import { mendJournal } from "./mendJournal.js";
import type { SignedFolder, SignedTransaction } from "./signedFolder.js";

/** Milliseconds between two looks, and how long a transaction may wait to be mined. */
const [LOOK, PATIENCE] = [500, 300_000];

/** What is left of a deployment, and how to go on with it. */
interface Remains {
  journal: string;
  signed: SignedFolder;
  /** The ids of the module's futures, in the batches that Ignition makes of them when nothing is deployed yet. */
  batches: readonly (readonly string[])[];
  from: string;
  /** Blocks that a transaction must be in or under, its own among them. */
  depth: number;
  /** Whether a hub sends transactions of its own, so that the hash of one of ours may not be known yet. */
  isRelayed: boolean;
  /** Sends signed bytes, which may have been sent before. */
  deliver: (transaction: SignedTransaction) => Promise<string>;
}

/**
 * Readies what a killed deployment left, so that Ignition can go on: the same bytes are sent again, are waited for until they
 * are as deep as they must be, and the journal learns of them.
 *
 * @throws ObstacleError when the journal is of another chain, or what waits in the pool is not mined
 */
export async function resume(
  node: JsonRpc,
  { journal, signed, batches, from, depth, isRelayed, deliver }: Remains,
  progress: Progress,
): Promise<void> {
  await requireCode(node, journal);
  const mined = await countAt(node, from, "latest");
  for (const transaction of await signed.all()) {
    const isUnheard = isRelayed && transaction.hash === keccak256(transaction.raw);
    if (transaction.nonce >= mined || isUnheard) await deliver(transaction);
  }
  const all = await signed.all();
  const path = join(journal, "journal.jsonl");
  if (existsSync(path)) {
    const text = await readFile(path, "utf8");
    const mended = mendJournal(text, all, batches);
    if (mended !== text) await replaceFile(path, mended, async () => undefined);
  }
  await settle(node, from, depth, progress);
}

/** The journal's contracts must be there: Ignition believes its journal, and would not look. */
async function requireCode(node: JsonRpc, journal: string): Promise<void> {
  const path = join(journal, "journal.jsonl");
  if (!existsSync(path)) return;
  const addresses = new Set<string>();
  for (const [, address] of (await readFile(path, "utf8")).matchAll(/"contractAddress":"(0x[0-9a-fA-F]{40})"/g)) {
    addresses.add(address!);
  }
  for (const address of addresses) {
    if ((await node.send("eth_getCode", [address, "latest"])) !== "0x") continue;
    throw new ObstacleError(
      `the journal in ${journal} has a contract at ${address}, and the chain has none: the chain was reset, or lost blocks. If it was reset, move that folder away and deploy anew`,
    );
  }
}

/** Waits until nothing of the account is in the pool, and all is as deep as it must be. */
async function settle(node: JsonRpc, from: string, depth: number, progress: Progress): Promise<void> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const head = Number(await node.send("eth_blockNumber", []));
    const deep = head - depth + 1;
    const [pending, safe] = await Promise.all([
      countAt(node, from, "pending"),
      deep < 0 ? 0 : countAt(node, from, toQuantity(deep)),
    ]);
    if (pending <= safe) return;
    if (Date.now() > end) {
      throw new ObstacleError(
        `${pending - safe} transactions of ${from} are not ${depth} blocks deep after ${PATIENCE / 1_000} s: are blocks made, and do validators take free transactions?`,
      );
    }
    progress.note(`waiting for ${pending - safe} transactions to be ${depth} blocks deep`);
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
}

async function countAt(node: JsonRpc, from: string, tag: string): Promise<number> {
  return Number(await node.send("eth_getTransactionCount", [from, tag]));
}
