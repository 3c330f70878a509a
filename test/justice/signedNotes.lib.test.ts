import { verify } from "node:crypto";
import { readFileSync } from "node:fs";

import { ed25519 } from "@noble/curves/ed25519.js";
import { hexToBytes } from "@noble/hashes/utils.js";
import { expect } from "chai";

import { anchorDigest } from "../../src/justice/anchors/anchorDigest.js";
import { blockNote } from "../../src/justice/anchors/blockNote.js";
import { checkpointNote } from "../../src/justice/anchors/checkpointNote.js";
import { cosignedMessage, createCosignature } from "../../src/justice/anchors/createCosignature.js";
import { logOrigin } from "../../src/justice/anchors/logOrigin.js";
import { parseCheckpoint } from "../../src/justice/anchors/parseCheckpoint.js";
import { parseSignedNote } from "../../src/justice/anchors/parseSignedNote.js";
import { decodeVerifierKey, encodeVerifierKey } from "../../src/justice/anchors/verifierKey.js";
import { verifyCosignature } from "../../src/justice/anchors/verifyCosignature.js";
import { verifyNoteSignature } from "../../src/justice/anchors/verifyNoteSignature.js";
import { codeOf } from "./anchorErrors.js";

interface Cosigned {
  note: string;
  logVerifierKey: string;
  witnessVerifierKey: string;
  time: number;
}

const COSIGNED = JSON.parse(readFileSync("test/vectors/signed-notes/cosigned.json", "utf8")) as Cosigned[];
const SUM = readFileSync("test/vectors/signed-notes/sum.golang.org.txt", "utf8");
const SUM_KEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
/** The test key "witness" of github.com/transparency-dev/witness; its first byte names the algorithm. */
const WITNESS_SEED = new Uint8Array(Buffer.from("AaLa/dfyBhyo/m0Z7WCi98ENVZWtrP8pxgRNrx7tIWiA", "base64")).slice(1);
const HASH = new Uint8Array(32).fill(9);
const PLACE = { chainId: 2018n, registry: `0x${"Ab".repeat(20)}`, log: `0x${"07".padStart(64, "0")}` };

/** An Ed25519 key in the form that Node imports. */
function publicKeyOf(raw: Uint8Array) {
  const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), raw]);
  return { key: spki, format: "der", type: "spki" } as const;
}

describe("verifyNoteSignature", () => {
  it("verifies a tree head of the Go checksum database by its published key", () => {
    const { text } = verifyNoteSignature(SUM, SUM_KEY);
    expect(parseCheckpoint(text)).to.include({ origin: "go.sum database tree", size: 72097574n });
  });

  it("refuses it when any byte is altered", async () => {
    const bytes = Buffer.from(SUM);
    for (let at = 0; at < bytes.length; at++)
      for (const flip of [0x01, 0x20]) {
        const altered = Buffer.from(bytes);
        altered[at]! ^= flip;
        const code = await codeOf(() => verifyNoteSignature(altered.toString(), SUM_KEY));
        expect(code, `byte ${at} by ${flip}`).to.be.oneOf(["NOTE_MALFORMED", "NOTE_FOREIGN", "COSIGNATURE_FORGED"]);
      }
  });

  it("refuses a note without this key's signature, and a key that makes cosignatures", async () => {
    const { note, witnessVerifierKey } = COSIGNED[0]!;
    expect(await codeOf(() => verifyNoteSignature(note, SUM_KEY))).to.equal("NOTE_FOREIGN");
    expect(await codeOf(() => verifyNoteSignature(note, witnessVerifierKey))).to.equal("KEY_MALFORMED");
  });
});

