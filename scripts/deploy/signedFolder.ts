import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { replaceFile } from "../../src/sealing/replaceFile.js";

/** A transaction as it was signed, before it was sent. */
export interface SignedTransaction {
  nonce: number;
  to: string | null;
  /** What was asked for, without what a gas model adds. */
  data: string;
  raw: string;
  /** As the node tells it; of the bytes, until it has. */
  hash: string;
  /** What was signed with the nonce before, and has expired. */
  earlier?: { raw: string; hash: string }[];
}

/** Keeps what was signed, a file each by its nonce, so that a process that dies can send the same bytes again. */
export interface SignedFolder {
  /** By nonce, ascending. */
  all(): Promise<SignedTransaction[]>;
  get(nonce: number): Promise<SignedTransaction | undefined>;
  /** Resolves when it is on the disk. */
  put(transaction: SignedTransaction): Promise<void>;
}

/** Opens a folder, which is made if it is not there. */
export async function openSignedFolder(folder: string): Promise<SignedFolder> {
  await mkdir(folder, { recursive: true });
  const path = (nonce: number) => join(folder, `${nonce}.json`);
  const read = async (file: string) => JSON.parse(await readFile(file, "utf8")) as SignedTransaction;
  return {
    async all() {
      const names = (await readdir(folder)).filter((name) => /^\d+\.json$/.test(name));
      const found = await Promise.all(names.map((name) => read(join(folder, name))));
      return found.sort((a, b) => a.nonce - b.nonce);
    },
    async get(nonce) {
      return read(path(nonce)).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      });
    },
    async put(transaction) {
      const text = `${JSON.stringify(transaction)}\n`;
      await replaceFile(path(transaction.nonce), text, async (written) => JSON.parse(written) as unknown);
    },
  };
}
