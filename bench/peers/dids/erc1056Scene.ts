import { Signature, solidityPackedKeccak256, type BaseContract, type Wallet } from "ethers";

import { PUBLIC_KEY, publicKey, SIG_AUTH } from "../../../test/helpers/did.js";
import { read } from "../../../test/helpers/harness.js";
import type { Signer } from "../../../test/helpers/trust.js";
import { deployErc1056 } from "../erc1056.js";
import type { Chain } from "../openChain.js";
import { delegateOf, YEAR } from "./scene.js";

/** The peer's registry, called as ours is. */
export async function erc1056Scene(chain: Chain, stranger: Signer) {
  const registry = await deployErc1056(chain);
  const address = await registry.getAddress();
  const as = (owner: Signer) => registry.connect(owner);
  /** The peer has no EIP-712: what is signed is a hash of packed fields, after ERC-191's version 0. */
  const signed = async (holder: Wallet, method: string, types: string[], args: readonly unknown[]) => {
    const nonce = await read<bigint>(registry, "nonce", holder.address);
    const hash = solidityPackedKeccak256(
      ["bytes1", "bytes1", "address", "uint256", "address", "string", ...types],
      ["0x19", "0x00", address, nonce, holder.address, method, ...args],
    );
    const { v, r, s } = Signature.from(holder.signingKey.sign(hash));
    return chain.call(as(stranger), `${method}Signed`, holder.address, v, r, s, ...args);
  };
  return {
    setKey: (owner: Signer, n: number) => set(as(owner), owner, n),
    setKeys: async (owner: Signer, count: number) => {
      let gas = 0;
      for (let n = 0; n < count; n++) gas += await set(as(owner), owner, 10 + n);
      return gas;
    },
    revokeKey: (owner: Signer, n: number) =>
      chain.call(as(owner), "revokeAttribute", owner.address, PUBLIC_KEY, publicKey(n)),
    addDelegate: (owner: Signer, n: number) =>
      chain.call(as(owner), "addDelegate", owner.address, SIG_AUTH, delegateOf(n), YEAR),
    revokeDelegate: (owner: Signer, n: number) =>
      chain.call(as(owner), "revokeDelegate", owner.address, SIG_AUTH, delegateOf(n)),
    changeOwner: (owner: Signer, newOwner: Signer) =>
      chain.call(as(owner), "changeOwner", owner.address, newOwner.address),
    askDelegate: (owner: Signer, n: number) =>
      chain.call(as(stranger), "validDelegate", owner.address, SIG_AUTH, delegateOf(n)),
    askOwner: (owner: Signer) => chain.call(as(stranger), "identityOwner", owner.address),
    setKeysSigned: async (holder: Wallet, count: number, from: number) => {
      let gas = 0;
      for (let n = from; n < from + count; n++) {
        gas += await signed(holder, "setAttribute", ["bytes32", "bytes", "uint256"], [PUBLIC_KEY, publicKey(n), YEAR]);
      }
      return gas;
    },
    addDelegateSigned: (holder: Wallet, n: number) =>
      signed(holder, "addDelegate", ["bytes32", "address", "uint256"], [SIG_AUTH, delegateOf(n), YEAR]),
    changeOwnerSigned: (holder: Wallet, newOwner: Signer) =>
      signed(holder, "changeOwner", ["address"], [newOwner.address]),
  };

  function set(by: BaseContract, owner: Signer, n: number): Promise<number> {
    return chain.call(by, "setAttribute", owner.address, PUBLIC_KEY, publicKey(n), YEAR);
  }
}
