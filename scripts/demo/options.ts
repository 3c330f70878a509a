import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { OptionsError } from "../console/OptionsError.js";
import { readNumber } from "../console/readNumber.js";

import { listFiles, MOST_FILES } from "./evidenceFiles.js";

/** What a person may choose of the main job. Periods left out are as long as the chain's blocks make them: `settlePeriods`. */
export interface DemoOptions {
  /** Folder that the exported files go to. */
  out: string;
  /** Report for machines. */
  json: boolean;
  /** Node to use in place of a chain inside this process. */
  rpc?: string;
  /** A network of validators to start and use in place of that. */
  network?: "consortium";
  /** Licences in the large Merkle batch. */
  batch: number;
  /** Files and folders that are deposited as evidence. */
  files: string[];
  /** Seconds that a decision of the council waits. */
  delay: number;
  /** Seconds that a decision of the recovery council waits. */
  recoveryDelay: number;
  /** Seconds that the licence which is to expire is good for. */
  lifetime?: number;
  /** Seconds that a request at the counter stays open. */
  lapse?: number;
  /** Seconds that the recovery of a DID waits, and the end of a freeze. */
  didDelay: number;
  /** Seconds that each step of the trustees' key ceremony may take. */
  step?: number;
  /** Seconds that the election is open. */
  voting?: number;
  /** Seconds that pass between one act and the next. */
  pause: number;
}

const DAY = 86_400;

/** Periods as an office would set them, where the clock can be moved. */
const LONG = {
  delay: 2 * DAY,
  "recovery-delay": 14 * DAY,
  lifetime: 90 * DAY,
  lapse: 14 * DAY,
  "did-delay": 3 * DAY,
  step: DAY,
  voting: 7 * DAY,
  pause: DAY,
};

/** Periods that one can wait for, where it cannot. */
const SHORT = {
  delay: 2,
  "recovery-delay": 6,
  lifetime: 30,
  lapse: 30,
  "did-delay": 4,
  step: 6,
  voting: 50,
  pause: 1,
};

/** For how many blocks each of the periods is longer there that must not end too early. It needs about half of them. */
const BLOCKS = { lifetime: 20, lapse: 20, step: 6, voting: 25 };
/** And for how many hundreds of keys that the machine would make meanwhile: 200 ballots, with their proofs, are work too. */
const HUNDREDS_OF_KEYS = { lifetime: 300, lapse: 300, step: 120, voting: 500 };

export const DEMO_HELP = `npm start -- [options]

The main job of Diwan: on a chain of its own it deploys the suite by Ignition under a council of 2 of 3, accredits HL7's
example organizations, attests licences of HL7's example practitioners (single, many, by one signature, in Merkle
batches), suspends, revokes, supersedes, withdraws and marks a key compromised, reads every status back with its reason,
exports everything to files and verifies it again from those files alone. HL7's example patients are the citizens: they
request at a counter, are attested, show single claims, and one of them loses his phone and gets his DID back. A hospital
anchors the whole record of a synthetic patient, who lets a doctor read, lists who did, and is forgotten at last. An
election of 200 voters is held: five trustees make the key, ballots are cast, audited, forged, relayed and counted. Files are
deposited as evidence, held by one body after another, sealed, tendered, challenged and admitted; a judgment is appealed
and reversed; and a court checks what it is given with no chain at hand.

Options
  --out <folder>            where the files go; its folders public, private, wallets,
                            shown, health, justice and ignition are
                            replaced                                     (out/demo)
  --files <path>            a file or folder to deposit as evidence; may be
                            given several times               (the project's documents and its FHIR files);
                            the first ${MOST_FILES} files are taken, without links in folders, and the very first
                            goes all the way to the court
  --json                    print the report as JSON, one entry a check with "ok"; \`npm start --silent\` leaves
                            out npm's own lines
  --rpc <url>               use this node, with free gas, in place of a chain inside this process; its clock is not
                            moved, so the periods below are waited for in block time, after measuring what a block takes
                            and how fast this machine computes
  --network consortium      start five validators on this machine, with a block a second, and use them in the same
                            way; what goes to the court is then proved by their own seals. Needs Go, with which geth
                            is built once
  --batch <number>          licences in the large Merkle batch           (1024)
  -h, --help                this text

Periods, in seconds
  --delay <seconds>         before a decision of the council is carried out
                            (${LONG.delay}; with --rpc ${SHORT.delay})
  --recovery-delay <secs>   the same of the council that recovers it
                            (${LONG["recovery-delay"]}; with --rpc ${SHORT["recovery-delay"]})
  --lifetime <seconds>      until the licence that is to expire does
                            (${LONG.lifetime}; with --rpc ${SHORT.lifetime} and ${BLOCKS.lifetime} blocks, and longer on a slow machine)
  --lapse <seconds>         that a request at the counter stays open
                            (${LONG.lapse}; with --rpc ${SHORT.lapse} and ${BLOCKS.lapse} blocks, and longer on a slow machine)
  --did-delay <seconds>     before guardians bring back a DID
                            (${LONG["did-delay"]}; with --rpc ${SHORT["did-delay"]})
  --step <seconds>          that a step of the key ceremony may take
                            (${LONG.step}; with --rpc ${SHORT.step} and ${BLOCKS.step} blocks, and longer on a slow machine)
  --voting <seconds>        that the election is open
                            (${LONG.voting}; with --rpc ${SHORT.voting} and ${BLOCKS.voting} blocks, and longer on a slow machine)
  --pause <seconds>         between one act and the next
                            (${LONG.pause}; with --rpc ${SHORT.pause})

With --network the periods are those of --rpc. With either the accounts come of the words in the environment variable
DIWAN_MNEMONIC, or else of Hardhat's well-known test words, which are fit for \`npm run node\` and for
nothing that matters.

Progress goes to stderr, the report to stdout.
Exit codes: 0 every check passed, 1 a check failed or the job broke, 2 the options are wrong.
`;

