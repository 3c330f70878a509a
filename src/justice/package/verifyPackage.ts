import { hexToBytes } from "@noble/hashes/utils.js";
import { id } from "ethers";

import { DiwanError } from "../../errors.js";
import { LogTree } from "../../ledger/LogTree.js";
import { leafHash, nodeHash } from "../../ledger/logHashes.js";
import { sameBytes } from "../../ledger/sameBytes.js";
import { verifyInclusion } from "../../ledger/verifyInclusion.js";
import { standingOf, trustHistory } from "../../trust/history.js";
import { trustLogEntries } from "../../trust/snapshot.js";
import type { Standing } from "../../trust/standing.js";
import { anchorDigest } from "../anchors/anchorDigest.js";
import { blockNote } from "../anchors/blockNote.js";
import { verifyCosignature } from "../anchors/verifyCosignature.js";
import { verifyOpenTimestamps } from "../anchors/verifyOpenTimestamps.js";
import { verifyTimeStampToken } from "../anchors/verifyTimeStampToken.js";
import { decodeHeader } from "../chain/decodeHeader.js";
import { findSealConflict } from "../chain/findSealConflict.js";
import { headerHash } from "../chain/headerHash.js";
import { logsOf } from "../chain/logsOf.js";
import { verifyAccountProof } from "../chain/verifyAccountProof.js";
import { verifyReceiptProof } from "../chain/verifyReceiptProof.js";
import { verifyStorageProof } from "../chain/verifyStorageProof.js";
import { commitExhibit } from "../evidence/commitExhibit.js";
import type { HashResult } from "../hashing/algorithms.js";
import type { EvidencePackage, PackageAnchor, PackageProof } from "./EvidencePackage.js";
import { decodeDepositSlot, decodeExhibitSlot, type ExhibitRecord } from "./exhibitSlot.js";
import type { TrustAnchor } from "./readTrustAnchor.js";
import { registryKeys, trustKeys } from "./storageSlots.js";
import { verifySealing, type SealingFound } from "./verifySealing.js";

/** What is answered to one of the three questions. */
export type Answer = "PROVED" | "FAILED" | "NOT_PROVED";

/** Something wrong, and in which part of the package; `file` is the exhibit itself. */
export interface PackageProblem {
  part: keyof EvidencePackage | "file" | "conflict";
  code: string;
  message: string;
}

/** Something besides seals that shows by when the block existed. */
export interface AnchorFound {
  kind: PackageAnchor["kind"];
  by: string;
  /** Unix seconds; nothing when it is not proved. */
  notAfter: number | undefined;
}

/** How somebody stood in the trust list. */
export interface StandingFound {
  body: number;
  atDeposit: Standing;
  atBlock: Standing;
}

/** What a package proves. */
export interface PackageReport {
  /** Whether the file is what was deposited, and since when. */
  integrity: Answer;
  /** How the exhibit stood at the block. */
  status: Answer;
  /** Whether who deposited it, and with what, was accredited. */
  who: Answer;
  commitment: string;
  /** Unix seconds. `notBefore` is the statement's own word unless its block is on the checked chain. */
  time: { notBefore: number | undefined; notAfter: number | undefined; claimedCapturedAt: number | undefined };
  block: { number: number; hash: string; timestamp: number } | undefined;
  sealing:
    Pick<SealingFound, "sealing" | "anchoredBy" | "signers" | "quorum" | "depth" | "distinctSealers"> | undefined;
  exhibit: ExhibitRecord | undefined;
  depositor: StandingFound | undefined;
  tool: StandingFound | undefined;
  court: StandingFound | undefined;
  custody: { hop: number; from: number; to: number; time: number }[];
  anchors: AnchorFound[];
  /** Codes of what this does not prove; words are in `renderReport`. */
  notProved: NotProved[];
  problems: PackageProblem[];
}

/** What a package does not prove. */
export type NotProved =
  | "CLAIMS"
  | "CLIQUE_NOT_FINAL"
  | "CUSTODY_INCOMPLETE"
  | "FILE_NOT_GIVEN"
  | "LATER_CHANGES"
  | "NO_SECOND_ANCHOR"
  | "OTHER_BLOCKS_SIGNED";

/** What to check a package against. */
export interface VerifyOptions {
  /** The exhibit's digests, as `hashFile` gives them; without, its integrity is not proved. */
  file?: HashResult | undefined;
  anchor: TrustAnchor;
  /** RLP of other headers that somebody shows, each checked by the pinned validators for a conflict. */
  others?: readonly string[];
}

const CUSTODY_CHANGED = id("CustodyChanged(bytes32,uint32,uint32,uint16,uint32)");

