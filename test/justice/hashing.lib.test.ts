import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { createContext, runInContext } from "node:vm";

import { expect } from "chai";
import { build } from "esbuild";

import { DIGEST_ALGORITHMS, type DigestAlgorithm } from "../../src/justice/hashing/algorithms.js";
import { compareManifest } from "../../src/justice/hashing/compareManifest.js";
import { createDigesters } from "../../src/justice/hashing/createDigesters.js";
import { hashDirectory } from "../../src/justice/hashing/hashDirectory.js";
import { hashFile } from "../../src/justice/hashing/hashFile.js";
import { HashingError } from "../../src/justice/hashing/HashingError.js";
import { hashStream } from "../../src/justice/hashing/hashStream.js";
import {
  comparePaths,
  decodeManifest,
  encodeManifest,
  type Manifest,
  MANIFEST_SCHEMA,
} from "../../src/justice/hashing/manifest.js";
import { verifyDirectory } from "../../src/justice/hashing/verifyDirectory.js";
import { hasProgram } from "../helpers/hasProgram.js";

const hasOpenssl = hasProgram("openssl", ["version"]);
const hasMkfifo = hasProgram("mkfifo");
const whereRuns = (has: boolean) => (has ? it : () => undefined);

const ALL = Object.keys(DIGEST_ALGORITHMS) as DigestAlgorithm[];
const OPENSSL: Record<DigestAlgorithm, string> = { "sha-256": "sha256", "sha-512": "sha512", "sha3-512": "sha3-512" };

/** Examples of NIST for FIPS 180-4 and FIPS 202 (csrc.nist.gov, "Examples with Intermediate Values"), and of the empty text. */
const NIST: [text: string, digests: Record<DigestAlgorithm, string>][] = [
  [
    "",
    {
      "sha-256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "sha-512":
        "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce" +
        "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
      "sha3-512":
        "a69f73cca23a9ac5c8b567dc185a756e97c982164fe25859e0d1dcc1475c80a6" +
        "15b2123af1f5f94c11e3e9402c3ac558f500199d95b6d3e301758586281dcd26",
    },
  ],
  [
    "abc",
    {
      "sha-256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      "sha-512":
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a" +
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
      "sha3-512":
        "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e" +
        "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0",
    },
  ],
  [
    "a".repeat(1_000_000),
    {
      "sha-256": "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
      "sha-512":
        "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb" +
        "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b",
      "sha3-512":
        "3c3a876da14034ab60627c077bb98f7e120a2a5370212dffb3385a18d4f38859" +
        "ed311d0a9d5141ce9cc5c66ee689b266a8aa18ace8282a0e0db596c90b0a7b87",
    },
  ],
];

let folder: string;

/** An empty folder for each test of a group. */
function useFolder(): void {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "diwan-hashing-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
}

async function problemOf(run: () => unknown): Promise<HashingError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof HashingError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

async function codeOf(run: () => unknown): Promise<string> {
  return (await problemOf(run)).code;
}

function place(name: string, content: string | Uint8Array = name): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  return path;
}

function hexBy(bytes: Uint8Array): Record<string, string> {
  return Object.fromEntries(ALL.map((name) => [name, createHash(OPENSSL[name]).update(bytes).digest("hex")]));
}

function asRecord(digests: readonly { algorithm: string; value: string }[]): Record<string, string> {
  return Object.fromEntries(digests.map(({ algorithm, value }) => [algorithm, value]));
}