describe("verifyCosignature", () => {
  for (const { note, logVerifierKey, witnessVerifierKey, time } of COSIGNED) {
    const { text } = parseSignedNote(note);

    it(`verifies what another implementation cosigned: ${text.split("\n").length - 1} lines`, () => {
      expect(verifyNoteSignature(note, logVerifierKey).text).to.equal(text);
      expect(verifyCosignature(note, witnessVerifierKey, text)).to.deep.include({ name: "witness", time, text });
    });

    it("refuses it when any byte is altered that is not the log's own signature", async () => {
      const bytes = Buffer.from(note);
      const own = note.split("\n").find((line) => line.startsWith("\u2014 monkeys "))!;
      const start = bytes.indexOf(own);
      const spared: number[] = [];
      for (let at = 0; at < bytes.length; at++) {
        const altered = Buffer.from(bytes);
        altered[at]! ^= 0x01;
        if ((await codeOf(() => verifyCosignature(altered.toString(), witnessVerifierKey))) === "none") spared.push(at);
      }
      expect(spared.filter((at) => at < start || at >= start + Buffer.byteLength(own))).to.deep.equal([]);
    });

    it("is made byte for byte by createCosignature", () => {
      const line = createCosignature(text, { name: "witness", secretKey: WITNESS_SEED, time });
      expect(note.endsWith(`\n${line}`)).to.equal(true);
    });
  }

  it("refuses another checkpoint, another witness and a log's key", async () => {
    const { note, witnessVerifierKey, logVerifierKey } = COSIGNED[0]!;
    const other = encodeVerifierKey({
      ...decodeVerifierKey(witnessVerifierKey),
      publicKey: ed25519.getPublicKey(HASH),
    });
    const text = checkpointNote({ origin: "monkeys", size: 9n, root: HASH });
    expect(await codeOf(() => verifyCosignature(note, witnessVerifierKey, text))).to.equal("NOTE_FOREIGN");
    expect(await codeOf(() => verifyCosignature(note, other))).to.equal("COSIGNATURE_FOREIGN");
    expect(await codeOf(() => verifyCosignature(note, logVerifierKey))).to.equal("KEY_MALFORMED");
    expect(await codeOf(() => verifyCosignature(SUM, witnessVerifierKey))).to.equal("COSIGNATURE_FOREIGN");
  });

  it("refuses a cosignature put under another text, or with another time", async () => {
    const [one, two] = COSIGNED as [Cosigned, Cosigned];
    const line = one.note.slice(one.note.lastIndexOf("\u2014"));
    const moved = `${parseSignedNote(two.note).text}\n${line}`;
    expect(await codeOf(() => verifyCosignature(moved, one.witnessVerifierKey))).to.equal("COSIGNATURE_FORGED");
    const zero = Buffer.from(line.split(" ")[2]!, "base64");
    zero.fill(0, 4, 12);
    const { text } = parseSignedNote(one.note);
    const timeless = `${text}\n\u2014 witness ${zero.toString("base64")}\n`;
    expect(await codeOf(() => verifyCosignature(timeless, one.witnessVerifierKey))).to.equal("COSIGNATURE_MALFORMED");
    const short = `${text}\n\u2014 witness ${zero.subarray(0, 68).toString("base64")}\n`;
    expect(await codeOf(() => verifyCosignature(short, one.witnessVerifierKey))).to.equal("COSIGNATURE_MALFORMED");
  });

  it("takes the latest of several cosignatures and none of them wrong", async () => {
    const { note, witnessVerifierKey, time } = COSIGNED[0]!;
    const { text } = parseSignedNote(note);
    const later = createCosignature(text, { name: "witness", secretKey: WITNESS_SEED, time: time + 60 });
    expect(verifyCosignature(note + later, witnessVerifierKey).time).to.equal(time + 60);
    const wrong = createCosignature(`${text}more\n`, { name: "witness", secretKey: WITNESS_SEED, time: time + 60 });
    expect(await codeOf(() => verifyCosignature(note + wrong, witnessVerifierKey))).to.equal("COSIGNATURE_FORGED");
  });

  it("agrees with Node's own Ed25519", () => {
    const { note, witnessVerifierKey, time } = COSIGNED[0]!;
    const { text, signatures } = parseSignedNote(note);
    const { signature } = signatures.find(({ name }) => name === "witness")!;
    const key = publicKeyOf(decodeVerifierKey(witnessVerifierKey).publicKey);
    expect(verify(null, cosignedMessage(text, time), key, signature.subarray(8))).to.equal(true);
  });
});

describe("createCosignature", () => {
  it("refuses what is no checkpoint, no time and no key", async () => {
    const witness = { name: "witness.example/1", secretKey: HASH, time: 1 };
    const text = blockNote({ chainId: 1n, number: 1n, hash: HASH });
    expect(await codeOf(() => createCosignature("hello\n", witness))).to.equal("CHECKPOINT_MALFORMED");
    for (const time of [0, -1, 1.5, Number.NaN])
      expect(await codeOf(() => createCosignature(text, { ...witness, time }))).to.equal("COSIGNATURE_MALFORMED");
    for (const name of ["", "a b", "a+b"])
      expect(await codeOf(() => createCosignature(text, { ...witness, name }))).to.equal("KEY_MALFORMED");
    expect(await codeOf(() => createCosignature(text, { ...witness, secretKey: HASH.slice(1) }))).to.equal(
      "KEY_MALFORMED",
    );
  });
});

