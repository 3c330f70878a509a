import assert from "node:assert/strict";
import { createHash } from "node:crypto";

import { ed25519 } from "@noble/curves/ed25519.js";
import { concat, getBytes, hexlify, id, sha256, toUtf8Bytes } from "ethers";

import { anchorDigest } from "../../src/justice/anchors/anchorDigest.js";
import { blockNote } from "../../src/justice/anchors/blockNote.js";
import { createCosignature } from "../../src/justice/anchors/createCosignature.js";
import { encodeVerifierKey } from "../../src/justice/anchors/verifierKey.js";
import { certificateData } from "../../src/justice/certificate/certificateData.js";
import { decodeHeader } from "../../src/blocks/decodeHeader.js";
import { headerHash } from "../../src/blocks/headerHash.js";
import { certificateInput } from "../../src/justice/package/certificateInput.js";
import type { EvidencePackage, PackageAnchor } from "../../src/justice/package/EvidencePackage.js";
import { withManifest } from "../../src/justice/package/packageManifest.js";
import type { PackageReport } from "../../src/justice/package/PackageReport.js";
import { readPackage, zipPackage } from "../../src/justice/package/readPackage.js";
import { readTrustAnchor, type TrustAnchor } from "../../src/justice/package/readTrustAnchor.js";
import { renderReport } from "../../src/justice/package/renderReport.js";
import { hasProgram } from "../helpers/hasProgram.js";
import { makeAuthority } from "./package.authority.js";
import { FILE, packageFixture, verify, wrong } from "./package.fixtures.js";

const PROVED = ["PROVED", "PROVED", "PROVED"];
const three = ({ integrity, status, who }: PackageReport) => [integrity, status, who];
const hashOf = (found: EvidencePackage) => getBytes(headerHash(found.header, found.sealing.kind));
const digestOf = (found: EvidencePackage) => anchorDigest(hashOf(found));
const withAnchors = (found: EvidencePackage, ...anchors: PackageAnchor[]) =>
  readPackage(zipPackage(withManifest({ ...found, anchors })));
/** The trust anchor as it comes out of its file. */
const trusting = (anchor: TrustAnchor, more: Partial<TrustAnchor>) =>
  readTrustAnchor(JSON.stringify({ ...anchor, ...more }));

/** A witness that says when it saw the package's block. */
function witness(name: string) {
  const secretKey = getBytes(id(name));
  return {
    key: encodeVerifierKey({ name, algorithm: "cosignature-v1", publicKey: ed25519.getPublicKey(secretKey) }),
    cosign: (found: EvidencePackage, time: number): PackageAnchor => {
      const number = BigInt(decodeHeader(found.header).number);
      const text = blockNote({ chainId: BigInt(found.exhibit.chainId), number, hash: hashOf(found) });
      return { kind: "cosignature", note: `${text}\n${createCosignature(text, { name, secretKey, time })}` };
    },
  };
}

/** A proof that leads from a digest, over one more word, to the Merkle root of a Bitcoin block that was mined at a time. */
function mined(digest: Uint8Array, time: number, height = 900_000) {
  const other = getBytes(id("what else the calendar stamped"));
  const root = getBytes(sha256(sha256(concat([digest, other]))));
  const header = new Uint8Array(80);
  header.set(root, 36);
  new DataView(header.buffer).setUint32(68, time, true);
  const hash = Buffer.from(getBytes(sha256(sha256(header))))
    .reverse()
    .toString("hex");
  const varint = [0x80 | (height & 0x7f), 0x80 | ((height >> 7) & 0x7f), height >> 14];
  const magic = concat([toUtf8Bytes("\0OpenTimestamps\0\0Proof\0"), "0xbf89e2e884e89294"]);
  const attested = concat(["0x000588960d73d71901", Uint8Array.of(varint.length), Uint8Array.from(varint)]);
  // Append, SHA-256 twice, attest.
  const proof = concat([magic, "0x0108", digest, "0xf020", other, "0x0808", attested]);
  return { proof, block: { height, hash, header: hexlify(header) } };
}