describe("hashFile", () => {
  useFolder();

  for (const [text, digests] of NIST)
    it(`gives NIST's digests of ${text.length.toLocaleString("en")} signs`, async () => {
      const { size, digests: found } = await hashFile(place("file", text), { algorithms: ALL });
      expect(size).to.equal(text.length);
      expect(asRecord(found)).to.deep.equal(digests);
    });

  whereRuns(hasOpenssl)("agrees with OpenSSL on a file of several pieces and a rest", async () => {
    const path = place("file", randomBytes(5 * 2 ** 20 + 12_345));
    const { digests } = await hashFile(path, { algorithms: ALL });
    for (const { algorithm, value } of digests)
      expect(execFileSync("openssl", ["dgst", "-r", `-${OPENSSL[algorithm]}`, path], { encoding: "utf8" })).to.contain(
        value,
      );
  });

  it("agrees with Node around the edges of its pieces", async () => {
    for (const size of [1, 2 ** 20 - 1, 2 ** 20, 2 ** 20 + 1, 2 ** 21]) {
      const bytes = randomBytes(size);
      const { digests } = await hashFile(place("file", bytes), { algorithms: ALL });
      expect(asRecord(digests), String(size)).to.deep.equal(hexBy(bytes));
    }
  });

  it("gives the digests in the order asked for, and tells how far it is", async () => {
    const steps: [number, number | undefined][] = [];
    const path = place("file", new Uint8Array(2 ** 20 + 5));
    const onProgress = (done: number, total?: number) => steps.push([done, total]);
    const { digests } = await hashFile(path, { algorithms: ["sha3-512", "sha-256"], onProgress });
    expect(digests.map(({ algorithm }) => algorithm)).to.deep.equal(["sha3-512", "sha-256"]);
    expect(steps).to.deep.equal([
      [2 ** 20, 2 ** 20 + 5],
      [2 ** 20 + 5, 2 ** 20 + 5],
    ]);
  });

  it("stops when it is aborted, before and midway", async () => {
    const path = place("file", new Uint8Array(3 * 2 ** 20));
    const algorithms = ALL;
    const stop = new AbortController();
    const reason = new Error("enough");
    const aborted = (signal: AbortSignal, onProgress: () => void = () => undefined) =>
      hashFile(path, { algorithms, signal, onProgress }).then(
        () => "finished",
        (error: unknown) => error,
      );
    expect(await aborted(AbortSignal.abort(reason))).to.equal(reason);
    let steps = 0;
    const midway = () => {
      steps++;
      stop.abort(reason);
    };
    expect(await aborted(stop.signal, midway)).to.equal(reason);
    expect(steps).to.equal(1);
  });

  it("refuses a file that is written to meanwhile, whatever way, and names it", async () => {
    const ways: Record<string, (path: string) => void> = {
      "made longer": (path) => {
        appendFileSync(path, "more");
      },
      "made shorter": (path) => {
        writeFileSync(path, "short");
      },
      "overwritten, its time set back": (path) => {
        writeFileSync(path, new Uint8Array(3 * 2 ** 20));
        utimesSync(path, 1, 1);
      },
      replaced: (path) => {
        writeFileSync(`${path}2`, new Uint8Array(3 * 2 ** 20));
        renameSync(`${path}2`, path);
      },
    };
    for (const [way, change] of Object.entries(ways)) {
      const path = place("evidence.bin", new Uint8Array(3 * 2 ** 20).fill(1));
      let done = false;
      const onProgress = () => {
        if (!done) change(path);
        done = true;
      };
      const problem = await problemOf(() => hashFile(path, { algorithms: ["sha-256"], onProgress }));
      expect(problem.code, way).to.equal("SOURCE_CHANGED");
      expect(problem.message).to.contain("evidence.bin");
    }
  });

  it("refuses what is no file, is not there, or is hashed by nothing known", async () => {
    const algorithms = ["sha-256"] as const;
    expect(await codeOf(() => hashFile(folder, { algorithms }))).to.equal("SOURCE_MALFORMED");
    expect(await codeOf(() => hashFile("/dev/null", { algorithms }))).to.equal("SOURCE_MALFORMED");
    expect(await codeOf(() => hashFile(join(folder, "none"), { algorithms }))).to.equal("SOURCE_UNREADABLE");
    const path = place("file");
    for (const bad of [[], ["md5"], ["sha-256", "sha-256"], ["toString"]])
      expect(await codeOf(() => hashFile(path, { algorithms: bad as DigestAlgorithm[] }))).to.equal(
        "ALGORITHM_UNKNOWN",
      );
  });

  whereRuns(hasMkfifo)("waits for no pipe", async () => {
    execFileSync("mkfifo", [join(folder, "pipe")]);
    expect(await codeOf(() => hashFile(join(folder, "pipe"), { algorithms: ALL }))).to.equal("SOURCE_MALFORMED");
  });
});

