import { id } from "ethers";

import type { Signer } from "../../../test/helpers/trust.js";
import type { Growth } from "../Growth.js";
import { growEach } from "../growEach.js";
import { deployOnchainId } from "../onchainId.js";
import { erc1056Scene } from "./erc1056Scene.js";
import { didScene, keys } from "./scene.js";

/** As many keys as the smallest live block takes of ours, in round figures. */
const MOST = 1_000;

/** What one of 1 to 10⁶ keys of a DID costs, set together as far as that goes. */
export async function growChanges(): Promise<Growth[]> {
  const f = await didScene();
  const { chain } = f;
  const [owner] = f.people as [Signer];
  const peer = await erc1056Scene(chain, f.stranger);
  const identity = (await (await deployOnchainId(chain)).create(owner, "holder")).connect(owner);
  let set = 0;
  await peer.setKey(owner, set);
  await f.setKey(owner, set);
  const next = (count: number) => (set += count) - count;
  return [
    {
      file: "dids",
      title: "Setting so many keys of one identifier",
      x: "keys",
      y: "gas a key",
      note: `Dashes: reckoned; the peers take one key a transaction, ours is reckoned by transactions of ${MOST.toLocaleString("en")}. What an identifier had before changes none of the figures, but for ONCHAINID's removals, which search its keys one by one.`,
      lines: [
        await growEach("ONCHAINID", 1, () => chain.call(identity, "addKey", id(`key ${next(1)}`), 2, 1)),
        await growEach("ERC-1056", 1, () => peer.setKey(owner, next(1))),
        await growEach("Diwan", MOST, (count) => f.setKeys(owner, keys(count, next(count)))),
      ],
    },
  ];
}
