import { hexlify } from "ethers";

import { treeOf } from "../../../test/helpers/batches.js";
import { CASE, evidenceFixture, exhibits } from "../../../test/helpers/evidence.js";
import type { Comparison } from "../Comparison.js";
import { easScene } from "../easScene.js";
import { gasRow } from "../gasRow.js";
import { openChain } from "../openChain.js";

/** Timestamps of EAS, which tell when a hash was there and no more, beside deposits of exhibits. */
export async function againstTimestamps(): Promise<Comparison[]> {
  const f = await evidenceFixture();
  const chain = openChain(f);
  const { police } = f.parties;
  const eas = await easScene(chain, { operator: police.key, stranger: f.stranger });
  const stamp = (hashes: string[]) => chain.call(eas.eas, "multiTimestamp", hashes);
  const depositMany = (hashes: string[]) => chain.gas(() => f.registry.depositMany(f.tool, hashes, CASE));
  const row = (operation: string, figures: readonly [number, number], besides: { they?: string; we: string }) =>
    gasRow(operation, "eas", figures, besides);

  const [one = ""] = exhibits(1);
  const single = [
    await chain.call(eas.eas, "timestamp", one),
    await chain.gas(() => f.registry.deposit(f.tool, one, CASE)),
  ] as const;
  const rows = [
    row("deposit one", single, {
      we: "who deposits it for which body, with what accredited tool and in what case, judged by the trust list; custody and state from then on",
    }),
  ];
  // A depositor's first writes the log's slots, which nobody pays again.
  await depositMany(exhibits(1, 1));
  const logged = {
    they: "one looks a hash up on the chain",
    we: "who, with what tool, in what case, judged by the trust list; the order, in an RFC 9162 log; one looks a hash up with a proof",
  };
  for (const [count, from] of [
    [1, 2],
    [10, 10],
    [100, 100],
    [400, 1_000],
  ] as const) {
    const hashes = exhibits(count, from);
    const figures = [await stamp(hashes), await depositMany(hashes)] as const;
    rows.push(row(`deposit ${count} in the log, in one transaction`, figures, logged));
  }
  const root = hexlify(treeOf(exhibits(4_096, 10_000)).root());
  const batch = [
    await chain.call(eas.eas, "timestamp", root),
    await chain.gas(() => f.registry.depositBatch(f.tool, root, 4_096n, CASE)),
  ] as const;
  rows.push(
    row("deposit 4,096 under one Merkle root", batch, {
      we: "who, with what tool, in what case, judged by the trust list; how many, so that each member can be singled out",
    }),
  );
  return rows;
}
