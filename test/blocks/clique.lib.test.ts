import { expect } from "chai";
import { concat, encodeRlp, getBytes, hexlify, keccak256, toBeArray, type BytesLike } from "ethers";

import { cliqueDepth } from "../../src/blocks/cliqueDepth.js";
import { decodeHeader } from "../../src/blocks/decodeHeader.js";
import { encodeHeader } from "../../src/blocks/encodeHeader.js";
import { findSealConflict } from "../../src/blocks/findSealConflict.js";
import { fromRpcBlock } from "../../src/blocks/fromRpcBlock.js";
import { headerHash } from "../../src/blocks/headerHash.js";
import { verifyClique, type CliqueAnchor } from "../../src/blocks/verifyClique.js";
import { addressOf, CLIQUE, codeOf, flip, keyOf, sorted, type CliqueSeries } from "./blocks.fixtures.js";

function recorded(series: CliqueSeries): { headers: string[]; anchor: CliqueAnchor } {
  const { epoch, period, signers, anchorHash } = series;
  return {
    headers: series.headers.map((header) => fromRpcBlock(header, "clique").rlp),
    anchor: { hash: anchorHash, epoch, period, signers },
  };
}

describe("verifyClique", () => {
  for (const series of CLIQUE) {
    describe(`recorded headers, ${series.name}`, () => {
      const { headers, anchor } = recorded(series);

      it("are accepted with the hashes, sealers and seal hashes that geth has", () => {
        const chain = verifyClique(headers, anchor);
        expect(chain.blocks.map(({ hash }) => hash)).to.deep.equal(series.headers.slice(1).map(({ hash }) => hash));
        expect(chain.blocks.flatMap(({ signers }) => signers)).to.deep.equal(series.sealers.slice(1));
        expect(chain.blocks.map(({ sealHash }) => sealHash)).to.deep.equal(series.sealHashes.slice(1));
        expect(chain.signers).to.deep.equal(sorted(series.signers));
        expect(chain.limit).to.equal(series.limit);
        expect(chain.isFinal).to.equal(false);
      });

      it("need no list of signers beside the checkpoint's hash", () => {
        const { hash, epoch, period } = anchor;
        expect(verifyClique(headers, { hash, epoch, period }).signers).to.deep.equal(sorted(series.signers));
      });

      for (const { why, index, error, header } of series.bad) {
        it(error === null ? `take as valid: ${why}` : `are refused by "${error}": ${why}`, () => {
          const { rlp } = fromRpcBlock(header, "clique");
          const bad = () => verifyClique([...headers.slice(0, index), rlp], anchor);
          if (error === null) {
            const honest = verifyClique(headers, anchor).blocks[index - 1]!;
            const conflict = findSealConflict(honest, bad().blocks.at(-1)!);
            expect(conflict).to.deep.include({ number: honest.header.number, haveOneParent: true });
          } else {
            expect(bad).to.throw(new RegExp(error));
            expect(codeOf(bad)).to.match(/^CLIQUE_/);
          }
        });
      }

      it("start at the genesis block too", () => {
        const genesis = fromRpcBlock(series.genesis, "clique");
        const chain = verifyClique([genesis.rlp], { ...anchor, hash: genesis.hash });
        expect(chain.signers).to.deep.equal(sorted(series.signers));
        expect(chain.blocks).to.deep.equal([]);
      });

      it("are refused after a changed byte, wherever it is", () => {
        const bytes = getBytes(headers[1]!);
        for (let at = 0; at < bytes.length; at++) {
          const code = codeOf(() => verifyClique([headers[0]!, flip(bytes, at), headers[2]!], anchor));
          expect(code, `byte ${at}`).not.to.equal("none");
        }
      });

      it("tell how deep a block lies and how many sealed it or built on it", () => {
        const chain = verifyClique(headers, anchor);
        const last = cliqueDepth(chain, 25);
        expect(last).to.deep.include({ depth: 0, majority: series.limit, isByMajority: false, isFinal: false });
        expect(last.distinctSealers).to.deep.equal([series.sealers[15]]);
        const first = cliqueDepth(chain, 11);
        expect(first).to.deep.include({ depth: 14, isByMajority: true, isFinal: false });
        expect(new Set(first.distinctSealers)).to.deep.equal(new Set(series.sealers.slice(1)));
        const run = cliqueDepth(chain, 25 - series.limit + 1);
        expect(run).to.deep.include({ depth: series.limit - 1, isByMajority: true });
        expect(codeOf(() => cliqueDepth(chain, 10))).to.equal("CHAIN_BROKEN");
        expect(codeOf(() => cliqueDepth(chain, 26))).to.equal("CHAIN_BROKEN");
      });

      it("are refused with one left out, doubled, or from another checkpoint", () => {
        const check = (changed: Iterable<BytesLike>, other: Partial<CliqueAnchor> = {}) =>
          codeOf(() => verifyClique(changed, { ...anchor, ...other }));
        expect(check(headers.toSpliced(5, 1))).to.equal("CHAIN_BROKEN");
        expect(check(headers.toSpliced(5, 0, headers[5]!))).to.equal("CHAIN_BROKEN");
        expect(check(headers.slice(1))).to.equal("ANCHOR_MISMATCH");
        expect(check([])).to.equal("ANCHOR_MISMATCH");
        expect(check(headers.slice(1), { hash: headerHash(headers[1]!, "clique") })).to.equal("ANCHOR_MISMATCH");
        expect(check(headers, { signers: series.signers.slice(1) })).to.equal("ANCHOR_MISMATCH");
        expect(check(headers, { period: 5 })).to.equal("CHAIN_BROKEN");
        expect(check(headers, { epoch: 5 })).to.equal("CLIQUE_SIGNER_LIST");
        expect(check(headers, { epoch: 0 })).to.equal("INPUT_MALFORMED");
        expect(check(headers, { period: Number.NaN })).to.equal("INPUT_MALFORMED");
      });
    });
  }

  describe("made headers", () => {
    const NAMES = ["A", "B", "C"].sort((a, b) => (BigInt(addressOf(a)) < BigInt(addressOf(b)) ? -1 : 1));
    const LIST = concat(NAMES.map(addressOf));

    interface Made {
      names?: readonly string[];
      list?: string;
      change?: (fields: string[]) => void;
      seal?: (seal: Uint8Array) => Uint8Array;
      vanity?: string;
    }

    /** A header by ethers' own RLP and signatures. */
    function make(number: number, parentHash: string, sealer: string | undefined, made: Made = {}): string {
      const { names = NAMES, list = "0x", seal = (bytes: Uint8Array) => bytes, vanity = `0x${"00".repeat(32)}` } = made;
      const inTurn = sealer !== undefined && names.indexOf(sealer) === number % names.length;
      const fields = [
        parentHash,
        "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
        `0x${"00".repeat(20)}`,
        ...Array.from({ length: 3 }, () => `0x${"33".repeat(32)}`),
        `0x${"00".repeat(256)}`,
        inTurn ? "0x02" : "0x01",
        hexlify(toBeArray(number)),
        "0x05f5e100",
        "0x",
        hexlify(toBeArray(1_000 + 5 * number)),
        concat([vanity, list]),
        `0x${"00".repeat(32)}`,
        "0x0000000000000000",
      ];
      made.change?.(fields);
      let bytes = `0x${"00".repeat(65)}`;
      if (sealer !== undefined) {
        const { r, s, yParity } = keyOf(sealer).sign(keccak256(encodeRlp(fields)));
        bytes = hexlify(seal(getBytes(concat([r, s, Uint8Array.of(yParity)]))));
      }
      return encodeRlp(fields.with(12, concat([fields[12]!, bytes])));
    }

    const genesis = make(0, `0x${"00".repeat(32)}`, undefined, { list: LIST });
    const anchor = { hash: keccak256(genesis), period: 5, epoch: 100 };

    function verify(...made: [string, Made?][]) {
      const headers = [genesis];
      for (const [i, [sealer, options]] of made.entries()) {
        headers.push(make(i + 1, keccak256(headers.at(-1)!), sealer, options));
      }
      return verifyClique(headers, anchor);
    }

    it("are accepted in turn and out of turn", () => {
      const [a, b, c] = NAMES as [string, string, string];
      const chain = verify([b], [c], [a], [c], [b], [a]);
      expect(chain.blocks.map(({ header }) => header.difficulty)).to.deep.equal([2n, 2n, 2n, 1n, 1n, 2n]);
      expect(chain.blocks.map(({ signers }) => signers[0])).to.deep.equal([b, c, a, c, b, a].map(addressOf));
    });

    const cases: [string, string, Made][] = [
      ["a nonce without a candidate", "CLIQUE_VOTE", { change: (fields) => (fields[14] = "0xffffffffffffffff") }],
      ["a candidate", "CLIQUE_VOTE", { change: (fields) => (fields[2] = addressOf("D")) }],
      ["a mixHash", "CLIQUE_FIELDS", { change: (fields) => (fields[13] = `0x${"01".repeat(32)}`) }],
      ["uncles", "CLIQUE_FIELDS", { change: (fields) => (fields[1] = `0x${"01".repeat(32)}`) }],
      ["a list away from a checkpoint", "CLIQUE_SIGNER_LIST", { list: LIST }],
      ["a longer vanity", "CLIQUE_SIGNER_LIST", { vanity: `0x${"00".repeat(33)}` }],
      ["a shorter vanity", "CLIQUE_FIELDS", { vanity: `0x${"00".repeat(31)}` }],
      ["difficulty 3", "CLIQUE_DIFFICULTY", { change: (fields) => (fields[7] = "0x03") }],
      ["v of 27 and 28", "SEAL_MALFORMED", { seal: (seal) => seal.with(64, (seal[64] ?? 0) + 27) }],
      ["a time before the period", "CHAIN_BROKEN", { change: (fields) => (fields[11] = hexlify(toBeArray(1_004))) }],
    ];
    for (const [what, code, made] of cases) {
      it(`are refused: ${what}`, () => {
        expect(codeOf(() => verify([NAMES[1]!, made]))).to.equal(code);
      });
    }

    it("are refused from a sealer of the blocks just before, as soon as floor(N/2) blocks lie between", () => {
      const [a, b, c] = NAMES as [string, string, string];
      expect(codeOf(() => verify([b], [b]))).to.equal("CLIQUE_SEALED_RECENTLY");
      expect(codeOf(() => verify([b], [c], [b]))).to.equal("none");
      expect(codeOf(() => verify([a], [c], [a], [a]))).to.equal("CLIQUE_SEALED_RECENTLY");
    });

    it("are accepted from a lone signer block after block", () => {
      const alone = { names: ["A"] };
      const first = make(0, `0x${"00".repeat(32)}`, undefined, { list: addressOf("A") });
      const second = make(1, keccak256(first), "A", alone);
      const third = make(2, keccak256(second), "A", alone);
      const chain = verifyClique([first, second, third], { ...anchor, hash: keccak256(first) });
      expect(cliqueDepth(chain, 1)).to.deep.include({ depth: 1, majority: 1, isByMajority: true });
    });

    it("count the checkpoint's own sealer among those who sealed recently", () => {
      const [a, b] = NAMES as [string, string];
      const checkpoint = make(100, `0x${"44".repeat(32)}`, b, { list: LIST });
      const trusted = { ...anchor, hash: keccak256(checkpoint) };
      const next = (sealer: string) => make(101, keccak256(checkpoint), sealer);
      expect(codeOf(() => verifyClique([checkpoint, next(b)], trusted))).to.equal("CLIQUE_SEALED_RECENTLY");
      expect(codeOf(() => verifyClique([checkpoint, next(a)], trusted))).to.equal("none");
    });

    it("are refused after a checkpoint whose list is empty, out of order, doubled or cut", () => {
      const [a, b] = NAMES.map(addressOf) as [string, string];
      const lists = ["0x", concat([b, a]), concat([a, a]), concat([a, b]).slice(0, -2)];
      const codes = ["VALIDATORS_MALFORMED", "CLIQUE_SIGNER_LIST", "VALIDATORS_MALFORMED", "CLIQUE_SIGNER_LIST"];
      for (const [i, list] of lists.entries()) {
        const header = make(0, `0x${"00".repeat(32)}`, undefined, { list });
        expect(codeOf(() => verifyClique([header], { ...anchor, hash: keccak256(header) }))).to.equal(codes[i]);
      }
    });

    it("have all their bytes in their hash", () => {
      const header = make(1, anchor.hash, NAMES[1]);
      expect(headerHash(header, "clique")).to.equal(keccak256(header));
      expect(encodeHeader(decodeHeader(header))).to.equal(header);
    });
  });
});
