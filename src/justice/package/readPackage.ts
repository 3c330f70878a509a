import canonicalize from "canonicalize";
import { zipSync, type Zippable } from "fflate";

import {
  ADDRESS,
  BYTES32,
  listOf,
  objectOf,
  oneOf,
  textLike,
  wholeBelow,
  type JsonReader,
} from "../../ledger/readJson.js";
import { sameBytes } from "../../ledger/sameBytes.js";
import { trustLogEntries, type TrustChange } from "../../trust/snapshot.js";
import { visibleText } from "../certificate/visibleText.js";
import { checkStatement } from "../evidence/statement.js";
import {
  PACKAGE_PARTS,
  PACKAGE_SCHEMA,
  type EvidencePackage,
  type PackageAnchor,
  type PackagePlace,
  type PackageProof,
} from "./EvidencePackage.js";
import { PackageError } from "./PackageError.js";

/** A package has at most so many bytes, in either form. */
const MOST_BYTES = 2 ** 26;
/** Of what a complaint quotes. */
const MOST_QUOTED = 300;
const LOCAL_HEADER = 0x04034b50;
const LOCAL_HEADER_BYTES = 30;
const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [BRACE_OPEN, BRACE_CLOSED, BRACKET_OPEN, BRACKET_CLOSED] = [0x7b, 0x7d, 0x5b, 0x5d];
/** Zip keeps local times; ZIP's first day, read as local time by fflate, is the same bytes everywhere. */
const EPOCH = new Date(1980, 0, 1);

const hex = textLike(/^0x(?:[0-9a-f]{2})*$/);
const whole = wholeBelow(Number.MAX_SAFE_INTEGER);
const nodes = listOf(hex, 128);
const proof: JsonReader<PackageProof> = objectOf({ accountProof: nodes, storageProofs: listOf(nodes, 65) });
const place: JsonReader<PackagePlace> = objectOf({
  depositor: wholeBelow(2 ** 32),
  inLog: (value: unknown, path: string, refuse: (path: string, problem: string) => never) =>
    typeof value === "boolean" ? value : refuse(path, "is neither true nor false"),
  root: textLike(BYTES32),
  size: whole,
  index: whole,
  path: listOf(textLike(BYTES32), 64),
});
const anchorKinds: Record<PackageAnchor["kind"], JsonReader<PackageAnchor>> = {
  rfc3161: objectOf({ kind: oneOf(["rfc3161"]), token: hex }),
  opentimestamps: objectOf({ kind: oneOf(["opentimestamps"]), proof: hex }),
  cosignature: objectOf({
    kind: oneOf(["cosignature"]),
    note: (value: unknown, path: string, refuse: (path: string, problem: string) => never) =>
      typeof value === "string" && value.length <= 65_536 ? value : refuse(path, "is no note"),
  }),
};
const anchor: JsonReader<PackageAnchor> = (value, path, refuse) => {
  const kind = (value as { kind?: unknown } | null)?.kind;
  if (kind !== "rfc3161" && kind !== "opentimestamps" && kind !== "cosignature") {
    return refuse(path, "is of no known kind");
  }
  return anchorKinds[kind](value, path, refuse);
};
const any: JsonReader<unknown> = (value) => value;
const accreditation = objectOf({
  ...{ from: any, until: any, since: any, alarm: any, parent: any, role: any, levels: any, decision: any, held: any },
});
const key = objectOf({ body: any, index: any, from: any, until: any, compromisedSince: any, roles: any });
const changeKinds: Record<TrustChange["kind"], JsonReader<object>> = {
  body: objectOf({ kind: any, body: any, controller: any, profile: any }),
  accreditation: objectOf({ kind: any, scope: any, body: any, accreditation, grounds: any }),
  key: objectOf({ kind: any, operator: any, body: any, key }),
};
const trust: JsonReader<TrustChange[]> = (value, path, refuse) => {
  if (!Array.isArray(value)) return refuse(path, "is no list");
  try {
    trustLogEntries({ changes: value as TrustChange[] });
  } catch {
    return refuse(path, "holds a change that no event can hold");
  }
  // Their values were compared with what an event holds; here that there are no others, which the log does not bind.
  const changes = value as TrustChange[];
  changes.forEach((change, i) => changeKinds[change.kind](change, `${path}[${i}]`, refuse));
  return changes;
};

