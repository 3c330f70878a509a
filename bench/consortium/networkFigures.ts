import { startCliqueNetwork } from "../../scripts/network/cliqueNetwork.js";
import { findGeth } from "../../scripts/network/findGeth.js";
import { openOffice } from "../../test/consortium/office.js";

import { makeKinds } from "./kinds.js";
import { type LostWrites, lostWrites } from "./lostWrites.js";
import { type LoadFigures, measureLoad } from "./measureLoad.js";
import { type OutboxCost, outboxCost } from "./outboxCost.js";
import { signLoad } from "./signLoad.js";

/** What was measured on real validators. */
export interface NetworkFigures {
  readonly validators: number;
  readonly loads: readonly LoadFigures[];
  readonly outbox: OutboxCost;
  readonly lost: LostWrites;
}

/** How much to measure. */
export interface NetworkPlan {
  readonly gasLimit: number;
  readonly period: number;
  /** Full blocks of each kind of write. */
  readonly blocks: number;
  readonly voters: number;
  /** Writes of a round of raw sending and of the outbox, and the rounds. */
  readonly writes: number;
  readonly rounds: number;
  /** Writes during the fault. */
  readonly lost: number;
  readonly note: (text: string) => void;
}

/** Measures on one network of five, one after the other. */
export async function networkFigures(plan: NetworkPlan): Promise<NetworkFigures> {
  const { gasLimit, period, blocks, note } = plan;
  const network = await startCliqueNetwork({ geth: await findGeth(undefined, note), gasLimit, period });
  try {
    const office = await openOffice(network.rpcUrls[0]!, network.chainId);
    note("five validators run, with the contracts; an election is held");
    const loads: LoadFigures[] = [];
    for (const kind of await makeKinds(office, plan.voters)) {
      // One block more, as the last is not full.
      const load = await signLoad(office, network.chainId, gasLimit, kind, blocks + 0.5);
      note(`${kind.name}: ${load.raws.length} transactions are signed`);
      loads.push(await measureLoad(network, load));
      note(`${kind.name}: ${loads.at(-1)!.itemsPerSecond.toFixed(0)} a second`);
    }
    const outbox = await outboxCost(network, office, plan.writes, plan.rounds);
    note("the outbox was compared with raw sending");
    const lost = await lostWrites(network, office, plan.lost);
    note(`a client that sends once lost ${lost.naive} of ${lost.writes} writes`);
    office.provider.destroy();
    return { validators: network.nodes.length, loads, outbox, lost };
  } finally {
    await network.stop();
  }
}
