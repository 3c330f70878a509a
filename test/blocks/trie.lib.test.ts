import { createMerkleProof, createMPT, verifyMerkleProof } from "@ethereumjs/mpt";
import { expect } from "chai";
import { concat, decodeRlp as ethersDecode, encodeRlp as ethersEncode, getBytes, hexlify, keccak256 } from "ethers";

import { makeTrie } from "../../src/blocks/makeTrie.js";
import { EMPTY_TRIE_ROOT } from "../../src/blocks/trieNode.js";
import { verifyAccountProof } from "../../src/blocks/verifyAccountProof.js";
import { verifyStorageProof } from "../../src/blocks/verifyStorageProof.js";
import { verifyTrieProof } from "../../src/blocks/verifyTrieProof.js";
import { CLIQUE, codeOf, flip, makeRandom, QBFT, type ProofAnswer } from "./blocks.fixtures.js";

const ZERO = `0x${"00".repeat(32)}`;

/** Every recorded proof of a state, of both clients. */
const RECORDED = [
  ...QBFT.proofs.map(({ name, stateRoot, answer, expected, accountAbsent }) => ({
    name,
    stateRoot,
    answer,
    slots: accountAbsent ? [] : expected.map(({ slot, value }) => ({ slot, value })),
    isAbsent: accountAbsent,
  })),
  ...CLIQUE.flatMap(({ name, storage: { stateRoot, proof, absentAccount, slots } }) => [
    {
      name,
      stateRoot,
      answer: proof,
      slots: slots.map(({ key, value }) => ({ slot: key, value })),
      isAbsent: false,
    },
    { name: `${name}, an account that does not exist`, stateRoot, answer: absentAccount, slots: [], isAbsent: true },
  ]),
];

function accountOf(stateRoot: string, { address, accountProof }: ProofAnswer) {
  return verifyAccountProof(stateRoot, address, accountProof);
}

