import { readFile } from "node:fs/promises";

import { HDNodeWallet } from "ethers";

import { lockFile, lockPath } from "../../sealing/lockFile.js";
import { openDocument } from "../../sealing/openDocument.js";
import { replaceFile } from "../../sealing/replaceFile.js";
import { sealDocument, type SealOptions } from "../../sealing/sealDocument.js";
import { SealError } from "../../sealing/SealError.js";
import type { SealKind } from "../../sealing/sealKind.js";
import { VotingError } from "../VotingError.js";
import type { TrusteeState } from "./trusteeState.js";

const KIND: SealKind = {
  name: "trustee file",
  type: "diwan-trustee+json",
  purpose: "diwan trustee document 1",
  version: 1,
};

/** A trustee's file, open and locked. */
export interface TrusteeFile {
  /** What is in the file now. */
  readonly state: TrusteeState;
  /**
   * Writes a new state. When it returns, the state is on the disk; when it throws, the old one counts. Changes wait for each
   * other.
   */
  readonly save: (change: (state: TrusteeState) => TrusteeState) => Promise<void>;
  /** Lets others open the file. */
  readonly close: () => Promise<void>;
}

/**
 * Makes a trustee's file and opens it, for Node alone. It holds secrets, encrypted with a password as a holder's wallet is.
 *
 * Warning: nobody can tell an old copy of the file from the latest one. Whoever puts an old copy back may deal a second
 * polynomial, or open a second sum: keep no copies from before the last step.
 *
 * @param path The file; its folder must be there.
 * @param trustee The chain, the trustees' contract, and the trustee's index.
 * @param password Its password.
 * @param options How costly guessing is made.
 * @throws VotingError TRUSTEE_FILE_EXISTS; TRUSTEE_FILE_BUSY; TRUSTEE_FILE_PASSWORD when it is empty; what the file system
 * throws.
 * @example
 * ```ts
 * const file = await createTrusteeFile("trustee.json", { chainId: 1n, contract, index: 2 }, password);
 * ```
 */
export async function createTrusteeFile(
  path: string,
  { chainId, contract, index }: { readonly chainId: bigint; readonly contract: string; readonly index: number },
  password: string,
  options: SealOptions = {},
): Promise<TrusteeFile> {
  const unlock = await lock(path);
  try {
    if ((await read(path)) !== undefined) {
      throw new VotingError("TRUSTEE_FILE_EXISTS", `there is a file at ${path} already`);
    }
    const state = { chainId: chainId.toString(), contract, index, rounds: {}, signed: {} };
    // The words serve the file alone.
    const phrase = HDNodeWallet.createRandom().mnemonic!.phrase;
    const file = opened(path, phrase, state, password, options, unlock);
    await file.save((same) => same);
    return file;
  } catch (error) {
    await unlock();
    throw error;
  }
}

/**
 * Opens a trustee's file, for Node alone, and locks it until it is closed.
 *
 * @param path The file.
 * @param password Its password.
 * @param options How costly guessing is made when it is written again.
 * @throws VotingError TRUSTEE_FILE_MISSING; TRUSTEE_FILE_BUSY when another program has it open; TRUSTEE_FILE_PASSWORD,
 * TRUSTEE_FILE_MALFORMED, TRUSTEE_FILE_DAMAGED, TRUSTEE_FILE_VERSION; what the file system throws.
 * @example
 * ```ts
 * const file = await openTrusteeFile("trustee.json", password);
 * ```
 */
export async function openTrusteeFile(path: string, password: string, options: SealOptions = {}): Promise<TrusteeFile> {
  const unlock = await lock(path);
  try {
    const text = await read(path);
    if (text === undefined) throw new VotingError("TRUSTEE_FILE_MISSING", `there is no file at ${path}`);
    const { phrase, document } = await openDocument(KIND, text, password);
    return opened(path, phrase, document as TrusteeState, password, options, unlock);
  } catch (error) {
    await unlock();
    throw trusteeError(error);
  }
}

function opened(
  path: string,
  phrase: string,
  first: TrusteeState,
  password: string,
  options: SealOptions,
  unlock: () => Promise<void>,
): TrusteeFile {
  let state = first;
  let isOpen = true;
  let last: Promise<unknown> = Promise.resolve();
  const write = async (change: (state: TrusteeState) => TrusteeState): Promise<void> => {
    if (!isOpen) throw new VotingError("TRUSTEE_FILE_BUSY", "the file was closed");
    const next = change(state);
    try {
      const text = await sealDocument(KIND, phrase, next, password, options);
      await replaceFile(path, text, (written) => openDocument(KIND, written, password));
    } catch (error) {
      throw trusteeError(error);
    }
    state = next;
  };
  return {
    get state() {
      return state;
    },
    save(change) {
      const saving = last.then(() => write(change));
      last = saving.catch(() => undefined);
      return saving;
    },
    async close() {
      await last;
      if (isOpen) await unlock();
      isOpen = false;
    },
  };
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return undefined;
  });
}

/** Two programs with one file would each deal a polynomial of its own. */
async function lock(path: string): Promise<() => Promise<void>> {
  const unlock = await lockFile(path);
  if (unlock !== undefined) return unlock;
  throw new VotingError(
    "TRUSTEE_FILE_BUSY",
    `another program has ${path} open; where none has, as after another machine broke down, remove ${lockPath(path)}`,
  );
}

function trusteeError(error: unknown): unknown {
  if (!(error instanceof SealError)) return error;
  return new VotingError(`TRUSTEE_FILE_${error.code}`, error.message, { cause: error.cause });
}
