import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { HDNodeWallet, id, sha256, toUtf8Bytes, Wallet } from "ethers";
import { decodeProtectedHeader } from "jose";

import { NO_END } from "../../src/identity/attestation.js";
import { commitmentOf, newSalt, saltClaims, subjectOf } from "../../src/identity/claims.js";
import { IdentityError, type IdentityErrorCode } from "../../src/identity/IdentityError.js";
import { type HolderWallet, newWallet, openWallet, sealWallet, walletKey } from "../../src/identity/wallet.js";
import { readWalletFile, writeWalletFile } from "../../src/identity/walletFile.js";
import { canonicalJson, type Json } from "../../src/identity/json.js";

const PASSWORD = "correct horse battery staple";
/** Guessing is cheap here, so that tests are quick. */
const CHEAP = { scryptN: 1_024 };

/** A wallet with one DID and one attestation of two claims. */
function filledWallet(): HolderWallet {
  const wallet = newWallet();
  const did = `did:ethr:0x7a69:${walletKey(wallet, 1).address}`;
  const claims = saltClaims({ family: "Çelebi", over18: true });
  const subjectSalt = newSalt();
  const attestation = {
    issuer: 3,
    schema: id("schema"),
    subject: subjectOf(subjectSalt, did),
    commitment: commitmentOf(claims),
    validFrom: 1_767_225_600,
    expiresAt: NO_END,
  };
  return {
    ...wallet,
    dids: [{ did, purpose: "the town hall", key: 1 }],
    attestations: [{ attestation, claims, did, subjectSalt }],
  };
}

async function codeOf(promise: Promise<unknown>): Promise<IdentityErrorCode | "none"> {
  try {
    await promise;
    return "none";
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error;
    return error.code;
  }
}

/** The file with its checksum mended, as somebody would who alters it on purpose. */
function mended(text: string, change: (file: Record<string, Json>) => void): string {
  const file = JSON.parse(text) as Record<string, Json> & { "x-diwan": Record<string, Json> };
  change(file);
  const sealed = file["x-diwan"];
  delete sealed.sha256;
  sealed.sha256 = sha256(toUtf8Bytes(canonicalJson(file))).slice(2);
  return JSON.stringify(file);
}