/**
 * Checks a package with no network: the exhibit's digests against the statement, the statement against the commitment, that
 * against the state of a block, and the block against the trust anchor. What fails is named by its part and does not stop the
 * rest.
 *
 * @param found As `readPackage` gives it.
 * @example
 * ```ts
 * const file = await hashFile("image.dd", { algorithms: found.statement.digests.map(({ algorithm }) => algorithm) });
 * const report = await verifyPackage(found, { file, anchor });
 * ```
 */
export async function verifyPackage(
  found: EvidencePackage,
  { file, anchor, others = [] }: VerifyOptions,
): Promise<PackageReport> {
  const problems: PackageProblem[] = [];
  const fail = (part: PackageProblem["part"], code: string, message: string): void => {
    problems.push({ part, code, message });
  };
  const attempt = <T>(part: PackageProblem["part"], check: () => T): T | undefined => {
    try {
      return check();
    } catch (error) {
      fail(part, error instanceof DiwanError ? error.code : "MALFORMED", (error as Error).message);
      return undefined;
    }
  };
  const { statement, exhibit, trust } = found;

  checkNames(found, anchor, fail);
  if (file !== undefined) checkFile(file, statement, fail);
  const commitment = attempt("salt", () => commitExhibit(statement, hexToBytes(found.salt.slice(2))));
  if (commitment !== undefined && commitment !== exhibit.commitment) {
    fail("statement", "COMMITMENT_MISMATCH", "statement and salt make another commitment than the exhibit's");
  }

  const sealing = attempt("sealing", () => verifySealing(found.header, found.sealing, anchor));
  const hasConflict = checkOthers(others, found, anchor, sealing, fail);
  const header = attempt("header", () => decodeHeader(found.header));

  const words =
    header &&
    attempt("registryProof", () =>
      readStorage(header.stateRoot, exhibit.registry, registryKeys(exhibit), found.registryProof),
    );
  const record = words && attempt("registryProof", () => recordOf(words, found));
  if (words !== undefined && record === undefined && !problems.some(({ part }) => part === "registryProof")) {
    fail("registryProof", "EXHIBIT_UNKNOWN", "the registry had no such exhibit at the block");
  }
  if (exhibit.place !== undefined) checkPlace(exhibit.commitment, exhibit.place, words?.[1], fail);

  const isTrustProved =
    header &&
    attempt("trustProof", () => {
      const keys = trustKeys(trust.length);
      const [size, ...peaks] = readStorage(header.stateRoot, exhibit.trustList, keys, found.trustProof);
      return { size: BigInt(size!), peaks };
    });
  if (isTrustProved !== undefined) {
    if (isTrustProved.size !== BigInt(trust.length)) {
      fail("trust", "TRUST_STALE", `the trust list had ${isTrustProved.size} changes, not ${trust.length}`);
    } else {
      const isSame = attempt("trust", () =>
        sameBytes(rootOf(trustLogEntries({ changes: trust })), bag(isTrustProved.peaks)),
      );
      if (isSame === false) fail("trust", "TRUST_MISMATCH", "the changes are not those of the trust list's log");
    }
  }

  const custody = checkCustody(found, sealing, record, fail);
  const anchors = await checkAnchors(found, anchor, fail);

  const history = trustHistory({ changes: trust });
  const judge = (role: string, body: number, key: number): StandingFound | undefined => {
    if (record === undefined || header === undefined || body === 0) return undefined;
    const at = (time: number) => standingOf(history, id(`diwan.role.${role}`), body, key, time);
    return { body, atDeposit: at(record.depositedAt), atBlock: at(header.timestamp) };
  };
  const depositor = record && judge("evidence-custodian", record.depositor, record.key);
  const tool = record && judge("capture-tool", record.tool, 0);
  const court = record && judge("court", record.court, 0);

  const bad = new Set(problems.map(({ part }) => part));
  const isAnchored = sealing !== undefined && !bad.has("header") && !bad.has("exhibit");
  const isTied = isAnchored && !hasConflict && record !== undefined && !bad.has("registryProof");
  const isCommitted = !bad.has("statement") && !bad.has("salt");
  const hasFailed = (...parts: PackageProblem["part"][]): boolean => parts.some((part) => bad.has(part));
  const answer = (failed: boolean, proved: boolean): Answer => (failed ? "FAILED" : proved ? "PROVED" : "NOT_PROVED");
  const chainFailed = hasFailed("sealing", "header", "exhibit", "registryProof");
  const inForce = depositor?.atDeposit === "IN_FORCE" && tool?.atDeposit === "IN_FORCE";

  const notProved: NotProved[] = ["CLAIMS", "LATER_CHANGES"];
  if (anchor.kind !== "block") notProved.push("OTHER_BLOCKS_SIGNED");
  if (found.sealing.kind === "clique") notProved.push("CLIQUE_NOT_FINAL");
  if (file === undefined) notProved.push("FILE_NOT_GIVEN");
  if (record !== undefined && custody.length !== record.hop) notProved.push("CUSTODY_INCOMPLETE");
  if (!anchors.some(({ notAfter }) => notAfter !== undefined)) notProved.push("NO_SECOND_ANCHOR");

  const notBefore = statement.notBefore;
  const isKnown = notBefore !== undefined && sealing?.known.has(notBefore.blockHash) === true;
  const knownTime = isKnown ? timeOf(found, notBefore.blockHash) : undefined;
  return {
    integrity: answer(
      chainFailed || hasFailed("file", "statement", "salt"),
      isTied && isCommitted && file !== undefined,
    ),
    status: answer(chainFailed || hasFailed("custody"), isTied),
    who: answer(
      chainFailed || hasFailed("trust", "trustProof", "statement") || (depositor !== undefined && !inForce),
      isTied && inForce && !hasFailed("trust", "trustProof"),
    ),
    commitment: exhibit.commitment,
    time: {
      notBefore: knownTime,
      notAfter: isTied ? record.depositedAt : undefined,
      claimedCapturedAt: statement.claimedCapturedAt,
    },
    block: sealing && { number: sealing.header.number, hash: sealing.hash, timestamp: sealing.header.timestamp },
    sealing: sealing && {
      sealing: sealing.sealing,
      anchoredBy: sealing.anchoredBy,
      signers: sealing.signers,
      quorum: sealing.quorum,
      depth: sealing.depth,
      distinctSealers: sealing.distinctSealers,
    },
    exhibit: record,
    depositor,
    tool,
    court,
    custody,
    anchors,
    notProved,
    problems,
  };
}

