import type { CompiledContract } from "./build-output.js";

/** The largest deployed code that EIP-170 allows, in bytes: a contract must stay below. */
const MAX_CODE_BYTES = 24_576;

/** The longest code that makes a contract, in bytes, from Shanghai on (EIP-3860). */
const MAX_INIT_BYTES = 49_152;

/** The most gas that a deployment may take; the smallest live block holds twice that. */
export const MAX_DEPLOYMENT_GAS = 5_000_000;

/**
 * The least that a deployment can cost, in gas: the transaction, its calldata, the init code's words (EIP-3860) and the
 * code deposit, without what the constructor itself does. What a deployment really took is measured by the gas suite.
 */
export function leastDeploymentGas({ creation, deployed }: Pick<CompiledContract, "creation" | "deployed">): number {
  const bytes = Buffer.from(creation.object.replace(/__\$[0-9a-f]{34}\$__/g, "ff".repeat(20)), "hex");
  const calldata = bytes.reduce((gas, byte) => gas + (byte === 0 ? 4 : 16), 0);
  return 53_000 + calldata + 2 * Math.ceil(bytes.length / 32) + 200 * (deployed.object.length / 2);
}

/** What is too large among our contracts and those of npm that are compiled with them. */
export function listOversized(contracts: readonly CompiledContract[]): string[] {
  return contracts.flatMap((contract) => {
    const name = `${contract.source}:${contract.name}`;
    const size = contract.deployed.object.length / 2;
    const init = contract.creation.object.length / 2;
    const gas = leastDeploymentGas(contract);
    return [
      ...(size >= MAX_CODE_BYTES ? [`${name}: ${size} bytes of code, the limit is below ${MAX_CODE_BYTES}`] : []),
      ...(init > MAX_INIT_BYTES
        ? [`${name}: ${init} bytes of code that makes it, the limit is ${MAX_INIT_BYTES}`]
        : []),
      ...(gas >= MAX_DEPLOYMENT_GAS
        ? [`${name}: deploys for ${gas} gas or more, the limit is ${MAX_DEPLOYMENT_GAS}`]
        : []),
    ];
  });
}
