// npm run outbox -- status|retry|export|watch … (`--help` explains)
// Looks into the store of an outbox, and sends what is under way again. No key is needed, nothing in the store is changed, and
// the process that writes may go on meanwhile.
// Exit codes: 0 done, and with status, retry and watch nothing is left to do (retry: the nodes have it all); 1 something is
// under way (status) or was not taken by any node (retry); 2 the arguments, the store or the nodes are unusable; 130 interrupted.
import { inspect, parseArgs } from "node:util";

import { DiwanError } from "../src/errors.js";
import { addressOption } from "./console/addressOption.js";
import { withoutPasswords } from "./console/withoutPasswords.js";
import { exportEntries } from "./outbox/exportEntries.js";
import { openStore } from "./outbox/openStore.js";
import { retryEntries } from "./outbox/retryEntries.js";
import { printStatus, readStatus } from "./outbox/status.js";
import { OptionsError } from "./console/OptionsError.js";
import { watchStore } from "./outbox/watchStore.js";

const USAGE = `npm run outbox -- status|retry|export|watch [--store PATH|URL] [--rpc URL[,URL…]] [--json]

  status   how many writes stand where, the oldest that is under way, and what troubles it
  retry    sends the same bytes of everything under way again, in order; needs nodes
  export   every write with its bytes, hashes and blocks, as JSON lines, for an auditor
  watch    prints what changes, until nothing is under way

  --store PATH|URL  the outbox's SQLite file, or postgres://…, in place of DIWAN_OUTBOX_STORE
  --rpc URL[,URL…]  nodes of the store's chain, in place of DIWAN_RPC_URL; status shows their newest blocks
  --json            for machines; export always is
  -h, --help        this text

An address with a password goes into the environment: options are seen in the list of processes, and are refused with one.

Exit codes: 0 nothing is under way (status, watch), the nodes have all (retry), done (export); 1 something is under way (status) or
was taken by no node (retry); 2 the arguments, the store or the nodes are unusable; 130 interrupted.
`;

process.once("SIGINT", () => process.exit(130));

try {
  process.exitCode = await main();
} catch (error) {
  console.error(withoutPasswords(error instanceof Error ? error.message : String(error)));
  if (error instanceof OptionsError) console.error(`\n${USAGE}`);
  else if (!(error instanceof DiwanError)) console.error(withoutPasswords(inspect(error)));
  process.exitCode = 2;
}

async function main(): Promise<number> {
  const { command, place, urls, json } = readArguments();
  if (command === "help") {
    console.log(USAGE);
    return 0;
  }
  const store = await openStore(place);
  try {
    if (command === "retry") return await retryEntries(store, urls, json);
    if (command === "export") return await exportEntries(store);
    if (command === "watch") return await watchStore(store, json);
    return printStatus(await readStatus(store, urls), json);
  } finally {
    await store.close();
  }
}

function readArguments() {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: { store: text, rpc: text, json: flag, help: { ...flag, short: "h" } },
    });
  } catch (error) {
    throw new OptionsError((error as Error).message);
  }
  const { values, positionals } = parsed;
  const [command = "", ...more] = values.help ? ["help"] : positionals;
  const isKnown = ["status", "retry", "export", "watch", "help"].includes(command) && more.length === 0;
  if (!isKnown) throw new OptionsError("one of status, retry, export and watch is needed");
  const place = addressOption("store", values.store, "DIWAN_OUTBOX_STORE") ?? "";
  if (command !== "help" && place === "") throw new OptionsError("--store or DIWAN_OUTBOX_STORE is needed");
  const urls = (addressOption("rpc", values.rpc, "DIWAN_RPC_URL") ?? "").split(",").filter((url) => url !== "");
  if (command === "retry" && urls.length === 0) throw new OptionsError("retry needs --rpc or DIWAN_RPC_URL");
  return { command, place, urls, json: values.json };
}
