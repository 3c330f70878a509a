import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { hexToBytes } from "@noble/hashes/utils.js";
import { expect } from "chai";
import { Accuracy, type Certificate, ContentInfo, Extension, SignedData, TSTInfo } from "pkijs";

import { anchorDigest } from "../../src/justice/anchors/anchorDigest.js";
import { readCertificate, requireTimeStamping } from "../../src/justice/anchors/certificatePath.js";
import { createTimeStampRequest } from "../../src/justice/anchors/createTimeStampRequest.js";
import { digestOfToken } from "../../src/justice/anchors/digestOfToken.js";
import { isDer } from "../../src/justice/anchors/isDer.js";
import { readTimeStampResponse } from "../../src/justice/anchors/readTimeStampResponse.js";
import { type TimeStampExpectation, verifyTimeStampToken } from "../../src/justice/anchors/verifyTimeStampToken.js";
import { codeOf } from "./anchorErrors.js";
import { hasProgram } from "../helpers/hasProgram.js";

const read = (name: string) => new Uint8Array(readFileSync(`test/vectors/time-stamps/${name}`));
const AATL = read("globalsign-aatl.tst");
const AATL_CERTIFICATES = certificatesOf(AATL);
const AATL_EXPECTED: TimeStampExpectation = {
  digest: hexToBytes("2da82c1572ff020524e05069219975c9ba90723f1a4dd5b9722aee8ec547a2ff"),
  algorithm: "sha-256",
  trusted: [AATL_CERTIFICATES[1]!],
};
/** What the three requests of the vectors are of. */
const DATA_DIGEST = hexToBytes("f487d88164bde223b7fd3c71b3e9c624c8a0cb559c853b49558e7e5ef4ce55f0");

/** Certificates of a token in DER, as they stand in it. */
function certificatesOf(token: Uint8Array): Uint8Array[] {
  const outer = ContentInfo.fromBER(Uint8Array.from(token));
  const { certificates = [] } = new SignedData({ schema: outer.content });
  return (certificates as Certificate[]).map((one) => new Uint8Array(one.toSchema().toBER()));
}

/** Where bytes stand in others. */
function placeOf(part: Uint8Array, whole: Uint8Array): [number, number] {
  const start = Buffer.from(whole).indexOf(part);
  return [start, start + part.length];
}

