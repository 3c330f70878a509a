import { readFileSync } from "node:fs";

import { concat, encodeRlp, getBytes, hexlify, keccak256, SigningKey, toBeArray, computeAddress, id } from "ethers";

import { ChainProofError } from "../../src/blocks/ChainProofError.js";

/** A recorded header of QBFT; `test/vectors/README.md` says where it is from. */
interface QbftVector {
  name: string;
  block: Record<string, unknown> & { hash: string; extraData: string };
  rawHeader: string;
  validators: string[];
  validatorsAfter: string[];
  quorum: number;
  round: number;
  vote: { recipient: string; add: boolean } | null;
  commitHash?: string;
  signers?: string[];
  proposer?: string;
  sameBlockOnOtherNodes?: string[];
}

/** An answer of eth_getProof. */
export interface ProofAnswer {
  address: string;
  accountProof: string[];
  balance: string;
  codeHash: string;
  nonce: string;
  storageHash: string;
  storageProof: { key: string; value: string; proof: string[] }[];
}

interface QbftFile {
  headers: QbftVector[];
  proofs: {
    name: string;
    header: string;
    stateRoot: string;
    accountAbsent: boolean;
    expected: { what: string; slot: string; value: string }[];
    answer: ProofAnswer;
  }[];
  conflict: { headers: QbftVector[] };
}

/** A recorded series of Clique. */
export interface CliqueSeries {
  name: string;
  epoch: number;
  period: number;
  signers: string[];
  limit: number;
  genesis: Record<string, unknown> & { hash: string };
  anchorHash: string;
  headers: (Record<string, unknown> & { hash: string; number: string })[];
  sealers: string[];
  sealHashes: string[];
  bad: { why: string; index: number; error: string | null; header: Record<string, unknown> & { hash: string } }[];
  storage: {
    blockNumber: number;
    stateRoot: string;
    address: string;
    slots: { what: string; key: string; value: string }[];
    proof: ProofAnswer;
    absentAccount: ProofAnswer;
  };
}

export const QBFT = read("qbft.json") as QbftFile;
export const QBFT_CHAIN = (read("qbft-chain.json") as { headers: string[] }).headers;
export const CLIQUE = (read("clique.json") as { series: CliqueSeries[] }).series;

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8"));
}

/** The code of the error that something ends with, or "none". */
export function codeOf(run: () => unknown): string {
  try {
    run();
    return "none";
  } catch (error) {
    if (!(error instanceof ChainProofError)) throw error;
    return error.code;
  }
}

/** The bytes with one of them changed. */
export function flip(bytes: Uint8Array, at: number, mask = 1): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ mask;
  return changed;
}

/** A generator of bytes that gives the same each time (a counter, hashed). */
export function makeRandom(seed: string): (length: number) => Uint8Array {
  let counter = 0;
  return (length) => {
    const words = Array.from({ length: Math.ceil(length / 32) }, () => id(`${seed} ${counter++}`));
    return getBytes(concat(words)).slice(0, length);
  };
}

/** The key of a validator that goes by a letter. */
export function keyOf(name: string): SigningKey {
  return new SigningKey(id(`validator ${name}`));
}

/** The address of a validator that goes by a letter. */
export function addressOf(name: string): string {
  return computeAddress(keyOf(name));
}

/** Addresses in the order that headers list them. */
export function sorted(addresses: readonly string[]): string[] {
  return [...addresses].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
}

/** What a made header says; the rest is as a client would write it for an empty block. */
export interface MadeHeader {
  kind?: "qbft" | "ibft2";
  number: number;
  parentHash: string;
  timestamp?: number;
  proposer: string;
  validators: readonly string[];
  vote?: { name: string; isToAdd: boolean };
  round?: number;
  /** Who seals, by letter. */
  sealers: readonly string[];
  /** The round that the seals sign, if another. */
  sealedRound?: number;
  /** What becomes of each seal. */
  change?: (seal: Uint8Array) => Uint8Array;
  extraFields?: readonly string[];
  /** Of a real block, where something is to be proved by them. */
  stateRoot?: string;
  receiptsRoot?: string;
}

/** Makes a sealed header by ethers' own RLP, hash and signatures, from the text of the rules. */
export function makeHeader(header: MadeHeader): { rlp: string; hash: string } {
  const { kind = "qbft", round = 0, sealedRound = round, change = (seal: Uint8Array) => seal } = header;
  const isQbft = kind === "qbft";
  const vote = header.vote && [addressOf(header.vote.name), header.vote.isToAdd ? "0xff" : isQbft ? "0x" : "0x00"];
  const start = [`0x${"00".repeat(32)}`, [...header.validators], vote ?? (isQbft ? [] : "0x")];
  const rounds = (value: number) => (isQbft ? hexlify(toBeArray(value)) : `0x${value.toString(16).padStart(8, "0")}`);

  const encode = (extra: readonly unknown[]) =>
    encodeRlp([
      header.parentHash,
      "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
      header.proposer,
      header.stateRoot ?? id("state"),
      id("transactions"),
      header.receiptsRoot ?? id("receipts"),
      `0x${"00".repeat(256)}`,
      "0x01",
      hexlify(toBeArray(header.number)),
      "0x29b92700",
      "0x",
      hexlify(toBeArray(header.timestamp ?? header.number)),
      encodeRlp(extra as never),
      "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365",
      "0x0000000000000000",
      ...(header.extraFields ?? []),
    ]);
  const sealHash = keccak256(encode([...start, rounds(sealedRound), ...(isQbft ? [[]] : [])]));
  const seals = header.sealers.map((name) => {
    const { r, s, yParity } = keyOf(name).sign(sealHash);
    return hexlify(change(getBytes(concat([r, s, Uint8Array.of(yParity)]))));
  });
  return {
    rlp: encode([...start, rounds(round), seals]),
    hash: keccak256(encode(isQbft ? [...start, "0x", []] : start)),
  };
}