describe("hashStream", () => {
  it("gives the same of every kind of source, however it is cut", async () => {
    const bytes = new Uint8Array(randomBytes(3 * 2 ** 20 + 77));
    const cut = async function* (length: number) {
      for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
    };
    const sources = [
      ...[bytes, new Blob([bytes]), new Blob([bytes]).stream(), cut(1_000_003), cut(65_536)],
      Readable.from([Buffer.from(bytes.subarray(0, 5)), Buffer.from(bytes.subarray(5))]),
    ];
    for (const source of sources) {
      const { size, digests } = await hashStream(source, { algorithms: ALL });
      expect(size).to.equal(bytes.length);
      expect(asRecord(digests)).to.deep.equal(hexBy(bytes));
    }
  });

  it("gives the same by WebAssembly, which serves browsers", async () => {
    for (const [text, digests] of NIST) {
      const digesters = await createDigesters(ALL, "wasm");
      const bytes = new TextEncoder().encode(text);
      for (let at = 0; at < bytes.length; at += 999) digesters.update(bytes.subarray(at, at + 999));
      expect(asRecord(digesters.digests())).to.deep.equal(digests);
    }
  });

  it("hashes two streams at once by WebAssembly", async () => {
    const [one, two] = [await createDigesters(ALL, "wasm"), await createDigesters(ALL, "wasm")];
    one.update(Uint8Array.of(1));
    two.update(Uint8Array.of(2));
    one.update(Uint8Array.of(3));
    expect(asRecord(one.digests())).to.deep.equal(hexBy(Uint8Array.of(1, 3)));
    expect(asRecord(two.digests())).to.deep.equal(hexBy(Uint8Array.of(2)));
  });

  it("runs in a page, where nothing of Node's is", async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `import { hashStream } from "./src/justice/hashing/hashStream.ts";
          import { decodeManifest } from "./src/justice/hashing/manifest.ts";
          import { verifyTimeStampToken } from "./src/justice/anchors/verifyTimeStampToken.ts";
          import { verifyCosignature } from "./src/justice/anchors/verifyCosignature.ts";
          import { verifyOpenTimestamps } from "./src/justice/anchors/verifyOpenTimestamps.ts";
          globalThis.used = [decodeManifest, verifyTimeStampToken, verifyCosignature, verifyOpenTimestamps].length;
          globalThis.done = hashStream(new Uint8Array([97, 98, 99]), { algorithms: ["sha-256", "sha3-512"] });`,
        resolveDir: process.cwd(),
      },
      ...{ bundle: true, platform: "browser", format: "iife", write: false, logLevel: "silent" },
    });
    const page = createContext({
      TextEncoder,
      TextDecoder,
      Blob,
      crypto,
      setTimeout,
      clearTimeout,
      atob,
      btoa,
      URL,
    });
    runInContext("globalThis.self = globalThis.window = globalThis;", page);
    runInContext(outputFiles[0]!.text, page);
    const { digests } = (await runInContext("globalThis.done", page)) as Awaited<ReturnType<typeof hashStream>>;
    expect(digests[0]!.value).to.equal(NIST[1]![1]["sha-256"]);
    expect(digests[1]!.value).to.equal(NIST[1]![1]["sha3-512"]);
    expect(runInContext("globalThis.used", page)).to.equal(4);
  });

  it("refuses text and objects, and closes what it reads from when it stops", async () => {
    const texts = Readable.from(["a", "b"]) as AsyncIterable<unknown> as AsyncIterable<Uint8Array>;
    expect(await codeOf(() => hashStream(texts, { algorithms: ALL }))).to.equal("SOURCE_MALFORMED");
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        controller.enqueue(new Uint8Array(10));
      },
      cancel: () => {
        cancelled = true;
      },
    });
    const stop = new AbortController();
    const onProgress = (done: number) => {
      if (done >= 100) stop.abort();
    };
    const outcome = await hashStream(endless, { algorithms: ALL, signal: stop.signal, onProgress }).catch(
      (error: unknown) => (error as Error).name,
    );
    expect(outcome).to.equal("AbortError");
    expect(cancelled).to.equal(true);
  });

  it("passes on what a source throws", async () => {
    const failing = async function* () {
      yield Uint8Array.of(1);
      throw new RangeError("the disk is gone");
    };
    const outcome = await hashStream(failing(), { algorithms: ALL }).catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(RangeError);
  });
});