describe("a package with second anchors that hold", () => {
  it("says that a witness saw the block, and ends the interval where the witness is earlier than the block's clock", async () => {
    const { deposit, build, anchorOf, time } = await packageFixture();
    await deposit(1);
    const deposited = await time.latest();
    const found = await build(1);
    const { key, cosign } = witness("witness.example/w1");
    const anchor = trusting(await anchorOf(), { witnessKeys: [witness("witness.example/w2").key, key] });
    for (const [at, notAfter] of [
      [deposited + 600, deposited],
      [deposited - 7, deposited - 7],
    ] as const) {
      const report = await verify(withAnchors(found, cosign(found, at)), anchor);
      assert.deepEqual(wrong(report), []);
      assert.deepEqual(three(report), PROVED);
      const { kind, of, state, by } = report.anchors[0]!;
      assert.deepEqual([kind, of, state, by], ["cosignature", "block", "PROVED", "witness.example/w1"]);
      assert.equal(report.anchors[0]!.notAfter, at);
      assert.deepEqual(report.time, {
        ...{ notBefore: undefined, notAfter, fileNotAfter: notAfter, claimedCapturedAt: 1_600_000_000 },
      });
      assert(!report.notProved.includes("NO_SECOND_ANCHOR"));
      // A note with one signature has no byte that this does not cover.
      assert(!report.notProved.includes("ANCHOR_OPEN_BYTES"));
      assert.match(renderReport(report), /cosignature \(of the block\): proved, witness\.example\/w1, not after/);
    }
  });

  it("says of a witness's signature that it is forged, whichever others are trusted and did not sign", async () => {
    const { deposit, build, anchorOf } = await packageFixture();
    await deposit(1);
    await deposit(2);
    const [found, other] = [await build(1), await build(2)];
    const [first, second] = [witness("witness.example/w1"), witness("witness.example/w2")];
    const [signed, elsewhere] = [
      first.cosign(found, 1_900_000_000),
      witness("witness.example/w1").cosign(other, 1_900_000_001),
    ];
    assert(signed.kind === "cosignature" && elsewhere.kind === "cosignature");
    const note = signed.note.replace(
      /\n\n[^]*$/,
      `\n\n${elsewhere.note.split("\n\n")[1]!.replace(/(\S{20})\S{4}(?=\S*\n$)/, "$1AAAA")}`,
    );
    const forged = withAnchors(found, { kind: "cosignature", note });
    for (const witnessKeys of [
      [first.key, second.key],
      [second.key, first.key],
    ]) {
      const report = await verify(forged, trusting(await anchorOf(), { witnessKeys }));
      assert.deepEqual(wrong(report), ["anchors COSIGNATURE_FORGED"]);
    }
  });

  it("says which Bitcoin block proves an OpenTimestamps proof, and none without that block in the trust anchor", async () => {
    const { deposit, build, anchorOf, time } = await packageFixture();
    await deposit(1);
    const found = await build(1);
    const at = (await time.latest()) + 3_000;
    const { proof, block } = mined(digestOf(found), at);
    const stamped = withAnchors(found, { kind: "opentimestamps", proof });
    const report = await verify(stamped, trusting(await anchorOf(), { bitcoin: [block] }));
    assert.deepEqual(wrong(report), []);
    assert.deepEqual(three(report), PROVED);
    assert.deepEqual(report.anchors, [
      {
        ...{ kind: "opentimestamps", of: "block", state: "PROVED", by: "Bitcoin block 900000", notAfter: at },
        digest: Buffer.from(digestOf(found)).toString("hex"),
      },
    ]);
    assert(!report.notProved.includes("NO_SECOND_ANCHOR"));

    const without = await verify(stamped, await anchorOf());
    assert.deepEqual(wrong(without), []);
    assert.deepEqual([without.anchors[0]!.state, without.anchors[0]!.notAfter], ["UNPROVED", undefined]);
    assert(without.notProved.includes("NO_SECOND_ANCHOR"));
    assert.match(renderReport(without), /names a Bitcoin block that is not in the trust anchor/);
    const other = mined(getBytes(id("something else")), at);
    const contradicted = await verify(stamped, trusting(await anchorOf(), { bitcoin: [other.block] }));
    assert.deepEqual(wrong(contradicted), ["anchors OTS_CONTRADICTED"]);
    const foreign = withAnchors(found, { kind: "opentimestamps", proof: other.proof });
    assert.deepEqual(wrong(await verify(foreign, await anchorOf())), ["anchors OTS_FOREIGN"]);
    const unknown = concat([proof.slice(0, 2 + 2 * 33), digestOf(found), "0x00", "0x0102030405060708", "0x00"]);
    const strange = await verify(withAnchors(found, { kind: "opentimestamps", proof: unknown }), await anchorOf());
    assert.deepEqual(wrong(strange), []);
    assert.deepEqual([strange.anchors[0]!.state, strange.anchors[0]!.notAfter], ["UNKNOWN", undefined]);
  });

  it("says so where an anchor would make the statement younger than its deposit, and then gives the blocks' times", async () => {
    const { ethers, deposit, build, anchorOf, time, connection } = await packageFixture();
    const before = (await ethers.provider.getBlock("latest"))!;
    const more = { notBefore: { blockNumber: before.number, blockHash: before.hash! } };
    await connection.networkHelpers.mine(3);
    await deposit(1, more);
    const deposited = await time.latest();
    const { key, cosign } = witness("witness.example/slow");
    const found = await build(1, { more });
    const anchor = trusting(await anchorOf(), { witnessKeys: [key] });
    const slow = await verify(withAnchors(found, cosign(found, before.timestamp - 1)), anchor);
    assert.deepEqual(wrong(slow), []);
    assert(slow.notProved.includes("CLOCKS_DISAGREE"));
    assert.deepEqual([slow.time.notBefore, slow.time.notAfter], [before.timestamp, deposited]);
    assert.match(renderReport(slow), /by a second anchor the statement would be younger than its deposit/);
    const exact = await verify(withAnchors(found, cosign(found, before.timestamp)), anchor);
    assert(!exact.notProved.includes("CLOCKS_DISAGREE"));
    assert.deepEqual([exact.time.notBefore, exact.time.notAfter], [before.timestamp, before.timestamp]);
  });
});