describe("wallet", () => {
  const wallet = filledWallet();
  let text: string;

  before(async () => {
    text = await sealWallet(wallet, PASSWORD, CHEAP);
  });

  describe("sealWallet and openWallet", () => {
    it("give back what was put in", async () => {
      expect(await openWallet(text, PASSWORD)).to.deep.equal(wallet);
    });

    it("are costly to guess when nothing is said", async () => {
      const file = JSON.parse(await sealWallet(wallet, PASSWORD)) as { Crypto: { kdfparams: unknown } };
      expect(file.Crypto.kdfparams).to.include({ n: 131_072, r: 8, p: 1 });
    });

    it("write another text each time", async () => {
      expect(await sealWallet(wallet, PASSWORD, CHEAP)).to.not.equal(text);
    });

    it("write nothing that is the holder's in plain", () => {
      const [held] = wallet.attestations;
      for (const secret of [
        ...wallet.phrase.split(" ").map((word) => ` ${word} `),
        wallet.dids[0]!.did,
        walletKey(wallet, 1).address,
        held!.attestation.subject,
        held!.subjectSalt,
        ...held!.claims.map(({ salt }) => salt),
        "family",
        "elebi",
        "town hall",
      ]) {
        for (const form of [secret, secret.replace(/^0x/, ""), Buffer.from(secret).toString("hex")]) {
          expect(text.toLowerCase()).to.not.include(form.toLowerCase());
        }
      }
    });

    it("refuse an empty password", async () => {
      expect(await codeOf(sealWallet(wallet, "", CHEAP))).to.equal("WALLET_PASSWORD");
    });

    it("refuse words that are none, and do not repeat them", async () => {
      const phrase = "twelve words that are none of the list";
      const error: unknown = await sealWallet({ ...wallet, phrase }, PASSWORD, CHEAP).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.instanceOf(IdentityError).with.property("code", "WALLET_MALFORMED");
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).to.not.include("twelve");
    });
  });

  describe("other programs", () => {
    it("ethers opens the file as it is, and finds key 0 and the words", async () => {
      const opened = await Wallet.fromEncryptedJson(text, PASSWORD);
      expect(opened).to.be.instanceOf(HDNodeWallet);
      expect((opened as HDNodeWallet).mnemonic!.phrase).to.equal(wallet.phrase);
      expect(opened.address).to.equal(walletKey(wallet, 0).address);
    });

    it("the document is a JWE that names its algorithms", () => {
      const { document } = (JSON.parse(text) as { "x-diwan": { document: string } })["x-diwan"];
      expect(decodeProtectedHeader(document)).to.deep.equal({
        alg: "dir",
        enc: "A256GCM",
        typ: "diwan-wallet+json",
        kid: walletKey(wallet, 0).address,
      });
    });

    it("the keys are those of BIP-44", () => {
      const phrase = "test test test test test test test test test test test junk";
      // The first account of these well-known words.
      expect(walletKey({ phrase }, 0).address).to.equal("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    });
  });

  describe("what is wrong is named", () => {
    it("a wrong password", async () => {
      expect(await codeOf(openWallet(text, `${PASSWORD} `))).to.equal("WALLET_PASSWORD");
    });

    it("a file cut short, wherever", async () => {
      for (let length = 0; length < text.trimEnd().length; length += 7) {
        expect(await codeOf(openWallet(text.slice(0, length), PASSWORD)), `${length}`).to.equal("WALLET_MALFORMED");
      }
    });

    it("a file of something else", async () => {
      for (const other of ["null", "3", "[]", "{}", '{"x-diwan":null}', await walletKey(wallet, 1).encrypt("x")]) {
        expect(await codeOf(openWallet(other, PASSWORD)), other).to.equal("WALLET_MALFORMED");
      }
    });

    it("a file of a later version", async () => {
      const later = text.replace('"version": 1', '"version": 2');
      expect(later).to.not.equal(text);
      expect(await codeOf(openWallet(later, PASSWORD))).to.equal("WALLET_VERSION");
    });

    it("one changed character, wherever it is", async () => {
      for (let at = 0; at < text.length; at += 11) {
        const other = text[at] === "7" ? "8" : "7";
        const code = await codeOf(openWallet(text.slice(0, at) + other + text.slice(at + 1), PASSWORD));
        // White space between the members means nothing; the version may have become a later one.
        const isFormat = code === "none" && /\s/.test(text[at]!);
        expect(isFormat || ["WALLET_DAMAGED", "WALLET_MALFORMED", "WALLET_VERSION"].includes(code), `${at}: ${code}`).to
          .be.true;
      }
    });

    it("a changed document whose checksum was mended", async () => {
      const forged = mended(text, (file) => {
        const sealed = file["x-diwan"] as { document: string };
        const parts = sealed.document.split(".");
        parts[3] = (parts[3]!.startsWith("A") ? "B" : "A") + parts[3]!.slice(1);
        sealed.document = parts.join(".");
      });
      expect(await codeOf(openWallet(forged, PASSWORD))).to.equal("WALLET_DAMAGED");
    });

    it("another wallet's document, or another's keystore with the same password", async () => {
      const other = JSON.parse(await sealWallet(filledWallet(), PASSWORD, CHEAP)) as Record<string, Json>;
      const forged = mended(text, (file) => {
        file["x-diwan"] = other["x-diwan"]!;
      });
      expect(await codeOf(openWallet(forged, PASSWORD))).to.equal("WALLET_DAMAGED");
    });

    it("words that were changed, which the keystore's own check does not cover", async () => {
      const forged = mended(text, (file) => {
        const extra = file["x-ethers"] as { mnemonicCiphertext: string };
        const first = extra.mnemonicCiphertext.startsWith("0") ? "1" : "0";
        extra.mnemonicCiphertext = first + extra.mnemonicCiphertext.slice(1);
      });
      expect(await codeOf(openWallet(forged, PASSWORD))).to.equal("WALLET_DAMAGED");
    });

    it("a key that was changed: no more can be said than that the password does not fit", async () => {
      const forged = mended(text, (file) => {
        const { Crypto } = file as unknown as { Crypto: { ciphertext: string } };
        Crypto.ciphertext = (Crypto.ciphertext.startsWith("0") ? "1" : "0") + Crypto.ciphertext.slice(1);
      });
      expect(await codeOf(openWallet(forged, PASSWORD))).to.equal("WALLET_PASSWORD");
    });

    it("a file that would have the reader use up its memory", async () => {
      const forged = mended(text, (file) => {
        (file as unknown as { Crypto: { kdfparams: { n: number } } }).Crypto.kdfparams.n = 2 ** 30;
      });
      expect(await codeOf(openWallet(forged, PASSWORD))).to.equal("WALLET_MALFORMED");
    });

    it("what asks for memory under a second name that differs in case is not read", async () => {
      type Costly = { Crypto: { kdfparams: { n: number } } };
      const costly = ({ Crypto }: Costly) => ({ ...Crypto, kdfparams: { ...Crypto.kdfparams, n: 2 ** 30 } });
      for (const change of [
        (file: Costly) => ({ crypto: costly(file), ...file }),
        (file: Costly) => ({ ...file, Crypto: { KDFPARAMS: costly(file).kdfparams, ...file.Crypto } }),
        (file: Costly) => ({ ...file, Crypto: { KDF: "pbkdf2", ...file.Crypto } }),
        (file: Costly) => ({
          ...file,
          Crypto: { ...file.Crypto, kdfparams: { N: 2 ** 30, ...file.Crypto.kdfparams } },
        }),
      ]) {
        const other = change(JSON.parse(text) as Costly) as unknown as Record<string, Json>;
        const forged = mended(JSON.stringify(other), () => undefined);
        expect(await openWallet(forged, PASSWORD)).to.deep.equal(wallet);
      }
    });
  });

  describe("walletKey", () => {
    it("gives keys that have nothing in common", () => {
      const addresses = [0, 1, 2, 2 ** 31 - 1].map((number) => walletKey(wallet, number).address);
      expect(new Set(addresses).size).to.equal(4);
    });

    it("refuses a number that names no key", () => {
      for (const number of [-1, 0.5, 2 ** 31, Number.NaN]) {
        expect(() => walletKey(wallet, number), `${number}`)
          .to.throw(IdentityError)
          .with.property("code", "WALLET_MALFORMED");
      }
    });
  });

  describe("files", () => {
    let folder: string;
    let path: string;

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), "diwan-wallet-"));
      path = join(folder, "holder.wallet.json");
    });

    afterEach(() => rm(folder, { recursive: true, force: true }));

    it("are written and read, for their owner alone", async () => {
      await writeWalletFile(path, wallet, PASSWORD, CHEAP);
      expect(await readWalletFile(path, PASSWORD)).to.deep.equal(wallet);
      expect(await readdir(folder)).to.deep.equal(["holder.wallet.json"]);
      if (process.platform !== "win32") expect((await stat(path)).mode & 0o777).to.equal(0o600);
    });

    it("say so when there is none", async () => {
      expect(await codeOf(readWalletFile(path, PASSWORD))).to.equal("WALLET_MISSING");
    });

    it("stay as they were when the new one cannot be written", async () => {
      await writeWalletFile(path, wallet, PASSWORD, CHEAP);
      const before = await readFile(path, "utf8");
      expect(await codeOf(writeWalletFile(path, { ...wallet, phrase: "none" }, PASSWORD, CHEAP))).to.equal(
        "WALLET_MALFORMED",
      );
      expect(await readFile(path, "utf8")).to.equal(before);
      expect(await readdir(folder)).to.have.lengthOf(1);
    });

    it("are whole at any moment at which the writer is killed", async function () {
      await writeWalletFile(path, wallet, PASSWORD, CHEAP);
      const script = join(folder, "write.mjs");
      const module = new URL("../../src/identity/walletFile.ts", import.meta.url).href;
      await writeFile(
        script,
        `const { readWalletFile, writeWalletFile } = await import(${JSON.stringify(module)});
         const wallet = await readWalletFile(${JSON.stringify(path)}, ${JSON.stringify(PASSWORD)});
         process.send("ready");
         for (;;) await writeWalletFile(${JSON.stringify(path)}, wallet, ${JSON.stringify(PASSWORD)}, { scryptN: 2 });`,
      );
      for (const delay of [3, 17, 41]) {
        const child = fork(script, { execArgv: ["--import", "tsx"] });
        await once(child, "message");
        await new Promise((resolve) => setTimeout(resolve, delay));
        child.kill("SIGKILL");
        await once(child, "exit");
        expect(await readWalletFile(path, PASSWORD)).to.deep.equal(wallet);
      }
    });
  });
});