describe("hashDirectory", () => {
  useFolder();

  const options = { algorithms: ["sha-256", "sha3-512"] as const };

  it("lists every file in the order of its path's bytes, and hashes the list", async () => {
    const names = ["b.txt", "a/z.txt", "a-b.txt", "a/deep/er.txt", "\uff5e.txt", "\u{1f4f7}.txt", "empty"];
    for (const name of names) place(name, name === "empty" ? "" : name);
    mkdirSync(join(folder, "folder without files"));
    const { manifest, bytes, digests } = await hashDirectory(folder, options);
    const byBytes = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(manifest.files.map(({ path }) => path)).to.deep.equal(byBytes);
    expect(byBytes).to.not.deep.equal([...names].sort());
    for (const { path, size, digests: found } of manifest.files) {
      const content = readFileSync(join(folder, path));
      const { "sha-256": sha256, "sha3-512": sha3 } = hexBy(content);
      expect([size, asRecord(found)]).to.deep.equal([content.length, { "sha-256": sha256, "sha3-512": sha3 }]);
    }
    expect(digests[0]!.value).to.equal(createHash("sha256").update(bytes).digest("hex"));
    expect(decodeManifest(bytes)).to.deep.equal(manifest);
  });

  it("writes a manifest that anybody can write", async () => {
    place("x", "abc");
    const { bytes } = await hashDirectory(folder, { algorithms: ["sha-256"] });
    expect(new TextDecoder().decode(bytes)).to.equal(
      `{"files":[{"digests":[{"algorithm":"sha-256","value":"${NIST[1]![1]["sha-256"]}"}],"path":"x","size":3}],"schema":"diwan.manifest.v1"}`,
    );
  });

  it("takes a directory of nothing", async () => {
    expect((await hashDirectory(folder, options)).manifest.files).to.deep.equal([]);
  });

  it("tells how far it is over all files", async () => {
    place("a", "12345");
    place("b", "678");
    const steps: [number, number | undefined][] = [];
    await hashDirectory(folder, { ...options, onProgress: (done, total) => steps.push([done, total]) });
    expect(steps).to.deep.equal([
      [5, 8],
      [8, 8],
    ]);
  });

  it("refuses symbolic links, pipes and devices, wherever they lead, and names them", async function () {
    place("deep/file");
    symlinkSync("file", join(folder, "deep/link"));
    const problem = await problemOf(() => hashDirectory(folder, options));
    expect(problem.code).to.equal("ENTRY_REFUSED");
    expect(problem.message).to.contain("deep/link").and.to.contain("symbolic link");
    rmSync(join(folder, "deep/link"));
    symlinkSync(tmpdir(), join(folder, "out"));
    expect(await codeOf(() => hashDirectory(folder, options))).to.equal("ENTRY_REFUSED");
    rmSync(join(folder, "out"));
    if (!hasMkfifo) return;
    execFileSync("mkfifo", [join(folder, "pipe")]);
    expect(await codeOf(() => hashDirectory(folder, options))).to.equal("ENTRY_REFUSED");
  });

  it("refuses names that differ only by Unicode normalisation, of folders too", async () => {
    place("caf\u00e9/one");
    place("cafe\u0301/two");
    const problem = await problemOf(() => hashDirectory(folder, options));
    expect(problem.code).to.equal("NAMES_COLLIDE");
    expect(problem.message).to.contain("caf\\u00e9").and.to.contain("cafe\\u0301");
  });

  it("refuses names that are not in UTF-8, hold a backslash or a control character", async () => {
    // The last is what some terminals take for the start of a command, in one byte of Latin 1.
    const texts = ["a\\b", "a\nb", "a\u007f", "a\u009b2J"];
    const names = [Buffer.from([0x61, 0xff]), ...texts.map((text) => Buffer.from(text))];
    for (const name of names) {
      const path = Buffer.concat([Buffer.from(`${folder}/`), name]);
      writeFileSync(path, "");
      const problem = await problemOf(() => hashDirectory(folder, options));
      expect(problem.code, name.toString("hex")).to.equal("NAME_REFUSED");
      expect(problem.message).not.to.match(/\p{Cc}/u);
      rmSync(path);
    }
  });

  it("refuses a directory that changes meanwhile, and names the file", async () => {
    const ways: Record<string, () => void> = {
      b: () => {
        place("b", "other");
      },
      new: () => {
        place("new");
      },
      c: () => {
        rmSync(join(folder, "c"));
      },
      a: () => {
        appendFileSync(join(folder, "a"), "after it was hashed");
      },
    };
    for (const [path, change] of Object.entries(ways)) {
      for (const name of ["a", "b", "c"]) place(name);
      rmSync(join(folder, "new"), { force: true });
      let steps = 0;
      const onProgress = () => {
        // Once the first is done, or (for itself) the second.
        if (++steps === (path === "a" ? 2 : 1)) change();
      };
      const problem = await problemOf(() => hashDirectory(folder, { ...options, onProgress }));
      expect(problem.code, path).to.be.oneOf(["SOURCE_CHANGED", "SOURCE_UNREADABLE"]);
      expect(problem.message).to.contain(`"${path}"`);
    }
  });

  it("refuses what is no directory", async () => {
    const path = place("file");
    expect(await codeOf(() => hashDirectory(path, options))).to.equal("SOURCE_UNREADABLE");
  });
});