type Fail = (part: PackageProblem["part"], code: string, message: string) => void;

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

/** @returns Whether another sealed block of the same height was shown. */
function checkOthers(
  others: readonly string[],
  found: EvidencePackage,
  anchor: TrustAnchor,
  sealing: SealingFound | undefined,
  fail: Fail,
): boolean {
  let hasConflict = false;
  for (const rlp of others) {
    try {
      const other = verifySealing(rlp, found.sealing, anchor);
      const conflict = sealing && findSealConflict(sealing, other);
      if (conflict === undefined) continue;
      hasConflict = true;
      const both = conflict.signedBoth.join(", ");
      fail(
        "conflict",
        "SEAL_CONFLICT",
        `block ${conflict.number} was sealed twice, ${conflict.hashes.join(" and ")}, both by ${both}`,
      );
    } catch (error) {
      fail("conflict", error instanceof DiwanError ? error.code : "MALFORMED", (error as Error).message);
    }
  }
  return hasConflict;
}

function readStorage(stateRoot: string, address: string, keys: readonly string[], proof: PackageProof): string[] {
  const account = verifyAccountProof(stateRoot, address, proof.accountProof);
  if (account === undefined) throw new RangeError(`${address} has no account at the block`);
  if (proof.storageProofs.length !== keys.length) {
    throw new RangeError(`it proves ${proof.storageProofs.length} words, not ${keys.length}`);
  }
  return keys.map((key, i) => verifyStorageProof(account.storageRoot, key, proof.storageProofs[i]!));
}

/** The exhibit's own slot, or what its batch says; as `EvidenceRegistry.statusOfMember` judges. */
function recordOf(words: readonly string[], { exhibit }: EvidencePackage): ExhibitRecord | undefined {
  const own = decodeExhibitSlot(words[0]!);
  if (exhibit.place === undefined) return own;
  const batch = decodeDepositSlot(words[1]!);
  if (batch === undefined) return undefined;
  if (own?.depositedAt === batch.depositedAt && own.depositor === batch.depositor) return own;
  const { depositedAt, depositor, key, tool, role } = batch;
  return {
    depositedAt,
    depositor,
    key,
    tool,
    custodian: depositor,
    custodianRole: role,
    court: 0,
    hop: 0,
    state: "DEPOSITED",
    isSealed: false,
    isHeld: false,
  };
}

function checkPlace(
  commitment: string,
  { index, size, path, root }: NonNullable<EvidencePackage["exhibit"]["place"]>,
  word: string | undefined,
  fail: Fail,
): void {
  const bytes = (hex: string): Uint8Array => hexToBytes(hex.slice(2));
  const isMember = verifyInclusion({
    leaf: leafHash(bytes(commitment)),
    index,
    size,
    path: path.map(bytes),
    root: bytes(root),
  });
  if (!isMember) fail("exhibit", "NOT_MEMBER", "the path does not lead from the commitment to the batch's root");
  if (word === undefined || BigInt(word) >> 208n !== 0n) return;
  const batch = decodeDepositSlot(word);
  if (batch !== undefined && BigInt(index) < batch.first) {
    fail("exhibit", "NOT_MEMBER", "the exhibit stands before the first of its batch");
  }
}

