import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createTimeStampRequest } from "../../src/justice/anchors/createTimeStampRequest.js";
import { readTimeStampResponse } from "../../src/justice/anchors/readTimeStampResponse.js";

/** A time stamping authority that OpenSSL makes, whose clock is the machine's. */
export function makeAuthority(name: string): {
  certificate: Uint8Array;
  stamp: (digest: Uint8Array) => Uint8Array;
  close: () => void;
} {
  const folder = mkdtempSync(join(tmpdir(), "diwan-authority-"));
  const openssl = (...args: string[]): void => {
    execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  };
  const write = (file: string, content: string | Uint8Array): void => {
    writeFileSync(join(folder, file), content);
  };
  const read = (file: string): Uint8Array => new Uint8Array(readFileSync(join(folder, file)));

  write("tsa.ext", "keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n");
  write(
    "tsa.cnf",
    "[tsa]\ndefault_tsa=t\n[t]\nserial=serial\ndefault_policy=1.2.3.4\ndigests=sha256\nsigner_digest=sha256\n",
  );
  write("serial", "01\n");
  openssl("genpkey", "-algorithm", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "tsa.key");
  openssl("req", "-new", "-key", "tsa.key", "-subj", `/O=Example/CN=${name}`, "-out", "tsa.csr");
  const signed = ["-signkey", "tsa.key", "-set_serial", "7", "-days", "30", "-extfile", "tsa.ext"];
  openssl("x509", "-req", "-in", "tsa.csr", ...signed, "-out", "tsa.pem");
  openssl("x509", "-in", "tsa.pem", "-outform", "DER", "-out", "tsa.der");

  return {
    certificate: read("tsa.der"),
    stamp: (digest) => {
      write("request.tsq", createTimeStampRequest({ digest, algorithm: "sha-256" }));
      const by = ["-signer", "tsa.pem", "-inkey", "tsa.key"];
      openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "request.tsq", ...by, "-out", "answer.tsr");
      return readTimeStampResponse(read("answer.tsr"));
    },
    close: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
