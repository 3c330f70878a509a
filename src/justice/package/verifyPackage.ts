import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import type { LogDescription } from "ethers";

import { DiwanError } from "../../errors.js";
import { LogTree } from "../../ledger/LogTree.js";
import { leafHash, nodeHash } from "../../ledger/logHashes.js";
import { sameBytes } from "../../ledger/sameBytes.js";
import { verifyInclusion } from "../../ledger/verifyInclusion.js";
import { standingAt, standingOf, type TrustHistory, trustHistory } from "../../trust/history.js";
import { roleScope } from "../../trust/scopes.js";
import { trustLogEntries } from "../../trust/snapshot.js";
import type { Standing } from "../../trust/standing.js";
import { IEvidenceRegistry__factory } from "../../typechain/factories/contracts/justice/IEvidenceRegistry__factory.js";
import { anchorDigest } from "../anchors/anchorDigest.js";
import { blockNote } from "../anchors/blockNote.js";
import { digestOfToken } from "../anchors/digestOfToken.js";
import { parseSignedNote } from "../anchors/parseSignedNote.js";
import { verifyCosignature } from "../anchors/verifyCosignature.js";
import { verifyOpenTimestamps } from "../anchors/verifyOpenTimestamps.js";
import { verifyTimeStampToken } from "../anchors/verifyTimeStampToken.js";
import { decodeHeader } from "../chain/decodeHeader.js";
import { encodeReceipt } from "../chain/encodeReceipt.js";
import { findSealConflict } from "../chain/findSealConflict.js";
import { headerHash } from "../chain/headerHash.js";
import { logsOf } from "../chain/logsOf.js";
import { verifyAccountProof } from "../chain/verifyAccountProof.js";
import { verifyReceiptProof } from "../chain/verifyReceiptProof.js";
import { verifyStorageProof } from "../chain/verifyStorageProof.js";
import { caseTag, commitCase } from "../evidence/commitCase.js";
import { commitExhibit } from "../evidence/commitExhibit.js";
import type { HashResult } from "../hashing/algorithms.js";
import { PACKAGE_SCHEMA, type EvidencePackage, type PackageAnchor, type PackageProof } from "./EvidencePackage.js";
import { decodeDepositSlot, decodeExhibitSlot, type ExhibitRecord } from "./exhibitSlot.js";
import { packageManifest } from "./packageManifest.js";
import type {
  AnchorFound,
  Answer,
  HistoryEntry,
  NotProved,
  OtherFound,
  PackageProblem,
  PackageReport,
  StandingFound,
  WhoReason,
  WitnessFound,
} from "./PackageReport.js";
import type { TrustAnchor } from "./readTrustAnchor.js";
import { batchIdOf, registryKeys, trustKeys } from "./storageSlots.js";
import { timeInterval } from "./timeInterval.js";
import { type SealingFound, verifyOther, verifySealing } from "./verifySealing.js";

/** What to check a package against. */
export interface VerifyOptions {
  /** The exhibit's digests, as `hashFile` gives them; without, its integrity is not proved. */
  file?: HashResult | undefined;
  anchor: TrustAnchor;
  /** Other packages that somebody shows, each checked by its own sealing: do they hold another block of the same height? */
  others?: readonly EvidencePackage[];
}

