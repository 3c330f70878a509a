import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import promises, { copyFile, mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { hostname } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { hexlify } from "ethers";

import { handOut } from "../../src/health/handOut.js";
import { createKeyStore, openKeyStore, readKeyStore } from "../../src/health/keyStore.js";
import type { KeyStoreState } from "../../src/health/keyStoreState.js";
import { newWallet, sealWallet } from "../../src/identity/wallet.js";
import { CHEAP, codeOf, keyStoreFolder, PASSWORD, plainDocument, requestOf, ROWS } from "./keyStoreFixture.js";

describe("key store", () => {
  const at = keyStoreFolder();
  const open = (password = PASSWORD) => openKeyStore(at.path, password, CHEAP);

  describe("its keys", () => {
    it("are 32 random bytes a patient, and stay the same", async () => {
      const store = await at.filled();
      const keys = ["patient 7", "patient 8"].map((patient) => hexlify(store.keyOf(patient)));
      expect(new Set(keys).size).to.equal(2);
      for (const key of keys) expect(key).to.match(/^0x[0-9a-f]{64}$/);
      await store.addPatients(["patient 8", "patient 9"]);
      await store.close();
      const again = await open();
      expect(["patient 7", "patient 8"].map((patient) => hexlify(again.keyOf(patient)))).to.deep.equal(keys);
      expect([...again.state.patients.keys()]).to.deep.equal(["patient 7", "patient 8", "patient 9"]);
      await again.close();
    });

    it("are nobody's that was not added, whatever the name", async () => {
      const store = await at.filled();
      for (const name of ["patient 9", "", "__proto__", "constructor", "toString"]) {
        expect(await codeOf(() => store.keyOf(name))).to.equal("PATIENT_UNKNOWN");
      }
      const names = ["__proto__", "constructor", "é\u0000\"'"];
      await store.addPatients(names);
      expect(await codeOf(store.addPatients(["patient 10", ""]))).to.equal("RECORD_MALFORMED");
      const keys = names.map((name) => hexlify(store.keyOf(name)));
      await store.close();
      const again = await open();
      expect(names.map((name) => hexlify(again.keyOf(name)))).to.deep.equal(keys);
      expect(await codeOf(() => again.keyOf("patient 10"))).to.equal("PATIENT_UNKNOWN");
      await again.close();
    });
  });

  describe("its file", () => {
    it("is for its owner alone, with nothing beside it and nothing secret in plain", async () => {
      const store = await at.filled();
      await handOut(store, requestOf(ROWS[0]!));
      const text = await readFile(at.path, "utf8");
      const secrets = [hexlify(store.keyOf("patient 7")).slice(2), "patient 7", "Observation/f001", "handOuts"];
      const plain = await plainDocument(text);
      for (const secret of secrets) {
        // What is searched for is in it.
        if (secret !== "handOuts") expect(plain).to.include(secret);
        for (const form of [secret, Buffer.from(secret).toString("hex"), Buffer.from(secret).toString("base64url")]) {
          expect(text.toLowerCase()).not.to.include(form.toLowerCase());
        }
      }
      await store.close();
      expect(await readdir(at.folder)).to.deep.equal(["keys.json"]);
      if (process.platform !== "win32") expect((await stat(at.path)).mode & 0o777).to.equal(0o600);
    });

    it("is refused with a wrong password, an empty one, when it is missing, there already, or damaged", async () => {
      expect(await codeOf(open())).to.equal("KEY_STORE_MISSING");
      expect(await codeOf(createKeyStore(at.path, "", CHEAP))).to.equal("KEY_STORE_PASSWORD");
      await (await at.filled()).close();
      expect(await codeOf(createKeyStore(at.path, PASSWORD, CHEAP))).to.equal("KEY_STORE_EXISTS");
      expect(await codeOf(open("wrong"))).to.equal("KEY_STORE_PASSWORD");
      const text = await readFile(at.path, "utf8");
      await writeFile(at.path, text.slice(0, -20));
      expect(await codeOf(open())).to.equal("KEY_STORE_MALFORMED");
      await writeFile(at.path, text.replace(/"document": "(.{20})./, '"document": "$1_'));
      expect(await codeOf(open())).to.equal("KEY_STORE_DAMAGED");
      await writeFile(at.path, text.replace('"version": 1', '"version": 2'));
      expect(await codeOf(open())).to.equal("KEY_STORE_VERSION");
      await writeFile(at.path, await sealWallet(newWallet(), PASSWORD, CHEAP));
      expect(await codeOf(open())).to.equal("KEY_STORE_DAMAGED");
      await writeFile(at.path, text);
      await (await open()).close();
    });

    it("is locked until it is closed, but not by a process that is dead", async () => {
      const store = await at.filled();
      expect(await codeOf(open())).to.equal("KEY_STORE_BUSY");
      await store.close();
      await store.close();
      expect(await codeOf(store.addPatients(["late"]))).to.equal("KEY_STORE_BUSY");
      for (const taken of [`${hostname()} ${process.ppid} nonce`, `elsewhere ${process.pid} nonce`, "", "1"]) {
        await writeFile(`${at.path}.lock`, taken);
        expect(await codeOf(open()), taken).to.equal("KEY_STORE_BUSY");
      }
      // No process has this number: Linux ends at 2^22, macOS at 99,998.
      for (const stale of [`${hostname()} 99999999 nonce`, `${hostname()} ${process.pid} nonce`]) {
        await writeFile(`${at.path}.lock`, stale);
        await (await open()).close();
        expect(await readdir(at.folder)).to.deep.equal(["keys.json"]);
      }
    });

    it("is read while it is open, and when it is closed, without a lock", async () => {
      const store = await at.filled();
      const keysOf = ({ patients }: KeyStoreState) =>
        [...patients].map(([patient, { key }]) => [patient, hexlify(key)]);
      const known = keysOf(store.state);
      expect(known).to.have.length.greaterThan(1);
      expect(keysOf(await readKeyStore(at.path, PASSWORD))).to.deep.equal(known);
      await store.close();
      expect(keysOf(await readKeyStore(at.path, PASSWORD))).to.deep.equal(known);
      expect(await readdir(at.folder)).to.deep.equal(["keys.json"]);
      expect(await codeOf(readKeyStore(at.path, "another"))).to.equal("KEY_STORE_PASSWORD");
      expect(await codeOf(readKeyStore(`${at.path}.not`, PASSWORD))).to.equal("KEY_STORE_MISSING");
    });

    it("takes away what a crash left beside it, and nothing else", async () => {
      await (await at.filled()).close();
      const leftover = `keys.json.${randomUUID()}.new`;
      const others = ["keys.json.new", "keys.json.backup", `other.json.${randomUUID()}.new`];
      for (const name of [leftover, ...others]) await writeFile(join(at.folder, name), "");
      await (await open()).close();
      expect((await readdir(at.folder)).sort()).to.deep.equal(["keys.json", ...others].sort());
    });

    it("is opened by one of many that try at once, over a stale lock too", async () => {
      await (await at.filled()).close();
      await writeFile(`${at.path}.lock`, `${hostname()} 99999999 nonce`);
      const stores = await Promise.allSettled(Array.from({ length: 8 }, () => open()));
      const opened = stores.filter((result) => result.status === "fulfilled");
      expect(opened).to.have.lengthOf(1);
      await opened[0]!.value.close();
    });
  });

  describe("save", () => {
    it("carries out what is asked for at once, one after the other, and writes it together", async () => {
      const store = await at.filled();
      const writes = new Set<number>();
      const watching = setInterval(() => void stat(at.path).then(({ ino }) => writes.add(ino)), 1);
      const requests = Array.from({ length: 60 }, (_, i) => requestOf(ROWS[0]!, { version: i + 1 }));
      const results = await Promise.allSettled([
        ...requests.map((request) => handOut(store, request)),
        handOut(store, requestOf(ROWS[0]!, { patient: "nobody" })),
        handOut(store, requestOf(ROWS[0]!, { source: '{"a":1,"a":2}' })),
      ]);
      clearInterval(watching);
      expect(results.map(({ status }) => status === "fulfilled")).to.deep.equal([
        ...requests.map(() => true),
        false,
        false,
      ]);
      expect(writes.size).to.be.lessThan(6);
      await store.close();
      const again = await open();
      const { handOuts } = again.state.patients.get("patient 7")!;
      expect(handOuts.map(({ version }) => version)).to.deep.equal(requests.map(({ version }) => version));
      await again.close();
    });

    it("leaves everything as it was when the file cannot be written, and goes on when it can", async () => {
      const store = await at.filled();
      const key = hexlify(store.keyOf("patient 7"));
      const aside = `${at.folder}-aside`;
      await rename(at.folder, aside);
      const failed = await store
        .save((draft) => draft.patients.delete("patient 7"))
        .then(
          () => undefined,
          (error: unknown) => error,
        );
      expect(failed).to.have.property("code", "ENOENT");
      expect(hexlify(store.keyOf("patient 7"))).to.equal(key);
      await rename(aside, at.folder);
      await store.addPatients(["patient 9"]);
      expect(hexlify(store.keyOf("patient 7"))).to.equal(key);
      await store.close();
      const again = await open();
      expect(again.state.patients.size).to.equal(3);
      await again.close();
    });

    it("brings no key back when the file was replaced and only its folder could not be synchronised", async () => {
      const store = await at.filled();
      const { open: real } = promises;
      promises.open = (path, ...rest) =>
        path === at.folder ? Promise.reject(new Error("no sync")) : real(path, ...rest);
      syncBuiltinESMExports();
      let failed: unknown;
      try {
        await store.save((draft) => draft.patients.delete("patient 7")).catch((error: unknown) => (failed = error));
      } finally {
        promises.open = real;
        syncBuiltinESMExports();
      }
      expect(failed).to.have.property("message", "no sync");
      await store.addPatients(["patient 9"]);
      expect([...store.state.patients.keys()]).to.deep.equal(["patient 8", "patient 9"]);
      await store.close();
      expect([...(await readKeyStore(at.path, PASSWORD)).patients.keys()]).to.deep.equal(["patient 8", "patient 9"]);
    });

    it("waits for all changes before it closes", async () => {
      const store = await at.filled();
      const late = store.addPatients(["patient 9"]);
      await store.close();
      await late;
      const again = await open();
      expect(again.state.patients.has("patient 9")).to.equal(true);
      await again.close();
    });
  });

  describe("changePassword", () => {
    it("closes the file to the old password, and copies from before to the new one", async () => {
      const store = await at.filled();
      const backup = join(at.folder, "backup", "keys.json");
      await mkdir(join(at.folder, "backup"));
      await copyFile(at.path, backup);
      const before = JSON.parse(await plainDocument(await readFile(at.path, "utf8"))) as { phrase: string };
      await store.changePassword("another");
      expect(await codeOf(store.changePassword(""))).to.equal("KEY_STORE_PASSWORD");
      const key = hexlify(store.keyOf("patient 7"));
      await store.close();
      expect(await codeOf(open())).to.equal("KEY_STORE_PASSWORD");
      expect(await codeOf(openKeyStore(backup, "another", CHEAP))).to.equal("KEY_STORE_PASSWORD");
      const again = await open("another");
      expect(hexlify(again.keyOf("patient 7"))).to.equal(key);
      await again.close();
      const after = JSON.parse(await plainDocument(await readFile(at.path, "utf8"), "another")) as { phrase: string };
      expect(after.phrase).not.to.equal(before.phrase);
    });
  });

  describe("a crash", () => {
    /** Starts a program that erases one patient after the other, and writes the certificates to a folder. */
    async function startErasing(): Promise<ChildProcess> {
      const script = join(at.folder, "erase.mjs");
      const source = (path: string) => JSON.stringify(new URL(`../../src/${path}.ts`, import.meta.url).href);
      await writeFile(
        script,
        `import { writeFileSync } from "node:fs";
         const { Wallet } = await import(${JSON.stringify(import.meta.resolve("ethers"))});
         const { openKeyStore } = await import(${source("health/keyStore")});
         const { eraseKey } = await import(${source("health/eraseKey")});
         const store = await openKeyStore(${JSON.stringify(at.path)}, ${JSON.stringify(PASSWORD)}, { scryptN: 2 });
         const signer = Wallet.createRandom();
         for (const patient of [...store.state.patients.keys()]) {
           await eraseKey(
             store,
             { patient, controller: 3, now: 1_800_000_000, reason: "ORDERED", tombstoned: [], chainId: 1, registry: "0x" + "ab".repeat(20) },
             signer,
             async (certificate, name) => writeFileSync(${JSON.stringify(join(at.folder, "delivered "))} + name, JSON.stringify(certificate)),
           );
           process.send("erased");
         }`,
      );
      const child = fork(script, { execArgv: ["--import", "tsx"] });
      child.once("exit", (code) => {
        if (code !== null && code !== 0) child.emit("error", new Error(`it ended with ${code}`));
      });
      await once(child, "message");
      return child;
    }

    it("at any moment leaves the old file or the new one, and never a key gone without its certificate", async function () {
      const store = await createKeyStore(at.path, PASSWORD, CHEAP);
      const patients = Array.from({ length: 200 }, (_, i) => `patient ${i}`);
      await store.addPatients(patients);
      await store.close();
      const countLeftovers = async () => (await readdir(at.folder)).filter((name) => name.endsWith(".new")).length;
      let erased = 0;
      for (const delay of [2, 19, 38, 71]) {
        const child = await startErasing();
        await new Promise((resolve) => setTimeout(resolve, delay));
        child.kill("SIGKILL");
        await once(child, "exit");
        const after = await open();
        expect(await countLeftovers()).to.equal(0);
        const undelivered = new Set(after.state.undelivered.map(({ patient }) => patient));
        const delivered = new Set(
          (await readdir(at.folder)).filter((name) => name.startsWith("delivered ")).map((name) => name.slice(10)),
        );
        for (const patient of patients) {
          const isKept = after.state.patients.has(patient);
          expect(isKept, patient).to.equal(!undelivered.has(patient) && !delivered.has(patient));
        }
        erased = patients.length - after.state.patients.size;
        await after.close();
      }
      expect(erased).to.be.greaterThan(0);
    });
  });
});