describe("verifyTimeStampToken", () => {
  it("verifies a token of 2017 by the certificate of the authority's issuer", async () => {
    expect(await verifyTimeStampToken(AATL, AATL_EXPECTED)).to.deep.equal({
      genTime: Date.parse("2017-02-01T15:39:50Z") / 1000,
      accuracy: 1,
      notBefore: Date.parse("2017-02-01T15:39:49Z") / 1000,
      notAfter: Date.parse("2017-02-01T15:39:51Z") / 1000,
      policy: "1.3.6.1.4.1.4146.1.31",
      serial: "6d43be1ca9bc92054c31c9072cd24249741d1e7e",
      nonce: 0x3f2b95d0728bed57n,
      tsaName: "C=SG, O=GMO GlobalSign Pte Ltd, CN=Globalsign TSA for AATL - SHA256 - G2",
      rootName: "C=BE, O=GlobalSign nv-sa, CN=GlobalSign CA for AATL - SHA256 - G2",
    });
  });

  it("verifies it by the authority's own certificate", async () => {
    const trusted = [AATL_CERTIFICATES[0]!];
    expect((await verifyTimeStampToken(AATL, { ...AATL_EXPECTED, trusted })).rootName).to.contain(
      "Globalsign TSA for AATL",
    );
  });

  it("verifies a token without certificates when the authority's is known", async () => {
    const token = readTimeStampResponse(read("globalsign-cds-no-certificates.tsr"));
    const [authority] = certificatesOf(readTimeStampResponse(read("globalsign-cds.tsr")));
    const expected = { digest: DATA_DIGEST, algorithm: "sha-256" as const, nonce: 0xb1fc81dec95749d9n };
    const { genTime } = await verifyTimeStampToken(token, { ...expected, trusted: [authority!] });
    expect(genTime).to.equal(Date.parse("2017-04-19T06:32:43Z") / 1000);
    expect(await codeOf(() => verifyTimeStampToken(token, { ...expected, trusted: AATL_CERTIFICATES }))).to.equal(
      "TOKEN_SIGNER",
    );
  });

  it("trusts no certificate for being in the token", async () => {
    expect(await codeOf(() => verifyTimeStampToken(AATL, { ...AATL_EXPECTED, trusted: [] }))).to.equal("TOKEN_CHAIN");
  });

  it("is not misled by certificates that were slipped in, one of them in the signer's name", async () => {
    const token = readTimeStampResponse(read("injected-certificates.tsr"));
    const digest = new Uint8Array(createHash("sha512").update("hello").digest());
    const [spoofed, namesake, authority] = certificatesOf(token);
    const verifyBy = (...trusted: Uint8Array[]) =>
      verifyTimeStampToken(token, { digest, algorithm: "sha-512", trusted });
    expect((await verifyBy(authority!)).tsaName).to.equal("O=local, CN=Test TSA Timestamping");
    expect(await codeOf(() => verifyBy(spoofed!, namesake!))).to.equal("TOKEN_CHAIN");
  });

  it("takes no issuer whose certificate is for other purposes", async () => {
    const token = readTimeStampResponse(read("globalsign-cds.tsr"));
    const [, issuer] = certificatesOf(token);
    const expected = { digest: DATA_DIGEST, algorithm: "sha-256" as const, trusted: [issuer!] };
    expect(await codeOf(() => verifyTimeStampToken(token, expected))).to.equal("TOKEN_CHAIN");
  });

  it("refuses another digest, function, nonce and policy, each by name", async () => {
    const cases: [Partial<TimeStampExpectation>, string][] = [
      [{ digest: DATA_DIGEST }, "TOKEN_FOREIGN"],
      [{ algorithm: "sha3-256" }, "TOKEN_FOREIGN"],
      [{ algorithm: "sha-512" }, "DIGEST_MALFORMED"],
      [{ nonce: 1n }, "TOKEN_NONCE"],
      [{ nonce: 0x3f2b95d0728bed57n, policy: "1.2.3" }, "TOKEN_POLICY"],
      [{ trusted: [new Uint8Array(3)] }, "TOKEN_CHAIN"],
      [{ nonce: 0x3f2b95d0728bed57n, policy: "1.3.6.1.4.1.4146.1.31" }, "none"],
    ];
    for (const [part, code] of cases)
      expect(await codeOf(() => verifyTimeStampToken(AATL, { ...AATL_EXPECTED, ...part }))).to.equal(code);
  });

  it("refuses a token when any byte of it is altered", async () => {
    const token = readTimeStampResponse(read("globalsign-cds-no-certificates.tsr"));
    const [authority] = certificatesOf(readTimeStampResponse(read("globalsign-cds.tsr")));
    const expected = { digest: DATA_DIGEST, algorithm: "sha-256" as const, trusted: [authority!] };
    expect(await codeOf(() => verifyTimeStampToken(token, expected))).to.equal("none");
    for (let at = 0; at < token.length; at++) {
      const altered = token.slice();
      altered[at]! ^= at % 2 === 0 ? 0x01 : 0x80;
      expect(await codeOf(() => verifyTimeStampToken(altered, expected)), `byte ${at}`).to.not.equal("none");
    }
  });

  it("refuses a token with certificates likewise, but for those that are not on the path", async () => {
    // The issuer's certificate is trusted from elsewhere: its copy in the token is not on the path.
    const [start, end] = placeOf(AATL_CERTIFICATES[1]!, AATL);
    const spared: number[] = [];
    for (let at = 0; at < AATL.length; at += 5) {
      const altered = AATL.slice();
      altered[at]! ^= 0x01;
      if ((await codeOf(() => verifyTimeStampToken(altered, AATL_EXPECTED))) === "none") spared.push(at);
    }
    expect(spared.filter((at) => at < start || at >= end)).to.deep.equal([]);
    expect(spared, "the loop finds what is spared").to.not.deep.equal([]);
  });

  it("refuses what is cut, followed by something, or nothing at all", async () => {
    for (let length = 0; length < AATL.length; length += 7)
      expect(await codeOf(() => verifyTimeStampToken(AATL.slice(0, length), AATL_EXPECTED))).to.equal(
        "TOKEN_MALFORMED",
      );
    const more = new Uint8Array([...AATL, 0]);
    expect(await codeOf(() => verifyTimeStampToken(more, AATL_EXPECTED))).to.equal("TOKEN_MALFORMED");
    expect(await codeOf(() => verifyTimeStampToken(new Uint8Array(1 << 18), AATL_EXPECTED))).to.equal(
      "TOKEN_MALFORMED",
    );
    expect(await codeOf(() => verifyTimeStampToken(AATL_CERTIFICATES[0]!, AATL_EXPECTED))).to.equal("TOKEN_MALFORMED");
  });
});

