import { id, Signature, solidityPackedKeccak256, Wallet, type BaseContract } from "ethers";

import { PUBLIC_KEY, publicKey, SIG_AUTH } from "../../../test/helpers/did.js";
import { read } from "../../../test/helpers/harness.js";
import type { Signer } from "../../../test/helpers/trust.js";
import type { Comparison } from "../Comparison.js";
import { fetchPeer } from "../fetchPeer.js";
import { gasRow } from "../gasRow.js";
import type { Chain } from "../openChain.js";
import { PEER_PACKAGES } from "../peerPackages.js";
import { readArtifact } from "../readArtifact.js";
import { delegateOf, didScene, FROZEN, keys, YEAR } from "./scene.js";

const SIGNED = { we: `${FROZEN}; EIP-712 with a deadline, and wallets that are contracts (ERC-1271)` };
const PLAIN = { we: FROZEN };

/** The registry that did:ethr resolvers know, beside ours, whose events they read too. */
export async function againstErc1056(): Promise<Comparison[]> {
  const f = await didScene();
  const peer = await erc1056(f.chain, f.stranger);
  const [a, b, c, d] = f.people as [Signer, Signer, Signer, Signer];
  const row = (operation: string, figures: readonly [number, number], besides: { we: string } = PLAIN) =>
    gasRow(operation, "erc1056", figures, besides);

  const rows = [
    row("the first key", [await peer.setKey(a, 1), await f.setKey(a, 1)]),
    row("another key", [await peer.setKey(a, 2), await f.setKey(a, 2)]),
    row("revoke a key", [await peer.revokeKey(a, 1), await f.revokeKey(a, 1)]),
    row("a delegate", [await peer.addDelegate(a, 1), await f.addDelegate(a, 1)]),
    row("a contract asks whether a delegate stands", [await peer.askDelegate(a, 1), await f.askDelegate(a, 1)]),
    row("revoke a delegate", [await peer.revokeDelegate(a, 1), await f.revokeDelegate(a, 1)]),
    row("ten keys of a DID that has one", [await peer.setKeys(a, 10), await f.setKeys(a, keys(10, 10))], {
      we: `${FROZEN}; all in one transaction, where the peer needs ten`,
    }),
    row("ten keys of a new DID", [await peer.setKeys(b, 10), await f.setKeys(b, keys(10))], {
      we: `${FROZEN}; all in one transaction, where the peer needs ten`,
    }),
    row("change the owner, the first time", [await peer.changeOwner(a, c), await f.changeOwner(a, c)]),
    row("a contract asks who the owner is", [await peer.askOwner(a), await f.askOwner(a)]),
    row("change the owner of a new DID", [await peer.changeOwner(c, d), await f.changeOwner(c, d)]),
  ];

  // Signed by the holder, brought by a stranger.
  const [first, second] = [new Wallet(id("holder 1")), new Wallet(id("holder 2"))];
  const signed = async (operation: string, count: number, holder: Wallet, from: number) => {
    const figures = [
      await peer.setKeysSigned(holder, count, from),
      await f.changeBySignature(holder, keys(count, from)),
    ] as const;
    const all = count === 1 ? "" : `; one signature and transaction, where the peer needs ${count}`;
    return row(operation, figures, { we: `${SIGNED.we}${all}` });
  };
  rows.push(await signed("the first key, signed by the holder and brought by another", 1, first, 1));
  rows.push(await signed("another key, signed by the holder and brought by another", 1, first, 2));
  rows.push(await signed("ten keys, signed by the holder and brought by another", 10, first, 10));
  await peer.setKeysSigned(second, 1, 1);
  await f.changeBySignature(second, keys(1, 1));
  const delegated = [
    await peer.addDelegateSigned(second, 1),
    await f.changeBySignature(second, [f.delegate(1)]),
  ] as const;
  rows.push(row("a delegate, signed by the holder and brought by another", delegated, SIGNED));
  const owned = [await peer.changeOwnerSigned(second, d), await f.changeOwnerBySignature(second, d)] as const;
  rows.push(row("change the owner, signed by the holder and brought by another", owned, SIGNED));
  return rows;
}

/** The peer's registry, called as ours is. */
async function erc1056(chain: Chain, stranger: Signer) {
  const folder = await fetchPeer(PEER_PACKAGES.erc1056);
  const artifact = readArtifact(folder, "artifacts/contracts/EthereumDIDRegistry.sol/EthereumDIDRegistry.json");
  const registry = await chain.deploy(artifact);
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
