import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import type { FreeAccount } from "../../scripts/demo/freeAccount.js";
import type { CliqueNetwork } from "../../scripts/network/cliqueNetwork.js";
import { confirmationsFor } from "../../src/network/consensus/confirmationsFor.js";
import { BODIES, freeWallet, type Office } from "../../test/consortium/office.js";

import { median } from "../tooling/median.js";
import { runWriter } from "./runWriter.js";
import type { WriterFigures, WriterPlan } from "./writer.js";

/** What the same writes take, sent raw and through an outbox; the medians of some rounds. */
export interface OutboxCost {
  readonly writes: number;
  readonly rounds: number;
  readonly raw: WaySeconds;
  readonly outbox: WaySeconds;
  /** By how much the outbox is slower until all are in blocks, and by how much its process works more; 0.1 is a tenth. */
  readonly wallCost: number;
  readonly cpuCost: number;
}

/** Seconds of one way. */
interface WaySeconds {
  /** Until all are in blocks, and of the processor until the writer knows that. */
  readonly wall: number;
  readonly cpu: number;
  /** Until the writer has handed over all: to a node, or to its store. */
  readonly taken: number;
}

type Way = WriterPlan["mode"];

/** Writes attestations both ways in turn, each time with a key and a process of its own that begin with a block. */
export async function outboxCost(
  network: CliqueNetwork,
  office: Office,
  writes: number,
  rounds: number,
): Promise<OutboxCost> {
  const keys = Array.from({ length: 2 * rounds }, () => freeWallet(office.provider));
  for (const key of keys) await office.authorize(office.bodies.office.index, key, BODIES.office);
  await office.lane.settle();
  const found: Record<Way, WaySeconds[]> = { raw: [], outbox: [] };
  for (const [i, key] of keys.entries()) {
    const mode = i % 2 === 0 ? "raw" : "outbox";
    found[mode].push(await writeOnce(network, office, key, { mode, from: i * writes, count: writes }));
  }
  const [raw, outbox] = [mediansOf(found.raw), mediansOf(found.outbox)];
  const cost = (of: keyof WaySeconds) => outbox[of] / raw[of] - 1;
  return { ...{ writes, rounds, raw, outbox }, wallCost: cost("wall"), cpuCost: cost("cpu") };
}

async function writeOnce(
  network: CliqueNetwork,
  office: Office,
  key: FreeAccount,
  what: Pick<WriterPlan, "mode" | "from" | "count">,
): Promise<WaySeconds> {
  const folder = await mkdtemp(join(tmpdir(), "diwan-bench-"));
  try {
    const plan: WriterPlan = {
      ...{ ...what, nodes: network.rpcUrls, chainId: network.chainId, key: key.privateKey, pollMs: 500, sayEvery: 0 },
      ...{ store: join(folder, "outbox.db"), to: await office.attestations.getAddress() },
      confirmations: confirmationsFor({ kind: "clique", validators: network.nodes.length }),
    };
    let began = 0;
    let wall: Promise<number> | undefined;
    let figures: WriterFigures | undefined;
    const begin = async (): Promise<void> => {
      const before = await office.provider.getBlockNumber();
      while ((await office.provider.getBlockNumber()) === before) await setTimeout(20);
      began = performance.now();
      wall = allWritten(office, key.address, what.count).then(() => performance.now() - began);
    };
    await runWriter(plan, begin, (said) => {
      figures = said as WriterFigures;
    });
    return { wall: (await wall!) / 1_000, cpu: figures!.cpuMs / 1_000, taken: figures!.takenMs / 1_000 };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function allWritten(office: Office, address: string, count: number): Promise<void> {
  while ((await office.provider.getTransactionCount(address, "latest")) < count) await setTimeout(50);
}

function mediansOf(ways: readonly WaySeconds[]): WaySeconds {
  const of = (field: keyof WaySeconds) => median(ways.map((way) => way[field]));
  return { wall: of("wall"), cpu: of("cpu"), taken: of("taken") };
}