describe("createTimeStampRequest", () => {
  it("writes the requests that OpenSSL wrote, byte for byte", () => {
    const query = { digest: DATA_DIGEST, algorithm: "sha-256" as const };
    expect(createTimeStampRequest({ ...query, nonce: 0x092ef19ffb5d2ae8n })).to.deep.equal(read("nonce.tsq"));
    expect(createTimeStampRequest(query)).to.deep.equal(read("no-nonce.tsq"));
    expect(createTimeStampRequest({ ...query, nonce: 0xb1fc81dec95749d9n, certificates: false })).to.deep.equal(
      read("no-certificates.tsq"),
    );
  });

  it("refuses a digest of another length, a negative nonce and a policy that is none", async () => {
    const digest = new Uint8Array(32);
    const algorithm = "sha-256" as const;
    expect(await codeOf(() => createTimeStampRequest({ digest, algorithm: "sha-512" }))).to.equal("DIGEST_MALFORMED");
    expect(await codeOf(() => createTimeStampRequest({ digest, algorithm, nonce: -1n }))).to.equal("REQUEST_MALFORMED");
    expect(await codeOf(() => createTimeStampRequest({ digest, algorithm, policy: "1.x" }))).to.equal(
      "REQUEST_MALFORMED",
    );
  });
});

describe("readTimeStampResponse", () => {
  it("gives the token that stands in the answer", () => {
    const response = read("globalsign-cds.tsr");
    expect(Buffer.from(response).indexOf(readTimeStampResponse(response))).to.be.greaterThan(0);
  });

  it("tells what the authority says when it refuses", async () => {
    expect(await codeOf(() => readTimeStampResponse(read("rejection.tsr")))).to.equal("RESPONSE_REFUSED");
    expect(() => readTimeStampResponse(read("rejection.tsr"))).to.throw("Error during serial number generation.");
  });

  it("refuses what is no answer", async () => {
    for (const bytes of [new Uint8Array(), new Uint8Array([0x30, 0x00]), AATL, read("nonce.tsq").slice(1)])
      expect(await codeOf(() => readTimeStampResponse(bytes))).to.equal("RESPONSE_MALFORMED");
  });
});

describe("digestOfToken", () => {
  it("is the digest of the token's bytes", async () => {
    const value = createHash("sha3-512").update(AATL).digest("hex");
    expect(await digestOfToken(AATL, "sha3-512")).to.deep.equal({ algorithm: "sha3-512", value });
    expect((await digestOfToken(AATL)).algorithm).to.equal("sha-256");
  });
});

describe("isDer", () => {
  it("takes one form of each value only", () => {
    const good = ["0500", "0101ff", "020100", "02020080", "3003020101", "a003020101", "0400"];
    const bad = [
      ...["", "05", "0501", "050100", "010101", "0200", "02020001", "0202ffff", "30800000", "308103020101"],
      ...["30820003020101", "2403040100", "1000", "30030201", "300302010101", "1f0100", "0301", "030108"],
    ];
    for (const hex of good) expect(isDer(hexToBytes(hex)), hex).to.equal(true);
    for (const hex of bad) expect(isDer(hexToBytes(hex)), hex).to.equal(false);
  });
});

// Authorities of every kind, by OpenSSL, which is on most machines and answers requests too.
const describeStamped = hasProgram("openssl", ["ts", "-help"]) ? describe : () => undefined;

