import { readdir, readFile, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { bytesToHex, hexToBytes, randomBytes } from "@noble/hashes/utils.js";
import { HDNodeWallet } from "ethers";

import { lockFile, lockPath } from "../sealing/lockFile.js";
import { openDocument } from "../sealing/openDocument.js";
import { replaceFile } from "../sealing/replaceFile.js";
import { sealDocument, type SealOptions } from "../sealing/sealDocument.js";
import { SealError } from "../sealing/SealError.js";
import type { SealKind } from "../sealing/sealKind.js";
import type { HandOut } from "./erasureCertificate.js";
import { HealthError } from "./HealthError.js";
import {
  entryOf,
  type KeyStoreChange,
  type KeyStoreDraft,
  type KeyStoreState,
  type UndeliveredCertificate,
} from "./keyStoreState.js";

const KIND: SealKind = {
  name: "key store",
  type: "diwan-patient-keys+json",
  purpose: "diwan patient keys document 1",
  version: 1,
};
const KEY_BYTES = 32;

/** A controller's key store, open and locked. */
export interface KeyStore {
  /** What is in the file now. */
  readonly state: KeyStoreState;
  /**
   * The key of a patient; the same bytes for all who ask, which become zeros when the key is destroyed.
   *
   * @throws HealthError PATIENT_UNKNOWN
   */
  readonly keyOf: (patient: string) => Uint8Array;
  /**
   * Makes keys for patients that have none, at random; the others keep theirs.
   *
   * @throws HealthError RECORD_MALFORMED when a name is empty.
   */
  readonly addPatients: (patients: Iterable<string>) => Promise<void>;
  /**
   * Writes a change. When it returns, the change is on the disk; when it throws, the old state counts, unless the new file stands
   * and only its folder could not be synchronised: `state` tells. Changes are carried out
   * one after the other, and those that wait meanwhile are written together.
   */
  readonly save: <T>(change: KeyStoreChange<T>) => Promise<T>;
  /**
   * Gives the file another password, and other words to derive its own key from. Copies of the file from before open with the
   * old password still: destroy that, and they are lost for everybody.
   *
   * @throws HealthError KEY_STORE_PASSWORD when it is empty.
   */
  readonly changePassword: (password: string) => Promise<void>;
  /** Lets others open the file. */
  readonly close: () => Promise<void>;
}

/**
 * Makes a controller's key store and opens it, for Node alone. It holds a random key for each patient, which the salts of the
 * patient's records come of, and who was given which record; encrypted with a password as a holder's wallet is.
 *
 * Each write encrypts the whole file anew: some two seconds of a processor for 100,000 patients, most of them for the password's
 * sake, and 120 bytes a patient. Use several stores for many more.
 *
 * Warning: destroying a key (`eraseKey`) cannot reach copies of the file, such as backups, and what a disk keeps of the file
 * that was replaced. Whoever has such a copy and its password has the key. Keep the password apart from the copies, such as in
 * a hardware module; after an erasure, or once in a period that the controller answers for, call `changePassword` and destroy
 * the old password: then older copies open for nobody. Make a new backup after that, since the old ones are gone too.
 *
 * @param path The file; its folder must be there.
 * @param password Its password.
 * @param options How costly guessing is made.
 * @throws HealthError KEY_STORE_EXISTS; KEY_STORE_BUSY; KEY_STORE_PASSWORD when it is empty; what the file system throws.
 * @example
 * ```ts
 * const store = await createKeyStore("keys.json", password);
 * await store.addPatients(["patient 7"]);
 * ```
 */
export async function createKeyStore(path: string, password: string, options: SealOptions = {}): Promise<KeyStore> {
  const unlock = await lock(path);
  try {
    if ((await read(path)) !== undefined)
      throw new HealthError("KEY_STORE_EXISTS", `there is a file at ${path} already`);
    const secrets = { phrase: newPhrase(), password };
    const store = opened(path, { patients: new Map(), undelivered: [], secrets }, options, unlock);
    await store.save(() => undefined);
    return store;
  } catch (error) {
    await unlock();
    throw error;
  }
}

/**
 * Opens a controller's key store, for Node alone, and locks it until it is closed.
 *
 * @param path The file.
 * @param password Its password.
 * @param options How costly guessing is made when it is written again.
 * @throws HealthError KEY_STORE_MISSING; KEY_STORE_BUSY when another program has it open; KEY_STORE_PASSWORD,
 * KEY_STORE_MALFORMED, KEY_STORE_DAMAGED, KEY_STORE_VERSION; what the file system throws.
 * @example
 * ```ts
 * const store = await openKeyStore("keys.json", password);
 * await deliverCertificates(store, send);
 * ```
 */
export async function openKeyStore(path: string, password: string, options: SealOptions = {}): Promise<KeyStore> {
  const unlock = await lock(path);
  try {
    await removeLeftovers(path);
    const { phrase, document } = await openFile(path, password);
    const secrets = { phrase, password };
    return opened(path, { ...fromDocument(document), secrets }, options, unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

/**
 * Reads what is in a controller's key store, for Node alone, and takes no lock: another program may have it open, as when the
 * integrity monitor runs beside it. What was read does not follow later changes, an erasure among them: keep it no longer than it
 * takes.
 *
 * @param path The file.
 * @param password Its password.
 * @throws HealthError KEY_STORE_MISSING, KEY_STORE_PASSWORD, KEY_STORE_MALFORMED, KEY_STORE_DAMAGED, KEY_STORE_VERSION; what the
 * file system throws.
 * @example
 * ```ts
 * const { patients } = await readKeyStore("keys.json", password);
 * ```
 */
export async function readKeyStore(path: string, password: string): Promise<KeyStoreState> {
  const { document } = await openFile(path, password);
  return fromDocument(document);
}

async function openFile(path: string, password: string): Promise<{ phrase: string; document: KeyStoreDocument }> {
  const text = await read(path);
  if (text === undefined) throw new HealthError("KEY_STORE_MISSING", `there is no file at ${path}`);
  try {
    const { phrase, document } = await openDocument(KIND, text, password);
    return { phrase, document: document as KeyStoreDocument };
  } catch (error) {
    throw storeError(error);
  }
}

/** What is encrypted. */
interface KeyStoreDocument {
  patients: [patient: string, key: string, handOuts: readonly HandOut[]][];
  undelivered: readonly UndeliveredCertificate[];
}

/** What the file is encrypted with. */
interface Secrets {
  readonly phrase: string;
  readonly password: string;
}

interface Draft extends KeyStoreDraft {
  secrets: Secrets;
}

/** A change that waits, and who waits for it. */
interface Waiting {
  readonly carryOut: (draft: Draft) => Promise<void>;
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}

function opened(
  path: string,
  first: KeyStoreState & { secrets: Secrets },
  options: SealOptions,
  unlock: () => Promise<void>,
): KeyStore {
  let state = first;
  let isOpen = true;
  let waiting: Waiting[] = [];
  let working: Promise<void> | undefined;

  const adopt = (next: Draft): void => {
    const before = state.patients;
    state = next;
    for (const [patient, { key }] of before) if (next.patients.get(patient)?.key !== key) key.fill(0);
  };

  const write = async (next: Draft): Promise<void> => {
    const { phrase, password } = next.secrets;
    let text: string | undefined;
    try {
      text = await sealDocument(KIND, phrase, toDocument(next), password, options);
      await replaceFile(path, text, (written) => openDocument(KIND, written, password));
    } catch (error) {
      // The new file may stand already, where its folder alone could not be synchronised. Then it counts: the next write must
      // not bring back a key that this one left out.
      if (text !== undefined && (await read(path).catch(() => undefined)) === text) adopt(next);
      throw storeError(error);
    }
    adopt(next);
  };

  /** Carries out what waits, and writes it together. */
  const writeGroup = async (group: readonly Waiting[]): Promise<void> => {
    const draft: Draft = { ...state, patients: new Map(state.patients) };
    const carriedOut: Waiting[] = [];
    for (const change of group) {
      try {
        await change.carryOut(draft);
        carriedOut.push(change);
      } catch (error) {
        change.fail(error);
      }
    }
    try {
      if (carriedOut.length > 0) await write(draft);
      for (const change of carriedOut) change.done();
    } catch (error) {
      for (const change of carriedOut) change.fail(error);
    }
  };

  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      await writeGroup(group);
    }
    working = undefined;
  };

  const change = async <T>(make: (draft: Draft) => T | Promise<T>): Promise<T> => {
    if (!isOpen) throw new HealthError("KEY_STORE_BUSY", "the key store was closed");
    let made: { value: T } | undefined;
    await new Promise<void>((done, fail) => {
      const carryOut = async (draft: Draft) => {
        made = { value: await make(draft) };
      };
      waiting.push({ carryOut, done, fail });
      // In the next turn, so that what is asked for in this one is written together.
      working ??= Promise.resolve().then(work);
    });
    return made!.value;
  };

  return {
    get state() {
      return state;
    },
    keyOf: (patient) => entryOf(state, patient).key,
    addPatients: (patients) => {
      const names = [...patients];
      return change((draft) => {
        if (names.includes("")) throw new HealthError("RECORD_MALFORMED", "a patient needs a name");
        for (const name of names) {
          if (!draft.patients.has(name)) draft.patients.set(name, { key: randomBytes(KEY_BYTES), handOuts: [] });
        }
      });
    },
    save: change,
    changePassword: (password) =>
      change((draft) => {
        if (password === "") throw new HealthError("KEY_STORE_PASSWORD", "a key store needs a password");
        draft.secrets = { phrase: newPhrase(), password };
      }),
    async close() {
      if (!isOpen) return;
      isOpen = false;
      await working;
      await unlock();
    },
  };
}

/** Words that serve the file alone. */
function newPhrase(): string {
  return HDNodeWallet.createRandom().mnemonic!.phrase;
}

function toDocument({ patients, undelivered }: KeyStoreState): KeyStoreDocument {
  const rows = [...patients].map(([patient, { key, handOuts }]) => {
    return [patient, bytesToHex(key), handOuts] satisfies KeyStoreDocument["patients"][number];
  });
  return { patients: rows, undelivered };
}

function fromDocument({ patients, undelivered }: KeyStoreDocument): KeyStoreState {
  const rows = patients.map(([patient, key, handOuts]) => [patient, { key: hexToBytes(key), handOuts }] as const);
  return { patients: new Map(rows), undelivered };
}

/** A write that a crash cut short left a file beside, with keys that may have been destroyed since. */
async function removeLeftovers(path: string): Promise<void> {
  const [folder, name] = [dirname(path), basename(path)];
  for (const beside of await readdir(folder)) {
    const isLeftover = beside.startsWith(`${name}.`) && /^[0-9a-f-]{36}\.new$/.test(beside.slice(name.length + 1));
    if (isLeftover) await rm(join(folder, beside), { force: true });
  }
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return undefined;
  });
}

async function lock(path: string): Promise<() => Promise<void>> {
  const unlock = await lockFile(path);
  if (unlock !== undefined) return unlock;
  const message = `another program has ${path} open; where none has, as after another machine broke down, remove ${lockPath(path)}`;
  throw new HealthError("KEY_STORE_BUSY", message);
}

function storeError(error: unknown): unknown {
  if (!(error instanceof SealError)) return error;
  return new HealthError(`KEY_STORE_${error.code}`, error.message, { cause: error.cause });
}
