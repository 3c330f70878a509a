import type { BaseWallet } from "ethers";

import {
  addDelegate,
  CHANGE_MANY,
  CHANGE_OWNER,
  didFixture,
  PUBLIC_KEY,
  publicKey,
  setAttribute,
  SIG_AUTH,
  type Change,
} from "../../../test/helpers/did.js";
import { NO_END } from "../../../test/helpers/suite.js";
import type { Signer } from "../../../test/helpers/trust.js";
import { openChain } from "../openChain.js";

/** How long a key or a delegate lasts, in seconds. */
export const YEAR = 31_557_600n;

/** Delegates: addresses without a zero byte. */
export const delegateOf = (n: number): string => `0x${"a7".repeat(16)}${(n + 0x11_11_11_11).toString(16)}`;

/** Keys as resolvers know them: 33 bytes of a compressed public key, a year long. */
export const keys = (count: number, from = 0): Change[] =>
  Array.from({ length: count }, (_, i) => setAttribute(PUBLIC_KEY, publicKey(from + i), YEAR));

/** What no peer does in a change. */
export const FROZEN =
  "a frozen or deactivated DID is refused, and the history of owners and delegates can be asked on the chain";

/** Diwan's registry of DIDs, what is measured of it, and people with nothing yet. */
export async function didScene() {
  const f = await didFixture();
  const chain = openChain(f);
  const { didRegistry, domain, stranger, signers } = f;
  const as = (owner: Signer) => didRegistry.connect(owner);
  return {
    chain,
    stranger,
    people: signers.slice(30),
    setKey: (owner: Signer, n: number) =>
      chain.gas(() => as(owner).setAttribute(owner, PUBLIC_KEY, publicKey(n), YEAR)),
    revokeKey: (owner: Signer, n: number) =>
      chain.gas(() => as(owner).revokeAttribute(owner, PUBLIC_KEY, publicKey(n))),
    setKeys: (owner: Signer, changes: Change[]) => chain.gas(() => as(owner).changeMany(owner, changes)),
    addDelegate: (owner: Signer, n: number) =>
      chain.gas(() => as(owner).addDelegate(owner, SIG_AUTH, delegateOf(n), YEAR)),
    revokeDelegate: (owner: Signer, n: number) =>
      chain.gas(() => as(owner).revokeDelegate(owner, SIG_AUTH, delegateOf(n))),
    changeOwner: (owner: Signer, newOwner: Signer) => chain.gas(() => as(owner).changeOwner(owner, newOwner)),
    /** The owner signs, and a stranger brings it. */
    changeBySignature: async (owner: BaseWallet, changes: Change[]) => {
      const message = { identity: owner.address, changes, nonce: await didRegistry.nonce(owner), deadline: NO_END };
      const signature = await owner.signTypedData(domain, CHANGE_MANY, message);
      return chain.gas(() => as(stranger).changeManyBySignature(owner, changes, NO_END, signature));
    },
    changeOwnerBySignature: async (owner: BaseWallet, newOwner: Signer) => {
      const nonce = await didRegistry.nonce(owner);
      const message = { identity: owner.address, newOwner: newOwner.address, nonce, deadline: NO_END };
      const signature = await owner.signTypedData(domain, CHANGE_OWNER, message);
      return chain.gas(() => as(stranger).changeOwnerBySignature(owner, newOwner, NO_END, signature));
    },
    delegate: (n: number) => addDelegate(SIG_AUTH, delegateOf(n), YEAR),
    /** A transaction that only asks. */
    askDelegate: (owner: Signer, n: number) =>
      chain.call(as(stranger), "validDelegate", owner.address, SIG_AUTH, delegateOf(n)),
    askOwner: (owner: Signer) => chain.call(as(stranger), "identityOwner", owner.address),
  };
}