const describeStamped = hasProgram("openssl", ["ts", "-help"]) ? describe : () => undefined;

describeStamped("a package with time stamps of an authority that OpenSSL makes", () => {
  let authority: ReturnType<typeof makeAuthority>;
  let tsaCertificates: string[];

  before(() => {
    authority = makeAuthority("Authority");
    tsaCertificates = [hexlify(authority.certificate)];
  });

  after(() => {
    authority.close();
  });

  it("says that it stamped the block, and by when", async () => {
    const { deposit, build, anchorOf } = await packageFixture();
    await deposit(1);
    const found = await build(1);
    const token = hexlify(authority.stamp(digestOf(found)));
    const now = Math.floor(Date.now() / 1000);
    const stamped = withAnchors(found, { kind: "rfc3161", token });
    const report = await verify(stamped, trusting(await anchorOf(), { tsaCertificates }));
    assert.deepEqual(wrong(report), []);
    assert.deepEqual(three(report), PROVED);
    const [{ kind, of, state, by, notAfter }] = report.anchors as [PackageReport["anchors"][0]];
    assert.deepEqual([kind, of, state, by], ["rfc3161", "block", "PROVED", "O=Example, CN=Authority"]);
    assert(Math.abs(notAfter! - now) <= 5);
    assert.equal(report.time.notAfter, Math.min(notAfter!, report.exhibit!.depositedAt));
    assert(!report.notProved.includes("NO_SECOND_ANCHOR"));
    assert.match(renderReport(report), /rfc3161 \(of the block\): proved, O=Example, CN=Authority, not after/);
    assert(report.notProved.includes("ANCHOR_OPEN_BYTES"));
    assert(report.notProved.includes("REVOCATION_NOT_CHECKED"));

    assert.deepEqual(wrong(await verify(stamped, await anchorOf())), ["anchors TOKEN_CHAIN"]);
    const other = withAnchors(found, { kind: "rfc3161", token: hexlify(authority.stamp(hashOf(found))) });
    const foreign = await verify(other, trusting(await anchorOf(), { tsaCertificates }));
    assert.deepEqual(wrong(foreign), ["anchors TOKEN_FOREIGN"]);
    // Whose anchor it was is none of the three questions.
    assert.deepEqual(three(foreign), PROVED);
    assert(foreign.notProved.includes("NO_SECOND_ANCHOR"));
  });

  it("takes the token that the statement names over the file: an interval from the token to the deposit", async () => {
    const { deposit, build, anchorOf, time } = await packageFixture();
    const token = authority.stamp(getBytes(`0x${FILE.digests[0]!.value}`));
    const value = createHash("sha256").update(token).digest("hex");
    const more = { timestampToken: { algorithm: "sha-256" as const, value } };
    await time.setNextBlockTimestamp(Math.max(await time.latest(), Math.ceil(Date.now() / 1000)) + 1_000);
    await deposit(1, more);
    const deposited = await time.latest();
    const found = readPackage(zipPackage(await build(1, { more, timestampToken: token })));
    const anchor = trusting(await anchorOf(), { tsaCertificates });
    const report = await verify(found, anchor);
    assert.deepEqual(wrong(report), []);
    assert.deepEqual(three(report), PROVED);
    const [one] = report.anchors;
    assert.deepEqual([one!.kind, one!.of, one!.state], ["rfc3161", "file", "PROVED"]);
    assert.equal(one!.digest, FILE.digests[0]!.value);
    assert(deposited - one!.notAfter! >= 1_000);
    assert.deepEqual(report.time, {
      ...{ notBefore: one!.notBefore, notAfter: deposited, fileNotAfter: one!.notAfter },
      claimedCapturedAt: 1_600_000_000,
    });
    // It is over the file, so it does not say when the block was.
    assert(report.notProved.includes("NO_SECOND_ANCHOR"));
    assert(!report.notProved.includes("TOKEN_NOT_GIVEN"));
    const until = new Date(one!.notAfter! * 1000).toISOString().replace(".000Z", "Z");
    assert.match(renderReport(report), new RegExp(`The file existed, as its time stamp proves, not after: ${until}`));
    assert.equal(renderReport(report, "ar").includes(until), true);

    const { key, cosign } = witness("witness.example/w1");
    const both = withManifest({ ...found, anchors: [cosign(found, deposited - 400)] });
    const narrow = await verify(both, trusting(anchor, { witnessKeys: [key] }));
    assert.deepEqual([narrow.time.notBefore, narrow.time.notAfter], [one!.notBefore, deposited - 400]);
    const wanted = { issuedAt: deposited + 9, packageDigest: "00".repeat(32), command: "npm run verify:package" };
    const input = certificateInput(both, narrow, wanted);
    assert.deepEqual(input.time, {
      notBefore: { time: one!.notBefore, source: "TIME_STAMP_TOKEN", reference: value },
      notAfter: { time: deposited - 400, source: "COSIGNATURE", reference: narrow.anchors[0]!.digest },
    });
    certificateData(input, "en");
    assert.equal(certificateInput(found, report, wanted).time.notAfter.source, "BLOCK");

    // Of two digests it is over the first: who signed it is what is wrong, not that it is not over the second.
    const sha512 = { algorithm: "sha-512" as const, value: createHash("sha512").update("abc").digest("hex") };
    const two = { ...more, digests: [...FILE.digests, sha512] };
    await deposit(2, two);
    const untrusted = await verify(await build(2, { more: two, timestampToken: token }), await anchorOf());
    assert(wrong(untrusted).includes("timestampToken TOKEN_CHAIN"), wrong(untrusted).join());
  });
});