describeStamped("verifyTimeStampToken, of authorities that OpenSSL makes", () => {
  const digest = anchorDigest(new Uint8Array(32).fill(3));
  const query = { digest, algorithm: "sha-256" as const, nonce: 77n };
  let folder: string;
  let names = 0;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "diwan-tsa-"));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function openssl(...args: string[]): void {
    execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  }

  function write(name: string, content: string | Uint8Array): void {
    writeFileSync(join(folder, name), content);
  }

  const CA = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign";
  const TSA = "keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping";

  /** A certificate by another, or by itself; its name. */
  function certify(
    extensions: string,
    { issuer, key = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], sign = [], subject }: Made = {},
  ) {
    const name = `c${names++}`;
    write(`${name}.ext`, `subjectKeyIdentifier=hash\n${extensions}\n`);
    openssl("genpkey", "-algorithm", ...key, "-out", `${name}.key`);
    openssl("req", "-new", "-key", `${name}.key`, "-subj", `/O=Example/CN=${subject ?? name}`, "-out", `${name}.csr`);
    const by = issuer === undefined ? ["-signkey", `${name}.key`] : ["-CA", `${issuer}.pem`, "-CAkey", `${issuer}.key`];
    const serial = `0x${randomBytes(8).toString("hex").replace(/^./, "1")}`;
    openssl(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      ...by,
      ...sign,
      "-set_serial",
      serial,
      ...["-days", "30"],
      ...["-extfile", `${name}.ext`],
      "-out",
      `${name}.pem`,
    );
    openssl("x509", "-in", `${name}.pem`, "-outform", "DER", "-out", `${name}.der`);
    return name;
  }

  function derOf(name: string): Uint8Array {
    return new Uint8Array(readFileSync(join(folder, `${name}.der`)));
  }

  /** A token by an authority, for the request of this library. */
  function stamp(authority: string, { chain, hash = "sha256", settings = "" }: Stamped = {}): Uint8Array {
    write("request.tsq", createTimeStampRequest(query));
    write("serial", "01\n");
    write(
      "tsa.cnf",
      `[tsa]\ndefault_tsa=t\n[t]\nserial=serial\ndefault_policy=1.2.3.4\ndigests=sha256\nsigner_digest=${hash}\n${settings}\n`,
    );
    const certificates = chain === undefined ? [] : ["-chain", `${chain}.pem`];
    openssl(
      "ts",
      "-reply",
      "-config",
      "tsa.cnf",
      "-queryfile",
      "request.tsq",
      "-signer",
      `${authority}.pem`,
      "-inkey",
      `${authority}.key`,
      ...certificates,
      "-out",
      "answer.tsr",
    );
    return readTimeStampResponse(new Uint8Array(readFileSync(join(folder, "answer.tsr"))));
  }

  /** What a token of that authority says, to be said otherwise. */
  function infoOf(authority: string): TSTInfo {
    const outer = ContentInfo.fromBER(Uint8Array.from(stamp(authority)));
    const { encapContentInfo } = new SignedData({ schema: outer.content });
    return TSTInfo.fromBER(encapContentInfo.eContent!.getValue());
  }

  /** A token over any content, signed as CMS; the certificate is named in the attributes, as ever. */
  function sign(authority: string, info: Uint8Array, ...how: string[]): Uint8Array {
    write("info.der", info);
    openssl(
      ...["cms", "-sign", "-binary", "-nodetach", "-in", "info.der", "-econtent_type", "1.2.840.113549.1.9.16.1.4"],
      ...["-signer", `${authority}.pem`, "-inkey", `${authority}.key`, "-md", "sha256", "-cades", "-nosmimecap"],
      ...[...how, "-outform", "DER", "-out", "signed.tst"],
    );
    return new Uint8Array(readFileSync(join(folder, "signed.tst")));
  }

  const bytesOf = (info: TSTInfo) => new Uint8Array(info.toSchema().toBER());

  interface Made {
    issuer?: string;
    key?: string[];
    sign?: string[];
    subject?: string;
  }
  interface Stamped {
    chain?: string;
    hash?: string;
    settings?: string;
  }

  const KEYS: Record<string, string[]> = {
    "RSA of 2048 bits": ["rsa", "-pkeyopt", "rsa_keygen_bits:2048"],
    "P-256": ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "P-384": ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
    "P-521": ["ec", "-pkeyopt", "ec_paramgen_curve:P-521"],
  };

  for (const [what, key] of Object.entries(KEYS))
    for (const hash of ["sha256", "sha384", "sha512"])
      it(`verifies ${what} with ${hash}, over an authority between`, async () => {
        const root = certify(CA, { key });
        const middle = certify(CA, { key, issuer: root, sign: [`-${hash}`] });
        const authority = certify(TSA, { key, issuer: middle });
        const settings =
          "accuracy=secs:1,millisecs:500,microsecs:100\nclock_precision_digits=3\ntsa_name=yes\ness_cert_id_alg=sha512";
        const token = stamp(authority, { chain: middle, hash, settings });
        const result = await verifyTimeStampToken(token, { ...query, trusted: [derOf(root)], policy: "1.2.3.4" });
        expect(result).to.include({
          accuracy: 1.5001,
          tsaName: `O=Example, CN=${authority}`,
          rootName: `O=Example, CN=${root}`,
        });
        expect(Math.abs(result.genTime - Date.now() / 1000)).to.be.lessThan(60);
        expect(result.notAfter - result.notBefore).to.be.within(3, 5);
      });

  it("verifies certificates that were signed by RSA-PSS", async () => {
    const pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32", "-sha256"];
    const root = certify(CA, { key: KEYS["RSA of 2048 bits"]! });
    const authority = certify(TSA, { issuer: root, sign: pss });
    const expected = { ...query, trusted: [derOf(root)] };
    expect((await verifyTimeStampToken(stamp(authority), expected)).rootName).to.equal(`O=Example, CN=${root}`);
    const namesake = certify(CA, { key: KEYS["RSA of 2048 bits"]!, subject: root });
    const other = { ...query, trusted: [derOf(namesake)] };
    expect(await codeOf(() => verifyTimeStampToken(stamp(authority), other))).to.equal("TOKEN_CHAIN");
  });

  it("refuses a certificate that is not for time stamping alone", async () => {
    const bad = [
      "keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=critical,timeStamping",
      "keyUsage=critical,keyAgreement\nextendedKeyUsage=critical,timeStamping",
      "keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping,codeSigning",
      "keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,codeSigning",
      "keyUsage=critical,digitalSignature\nextendedKeyUsage=timeStamping",
      "keyUsage=critical,digitalSignature",
    ];
    // OpenSSL stamps by none of them, so the certificates are looked at by themselves.
    const usageOf = (extensions: string) =>
      codeOf(() => {
        requireTimeStamping(readCertificate(derOf(certify(extensions)), "TOKEN_CHAIN").certificate);
      });
    for (const extensions of bad) expect(await usageOf(extensions), extensions).to.equal("TOKEN_USAGE");
    for (const extensions of [TSA, "extendedKeyUsage=critical,timeStamping"])
      expect(await usageOf(extensions), extensions).to.equal("none");
  });

  it("refuses issuers that may not issue, or not that deep", async () => {
    const bad: Record<string, string> = {
      "no authority": "keyUsage=critical,keyCertSign",
      "may not sign certificates": "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,cRLSign",
      "constrains names, which is not checked": `${CA}\nnameConstraints=critical,permitted;dirName:dn\n[dn]\nO=Example`,
      "for servers": `${CA}\nextendedKeyUsage=serverAuth`,
    };
    for (const [what, extensions] of Object.entries(bad)) {
      const root = certify(extensions);
      const authority = certify(TSA, { issuer: root });
      expect(
        await codeOf(() => verifyTimeStampToken(stamp(authority), { ...query, trusted: [derOf(root)] })),
        what,
      ).to.equal("TOKEN_CHAIN");
    }
    const shallow = certify("basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign");
    const middle = certify(CA, { issuer: shallow });
    const deep = stamp(certify(TSA, { issuer: middle }), { chain: middle });
    expect(await codeOf(() => verifyTimeStampToken(deep, { ...query, trusted: [derOf(shallow)] }))).to.equal(
      "TOKEN_CHAIN",
    );
    const direct = stamp(certify(TSA, { issuer: shallow }));
    expect((await verifyTimeStampToken(direct, { ...query, trusted: [derOf(shallow)] })).policy).to.equal("1.2.3.4");
  });

  it("gives up on certificates that issue one another in every way", async () => {
    const root = certify(CA);
    const authority = certify(TSA, { issuer: root });
    const alike = Array.from({ length: 12 }, (_, i) => {
      const ways = ["-signkey", `${root}.key`, "-set_serial", String(100 + i), "-extfile", `${root}.ext`];
      openssl("x509", "-req", "-in", `${root}.csr`, ...ways, "-outform", "DER", "-out", `alike${i}.der`);
      return derOf(`alike${i}`);
    });
    const expected = { ...query, intermediates: alike };
    const token = stamp(authority);
    const stranger = derOf(certify(CA));
    expect(await codeOf(() => verifyTimeStampToken(token, { ...expected, trusted: [stranger] }))).to.equal(
      "TOKEN_CHAIN",
    );
    expect((await verifyTimeStampToken(token, { ...expected, trusted: [derOf(root)] })).policy).to.equal("1.2.3.4");
  });

  it("refuses a signer whose certificate was not valid at the time stated", async () => {
    const root = certify(CA);
    const authority = certify(TSA, { issuer: root });
    // The signing key lives on under a certificate that ended before.
    const serial = "0x11";
    write("tsa.ext", `${TSA}\n`);
    openssl(
      "x509",
      "-req",
      "-in",
      `${authority}.csr`,
      "-CA",
      `${root}.pem`,
      "-CAkey",
      `${root}.key`,
      "-set_serial",
      serial,
      "-days",
      "-1",
      "-extfile",
      "tsa.ext",
      "-out",
      `${authority}.pem`,
    );
    const token = stamp(authority);
    expect(await codeOf(() => verifyTimeStampToken(token, { ...query, trusted: [derOf(root)] }))).to.equal(
      "TOKEN_EXPIRED",
    );
  });

  it("takes a signer that is named by its key's identifier", async () => {
    const authority = certify(TSA);
    const token = sign(authority, bytesOf(infoOf(authority)), "-keyid");
    const expected = { ...query, trusted: [derOf(authority)] };
    expect((await verifyTimeStampToken(token, expected)).tsaName).to.equal(`O=Example, CN=${authority}`);
    const namesake = certify(TSA, { subject: authority });
    const other = { ...query, trusted: [derOf(namesake)] };
    expect(await codeOf(() => verifyTimeStampToken(token, other))).to.equal("TOKEN_CHAIN");
  });

  it("refuses what a token may not say, though it is signed", async () => {
    const authority = certify(TSA);
    const extension = (critical: boolean) => (info: TSTInfo) => {
      info.extensions = [new Extension({ extnID: "1.2.3", critical, extnValue: Uint8Array.of(5, 0).buffer })];
    };
    const cases: [string, (info: TSTInfo) => void, string][] = [
      ["nothing else", () => undefined, "none"],
      ["an extension that may be passed over", extension(false), "none"],
      ["an extension that may not", extension(true), "TOKEN_MALFORMED"],
      ["a thousand milliseconds", (info) => (info.accuracy = new Accuracy({ millis: 1_000 })), "TOKEN_MALFORMED"],
      ["another version", (info) => (info.version = 2), "TOKEN_MALFORMED"],
    ];
    for (const [what, change, code] of cases) {
      const info = infoOf(authority);
      change(info);
      const token = sign(authority, bytesOf(info));
      const found = await codeOf(() => verifyTimeStampToken(token, { ...query, trusted: [derOf(authority)] }));
      expect(found, what).to.equal(code);
    }
    const bytes = bytesOf(infoOf(authority));
    const time = Buffer.from(bytes).indexOf(Buffer.from([0x18, 0x0f])) + 2;
    bytes.set(Buffer.from("13"), time + 4);
    const token = sign(authority, bytes);
    expect(await codeOf(() => verifyTimeStampToken(token, { ...query, trusted: [derOf(authority)] }))).to.equal(
      "TOKEN_MALFORMED",
    );
  });

  it("refuses SHA-1 in a signature", async () => {
    const authority = certify(TSA, { key: KEYS["RSA of 2048 bits"]! });
    const token = stamp(authority, { hash: "sha1" });
    expect(await codeOf(() => verifyTimeStampToken(token, { ...query, trusted: [derOf(authority)] }))).to.equal(
      "TOKEN_FORGED",
    );
  });

  it("is read by OpenSSL in the same way", () => {
    const root = certify(CA);
    const authority = certify(TSA, { issuer: root });
    write("mine.tst", stamp(authority));
    openssl("ts", "-verify", "-token_in", "-in", "mine.tst", "-queryfile", "request.tsq", "-CAfile", `${root}.pem`);
  });
});
