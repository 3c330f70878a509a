import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { extract } from "tar";

import { runNpm } from "../../scripts/tooling/run-command.js";
import { PeerError } from "./PeerError.js";
import type { PeerPackage } from "./peerPackages.js";

/** Where peers are kept; nothing of them is in the repository or in node_modules. */
export const PEER_CACHE = ".cache/peers";

/**
 * The folder of a peer's unpacked package: fetched with `npm pack`, so that the registry settings of the machine hold,
 * compared with the committed hash and unpacked the first time; after that, no network is asked.
 *
 * @param peer The package; one without a hash lies in node_modules already.
 * @param cache Where packages are kept.
 * @throws {PeerError} PEER_NOT_FETCHED when the registry does not give it, PEER_CHANGED when the hash is another.
 * @example const folder = await fetchPeer(PEER_PACKAGES.eas);
 */
export async function fetchPeer(peer: PeerPackage, cache = PEER_CACHE): Promise<string> {
  if (peer.integrity === undefined) return `node_modules/${peer.package}`;
  const name = `${peer.package.replace("@", "").replace("/", "-")}-${peer.version}`;
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;

  mkdirSync(cache, { recursive: true });
  const tarball = join(cache, `${name}.tgz`);
  if (!existsSync(tarball)) await pack(peer, cache, tarball);
  const found = `sha512-${createHash("sha512").update(readFileSync(tarball)).digest("base64")}`;
  if (found !== peer.integrity) {
    rmSync(tarball);
    throw new PeerError(
      "PEER_CHANGED",
      `${peer.package}@${peer.version} is not what was compared: ${found} instead of ${peer.integrity}`,
    );
  }

  // Unpacked beside and moved, so that a run that was stopped leaves no half of a package.
  const partial = mkdtempSync(join(cache, "unpacking-"));
  await extract({ file: tarball, cwd: partial, strip: 1 });
  renameSync(partial, folder);
  return folder;
}

async function pack(peer: PeerPackage, cache: string, tarball: string): Promise<void> {
  const wanted = `${peer.package}@${peer.version}`;
  const { code, output } = await runNpm(["pack", wanted, "--pack-destination", cache, "--ignore-scripts", "--silent"]);
  if (code === 0 && existsSync(tarball)) return;
  throw new PeerError("PEER_NOT_FETCHED", `npm pack ${wanted} did not work; is the package registry there?\n${output}`);
}
