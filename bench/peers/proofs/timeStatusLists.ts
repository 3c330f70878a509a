import { createList, decodeList } from "@digitalbazaar/vc-bitstring-status-list";
import { StatusList } from "@sd-jwt/jwt-status-list";

import { decodeBitstringStatusList, encodeBitstringStatusList } from "../../../src/ledger/bitstringStatusList.js";
import { getStatus, setStatus } from "../../../src/ledger/statusBits.js";
import { decodeTokenStatusList, encodeTokenStatusList } from "../../../src/ledger/tokenStatusList.js";
import type { Comparison } from "../Comparison.js";
import type { PeerName } from "../peerPackages.js";
import { medianTimes } from "./medianTimes.js";

const ROUNDS = 9;
const BITS = 1;
/** One of a hundred is revoked, at places that no pattern makes easy to compress. */
const EVERY = 100;

/** Making and reading status lists, beside the libraries that wallets have. */
export async function timeStatusLists(): Promise<Comparison[]> {
  const rows: Comparison[] = [];
  for (const entries of [131_072, 1_048_576]) {
    const revoked = Array.from({ length: entries / EVERY }, (_, i) => (i * 2_654_435_761) % entries);
    const size = entries.toLocaleString("en");
    const row = (operation: string, peer: PeerName, times: { theirs: number; ours: number }): Comparison => ({
      ...{ operation: `${operation} of ${size} entries`, peer, unit: "ms", ...times },
      ...{ basis: "measured", theyAlso: "", weAlso: "" },
    });
    const bytes = () => {
      const bitstring = new Uint8Array(entries / 8);
      for (const index of revoked) setStatus(bitstring, BITS, index, 1);
      return bitstring;
    };
    const bitstring = async () => {
      const list = await createList({ length: entries });
      for (const index of revoked) list.setStatus(index, true);
      return list.encode();
    };
    const token = () => {
      const list = new StatusList(Array<number>(entries).fill(0), BITS);
      for (const index of revoked) list.setStatus(index, 1);
      return list.compressStatusList();
    };

    rows.push(
      row(
        "make a W3C status list",
        "bitstring",
        await medianTimes(ROUNDS, bitstring, () => encodeBitstringStatusList(bytes(), BITS)),
      ),
      row(
        "make a Token Status List",
        "sdJwt",
        await medianTimes(ROUNDS, token, () => encodeTokenStatusList(bytes(), BITS)),
      ),
    );

    const [encodedList, list] = [await bitstring(), { bits: BITS, lst: token() }];
    const last = revoked.at(-1)!;
    const requireRevoked = (status: number | boolean) => {
      if (Number(status) !== 1) throw new Error("a revoked entry is read as valid");
    };
    const readW3c = async () => {
      requireRevoked((await decodeList({ encodedList })).getStatus(last));
    };
    const readToken = () => {
      requireRevoked(StatusList.decompressStatusList(list.lst, BITS).getStatus(last));
    };
    rows.push(
      row(
        "read one of a W3C status list",
        "bitstring",
        await medianTimes(ROUNDS, readW3c, async () => {
          requireRevoked(getStatus(await decodeBitstringStatusList(encodedList, BITS), BITS, last));
        }),
      ),
      row(
        "read one of a Token Status List",
        "sdJwt",
        await medianTimes(ROUNDS, readToken, async () => {
          requireRevoked(getStatus(await decodeTokenStatusList(list), BITS, last));
        }),
      ),
    );
  }
  return rows;
}
