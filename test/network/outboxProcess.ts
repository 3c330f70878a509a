// A process of its own for the tests of the outbox, which may be killed at any moment.
// node --import tsx test/network/outboxProcess.ts write|store|hold|cancel PLACE URL FROM TO
import { openOutbox } from "../../src/network/outbox/openOutbox.js";
import { openOutboxStore } from "../../src/network/outbox/openOutboxStore.js";
import type { OutboxEntry } from "../../src/network/outbox/OutboxEntry.js";
import { numbered, SIGNER } from "./outboxBench.js";

const AT_ONCE = 5;

const [, , mode, place = "", url = "", from = "1", to = "1"] = process.argv;
const store = await openOutboxStore(place);
if (mode === "store") await addEntries();
else await writeNumbers();

/** Says each number once it is durable, several at a time. */
async function writeNumbers(): Promise<void> {
  const options = { signer: SIGNER, chainId: 2026n, finality: { confirmations: 2 }, pollMs: 20, resendMs: 100 };
  const outbox = await openOutbox({ store, nodes: [url], ...options });
  console.log("open");
  if (mode === "hold") return;
  if (mode === "cancel") {
    await outbox.write(numbered(Number(from)), { id: `number ${from}` });
    await outbox.cancel(`number ${from}`);
    process.kill(process.pid, "SIGKILL");
  }
  for (let first = Number(from); first <= Number(to); first += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, Number(to) - first + 1) }, (_, i) => first + i);
    await Promise.all(
      numbers.map(async (number) => {
        await outbox.write(numbered(number), { id: `number ${number}` });
        console.log(`accepted ${number}`);
      }),
    );
  }
  await outbox.settled(`number ${to}`);
  console.log("done");
  await outbox.close();
  await store.close();
}

/** Adds to the store alone, ten in a transaction, as fast as it goes. */
async function addEntries(): Promise<void> {
  for (let first = Number(from); ; first += 10) {
    await store.add(Array.from({ length: 10 }, (_, i) => entryOf(first + i)));
    console.log(`accepted ${first + 9}`);
  }
}

function entryOf(nonce: number): OutboxEntry {
  const word = `0x${nonce.toString(16).padStart(64, "0")}`;
  return {
    ...{ id: `number ${nonce}`, key: SIGNER.address, chainId: "2026", nonce, state: "sent", raw: word.repeat(20) },
    ...{ hash: word, to: SIGNER.address, dataLength: 32, callHash: word, call: null, expiresAt: null, isFilled: false },
    cancelAskedAt: null,
    ...{ blockNumber: null, blockHash: null, succeeded: null, reason: null, createdAt: 0, settledAt: null },
    ...{ lastError: null, history: [] },
  };
}
