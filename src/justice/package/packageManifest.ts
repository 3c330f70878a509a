import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import canonicalize from "canonicalize";

import { PACKAGE_PARTS, type EvidencePackage, type PackageManifest } from "./EvidencePackage.js";

/**
 * The SHA-256 of each part of a package but the manifest itself, over the part's canonical JSON.
 *
 * @example
 * ```ts
 * const isAsMade = packageManifest(found)["anchors"] === found.manifest["anchors"];
 * ```
 */
export function packageManifest(found: Omit<EvidencePackage, "manifest">): PackageManifest {
  const parts = PACKAGE_PARTS.filter((part) => part !== "manifest").filter((part) => found[part] !== undefined);
  return Object.fromEntries(parts.map((part) => [part, bytesToHex(sha256(utf8ToBytes(canonicalize(found[part])!)))]));
}

/**
 * A package with its manifest: for whoever made its parts, or changed them, such as by a time stamp that came later.
 *
 * @example
 * ```ts
 * const stamped = withManifest({ ...found, anchors: [...found.anchors, { kind: "rfc3161", token }] });
 * ```
 */
export function withManifest(found: Omit<EvidencePackage, "manifest">): EvidencePackage {
  return { ...found, manifest: packageManifest(found) };
}
