import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import type { FreeAccount } from "../../scripts/demo/freeAccount.js";
import type { CliqueNetwork } from "../../scripts/network/cliqueNetwork.js";
import { confirmationsFor } from "../../src/network/consensus/confirmationsFor.js";
import { openOutbox } from "../../src/network/outbox/openOutbox.js";
import { sqliteStore } from "../../src/network/outbox/sqliteStore.js";
import { attestCall } from "../../test/consortium/attestCall.js";
import { BODIES, freeWallet, type Office } from "../../test/consortium/office.js";

/** How many of the same number of writes are not on the chain, though a fault is over. */
export interface LostWrites {
  readonly fault: string;
  readonly writes: number;
  readonly naive: number;
  /** Of the naive client's, those that a node refused or did not answer. */
  readonly naiveRefused: number;
  readonly outbox: number;
  /** On the chain more than once. */
  readonly outboxDoubled: number;
}

const EVERY_MS = 100;
const FAULT_SECONDS = 6;
const KILLED = [0, 1, 2];
/** Apart from the numbers of all other attestations. */
const [NAIVE, OUTBOX] = [10_000_000, 20_000_000];

/**
 * Two clients write at the same pace through all nodes in turn, while three of five are killed and come back: one signs, sends once
 * to the next node, and never again; one has an outbox.
 */
export async function lostWrites(network: CliqueNetwork, office: Office, writes: number): Promise<LostWrites> {
  const [naive, careful] = [freeWallet(office.provider), freeWallet(office.provider)];
  for (const key of [naive, careful]) await office.authorize(office.bodies.office.index, key, BODIES.office);
  await office.lane.settle();
  const to = await office.attestations.getAddress();
  const [, lost, kept] = await Promise.all([
    bringFault(network, (writes * EVERY_MS) / 1_000),
    writeNaively(network, naive, to, writes),
    writeCarefully(network, careful, to, writes),
  ]);
  // What still waits somewhere has had the time to be written.
  await confirmations(network, office);
  const written = (await Promise.all(
    [naive, careful].map((key) => office.provider.getTransactionCount(key.address, "latest")),
  )) as [number, number];
  return {
    fault: `${KILLED.length} of ${network.nodes.length} validators killed for ${FAULT_SECONDS} s`,
    ...{
      writes,
      naive: writes - written[0],
      naiveRefused: lost,
      outbox: writes - kept,
      outboxDoubled: written[1] - kept,
    },
  };
}

async function bringFault(network: CliqueNetwork, seconds: number): Promise<void> {
  await setTimeout((seconds * 1_000) / 4);
  await network.kill(KILLED);
  await setTimeout(FAULT_SECONDS * 1_000);
  await network.restart(KILLED);
}

/** @returns How many were refused. */
async function writeNaively(network: CliqueNetwork, key: FreeAccount, to: string, writes: number): Promise<number> {
  let refused = 0;
  const sent: Promise<void>[] = [];
  for (let nonce = 0; nonce < writes; nonce++) {
    const call = { ...attestCall(to, NAIVE + nonce), type: 0, gasPrice: 0n, chainId: network.chainId, nonce };
    const params = [await key.signTransaction(call)];
    const url = network.rpcUrls[nonce % network.rpcUrls.length]!;
    sent.push(
      isTaken(url, JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_sendRawTransaction", params })).then(
        (taken) => {
          if (!taken) refused++;
        },
      ),
    );
    await setTimeout(EVERY_MS);
  }
  await Promise.all(sent);
  return refused;
}

async function isTaken(url: string, body: string): Promise<boolean> {
  try {
    const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    return "result" in ((await response.json()) as object);
  } catch {
    return false;
  }
}

/** @returns How many are final, and were done. */
async function writeCarefully(network: CliqueNetwork, key: FreeAccount, to: string, writes: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "diwan-bench-"));
  const store = await sqliteStore(join(folder, "outbox.db"));
  const outbox = await openOutbox({
    ...{ store, nodes: network.rpcUrls, signer: key, chainId: BigInt(network.chainId), pollMs: 500 },
    finality: { confirmations: confirmationsFor({ kind: "clique", validators: network.nodes.length }) },
  });
  try {
    for (let n = 0; n < writes; n++) {
      await outbox.write(attestCall(to, OUTBOX + n), { id: `${n}` });
      await setTimeout(EVERY_MS);
    }
    let done = 0;
    for (let n = 0; n < writes; n++) if ((await outbox.settled(`${n}`)).succeeded === true) done++;
    return done;
  } finally {
    await outbox.close();
    await store.close();
    await rm(folder, { recursive: true });
  }
}

async function confirmations(network: CliqueNetwork, office: Office): Promise<void> {
  const end =
    (await office.provider.getBlockNumber()) + confirmationsFor({ kind: "clique", validators: network.nodes.length });
  while ((await office.provider.getBlockNumber()) < end) await setTimeout(200);
}
