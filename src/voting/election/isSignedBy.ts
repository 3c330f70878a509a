import { AbiCoder, dataSlice, getAddress, id, type Provider, recoverAddress } from "ethers";

const MAGIC = id("isValidSignature(bytes32,bytes)").slice(0, 10);
const WALLET_GAS = 100_000n;

/**
 * Whether an address signed a digest, as the contracts judge it: a signature of its key, 65 bytes, or one that its wallet
 * contract takes for valid (ERC-1271) within the gas that an election gives it.
 *
 * @param provider Where a wallet's contract is asked.
 * @example
 * ```ts
 * const isSigned = await isSignedBy(provider, voter, TypedDataEncoder.hash(domain, types, message), signature);
 * ```
 */
export async function isSignedBy(
  provider: Provider,
  signer: string,
  digest: string,
  signature: string,
): Promise<boolean> {
  if (isOfKey(signer, digest, signature)) return true;
  if ((await provider.getCode(signer)) === "0x") return false;
  const call = AbiCoder.defaultAbiCoder().encode(["bytes32", "bytes"], [digest, signature]);
  try {
    // 21,000 and more are taken before the contract is called.
    const gasLimit = WALLET_GAS + 50_000n;
    const answer = await provider.call({ to: signer, data: MAGIC + call.slice(2), gasLimit });
    return answer.length >= 66 && dataSlice(answer, 0, 32) === MAGIC + "0".repeat(56);
  } catch {
    return false; // a wallet that reverts says no
  }
}

function isOfKey(signer: string, digest: string, signature: string): boolean {
  // The contracts take no compact signatures, and 27 or 28 for v.
  if (!/^0x[0-9a-f]{128}1[bc]$/i.test(signature)) return false;
  try {
    return recoverAddress(digest, signature) === getAddress(signer);
  } catch {
    return false;
  }
}
