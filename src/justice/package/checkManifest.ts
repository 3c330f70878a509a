import type { Fail } from "./collectProblems.js";
import { PACKAGE_SCHEMA, type EvidencePackage } from "./EvidencePackage.js";
import { packageManifest } from "./packageManifest.js";

/**
 * Names parts that are not as they were when the package was made.
 *
 * @example
 * ```ts
 * const { problems, fail } = collectProblems();
 * checkManifest(found, fail);
 * ```
 */
export function checkManifest(found: EvidencePackage, fail: Fail): void {
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
