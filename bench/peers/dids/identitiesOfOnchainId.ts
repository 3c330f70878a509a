import type { Signer } from "../../../test/helpers/trust.js";
import type { Comparison } from "../Comparison.js";
import { gasRow } from "../gasRow.js";
import { deployOnchainId, onchainKeyOf } from "../onchainId.js";
import { delegateOf, didScene, FROZEN, keys } from "./scene.js";

const MANAGE = 1;
const ACT = 2;
/** Its type of keys of secp256k1. */
const ECDSA = 1;

/** Identities of ONCHAINID, a contract a holder, beside our DIDs, which are addresses. */
export async function identitiesOfOnchainId(): Promise<Comparison[]> {
  const f = await didScene();
  const { chain } = f;
  const [a, b, c] = f.people as [Signer, Signer, Signer];
  const onchainId = await deployOnchainId(chain);
  const row = (operation: string, figures: readonly [number, number], we: string, they = "") =>
    gasRow(operation, "onchainid", figures, { we, they });
  const readable = "keys can be listed on the chain";

  const made = [await onchainId.createGas(b, "new"), await f.setKey(b, 1)] as const;
  const identity = (await onchainId.create(a, "holder")).connect(a);
  await f.setKey(a, 1);
  const add = (key: string, purpose: number) => chain.call(identity, "addKey", key, purpose, ECDSA);
  const remove = (key: string, purpose: number) => chain.call(identity, "removeKey", key, purpose);
  const addMany = async () => {
    let gas = 0;
    for (let n = 10; n < 20; n++) gas += await add(onchainKeyOf(delegateOf(n)), ACT);
    return gas;
  };

  const one = delegateOf(1);
  const rows = [
    row("a new identity with its first key", made, FROZEN, "a contract of the holder's own, which can also act"),
    row(
      "another key",
      [await add(onchainKeyOf(one), ACT), await f.setKey(a, 2)],
      `${FROZEN}; an end of the key`,
      readable,
    ),
    row(
      "a key that contracts can ask for",
      [await add(onchainKeyOf(delegateOf(2)), ACT), await f.addDelegate(a, 1)],
      `${FROZEN}; an end of the key`,
      readable,
    ),
    row(
      "revoke a key",
      [await remove(onchainKeyOf(one), ACT), await f.revokeKey(a, 2)],
      FROZEN,
      "is given gas back for emptied storage",
    ),
    row(
      "ten keys of an identity that has one",
      [await addMany(), await f.setKeys(a, keys(10, 10))],
      `${FROZEN}; an end of each key; all in one transaction, where the peer needs ten`,
      readable,
    ),
  ];
  const changed =
    (await add(onchainKeyOf(c.address), MANAGE)) +
    (await chain.call(identity.connect(c), "removeKey", onchainKeyOf(a.address), MANAGE));
  rows.push(
    row(
      "change the owner (there two transactions: the new key, the old one)",
      [changed, await f.changeOwner(a, c)],
      FROZEN,
    ),
  );
  return rows;
}
