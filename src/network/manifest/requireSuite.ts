import { NetworkError } from "../NetworkError.js";
import { SUITE_NAMES } from "../suite/suiteContracts.js";

import { IMPLEMENTATIONS, type NetworkManifest, type SuiteManifest } from "./NetworkManifest.js";

/**
 * Makes sure that the suite is deployed on a network, by its manifest.
 *
 * @returns The same manifest.
 * @throws NetworkError MANIFEST_INVALID when nothing is deployed there yet.
 * @example
 * ```ts
 * const { contracts } = requireSuite(readManifest(await readFile("manifest.json", "utf8")));
 * ```
 */
export function requireSuite(manifest: NetworkManifest): SuiteManifest {
  if (hasSuite(manifest)) return manifest;
  throw new NetworkError("MANIFEST_INVALID", `by its manifest, nothing is deployed on ${manifest.name} yet`);
}

function hasSuite(manifest: NetworkManifest): manifest is SuiteManifest {
  const { contracts, implementations, versions } = manifest;
  const isWhole =
    SUITE_NAMES.every((name) => contracts[name] !== undefined) &&
    IMPLEMENTATIONS.every((name) => implementations[name] !== undefined);
  return isWhole && versions !== undefined;
}
