import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { batches } from "@nomicfoundation/ignition-core";
import hre from "hardhat";

import Suite from "../../ignition/modules/Suite.js";
import type { JsonRpc } from "../../src/network/rpc/JsonRpc.js";
import { makeManifest } from "../../src/network/manifest/makeManifest.js";
import type { ManifestProblem } from "../../src/network/manifest/ManifestProblem.js";
import { readManifest } from "../../src/network/manifest/readManifest.js";
import { verifyManifest } from "../../src/network/manifest/verifyManifest.js";
import { askNode } from "../../src/network/preflight/askNode.js";
import type { Finding } from "../../src/network/preflight/Finding.js";
import type { NodeAnswers } from "../../src/network/preflight/NodeAnswers.js";
import { preflight } from "../../src/network/preflight/preflight.js";
import { openNode } from "../../src/network/rpc/openNode.js";
import { rpcSigner, type TransactionSigner } from "../../src/network/rpc/rpcSigner.js";
import { lockFile, lockPath } from "../../src/sealing/lockFile.js";
import { replaceFile } from "../../src/sealing/replaceFile.js";
import { buildContracts } from "../console/buildContracts.js";
import { ObstacleError } from "../console/obstacles.js";
import { OptionsError } from "../console/OptionsError.js";
import type { Progress } from "../console/progress.js";

import { builtArtifact } from "./builtArtifact.js";
import type { DeployOptions } from "./deployOptions.js";
import { depthFor } from "./depthFor.js";
import { headTime, hubDelivery } from "./hubDelivery.js";
import { hubSigner } from "./hubSigner.js";
import { PATIENCE } from "./patience.js";
import { readParameters, type SuiteParameters } from "./parameters.js";
import { type Profile, type ProfileName } from "./profiles.js";
import { resume } from "./resume.js";
import { runIgnition } from "./runIgnition.js";
import { sendBytes } from "./sendBytes.js";
import { openSignedFolder, type SignedTransaction } from "./signedFolder.js";
import { signingProvider } from "./signingProvider.js";
import { chainIdOf, keyOf, profileOf, refuseDotEnv, urlOf } from "./target.js";

/** How a deployment ended. */
export interface Deployed {
  findings: readonly Finding[];
  /** Path of the manifest; left out where a check failed and nothing was sent. */
  manifest?: string;
  /** What of the manifest the chain does not bear out. */
  problems: readonly ManifestProblem[];
}

/**
 * Deploys the suite, or goes on with a deployment that broke, and writes and verifies its manifest.
 *
 * @param tell Called with the checks before anything is sent.
 * @throws ObstacleError; OptionsError for a network that is not known
 */
export async function runDeploy(
  options: DeployOptions,
  progress: Progress,
  tell: (findings: readonly Finding[]) => void,
): Promise<Deployed> {
  refuseDotEnv();
  const profile = profileOf(options.network);
  const parameters = await readParameters(options.parameters);
  const chainId = chainIdOf(profile, options.expectChainId);
  checkRelay(options, profile, parameters.Trust?.hub);
  const node = openNode(await urlOf(profile, options.rpc), PATIENCE);
  const signer = await signerOf(options, profile, node);
  progress.step("Look at the node");
  const answers = await askNode(node, await signer.getAddress());
  const folder = join(options.out, `${profile.name}-${answers.chainId}-${answers.genesisHash.slice(2, 10)}`);
  const resumes = existsSync(join(folder, "signed"));
  const findings = preflight(answers, { ...(chainId !== undefined && { chainId }), resumes });
  progress.end();
  tell(findings);
  if (findings.some(({ level }) => level === "fail")) return { findings, problems: [] };

  await mkdir(folder, { recursive: true });
  const unlock = await lockFile(join(folder, "journal"));
  if (unlock === undefined) {
    throw new ObstacleError(
      `another deployment is at work here; if none is, remove ${lockPath(join(folder, "journal"))}`,
    );
  }
  try {
    if (!options.built) {
      progress.step("Build the contracts");
      await buildContracts();
    }
    const target = { node, signer, answers, folder, profile, parameters, polling: options.polling };
    return { findings, ...(await deployTo(target, progress)) };
  } finally {
    progress.end();
    await unlock();
  }
}

async function signerOf(
  { remote, writerNode }: DeployOptions,
  profile: Profile & { name: ProfileName },
  node: JsonRpc,
): Promise<TransactionSigner> {
  if (remote !== undefined) return rpcSigner(remote.url, remote.from, PATIENCE);
  const wallet = await keyOf(profile);
  return writerNode === undefined ? wallet : hubSigner(wallet, writerNode, () => headTime(node));
}

/** What LACChain wants more of than other networks, and other networks have no use for. */
function checkRelay({ remote, writerNode }: DeployOptions, { isLacchain = false }: Profile, hub: unknown): void {
  if (!isLacchain && writerNode !== undefined) throw new OptionsError("--writer-node is for LACChain alone");
  if (!isLacchain) return;
  if (writerNode === undefined) throw new OptionsError("--writer-node is missing: the node that bears the gas");
  // They sign for a chain id, which LACChain's transactions are without.
  if (remote !== undefined) throw new OptionsError("--signer cannot sign for LACChain's relay hub");
  if (hub === undefined)
    throw new ObstacleError("the parameters do not name LACChain's relay hub: Trust.hub and the others");
}

interface Target {
  node: JsonRpc;
  signer: TransactionSigner;
  answers: NodeAnswers;
  folder: string;
  profile: Profile & { name: ProfileName };
  parameters: SuiteParameters;
  polling: number;
}

async function deployTo(
  target: Target,
  progress: Progress,
): Promise<{ manifest: string; problems: ManifestProblem[] }> {
  const { node, signer, answers, folder, profile, parameters, polling } = target;
  const [journal, from] = [join(folder, "journal"), await signer.getAddress()];
  const { chainId, head, sealing, validators } = answers;
  const count = "value" in validators ? { validators: validators.value.length } : {};
  const depth = depthFor({ kind: sealing, ...count });
  const signed = await openSignedFolder(join(folder, "signed"));
  progress.step("Take up what was sent before");
  const hub = parameters.Trust?.hub;
  const isRelayed = profile.isLacchain === true;
  const deliver = isRelayed
    ? hubDelivery(node, signer, signed, { hub: String(hub), from })
    : (transaction: SignedTransaction) => sendBytes(node, transaction);
  await resume(node, { journal, signed, batches: batches(Suite), from, depth, isRelayed, deliver }, progress);
  progress.step(depth === 1 ? "Deploy the suite" : `Deploy the suite, ${depth - 1} blocks on top of each transaction`);
  const blockGas = head.gasLimit;
  const provider = signingProvider(node, signer, signed, { from, chainId, blockGas, deliver, isRelayed });
  const created = await runIgnition(provider, { journal, parameters, depth, polling, from });

  progress.step("Write the manifest and compare it with the chain");
  const manifest = await makeManifest(node, {
    name: profile.name,
    created,
    ...(typeof hub === "string" && { hub }),
    versions: await versionsOf(),
  });
  const path = join(folder, "manifest.json");
  const read = async (text: string) => readManifest(text);
  await replaceFile(path, `${JSON.stringify(manifest, null, 2)}\n`, read);
  return { manifest: path, problems: await verifyManifest(manifest, node, builtArtifact) };
}

async function versionsOf() {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  const { version: suite } = JSON.parse(text) as { version: string };
  return { suite, compiler: hre.config.solidity.profiles.default!.compilers[0]!.version };
}