function rootOf(entries: readonly Uint8Array[]): Uint8Array {
  const tree = new LogTree();
  for (const entry of entries) tree.append(entry);
  return tree.root();
}

/** The root of a log's peaks, lowest first. */
function bag(peaks: readonly string[]): Uint8Array {
  const [lowest, ...higher] = peaks.map((peak) => hexToBytes(peak.slice(2)));
  return higher.reduce<Uint8Array>((right, left) => nodeHash(left, right), lowest ?? new Uint8Array());
}

function checkCustody(
  { custody, sealing, exhibit }: EvidencePackage,
  found: SealingFound | undefined,
  record: ExhibitRecord | undefined,
  fail: Fail,
): PackageReport["custody"] {
  const changes: PackageReport["custody"] = [];
  for (const [i, { header: rlp, receipt: proof }] of custody.entries()) {
    try {
      const header = decodeHeader(rlp);
      const hash = headerHash(rlp, sealing.kind);
      if (found?.known.has(hash) !== true) throw new RangeError(`block ${header.number} is not on the checked chain`);
      const receipt = verifyReceiptProof(header.receiptsRoot, proof);
      const logs = logsOf(receipt, exhibit.registry, CUSTODY_CHANGED);
      const log = logs.find(({ topics }) => topics[1] === exhibit.commitment);
      if (log === undefined) throw new RangeError("the receipt holds no change of the exhibit's custody");
      const [, , from, to] = log.topics;
      const hop = Number(BigInt(log.data.slice(0, 66)));
      changes.push({ hop, from: Number(from), to: Number(to), time: header.timestamp });
      const before = i === 0 ? record?.depositor : changes[i - 1]?.to;
      if (hop !== i + 1 || before !== Number(from)) throw new RangeError("it does not follow the change before");
    } catch (error) {
      const code = error instanceof DiwanError ? error.code : "CUSTODY_BROKEN";
      fail("custody", code, `change ${i}: ${(error as Error).message}`);
    }
  }
  const last = changes.at(-1);
  if (record !== undefined && last?.hop === record.hop && last.to !== record.custodian) {
    fail("custody", "CUSTODY_BROKEN", `it ends with body ${last.to}; the registry says ${record.custodian}`);
  }
  return changes;
}

async function checkAnchors(found: EvidencePackage, trusted: TrustAnchor, fail: Fail): Promise<AnchorFound[]> {
  const results: AnchorFound[] = [];
  for (const [i, anchor] of found.anchors.entries()) {
    try {
      results.push(await checkAnchor(found, anchor, trusted));
    } catch (error) {
      const code = error instanceof DiwanError ? error.code : "MALFORMED";
      fail("anchors", code, `anchor ${i}: ${(error as Error).message}`);
    }
  }
  return results;
}

async function checkAnchor(
  { header, sealing, exhibit }: EvidencePackage,
  anchor: PackageAnchor,
  trusted: TrustAnchor,
): Promise<AnchorFound> {
  const bytes = (hex: string): Uint8Array => hexToBytes(hex.slice(2));
  const hash = bytes(headerHash(header, sealing.kind));
  const { kind } = anchor;
  if (kind === "rfc3161") {
    const { tsaName, notAfter } = await verifyTimeStampToken(bytes(anchor.token), {
      digest: anchorDigest(hash),
      algorithm: "sha-256",
      trusted: (trusted.tsaCertificates ?? []).map(bytes),
    });
    return { kind, by: tsaName, notAfter };
  }
  if (kind === "opentimestamps") {
    const blocks = (trusted.bitcoin ?? []).map((block) => ({ ...block, header: bytes(block.header) }));
    const { proved } = verifyOpenTimestamps(bytes(anchor.proof), { digest: anchorDigest(hash), blocks });
    const first = proved[0];
    return { kind, by: first === undefined ? "" : `Bitcoin block ${first.height}`, notAfter: first?.time };
  }
  const { number } = decodeHeader(header);
  const text = blockNote({ chainId: BigInt(exhibit.chainId), number: BigInt(number), hash });
  let problem: unknown = new RangeError("no witness key is trusted");
  for (const key of trusted.witnessKeys ?? []) {
    try {
      const { name, time } = verifyCosignature(anchor.note, key, text);
      return { kind, by: name, notAfter: time };
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}

function timeOf({ header, sealing }: EvidencePackage, hash: string): number | undefined {
  const rlp = [header, ...sealing.headers].find((one) => headerHash(one, sealing.kind) === hash);
  return rlp === undefined ? undefined : decodeHeader(rlp).timestamp;
}