describe("verifyDirectory", () => {
  useFolder();

  it("names what was altered, what is missing and what was added", async () => {
    for (const name of ["kept", "altered", "missing", "sub/altered too"]) place(name);
    const { bytes, manifest } = await hashDirectory(folder, { algorithms: ["sha-512", "sha3-512"] });
    const nothing = { altered: [], missing: [], extra: [] };
    expect(await verifyDirectory(folder, decodeManifest(bytes))).to.deep.equal(nothing);
    place("altered", "ALTERED");
    place("sub/altered too", "longer than before");
    rmSync(join(folder, "missing"));
    place("sub/extra");
    const difference = { altered: ["altered", "sub/altered too"], missing: ["missing"], extra: ["sub/extra"] };
    expect(await verifyDirectory(folder, manifest)).to.deep.equal(difference);
    const now = await hashDirectory(folder, { algorithms: ["sha-512", "sha3-512"] });
    expect(compareManifest(manifest, now.manifest)).to.deep.equal(difference);
  });

  it("finds one byte that was altered and set back in time", async () => {
    const path = place("file", "abc");
    const { manifest } = await hashDirectory(folder, { algorithms: ["sha-256"] });
    writeFileSync(path, "abd");
    utimesSync(path, 1, 1);
    expect((await verifyDirectory(folder, manifest)).altered).to.deep.equal(["file"]);
  });

  it("lists everything as added to a manifest of nothing, and refuses a malformed one", async () => {
    place("file");
    expect((await verifyDirectory(folder, { schema: MANIFEST_SCHEMA, files: [] })).extra).to.deep.equal(["file"]);
    const bad = { schema: "other", files: [] } as unknown as Manifest;
    expect(await codeOf(() => verifyDirectory(folder, bad))).to.equal("MANIFEST_MALFORMED");
  });
});