describe("verifyAccountProof and verifyStorageProof", () => {
  for (const { name, stateRoot, answer, slots, isAbsent } of RECORDED) {
    it(`find what the client answered: ${name}`, () => {
      const account = accountOf(stateRoot, answer);
      if (isAbsent) {
        expect(account).to.equal(undefined);
        return;
      }
      expect(account).to.deep.equal({
        nonce: BigInt(answer.nonce),
        balance: BigInt(answer.balance),
        storageRoot: answer.storageHash,
        codeHash: answer.codeHash,
      });
      expect(slots).not.to.be.empty;
      for (const [i, { slot, value }] of slots.entries()) {
        const proof = answer.storageProof[i]!;
        expect(BigInt(proof.key)).to.equal(BigInt(slot));
        expect(verifyStorageProof(account!.storageRoot, slot, proof.proof)).to.equal(value);
      }
    });
  }

  it("saw slots that are there and slots that are not", () => {
    const values = RECORDED.flatMap(({ slots }) => slots.map(({ value }) => value));
    expect(values.filter((value) => value === ZERO)).not.to.be.empty;
    expect(values.filter((value) => value !== ZERO)).not.to.be.empty;
  });

  it("find a change of any byte of any node", () => {
    for (const { name, stateRoot, answer } of RECORDED) {
      const root = answer.storageHash;
      const proofs: [string[], (nodes: (string | Uint8Array)[]) => unknown][] = [
        [answer.accountProof, (nodes) => verifyAccountProof(stateRoot, answer.address, nodes)],
        ...answer.storageProof.map(({ key, proof }): [string[], (nodes: (string | Uint8Array)[]) => unknown] => [
          proof,
          (nodes) => verifyStorageProof(root, toWord(key), nodes),
        ]),
      ];
      for (const [nodes, verify] of proofs) {
        for (const [i, node] of nodes.entries()) {
          const bytes = getBytes(node);
          for (let at = 0; at < bytes.length; at++) {
            const code = codeOf(() => verify(nodes.with(i, hexlify(flip(bytes, at)))));
            expect(code, `${name}, node ${i}, byte ${at}`).to.equal("PROOF_MISMATCH");
          }
        }
      }
    }
  });

  it("refuse nodes left out, doubled, added or out of order, and another's proof", () => {
    const { stateRoot, answer } = RECORDED[0]!;
    const { accountProof: nodes, storageProof, storageHash, address } = answer;
    const account = (proof: string[], of = address) => codeOf(() => verifyAccountProof(stateRoot, of, proof));
    expect(account(nodes.slice(0, -1))).to.equal("PROOF_INCOMPLETE");
    expect(account([])).to.equal("PROOF_INCOMPLETE");
    expect(account(nodes.slice(1))).to.equal("PROOF_MISMATCH");
    expect(account([...nodes, nodes[0]!])).to.equal("PROOF_TRAILING");
    expect(account([...nodes, "0x"])).to.equal("PROOF_TRAILING");
    expect(account([nodes[0]!, ...nodes])).to.equal("PROOF_MISMATCH");
    expect(account(nodes.toReversed())).to.equal("PROOF_MISMATCH");
    expect(account(nodes, "0x12")).to.equal("INPUT_MALFORMED");
    expect(codeOf(() => verifyAccountProof(storageHash, address, nodes))).to.equal("PROOF_MISMATCH");

    for (const [i, { key, proof }] of storageProof.entries()) {
      for (const [j, other] of storageProof.entries()) {
        if (i === j) continue;
        let word: string | undefined;
        const code = codeOf(() => (word = verifyStorageProof(storageHash, toWord(key), other.proof)));
        // A proof that shows another slot's absence may show this one's too; it never shows another value.
        if (code === "none") expect(BigInt(word!)).to.equal(BigInt(storageProof[i]!.value));
      }
      expect(verifyStorageProof(storageHash, toWord(key), proof)).to.equal(toWord(storageProof[i]!.value));
    }
  });

  it("find zero in every slot of an account without storage", () => {
    expect(verifyStorageProof(EMPTY_TRIE_ROOT, ZERO, [])).to.equal(ZERO);
    expect(verifyStorageProof(EMPTY_TRIE_ROOT, ZERO, ["0x80"])).to.equal(ZERO);
    expect(codeOf(() => verifyStorageProof(EMPTY_TRIE_ROOT, ZERO, ["0x81"]))).to.equal("PROOF_MISMATCH");
    expect(codeOf(() => verifyStorageProof(EMPTY_TRIE_ROOT, ZERO, ["0x80", "0x80"]))).to.equal("PROOF_TRAILING");
    expect(codeOf(() => verifyStorageProof(keccak256("0x81ff"), ZERO, []))).to.equal("PROOF_INCOMPLETE");
  });

  it("refuse what is no account and no word where one should be", () => {
    const leaf = (key: string, value: string) => {
      const node = ethersEncode([concat(["0x20", keccak256(key)]), value]);
      return [keccak256(node), [node]] as const;
    };
    const address = `0x${"12".repeat(20)}`;
    const root = `0x${"22".repeat(32)}`;
    const accounts = [
      [],
      ["0x01", "0x", root],
      ["0x00", "0x", root, root],
      ["0x01", "0x", root, "0x01"],
      ["0x01", [], root, root],
    ];
    for (const account of accounts) {
      const [stateRoot, proof] = leaf(address, ethersEncode(account));
      expect(codeOf(() => verifyAccountProof(stateRoot, address, proof))).to.equal("ACCOUNT_MALFORMED");
    }
    for (const word of ["0x80", "0x00", "0xc0", `0xa100${"11".repeat(32)}`, `0xa1${"11".repeat(33)}`]) {
      const [storageRoot, proof] = leaf(ZERO, word);
      expect(
        codeOf(() => verifyStorageProof(storageRoot, ZERO, proof)),
        word,
      ).to.equal("SLOT_MALFORMED");
    }
    const [storageRoot, proof] = leaf(ZERO, "0x07");
    expect(verifyStorageProof(storageRoot, ZERO, proof)).to.equal(toWord("0x07"));
  });
});