const READERS: { [K in keyof EvidencePackage]-?: JsonReader<Required<EvidencePackage>[K]> } = {
  schema: oneOf([PACKAGE_SCHEMA]),
  statement: (value) => checkStatement(value),
  salt: textLike(BYTES32),
  caseSalt: textLike(BYTES32),
  exhibit: objectOf(
    {
      chainId: whole,
      registry: textLike(ADDRESS),
      trustList: textLike(ADDRESS),
      commitment: textLike(BYTES32),
    },
    { place },
  ),
  header: hex,
  registryProof: proof,
  trustProof: proof,
  trust,
  sealing: objectOf({
    kind: oneOf(["qbft", "ibft2", "clique", "none"]),
    headers: listOf(hex, 2 ** 20),
    ancestors: listOf(hex, 2 ** 20),
  }),
  custody: listOf(objectOf({ header: hex, receipt: objectOf({ index: whole, nodes }) }), 2 ** 16),
  anchors: listOf(anchor, 64),
  timestampToken: hex,
  manifest: (value, path, refuse) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse(path, "is no object");
    for (const [name, digest] of Object.entries(value)) textLike(/^[0-9a-f]{64}$/)(digest, `${path}.${name}`, refuse);
    return value as EvidencePackage["manifest"];
  },
};

const OPTIONAL: readonly string[] = ["caseSalt", "timestampToken"] satisfies (keyof EvidencePackage)[];

/**
 * Reads a package, in JSON or as a `.diwan` zip, to the letter: no other bytes than those that `encodePackage` or `zipPackage`
 * makes. It judges nothing of what the package says.
 *
 * @throws PackageError PACKAGE_TOO_LARGE, PACKAGE_MALFORMED, ZIP_MALFORMED, naming the part
 * @example
 * ```ts
 * const found = readPackage(readFileSync("exhibit.diwan"));
 * ```
 */
export function readPackage(bytes: Uint8Array): EvidencePackage {
  if (bytes.length > MOST_BYTES) {
    throw new PackageError("PACKAGE_TOO_LARGE", "", `a package has at most ${MOST_BYTES} bytes, not ${bytes.length}`);
  }
  if (bytes.length === 0) throw new PackageError("PACKAGE_MALFORMED", "", "the file is empty");
  const isZip = bytes[0] === 0x50;
  return isZip ? unzip(bytes) : checkPackage(splitJson(bytes));
}

/**
 * Checks the form of a package's parts.
 *
 * @throws PackageError PACKAGE_MALFORMED, naming the part
 * @example
 * ```ts
 * const found = checkPackage(JSON.parse(text));
 * ```
 */
export function checkPackage(value: unknown): EvidencePackage {
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuse("", "is no object");
  const given = value as Record<string, unknown>;
  const strange = Object.keys(given).find((name) => !Object.hasOwn(READERS, name));
  if (strange !== undefined) refuse("", `has a strange part, ${readable(JSON.stringify(strange.slice(0, 40)))}`);
  const present = PACKAGE_PARTS.filter((part) => Object.hasOwn(given, part) || !OPTIONAL.includes(part));
  return Object.fromEntries(
    present.map((part) => {
      if (!Object.hasOwn(given, part)) refuse(part, "is missing");
      try {
        return [
          part,
          READERS[part](given[part], part, (path, problem) => refuse(part, readable(`${path} ${problem}`))),
        ];
      } catch (error) {
        if (error instanceof PackageError) throw error;
        const message = `${part}: ${readable((error as Error).message)}`;
        throw new PackageError("PACKAGE_MALFORMED", part, message, { cause: error });
      }
    }),
  ) as unknown as EvidencePackage;
}

/**
 * A package as JSON: canonical (RFC 8785), in UTF-8.
 *
 * @example
 * ```ts
 * writeFileSync("exhibit.json", encodePackage(found));
 * ```
 */
export function encodePackage(found: EvidencePackage): Uint8Array {
  return new TextEncoder().encode(canonicalize(found));
}

/**
 * A package as a `.diwan` zip: the parts in their order, each canonical JSON, stored without compression, so that there is one
 * form and nothing to inflate.
 *
 * @example
 * ```ts
 * writeFileSync("exhibit.diwan", zipPackage(found));
 * ```
 */
export function zipPackage(found: EvidencePackage): Uint8Array {
  const files: Zippable = {};
  for (const part of PACKAGE_PARTS) {
    if (found[part] !== undefined) files[`${part}.json`] = new TextEncoder().encode(canonicalize(found[part]));
  }
  return zipSync(files, { level: 0, mtime: EPOCH });
}

