import { bytesToHex } from "@noble/hashes/utils.js";

import { ChainProofError } from "./ChainProofError.js";
import { decodeRlp, type RlpItem } from "./decodeRlp.js";
import { encodeRlp } from "./encodeRlp.js";
import { fieldReaders } from "./rlpFields.js";

/** The two protocols whose seals stand in a list of five within `extraData`. */
export type BftKind = "qbft" | "ibft2";

/** A proposer's vote. */
export interface ValidatorVote {
  readonly validator: string;
  /** Whether to add it, else to drop it. */
  readonly isToAdd: boolean;
}

/** What `extraData` says in QBFT and IBFT 2.0. */
export interface BftExtra {
  /** 32 bytes of no meaning. */
  readonly vanity: string;
  readonly validators: readonly string[];
  readonly vote?: ValidatorVote;
  readonly round: number;
  /** r, s and v, 65 bytes each. */
  readonly seals: readonly Uint8Array[];
  /** The five items as RLP has them. */
  readonly items: readonly RlpItem[];
}

const { list, bytes, hex, address, scalar } = fieldReaders("EXTRA_DATA_MALFORMED");

/**
 * Reads the `extraData` of a QBFT or IBFT 2.0 header. The two write votes and rounds in different ways:
 *
 * - QBFT: no vote is an empty list; a vote to add ends in 0xff, one to drop in the empty string; the round is a scalar.
 * - IBFT 2.0: no vote is the empty string; a vote to add ends in 0xff, one to drop in 0x00; the round has four bytes.
 *
 * @throws {@link ChainProofError} `RLP_MALFORMED`, `EXTRA_DATA_MALFORMED`, or `SEAL_MALFORMED` for a seal that has not 65
 * bytes.
 *
 * @example
 * ```ts
 * const { validators, vote, round } = decodeBftExtra(getBytes(header.extraData), "qbft");
 * ```
 */
export function decodeBftExtra(extraData: Uint8Array, kind: BftKind): BftExtra {
  const items = list(decodeRlp(extraData), "extraData");
  if (items.length !== 5) {
    throw new ChainProofError("EXTRA_DATA_MALFORMED", `extraData has ${items.length} items, not 5`);
  }
  const vote = kind === "qbft" ? qbftVote(items[2]) : ibft2Vote(items[2]);
  return {
    vanity: hex(items[0], "vanity", 32),
    validators: list(items[1], "validators").map((item) => address(item, "validator")),
    ...(vote && { vote }),
    round: kind === "qbft" ? Number(scalar(items[3], "round", 4)) : ibft2Round(items[3]),
    seals: list(items[4], "seals").map(seal),
    items,
  };
}

/**
 * `extraData` as the block's hash takes it: QBFT's with round 0 and no seals, five items still; IBFT 2.0's without round
 * and seals, three items.
 *
 * @example
 * ```ts
 * const fields = headerFields(rawHeader).with(12, hashedExtra(extra.items, "qbft"));
 * ```
 */
export function hashedExtra(items: readonly RlpItem[], kind: BftKind): Uint8Array {
  return encodeRlp(kind === "qbft" ? [...items.slice(0, 3), new Uint8Array(), []] : items.slice(0, 3));
}

/**
 * `extraData` as the seals sign it: QBFT's with its round and no seals, five items; IBFT 2.0's without seals, four items.
 *
 * @example
 * ```ts
 * const fields = headerFields(rawHeader).with(12, sealedExtra(extra.items, "qbft"));
 * ```
 */
export function sealedExtra(items: readonly RlpItem[], kind: BftKind): Uint8Array {
  return encodeRlp(kind === "qbft" ? [...items.slice(0, 4), []] : items.slice(0, 4));
}

function qbftVote(item: RlpItem | undefined): ValidatorVote | undefined {
  const vote = list(item, "vote");
  return vote.length === 0 ? undefined : readVote(vote, "0x");
}

function ibft2Vote(item: RlpItem | undefined): ValidatorVote | undefined {
  if (item instanceof Uint8Array && item.length === 0) return undefined;
  return readVote(list(item, "vote"), "0x00");
}

function readVote(vote: readonly RlpItem[], drop: string): ValidatorVote {
  const kind = hex(vote[1], "vote's kind");
  if (vote.length !== 2 || (kind !== "0xff" && kind !== drop)) {
    throw new ChainProofError("VOTE_MALFORMED", "a vote is an address and either to add or to drop it");
  }
  return { validator: address(vote[0], "the vote's address"), isToAdd: kind === "0xff" };
}

function ibft2Round(item: RlpItem | undefined): number {
  return Number(`0x${bytesToHex(bytes(item, "round", 4))}`);
}

function seal(item: RlpItem): Uint8Array {
  if (!(item instanceof Uint8Array) || item.length !== 65) {
    throw new ChainProofError("SEAL_MALFORMED", "a seal is r, s and v: 65 bytes");
  }
  return item;
}
