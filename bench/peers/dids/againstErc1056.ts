import { id, Wallet } from "ethers";

import type { Signer } from "../../../test/helpers/trust.js";
import type { Comparison } from "../Comparison.js";
import { gasRow } from "../gasRow.js";
import { erc1056Scene } from "./erc1056Scene.js";
import { didScene, FROZEN, keys } from "./scene.js";

const SIGNED = { we: `${FROZEN}; EIP-712 with a deadline, and wallets that are contracts (ERC-1271)` };
const PLAIN = { we: FROZEN };

/** The registry that did:ethr resolvers know, beside ours, whose events they read too. */
export async function againstErc1056(): Promise<Comparison[]> {
  const f = await didScene();
  const peer = await erc1056Scene(f.chain, f.stranger);
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
