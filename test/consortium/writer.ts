// node --import tsx test/consortium/writer.ts <plan as JSON> <first number>
// Writes numbered attestations through an outbox, prints each number once its write was accepted, and goes on until it is killed
// or has written them all; then it waits until all are final, and prints "done".
import { JsonRpcProvider } from "ethers";

import { openOutbox } from "../../src/network/outbox/openOutbox.js";
import { sqliteStore } from "../../src/network/outbox/sqliteStore.js";

import { attestCall } from "./attestCall.js";
import { freeWallet } from "./office.js";

/** What the writer is to do. */
export interface WriterPlan {
  store: string;
  nodes: string[];
  chainId: number;
  key: string;
  attestations: string;
  count: number;
  confirmations: number;
}

const plan = JSON.parse(process.argv[2] ?? "") as WriterPlan;
const first = Number(process.argv[3]);
const store = await sqliteStore(plan.store);
const provider = new JsonRpcProvider(plan.nodes[0], plan.chainId, { staticNetwork: true });
const outbox = await openOutbox({
  ...{ store, nodes: plan.nodes, signer: freeWallet(provider, plan.key), chainId: BigInt(plan.chainId), pollMs: 300 },
  finality: { confirmations: plan.confirmations },
});
for (let n = first; n < plan.count; n++) {
  await outbox.write(attestCall(plan.attestations, n), { id: `${n}` });
  process.stdout.write(`${n}\n`);
}
for (let n = 0; n < plan.count; n++) await outbox.settled(`${n}`);
await outbox.close();
await store.close();
process.stdout.write("done\n");