describe("checkpointNote", () => {
  it("writes the log of a registry so that no other has its origin", () => {
    const origin = logOrigin(PLACE);
    expect(origin).to.equal(`diwan.log/eip155:2018:0x${"ab".repeat(20)}/${PLACE.log}`);
    expect(checkpointNote({ origin, size: 1000n, root: HASH })).to.equal(
      `${origin}\n1000\nCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=\n`,
    );
    const others = [{ chainId: 2019n }, { registry: `0x${"ac".repeat(20)}` }, { log: `0x${"08".padStart(64, "0")}` }];
    for (const other of others) expect(logOrigin({ ...PLACE, ...other })).to.not.equal(origin);
  });

  it("writes a block in a name that no log has", () => {
    const note = blockNote({ chainId: 2018n, number: 4711n, hash: HASH });
    expect(parseCheckpoint(note)).to.deep.equal({
      ...{ origin: "diwan.block/eip155:2018", size: 4711n, root: HASH, extensions: [] },
    });
  });

  it("is read back, with the largest log and extensions", () => {
    const checkpoint = { origin: "a.example/log", size: (1n << 64n) - 1n, root: HASH, extensions: ["one", "two"] };
    expect(parseCheckpoint(checkpointNote(checkpoint))).to.deep.equal(checkpoint);
  });

  it("refuses what would not be one checkpoint", async () => {
    const good = { origin: "a.example", size: 1n, root: HASH };
    const bad = [
      { origin: "" },
      { origin: "two\nlines" },
      { size: -1n },
      { size: 1n << 64n },
      { root: HASH.slice(1) },
      { extensions: [""] },
      { extensions: ["a\u0000"] },
      { origin: "\ud800" },
    ];
    for (const part of bad)
      expect(await codeOf(() => checkpointNote({ ...good, ...part }))).to.equal("CHECKPOINT_MALFORMED");
    expect(await codeOf(() => logOrigin({ ...PLACE, registry: "0x12" }))).to.equal("CHECKPOINT_MALFORMED");
    expect(await codeOf(() => blockNote({ chainId: 1n, number: 1n, hash: HASH.slice(1) }))).to.equal(
      "BLOCK_HASH_MALFORMED",
    );
    expect(await codeOf(() => blockNote({ chainId: 0n, number: 1n, hash: HASH }))).to.equal("CHECKPOINT_MALFORMED");
  });
});

describe("parseCheckpoint", () => {
  it("refuses every second form of a checkpoint", async () => {
    const text = checkpointNote({ origin: "a.example", size: 10n, root: HASH });
    const forms = [
      text.slice(0, -1),
      `${text}\n`,
      text.replace("10", "010"),
      text.replace("10", "+10"),
      text.replace("=", ""),
      "",
    ];
    for (const form of forms) expect(await codeOf(() => parseCheckpoint(form)), form).to.equal("CHECKPOINT_MALFORMED");
  });
});

describe("parseSignedNote", () => {
  it("refuses what the format forbids", async () => {
    const { note } = COSIGNED[0]!;
    const { text } = parseSignedNote(note);
    const bad = [
      "",
      text,
      `${text}\n`,
      note.slice(0, -1),
      note.replace("\u2014 witness", "- witness"),
      note.replace("monkeys\n", "monk\teys\n"),
      `${text}\n\u2014 a AAAA\n`,
      `${text}\n${"\u2014 a AAAAAAA=\n".repeat(101)}`,
      `${"a".repeat(1_000_001)}\n\n\u2014 a AAAAAAA=\n`,
    ];
    for (const one of bad)
      expect(await codeOf(() => parseSignedNote(one)), one.slice(0, 200)).to.equal("NOTE_MALFORMED");
  });
});

describe("verifierKey", () => {
  it("reads and writes the keys of others", () => {
    for (const key of [SUM_KEY, COSIGNED[0]!.logVerifierKey, COSIGNED[0]!.witnessVerifierKey])
      expect(encodeVerifierKey(decodeVerifierKey(key))).to.equal(key);
  });

  // From golang.org/x/mod/sumdb/note, note_test.go: what its own implementation refuses.
  it("refuses the bad keys of the format's own tests", async () => {
    const bad = [
      "PeterNeumann",
      "PeterNeumann+c74f20a3",
      "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
      "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ];
    for (const key of bad) expect(await codeOf(() => decodeVerifierKey(key)), key).to.equal("KEY_MALFORMED");
    expect(
      await codeOf(() => encodeVerifierKey({ name: "a", algorithm: "ed25519", publicKey: new Uint8Array(31) })),
    ).to.equal("KEY_MALFORMED");
  });
});

describe("anchorDigest", () => {
  it("is the SHA-256 of the hash's 32 bytes", async () => {
    // SHA-256 of 32 zero bytes, as `head -c 32 /dev/zero | sha256sum` prints it.
    const digest = hexToBytes("66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925");
    expect(anchorDigest(new Uint8Array(32))).to.deep.equal(digest);
    expect(await codeOf(() => anchorDigest(new Uint8Array(33)))).to.equal("BLOCK_HASH_MALFORMED");
  });
});
