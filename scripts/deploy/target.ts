import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { HDNodeWallet, Wallet, type BaseWallet } from "ethers";

import { ObstacleError } from "../console/obstacles.js";
import { OptionsError } from "../console/OptionsError.js";

import { type Profile, type ProfileName, PROFILES } from "./profiles.js";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

/** The profile of a network's name. */
export function profileOf(name: string | undefined): Profile & { name: ProfileName } {
  if (name === undefined || !Object.hasOwn(PROFILES, name)) {
    const known = Object.keys(PROFILES).join(", ");
    throw new OptionsError(`--network takes one of ${known}${name === undefined ? "" : `, not ${name}`}`);
  }
  return { name: name as ProfileName, ...PROFILES[name as ProfileName] };
}

/**
 * The id that a chain must have: what the profile pins, or else what `--expect-chain-id` says.
 *
 * @throws OptionsError when the two differ
 */
export function chainIdOf({ name, chainId }: Profile & { name?: ProfileName }, expected?: bigint): bigint | undefined {
  const pinned = chainId === undefined ? undefined : BigInt(chainId);
  if (pinned !== undefined && expected !== undefined && pinned !== expected) {
    throw new OptionsError(`--expect-chain-id ${expected} is not ${pinned}, which is ${name ?? "the network"}'s`);
  }
  return pinned ?? expected;
}

/**
 * Where the node of a profile is: what `--rpc` says, then the profile's own (`local` is this machine, whatever the environment
 * says), then the keystore and the environment.
 */
export async function urlOf(profile: Profile & { name: ProfileName }, given?: string): Promise<string> {
  const url = given ?? profile.url ?? (await configured(profile.name, "url"));
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new OptionsError("the node's address must be http or https: see --rpc and DIWAN_RPC_URL");
  }
  return url;
}

/**
 * The deploying key of a profile, out of Hardhat's encrypted keystore or the environment.
 *
 * @throws ObstacleError when a `.env` lies in the project: keys do not belong there
 */
export async function keyOf(profile: Profile & { name: ProfileName }): Promise<BaseWallet> {
  refuseDotEnv();
  if (profile.isForTrying) {
    const { TEST_WORDS } = await import("../demo/openChain.js");
    return HDNodeWallet.fromPhrase(TEST_WORDS);
  }
  const key = await configured(profile.name, "accounts");
  try {
    return new Wallet(key);
  } catch {
    // Without the cause, which may quote the key.
    throw new ObstacleError("DIWAN_DEPLOYER_KEY is no private key of 32 bytes in hex");
  }
}

/** @throws ObstacleError when there is a `.env` in a folder */
export function refuseDotEnv(folder: string = PROJECT): void {
  const found = existsSync(folder) ? readdirSync(folder).find((name) => /^\.env(\..*)?$/.test(name)) : undefined;
  if (found === undefined) return;
  throw new ObstacleError(
    `there is a ${found} in the project: keys in plain files get committed, copied and backed up. Remove it, and put the key into the encrypted keystore: npm exec -- hardhat keystore set DIWAN_DEPLOYER_KEY`,
  );
}

const VARIABLE = { url: "DIWAN_RPC_URL", accounts: "DIWAN_DEPLOYER_KEY" };

/** Hardhat reads the keystore; it is loaded only where it is needed. */
async function configured(name: ProfileName, what: "url" | "accounts"): Promise<string> {
  const { default: hre } = await import("hardhat");
  const network = hre.config.networks[name];
  try {
    if (network?.type === "http") {
      if (what === "url") return await network.url.get();
      const [first] = network.accounts as { getHexString(): Promise<string> }[];
      if (first !== undefined) return await first.getHexString();
    }
  } catch (error) {
    const hint = `npm exec -- hardhat keystore set ${VARIABLE[what]}`;
    const why = (error as Error).message.split("\n")[0] ?? "";
    throw new ObstacleError(`${VARIABLE[what]} is not known (${why}); set it once: ${hint}`, { cause: error });
  }
  throw new ObstacleError(`hardhat.config.ts has no http network ${name}`);
}