describe("decodeManifest", () => {
  const digest = { algorithm: "sha-256", value: NIST[1]![1]["sha-256"] };
  const file = (path: string, more: object = {}) => ({ path, size: 3, digests: [digest], ...more });
  const manifest = (...files: unknown[]) => ({ schema: MANIFEST_SCHEMA, files }) as Manifest;

  it("refuses every second form of the same manifest", async () => {
    const text = new TextDecoder().decode(encodeManifest(manifest(file("a"), file("b"))));
    const forms = [
      ` ${text}`,
      `${text}\n`,
      text.replace('"a"', '"\\u0061"'),
      text.replace(":3", ":3.0"),
      `\ufeff${text}`,
    ];
    for (const form of forms)
      expect(await codeOf(() => decodeManifest(new TextEncoder().encode(form))), form).to.equal("MANIFEST_MALFORMED");
    expect(decodeManifest(new TextEncoder().encode(text)).files).to.have.length(2);
  });

  it("refuses what is no manifest", async () => {
    const bad: [unknown, string][] = [
      [manifest(file("b"), file("a")), "MANIFEST_MALFORMED"],
      [manifest(file("a"), file("a")), "MANIFEST_MALFORMED"],
      [manifest(file("a"), file("a-b"), file("a/b")), "MANIFEST_MALFORMED"],
      [manifest(file("a", { size: -1 })), "MANIFEST_MALFORMED"],
      [manifest(file("a", { size: 1.5 })), "MANIFEST_MALFORMED"],
      [manifest(file("a", { more: 1 })), "MANIFEST_MALFORMED"],
      [manifest(file("a", { digests: [] })), "MANIFEST_MALFORMED"],
      [manifest(file("a", { digests: [digest, digest] })), "MANIFEST_MALFORMED"],
      [manifest(file("a", { digests: [{ ...digest, value: digest.value.toUpperCase() }] })), "MANIFEST_MALFORMED"],
      [manifest(file("a", { digests: [{ ...digest, algorithm: "sha-512" }] })), "MANIFEST_MALFORMED"],
      [manifest(file("a", { digests: [{ ...digest, algorithm: "toString" }] })), "MANIFEST_MALFORMED"],
      [manifest(file("a"), file("b", { digests: [{ ...digest, algorithm: "md5" }] })), "MANIFEST_MALFORMED"],
      [manifest(null), "MANIFEST_MALFORMED"],
      [{ ...manifest(), more: 1 }, "MANIFEST_MALFORMED"],
      [{ schema: MANIFEST_SCHEMA }, "MANIFEST_MALFORMED"],
      [null, "MANIFEST_MALFORMED"],
      ...["", "/a", "a/", "a//b", "../a", "a/./b", "a\\b", "a\u0000", "\ud800"].map((path): [unknown, string] => [
        manifest(file(path)),
        "NAME_REFUSED",
      ]),
      [manifest(file("cafe\u0301"), file("caf\u00e9")), "NAMES_COLLIDE"],
    ];
    for (const [one, code] of bad)
      expect(
        await codeOf(() => decodeManifest(new TextEncoder().encode(JSON.stringify(one)))),
        JSON.stringify(one),
      ).to.equal(code);
    expect(await codeOf(() => decodeManifest(Uint8Array.of(0xff)))).to.equal("MANIFEST_MALFORMED");
  });

  it("compares paths as their bytes compare", () => {
    const signs = [
      "",
      "a",
      "b",
      "\u00e9",
      "\ue000",
      "\uffee",
      "\u{10000}",
      "\u{10ffff}",
      "a\u{10000}",
      "a\uffee",
      "aa",
    ];
    for (const a of signs)
      for (const b of signs)
        expect(Math.sign(comparePaths(a, b)), `${a} ${b}`).to.equal(Buffer.compare(Buffer.from(a), Buffer.from(b)));
  });
});