const events = IEvidenceRegistry__factory.createInterface();

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

  checkManifest(found, fail);
  checkNames(found, anchor, fail);
  if (file !== undefined) checkFile(file, statement, fail);
  const commitment = attempt("salt", () => commitExhibit(statement, hexToBytes(found.salt.slice(2))));
  if (commitment !== undefined && commitment !== exhibit.commitment) {
    for (const part of ["statement", "salt", "exhibit"] as const) {
      fail(part, "COMMITMENT_MISMATCH", "statement and salt make another commitment than the exhibit's");
    }
  }

  const sealing = attempt("sealing", () => verifySealing(found.header, found.sealing, anchor));
  const compared = others.map((other) => compareOther(other, anchor, sealing));
  const conflict = compared.find(({ result }) => result === "CONFLICT");
  if (conflict !== undefined) fail("conflict", "SEAL_CONFLICT", conflict.message);
  const header = attempt("header", () => decodeHeader(found.header));

  const words =
    header &&
    attempt("registryProof", () =>
      readStorage(header.stateRoot, exhibit.registry, registryKeys(exhibit), found.registryProof),
    );
  const { record, other: otherRecord } = (words && attempt("registryProof", () => recordsOf(words, found))) ?? {};
  if (words !== undefined && record === undefined && !problems.some(({ part }) => part === "registryProof")) {
    fail("registryProof", "EXHIBIT_UNKNOWN", "the registry had no such exhibit at the block");
  }
  if (exhibit.place !== undefined && problems.some(({ part }) => part === "registryProof")) {
    // The proof is of another batch than the place names: which of the two was altered only the manifest tells.
    fail("exhibit", "BATCH_UNPROVED", "its batch is not the one that the registry's proof is of");
  }
  if (exhibit.place !== undefined) checkPlace(exhibit.commitment, exhibit.place, words?.[1], fail);

  const isTrustProved =
    header &&
    attempt("trustProof", () => {
      const { accountProof, storageProofs } = found.trustProof;
      // How many peaks are live the size tells, and that is proved before anything is made of it.
      const first = { accountProof, storageProofs: storageProofs.slice(0, 1) };
      const size = BigInt(readStorage(header.stateRoot, exhibit.trustList, trustKeys(0), first)[0]!);
      const keys = trustKeys(Number(size));
      const [, ...peaks] = readStorage(header.stateRoot, exhibit.trustList, keys, found.trustProof);
      return { size, peaks };
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

  const history = sealing === undefined ? [] : readHistory(found, sealing, { anchor, otherRecord }, fail);
  const custody = checkCustody(history, exhibit, record, fail);
  const isCaseProved = checkCase(found, history, record, fail);
  const anchors = await checkAnchors(found, anchor, fail);

  const trusted = trustHistory({ changes: trust });
  const standing = (role: string, body: number, act: number | undefined, key?: number): StandingFound | undefined => {
    if (header === undefined || body === 0) return undefined;
    const scope = roleScope(role);
    const at = (time: number): Standing =>
      key === undefined ? standingAt(trusted, scope, body, time).standing : standingOf(trusted, scope, body, key, time);
    return { body, atAct: act === undefined ? undefined : at(act), atBlock: at(header.timestamp) };
  };
  const depositor = record && standing("evidence-custodian", record.depositor, record.depositedAt, record.key);
  // A tool has no key, and the slot does not say by which key a court decided: both are judged as bodies.
  const tool = record && standing("capture-tool", record.tool, record.depositedAt);
  const court = record && standing("court", record.court, lastDecision(history));
  const whoReasons = record === undefined ? [] : whyNot(found, record, { depositor, tool });

  const bad = new Set(problems.map(({ part }) => part));
  const isAnchored = sealing !== undefined && !bad.has("header") && !bad.has("exhibit");
  // One signer of Clique alone can seal whatever it likes: a block counts when as many vouch for it as make more than half.
  const isByFew = sealing?.anchoredBy === "clique" && sealing.distinctSealers.length < (sealing.quorum ?? Infinity);
  const isCalm = conflict === undefined && !isByFew;
  const isTied = isAnchored && isCalm && record !== undefined && !bad.has("registryProof");
  const isCommitted = !bad.has("statement") && !bad.has("salt");
  const hasFailed = (...parts: PackageProblem["part"][]): boolean => parts.some((part) => bad.has(part));
  const answer = (failed: boolean, proved: boolean): Answer => (failed ? "FAILED" : proved ? "PROVED" : "NOT_PROVED");
  const chainFailed = hasFailed("sealing", "header", "exhibit", "registryProof");
  const isNamed = whoReasons.length === 0;

  const block = statement.notBefore && sealing?.known.get(statement.notBefore.blockHash);
  const named = block?.number === statement.notBefore?.blockNumber ? block?.timestamp : undefined;
  const interval = timeInterval({ named, deposited: isTied ? record.depositedAt : undefined }, anchors);
  const { notBefore, notAfter, fileNotAfter } = interval;
  const notProved: NotProved[] = ["CLAIMS", "LATER_CHANGES", "EVENTS_MAY_BE_MISSING"];
  if (anchor.kind !== "block") notProved.push("OTHER_BLOCKS_SIGNED");
  if (found.sealing.kind === "clique") notProved.push("CLIQUE_NOT_FINAL");
  if (isByFew) notProved.push("SEALERS_TOO_FEW");
  if (otherRecord !== undefined) notProved.push("OTHER_RECORD");
  if (file === undefined) notProved.push("FILE_NOT_GIVEN");
  if (record !== undefined && custody.length !== record.hop) notProved.push("CUSTODY_INCOMPLETE");
  if (record !== undefined && record.court !== 0) notProved.push("COURT_KEY");
  if (!isCaseProved) notProved.push("CASE_NOT_PROVED");
  if (interval.isContradicted) notProved.push("CLOCKS_DISAGREE");
  if (statement.notBefore !== undefined && named === undefined) notProved.push("NOT_BEFORE_UNPROVED");
  if (statement.timestampToken !== undefined && found.timestampToken === undefined) notProved.push("TOKEN_NOT_GIVEN");
  if (!anchors.some(({ notAfter, of }) => of === "block" && notAfter !== undefined)) notProved.push("NO_SECOND_ANCHOR");
  if (found.anchors.length > 0) notProved.push("ANCHOR_OPEN_BYTES");
  if (anchors.some(({ kind, state }) => kind === "rfc3161" && state === "PROVED")) {
    notProved.push("REVOCATION_NOT_CHECKED");
  }

  return {
    integrity: answer(
      chainFailed || hasFailed("file", "statement", "salt", "timestampToken"),
      isTied && isCommitted && file !== undefined,
    ),
    status: answer(chainFailed || hasFailed("custody"), isTied),
    who: answer(
      chainFailed || hasFailed("trust", "trustProof", "statement") || !isNamed,
      isTied && isNamed && !hasFailed("trust", "trustProof"),
    ),
    whoReasons,
    commitment: exhibit.commitment,
    time: { notBefore, notAfter, fileNotAfter, claimedCapturedAt: statement.claimedCapturedAt },
    block: sealing && { number: sealing.header.number, hash: sealing.hash, timestamp: sealing.header.timestamp },
    sealing: sealing && {
      sealing: sealing.sealing,
      anchoredBy: sealing.anchoredBy,
      signers: sealing.signers,
      quorum: sealing.quorum,
      validators: sealing.validators,
      depth: sealing.depth,
      distinctSealers: sealing.distinctSealers,
    },
    exhibit: record,
    otherRecord,
    depositor,
    tool,
    court,
    custody,
    witnesses: witnessesOf(history, exhibit, trusted),
    history,
    others: compared,
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

/** Names parts that are not as they were when the package was made. */
function checkManifest(found: EvidencePackage, fail: Fail): void {
  const made = packageManifest(found);
  const names = new Set([...Object.keys(made), ...Object.keys(found.manifest)]);
  for (const name of names) {
    if (made[name] === found.manifest[name]) continue;
    const isPart = Object.hasOwn(made, name);
    const part = isPart ? (name as keyof EvidencePackage) : "manifest";
    fail(part, "PART_ALTERED", `${name} is not what the manifest says`);
    // A package of another schema is not read at all: one that was, has the right one, and a manifest that was altered.
    if (name === "schema" && found.schema === PACKAGE_SCHEMA) fail("manifest", "PART_ALTERED", "it was altered itself");
  }
}

/** Whether another package holds another sealed block of the same height; it is checked by its own sealing. */
function compareOther(other: EvidencePackage, anchor: TrustAnchor, sealing: SealingFound | undefined): OtherFound {
  const none = { conflict: undefined };
  if (sealing === undefined) return { result: "UNCHECKED", ...none, message: "this package's own seals do not hold" };
  let found: SealingFound;
  try {
    found = verifySealing(other.header, other.sealing, anchor);
  } catch (error) {
    // Whoever shows a header that nobody sealed takes nothing from this package.
    return { result: "UNCHECKED", ...none, message: (error as Error).message };
  }
  if (found.hash === sealing.hash) return { result: "SAME_BLOCK", ...none, message: `both are of ${found.hash}` };
  const conflict = findSealConflict(sealing, found);
  if (conflict === undefined) {
    return { result: "OTHER_HEIGHT", ...none, message: `it is of block ${found.header.number}` };
  }
  const by = conflict.signedBoth.length === 0 ? "" : `, both by ${conflict.signedBoth.join(", ")}`;
  const message = `block ${conflict.number} was sealed twice, ${conflict.hashes.join(" and ")}${by}`;
  return { result: "CONFLICT", conflict, message };
}

function readStorage(stateRoot: string, address: string, keys: readonly string[], proof: PackageProof): string[] {
  const account = verifyAccountProof(stateRoot, address, proof.accountProof);
  if (account === undefined) throw new RangeError(`${address} has no account at the block`);
  if (proof.storageProofs.length !== keys.length) {
    throw new RangeError(`it proves ${proof.storageProofs.length} words, not ${keys.length}`);
  }
  return keys.map((key, i) => verifyStorageProof(account.storageRoot, key, proof.storageProofs[i]!));
}

/**
 * The exhibit's own slot, or what its batch says; as `EvidenceRegistry.statusOfMember` judges. A slot that was not made of the
 * batch is another deposit of the same commitment, by whomever.
 */
function recordsOf(
  words: readonly string[],
  { exhibit }: EvidencePackage,
): { record: ExhibitRecord | undefined; other?: ExhibitRecord | undefined } {
  const own = decodeExhibitSlot(words[0]!);
  if (exhibit.place === undefined) return { record: own };
  const batch = decodeDepositSlot(words[1]!);
  if (batch === undefined) return { record: undefined };
  const isOfBatch = (["depositedAt", "depositor", "key", "tool"] as const).every((name) => own?.[name] === batch[name]);
  if (own !== undefined && isOfBatch) return { record: own };
  const { depositedAt, depositor, key, tool, role } = batch;
  const record: ExhibitRecord = {
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
  return { record, other: own };
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

/** The exhibit's events, out of receipts whose blocks are on the checked chain. */
function readHistory(
  { custody, sealing, exhibit }: EvidencePackage,
  found: SealingFound,
  { anchor, otherRecord }: { anchor: TrustAnchor; otherRecord: ExhibitRecord | undefined },
  fail: Fail,
): HistoryEntry[] {
  const entries: HistoryEntry[] = [];
  let last = -1;
  for (const [i, { header: rlp, receipt: proof }] of custody.entries()) {
    try {
      verifyOther(rlp, sealing.kind, found, anchor);
      const { number, timestamp, receiptsRoot } = decodeHeader(rlp);
      if (number > found.header.number) throw new RangeError(`block ${number} is later than the block proved`);
      const place = number * 2 ** 20 + proof.index;
      if (place <= last) throw new RangeError("the receipts are not in the order of their blocks, each once");
      last = place;
      const receipt = verifyReceiptProof(receiptsRoot, proof);
      const digest = bytesToHex(sha256(hexToBytes(encodeReceipt(receipt).slice(2))));
      const logs = logsOf(receipt, exhibit.registry).flatMap((log) => {
        const parsed = events.parseLog({ topics: [...log.topics], data: log.data });
        return parsed !== null && isOf(parsed, exhibit) ? [parsed] : [];
      });
      if (logs.length === 0) throw new RangeError("the receipt holds no event of the exhibit");
      for (const { name, fragment, args } of logs) {
        // What befell the other deposit of the commitment befell nothing of the batch.
        if (otherRecord !== undefined && args[0] === exhibit.commitment) continue;
        const named = fragment.inputs.map((input, n): [string, string] => [input.name, String(args[n])]);
        entries.push({
          event: name,
          time: timestamp,
          block: number,
          args: Object.fromEntries(named),
          receipt: digest,
        });
      }
    } catch (error) {
      fail("custody", codeOf(error, "CUSTODY_BROKEN"), `receipt ${i}: ${(error as Error).message}`);
    }
  }
  return entries;
}

/** Whether an event is of the exhibit, of the deposit of its batch, or of a witness of that. */
function isOf({ name, args }: LogDescription, { commitment, place }: EvidencePackage["exhibit"]): boolean {
  if (args[0] === commitment) return true;
  if (place === undefined) return false;
  if (name === "DepositWitnessed") return args[0] === batchIdOf(place);
  if (name !== "ExhibitsLogged" && name !== "ExhibitBatchDeposited") return false;
  const isInLog = name === "ExhibitsLogged";
  const { depositor, root, size } = args;
  return (
    isInLog === place.inLog &&
    depositor === BigInt(place.depositor) &&
    root === place.root &&
    size === BigInt(place.size)
  );
}

/** Each change of custody begins where the one before ended, and the last ends where the slot says. */
function checkCustody(
  history: readonly HistoryEntry[],
  { commitment }: EvidencePackage["exhibit"],
  record: ExhibitRecord | undefined,
  fail: Fail,
): PackageReport["custody"] {
  const changes = history
    .filter(({ event, args }) => event === "CustodyChanged" && args["commitment"] === commitment)
    .map(({ args, time }) => ({ from: Number(args["from"]), to: Number(args["to"]), time }));
  const isWhole = changes.length === record?.hop;
  const custody = changes.map((change, i) => ({ hop: isWhole ? i + 1 : undefined, ...change }));
  if (record === undefined || changes.length === 0) return custody;
  const breaks = changes.findIndex(({ from }, i) => from !== (i === 0 ? record.depositor : changes[i - 1]!.to));
  if (changes.length > record.hop || (isWhole && (breaks !== -1 || changes.at(-1)!.to !== record.custodian))) {
    const held = `the registry says ${record.hop} changes, from body ${record.depositor} to ${record.custodian}`;
    fail("custody", "CUSTODY_BROKEN", `the receipts' ${changes.length} changes do not lead there: ${held}`);
  }
  return custody;
}

const DEPOSITS = ["ExhibitDeposited", "ExhibitsLogged", "ExhibitBatchDeposited"];

/** Whether the case that the statement names is the one whose tag the deposit's event has. */
function checkCase(
  { statement, caseSalt }: EvidencePackage,
  history: readonly HistoryEntry[],
  record: ExhibitRecord | undefined,
  fail: Fail,
): boolean {
  const deposit = history.find(({ event }) => DEPOSITS.includes(event));
  if (deposit !== undefined && record !== undefined && deposit.time !== record.depositedAt) {
    fail("custody", "CUSTODY_BROKEN", "the deposit's receipt is of another second than the registry says");
  }
  if (caseSalt === undefined) return false;
  if (deposit === undefined) {
    fail("caseSalt", "DEPOSIT_RECEIPT_MISSING", "without the deposit's receipt the case's salt says nothing");
    return false;
  }
  let tag: string;
  try {
    tag = caseTag(commitCase(statement.caseId, hexToBytes(caseSalt.slice(2))));
  } catch (error) {
    fail("caseSalt", codeOf(error, "MALFORMED"), (error as Error).message);
    return false;
  }
  if (tag === deposit.args["caseTag"]) return true;
  fail("caseSalt", "CASE_MISMATCH", `case and salt make the tag ${tag}; the deposit's is ${deposit.args["caseTag"]}`);
  return false;
}

function witnessesOf(
  history: readonly HistoryEntry[],
  { commitment }: EvidencePackage["exhibit"],
  trusted: TrustHistory,
): WitnessFound[] {
  return history
    .filter(({ event }) => event === "DepositWitnessed")
    .map(({ args, time }) => {
      const [body, key, role] = [Number(args["body"]), Number(args["key"]), args["role"]!];
      const of = args["subject"] === commitment ? "exhibit" : "batch";
      return { of, body, key, role, time, standing: standingOf(trusted, role, body, key, time) };
    });
}

const DECISIONS = ["ExhibitAdmitted", "ExhibitExcluded", "ExhibitHeld", "ExhibitReleased", "ExhibitUnsealed"];

function lastDecision(history: readonly HistoryEntry[]): number | undefined {
  return history.findLast(({ event }) => DECISIONS.includes(event))?.time;
}

/** What stands against the depositor, its key, its role and the tool at the deposit. */
function whyNot(
  { trust, statement }: EvidencePackage,
  record: ExhibitRecord,
  { depositor, tool }: Record<"depositor" | "tool", StandingFound | undefined>,
): WhoReason[] {
  const reasons: WhoReason[] = [];
  const [custodian, instrument] = [depositor?.atAct ?? "NONE", tool?.atAct ?? "NONE"];
  if (custodian !== "IN_FORCE") reasons.push(`DEPOSITOR_${custodian}`);
  if (instrument !== "IN_FORCE") reasons.push(`TOOL_${instrument}`);
  if (statement.tool.body !== record.tool) reasons.push("TOOL_DIFFERS");

  const ordinals = (body: number): Set<number> => {
    const scope = roleScope("evidence-custodian");
    const given = trust.filter((change) => change.kind === "accreditation");
    return new Set(
      given.filter((one) => one.body === body && one.scope === scope).map((one) => one.accreditation.role),
    );
  };
  if (!ordinals(record.custodian).has(record.custodianRole)) reasons.push("ROLE_MISMATCH");

  // A key's changes have no time of their own: it could act if any of them let it act then.
  const keys = trust.flatMap((change) =>
    change.kind === "key" && change.body === record.depositor && change.key.index === record.key ? [change.key] : [],
  );
  const roles = ordinals(record.depositor);
  const { depositedAt } = record;
  if (keys.length === 0) reasons.push("KEY_UNKNOWN");
  else if (
    !keys.some(
      ({ from, until, roles: bitmap }) =>
        from <= depositedAt &&
        depositedAt < until &&
        [...roles].some((ordinal) => (BigInt(bitmap) >> BigInt(ordinal)) & 1n),
    )
  ) {
    reasons.push("KEY_NOT_IN_FORCE");
  }
  return reasons;
}

function codeOf(error: unknown, otherwise: string): string {
  return error instanceof DiwanError ? error.code : otherwise;
}

async function checkAnchors(found: EvidencePackage, trusted: TrustAnchor, fail: Fail): Promise<AnchorFound[]> {
  const results: AnchorFound[] = [];
  for (const [i, anchor] of found.anchors.entries()) {
    try {
      results.push(await checkAnchor(found, anchor, trusted));
    } catch (error) {
      fail("anchors", codeOf(error, "MALFORMED"), `anchor ${i}: ${(error as Error).message}`);
    }
  }
  if (found.timestampToken !== undefined) {
    try {
      results.push(await checkToken(found.timestampToken, found.statement, trusted));
    } catch (error) {
      fail("timestampToken", codeOf(error, "MALFORMED"), (error as Error).message);
    }
  }
  return results;
}

const toBytes = (hex: string): Uint8Array => hexToBytes(hex.slice(2));

/** The token that the statement names, by a digest of all its bytes; it is over one of the file's digests. */
async function checkToken(
  token: string,
  { timestampToken, digests }: EvidencePackage["statement"],
  trusted: TrustAnchor,
): Promise<AnchorFound> {
  if (timestampToken === undefined) throw new RangeError("the statement names no token");
  const bytes = toBytes(token);
  const { value } = await digestOfToken(bytes, timestampToken.algorithm);
  if (value !== timestampToken.value) throw new RangeError("it is not the token whose digest the statement names");
  let problem: unknown;
  for (const digest of digests) {
    try {
      const { tsaName, notBefore, notAfter } = await verifyTimeStampToken(bytes, {
        digest: hexToBytes(digest.value),
        algorithm: digest.algorithm,
        trusted: (trusted.tsaCertificates ?? []).map(toBytes),
      });
      return { kind: "rfc3161", of: "file", state: "PROVED", by: tsaName, notBefore, notAfter, digest: digest.value };
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}

async function checkAnchor(
  { header, sealing, exhibit }: EvidencePackage,
  anchor: PackageAnchor,
  trusted: TrustAnchor,
): Promise<AnchorFound> {
  const hash = toBytes(headerHash(header, sealing.kind));
  const { kind } = anchor;
  const about = { kind, of: "block", digest: bytesToHex(anchorDigest(hash)) } as const;
  if (kind === "rfc3161") {
    const { tsaName, notAfter } = await verifyTimeStampToken(toBytes(anchor.token), {
      digest: anchorDigest(hash),
      algorithm: "sha-256",
      trusted: (trusted.tsaCertificates ?? []).map(toBytes),
    });
    return { ...about, state: "PROVED", by: tsaName, notAfter };
  }
  if (kind === "opentimestamps") {
    const blocks = (trusted.bitcoin ?? []).map((block) => ({ ...block, header: toBytes(block.header) }));
    const { state, proved, unproved, pending } = verifyOpenTimestamps(toBytes(anchor.proof), {
      digest: anchorDigest(hash),
      blocks,
    });
    const height = proved[0]?.height ?? unproved[0]?.height;
    const by = height === undefined ? pending.join(" ") : `Bitcoin block ${height}`;
    return { ...about, state, by, notAfter: proved[0]?.time };
  }
  const { number } = decodeHeader(header);
  const text = blockNote({ chainId: BigInt(exhibit.chainId), number: BigInt(number), hash });
  const { signatures } = parseSignedNote(anchor.note);
  // A line that nobody checks would be open to whoever handles the package.
  if (signatures.length !== 1) throw new RangeError(`the note has ${signatures.length} signatures, not one`);
  let problem: unknown = new RangeError("no witness key is trusted");
  for (const key of trusted.witnessKeys ?? []) {
    try {
      const { name, time } = verifyCosignature(anchor.note, key, text);
      return { ...about, state: "PROVED", by: name, notAfter: time };
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}
