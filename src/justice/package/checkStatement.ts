import { hexToBytes } from "@noble/hashes/utils.js";

import { commitExhibit } from "../evidence/commitExhibit.js";
import type { HashResult } from "../hashing/algorithms.js";
import type { Fail, ProblemsFound } from "./collectProblems.js";
import type { EvidencePackage } from "./EvidencePackage.js";
import type { TrustAnchor } from "./readTrustAnchor.js";

/**
 * Whether statement, exhibit and trust anchor name the same chain and contracts, the file has the statement's digests, and
 * statement and salt make the exhibit's commitment.
 *
 * @param options `file`: the exhibit's digests, where it is there.
 * @example
 * ```ts
 * const found = collectProblems();
 * checkStatement(shown, { file, anchor }, found);
 * ```
 */
export function checkStatement(
  found: EvidencePackage,
  { file, anchor }: { file: HashResult | undefined; anchor: TrustAnchor },
  { fail, attempt }: Pick<ProblemsFound, "fail" | "attempt">,
): void {
  const { statement, exhibit } = found;
  checkNames(found, anchor, fail);
  if (file !== undefined) checkFile(file, statement, fail);
  const commitment = attempt("salt", () => commitExhibit(statement, hexToBytes(found.salt.slice(2))));
  if (commitment !== undefined && commitment !== exhibit.commitment) {
    for (const part of ["statement", "salt", "exhibit"] as const) {
      fail(part, "COMMITMENT_MISMATCH", "statement and salt make another commitment than the exhibit's");
    }
  }
}

function checkNames({ statement, exhibit }: EvidencePackage, anchor: TrustAnchor, fail: Fail): void {
  for (const name of ["chainId", "registry", "trustList"] as const) {
    if (exhibit[name] !== anchor[name]) {
      fail("exhibit", "ANCHOR_FOREIGN", `its ${name} is ${exhibit[name]}; trusted is ${anchor[name]}`);
    }
  }
  for (const name of ["chainId", "registry"] as const) {
    if (statement[name] !== exhibit[name]) {
      fail("statement", "STATEMENT_FOREIGN", `its ${name} is ${statement[name]}, the exhibit's ${exhibit[name]}`);
    }
  }
}

function checkFile(file: HashResult, { size, digests }: EvidencePackage["statement"], fail: Fail): void {
  if (file.size !== size) fail("file", "SIZE_MISMATCH", `it has ${file.size} bytes; the statement says ${size}`);
  for (const { algorithm, value } of digests) {
    const given = file.digests.find((digest) => digest.algorithm === algorithm)?.value;
    if (given !== value) {
      fail("file", "DIGEST_MISMATCH", `its ${algorithm} is ${given ?? "not given"}; the statement says ${value}`);
    }
  }
}