describe("verifyTrieProof and makeTrie", () => {
  /** Keys of one length or of many, near each other so that branches, extensions and short nodes all occur. */
  function entriesOf(seed: string, count: number, shape: "hashes" | "short" | "mixed"): [Uint8Array, Uint8Array][] {
    const random = makeRandom(seed);
    const entries = new Map<string, Uint8Array>();
    while (entries.size < count) {
      const [length] = random(1);
      const key = shape === "hashes" ? random(32) : random(shape === "short" ? 2 : 1 + (length! % 4));
      if (shape !== "hashes") key[0] = key[0]! & 0x33;
      entries.set(hexlify(key), random(1 + (length! % (shape === "hashes" ? 70 : 5))));
    }
    return [...entries].map(([key, value]) => [getBytes(key), value]);
  }

  for (const shape of ["hashes", "short", "mixed"] as const) {
    for (const count of [1, 2, 3, 10, 100]) {
      it(`agree with @ethereumjs/mpt: ${count} entries, keys ${shape}`, async () => {
        const entries = entriesOf(`${shape} ${count}`, count, shape);
        const trie = await createMPT();
        for (const [key, value] of entries) await trie.put(key, value);
        const root = hexlify(trie.root());

        const absent = entriesOf(`${shape} ${count} absent`, 20, shape).map(([key]) => key);
        const present = new Map(entries.map(([key, value]) => [hexlify(key), value]));
        for (const key of [...entries.map(([entry]) => entry), ...absent]) {
          // They list nodes shorter than a hash, which stand within their parents, once more.
          const nodes = (await createMerkleProof(trie, key)).filter(({ length }, i) => i === 0 || length >= 32);
          const theirs = nodes.map((node) => hexlify(node));
          const ours = makeTrie(entries, key);
          expect(ours.root).to.equal(root);
          expect(ours.proof).to.deep.equal(theirs);
          const value = verifyTrieProof(root, key, theirs);
          expect(value).to.deep.equal(present.get(hexlify(key)));
          const asked = await verifyMerkleProof(
            key,
            ours.proof.map((node) => getBytes(node)),
            { root: trie.root() },
          );
          expect(asked ?? undefined).to.deep.equal(value);
        }
      });
    }
  }

  it("show nothing else by a proof than what the trie holds at the key", async () => {
    const entries = entriesOf("crossed", 60, "short");
    const trie = await createMPT();
    for (const [key, value] of entries) await trie.put(key, value);
    const proofs = entries.map(([key]) => makeTrie(entries, key).proof);
    for (const proof of proofs) {
      for (const [key, value] of entries) {
        let found: Uint8Array | undefined;
        const code = codeOf(() => (found = verifyTrieProof(trie.root(), key, proof)));
        if (code === "none") expect(hexlify(found!)).to.equal(hexlify(value));
        else expect(code).to.be.oneOf(["PROOF_INCOMPLETE", "PROOF_MISMATCH", "PROOF_TRAILING"]);
      }
    }
  });

  it("know the empty trie", async () => {
    expect(hexlify((await createMPT()).root())).to.equal(EMPTY_TRIE_ROOT);
    expect(makeTrie([], Uint8Array.of(1))).to.deep.equal({ root: EMPTY_TRIE_ROOT, proof: [] });
    expect(verifyTrieProof(EMPTY_TRIE_ROOT, Uint8Array.of(1), [])).to.equal(undefined);
  });

  it("refuse nodes that are none though their hash is right", () => {
    const child = `0x${"22".repeat(32)}`;
    const empty = Array.from({ length: 15 }, () => "0x");
    const nodes: Parameters<typeof ethersEncode>[0][] = [
      "0x1234",
      [],
      ["0x20"],
      ["0x20", child, child],
      [...empty, "0x"],
      [...empty, "0x", "0x", "0x"],
      [...empty, "0x", []],
      [[], child],
      ["0x", child],
      ["0x40", child],
      ["0xf0", child],
      ["0x2f12", child],
      ["0x0f12", child],
      ["0x00", child],
      ["0x11", "0x"],
      ["0x11", "0x1234"],
      ["0x2012", []],
      ["0x11", [child, child]],
      [child, ...empty, "0x12"].with(3, `${child}00`),
      [[child, "0x"], ...empty, "0x"],
    ];
    for (const [i, node] of nodes.entries()) {
      const bytes = ethersEncode(node);
      const code = codeOf(() => verifyTrieProof(keccak256(bytes), Uint8Array.of(0x12), [bytes]));
      expect(code, `node ${i}`).to.equal("PROOF_MALFORMED");
    }
    const lax = "0xc48120817f";
    expect(ethersDecode(lax)).to.deep.equal(["0x20", "0x7f"]);
    expect(codeOf(() => verifyTrieProof(keccak256(lax), Uint8Array.of(0x12), [lax]))).to.equal("RLP_MALFORMED");
  });

  it("take no more steps than the key has half bytes", () => {
    const extension = (child: string) => ethersEncode(["0x11", child]);
    let node = extension(`0x${"22".repeat(32)}`);
    const nodes = [node];
    for (let i = 0; i < 100; i++) nodes.unshift((node = extension(keccak256(node))));
    expect(verifyTrieProof(keccak256(node), Uint8Array.of(0x12), nodes.slice(0, 2))).to.equal(undefined);
    expect(codeOf(() => verifyTrieProof(keccak256(node), Uint8Array.of(0x11), nodes))).to.equal("PROOF_TRAILING");
  });
});

function toWord(quantity: string): string {
  return `0x${BigInt(quantity).toString(16).padStart(64, "0")}`;
}