/** The options with all periods. */
export type SettledOptions = DemoOptions & Required<Pick<DemoOptions, keyof typeof BLOCKS>>;

/**
 * Gives the periods that nobody chose: where the clock is not moved, the slower the blocks and the machine, the longer.
 *
 * @param pace `blockTime`: seconds that a transaction takes there. `sharesBlocks`: whether what is sent at once gets into one block;
 * else the periods hold three times as many blocks. `keyTime`: seconds in which this machine makes a hundred keys.
 */
export function settlePeriods(
  options: DemoOptions,
  pace: { readonly blockTime: number; readonly sharesBlocks: boolean; readonly keyTime: number },
): SettledOptions {
  const { blockTime, sharesBlocks, keyTime } = pace;
  const period = (name: keyof typeof BLOCKS) => {
    const blocks = sharesBlocks ? BLOCKS[name] : 3 * BLOCKS[name];
    const waited = SHORT[name] + Math.ceil(blocks * blockTime + HUNDREDS_OF_KEYS[name] * keyTime);
    return options[name] ?? (isMoved(options) ? LONG[name] : waited);
  };
  return {
    ...options,
    ...{ lifetime: period("lifetime"), lapse: period("lapse"), step: period("step"), voting: period("voting") },
  };
}

/** Whether the chain's clock is moved, so that no period is waited for. */
const isMoved = ({ rpc, network }: { rpc?: string | undefined; network?: string | undefined }) =>
  rpc === undefined && network === undefined;

/**
 * Reads the command line.
 *
 * @returns the options, or "help" when that is asked for
 * @throws OptionsError
 */
export function readDemoOptions(args: readonly string[]): DemoOptions | "help" {
  const values = parse(args);
  if (values.help === true) return "help";
  if (values.rpc !== undefined && values.network !== undefined) {
    throw new OptionsError("--rpc and --network exclude each other: the job has one chain");
  }
  if (values.network !== undefined && values.network !== "consortium") {
    throw new OptionsError(`--network takes consortium, not ${values.network}`);
  }
  const periods = isMoved(values) ? LONG : SHORT;
  return {
    out: values.out ?? "out/demo",
    json: values.json ?? false,
    ...(values.rpc !== undefined && { rpc: readUrl(values.rpc) }),
    ...(values.network !== undefined && { network: values.network }),
    batch: readNumber("batch", values.batch, 1_024, 16, 100_000),
    files: readFiles(values.files),
    delay: readNumber("delay", values.delay, periods.delay),
    recoveryDelay: readNumber("recovery-delay", values["recovery-delay"], periods["recovery-delay"]),
    ...readPeriod("lifetime", values),
    ...readPeriod("lapse", values),
    didDelay: readNumber("did-delay", values["did-delay"], periods["did-delay"]),
    ...readPeriod("step", values),
    ...readPeriod("voting", values),
    pause: readNumber("pause", values.pause, periods.pause),
  };
}

function readPeriod(name: keyof typeof BLOCKS, values: ReturnType<typeof parse>) {
  return values[name] === undefined ? {} : { [name]: readNumber(name, values[name], 0, 1) };
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        out: text,
        json: flag,
        rpc: text,
        network: text,
        batch: text,
        files: { ...text, multiple: true },
        delay: text,
        "recovery-delay": text,
        lifetime: text,
        lapse: text,
        "did-delay": text,
        step: text,
        voting: text,
        pause: text,
        help: { ...flag, short: "h" },
      },
    }).values;
  } catch (error) {
    throw new OptionsError(error instanceof Error ? error.message : String(error));
  }
}

/** Three pieces at least are shown to the court; all are cut in memory. */
const [LEAST_BYTES, MOST_BYTES] = [3, 2 ** 30];

/** What is deposited when nobody says what. */
const OWN_FILES = ["../../docs", "vendor"].map((path) => fileURLToPath(new URL(path, import.meta.url)));

function readFiles(paths: readonly string[] = OWN_FILES): string[] {
  for (const path of paths) {
    if (!existsSync(path)) throw new OptionsError(`--files takes files and folders, and there is no ${path}`);
    const found = statSync(path);
    if (!found.isFile() && !found.isDirectory()) {
      throw new OptionsError(`--files takes files and folders, and ${path} is neither`);
    }
  }
  const sizes = listFiles(paths).map(({ size }) => size);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes < LEAST_BYTES || bytes > MOST_BYTES) {
    const held = `${sizes.length} files with ${bytes} bytes in ${paths.join(", ")}`;
    throw new OptionsError(`--files takes from ${LEAST_BYTES} bytes to 1 GiB, and there are ${held}`);
  }
  return [...paths];
}

function readUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new OptionsError(`--rpc takes an http or https address, not ${text}`);
  }
  return text;
}