/** Whether the file that begins here has a name. */
function nameStands(bytes: Uint8Array, at: number, name: string): boolean {
  const start = at + LOCAL_HEADER_BYTES;
  return sameBytes(bytes.subarray(start, start + name.length), new TextEncoder().encode(name));
}

/** The parts of canonical JSON, whose names stand in their order; so whatever is wrong is found within a part. */
function splitJson(bytes: Uint8Array): Record<string, unknown> {
  const parts: Record<string, unknown> = {};
  const names = [...PACKAGE_PARTS].sort();
  let at = 0;
  for (const name of names) {
    const lead = new TextEncoder().encode(`${at === 0 ? "{" : ","}"${name}":`);
    if (!sameBytes(bytes.subarray(at, at + lead.length), lead)) {
      if (OPTIONAL.includes(name)) continue;
      refuse(name, "must follow, in canonical JSON, where it does not");
    }
    const start = at + lead.length;
    at = endOfValue(bytes, start);
    parts[name] = parse(bytes.subarray(start, at), name);
  }
  if (at !== bytes.length - 1 || bytes[at] !== BRACE_CLOSED) refuse(names.at(-1)!, "is followed by something else");
  return parts;
}

/** Where a JSON value ends, by its brackets and quotes alone. */
function endOfValue(bytes: Uint8Array, start: number): number {
  let depth = 0;
  let isText = false;
  for (let at = start; at < bytes.length; ++at) {
    const byte = bytes[at]!;
    if (isText) {
      if (byte === BACKSLASH) ++at;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (byte === BRACE_OPEN || byte === BRACKET_OPEN) ++depth;
    else if ((byte === BRACE_CLOSED || byte === BRACKET_CLOSED) && --depth < 0) return at;
    else if (byte === COMMA && depth === 0) return at;
  }
  return bytes.length;
}

/** The parts, from their local headers; what the directory says is compared when the whole is written again. */
function unzip(bytes: Uint8Array): EvidencePackage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Record<string, unknown> = {};
  const zip: Zippable = {};
  let at = 0;
  for (const part of PACKAGE_PARTS) {
    const name = `${part}.json`;
    if (OPTIONAL.includes(part) && !nameStands(bytes, at, name)) continue;
    const start = at + LOCAL_HEADER_BYTES + name.length;
    if (start > bytes.length) refuseZip(part, "the zip ends before it");
    const size = view.getUint32(at + 18, true);
    if (view.getUint32(at, true) !== LOCAL_HEADER || view.getUint16(at + 8, true) !== 0) {
      refuseZip(part, "it must follow here, stored without compression");
    }
    if (size !== view.getUint32(at + 22, true) || start + size > bytes.length)
      refuseZip(part, "the zip ends within it");
    const content = bytes.subarray(start, start + size);
    zip[name] = content;
    // The very header that a zip of this part has: its name, its checksum, nothing besides.
    const header = zipSync({ [name]: content }, { level: 0, mtime: EPOCH }).subarray(0, start - at);
    if (!sameBytes(header, bytes.subarray(at, start))) refuseZip(part, "its name, size or checksum is another");
    parts[part] = parse(content, part);
    at = start + size;
  }
  if (!sameBytes(zipSync(zip, { level: 0, mtime: EPOCH }), bytes)) {
    refuseZip("", "the directory does not name these parts and nothing else");
  }
  return checkPackage(parts);
}

/** A part, from its one form: what was doubled, left out or written otherwise is seen when it is written again. */
function parse(bytes: Uint8Array, part: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    // Without the cause: it quotes the file, which holds a salt.
    return refuse(part, "is no JSON in UTF-8");
  }
  let canonical: string | undefined;
  try {
    canonical = canonicalize(value);
  } catch {
    return refuse(part, "nests too deep, or is no JSON of RFC 8785");
  }
  if (!sameBytes(new TextEncoder().encode(canonical), bytes)) refuse(part, "is not canonical JSON (RFC 8785)");
  return value;
}

/** A complaint that quotes names out of the file, which may be long, and made to move a terminal's cursor. */
function readable(complaint: string): string {
  return visibleText(complaint.length > MOST_QUOTED ? `${complaint.slice(0, MOST_QUOTED)}…` : complaint);
}

function refuse(part: string, problem: string): never {
  throw new PackageError("PACKAGE_MALFORMED", part, `${part === "" ? "the package" : part} ${problem}`);
}

function refuseZip(part: string, problem: string): never {
  throw new PackageError("ZIP_MALFORMED", part, `${part === "" ? "the zip" : `${part}.json`}: ${problem}`);
}
