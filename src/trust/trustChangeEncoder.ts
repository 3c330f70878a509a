import { hexToBytes } from "@noble/hashes/utils.js";
import { getAddress } from "ethers";

import { ITrustList__factory } from "../typechain/factories/contracts/trust/ITrustList__factory.js";
import type { TrustChange } from "./snapshot.js";
import { DECISIONS } from "./standing.js";

const events = ITrustList__factory.createInterface();
const TOPICS = {
  body: events.getEvent("BodyChanged").topicHash,
  accreditation: events.getEvent("AccreditationChanged").topicHash,
  key: events.getEvent("KeyChanged").topicHash,
};

/** Each function gives the word of a value, in hex, which must be written to the letter as it is read from an event. */
type Word = (value: unknown) => string;

const BYTES32 = /^0x[0-9a-f]{64}$/;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const UINT64 = /^0x(?:0|[1-9a-f][0-9a-f]{0,15})$/;

const uint =
  (bits: number): Word =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < 2 ** bits
      ? (value as number).toString(16).padStart(64, "0")
      : refuse(value, `a whole number below 2^${bits}`);
const bytes32: Word = (value) =>
  typeof value === "string" && BYTES32.test(value) ? value.slice(2) : refuse(value, "32 bytes in lower-case hex");
const uint64InHex: Word = (value) =>
  typeof value === "string" && UINT64.test(value)
    ? value.slice(2).padStart(64, "0")
    : refuse(value, "up to 64 bits in lower-case hex without leading zeros");
const flag: Word = (value) => (typeof value === "boolean" ? uint(1)(Number(value)) : refuse(value, "true or false"));
const decision: Word = (value) => {
  const index = (DECISIONS as readonly unknown[]).indexOf(value);
  return index < 0 ? refuse(value, `one of ${DECISIONS.join(", ")}`) : uint(8)(index);
};

function refuse(value: unknown, expected: string): never {
  throw new TypeError(`${String(value)} is not ${expected}`);
}

/** Checksums of the addresses that came up: a list's changes name few, often, and each costs a hash. */
function addressWord(checksummed: Map<string, string>): Word {
  return (value) => {
    if (typeof value !== "string" || !ADDRESS.test(value)) return refuse(value, "an address");
    const plain = value.slice(2).toLowerCase();
    let right = checksummed.get(plain);
    if (right === undefined) {
      right = getAddress(`0x${plain}`);
      checksummed.set(plain, right);
    }
    return value === right ? plain.padStart(64, "0") : refuse(value, `an address with its checksum, ${right}`);
  };
}

/**
 * Makes the encoder of a trust list's changes as the list's log holds them: the topic of each change's event, its indexed arguments
 * and then the others, a word each. A change is refused unless it is, to the letter, what is read from such an event: the number 3
 * and the text "3" would have one encoding, but whoever judges by the change would take them for two bodies.
 *
 * @returns Encodes one change. It throws a TypeError, which names the value and what was expected.
 * @example
 * ```ts
 * const encode = trustChangeEncoder();
 * const entries = snapshot.changes.map((change) => keccak_256(encode(change)));
 * ```
 */
export function trustChangeEncoder(): (change: TrustChange) => Uint8Array {
  const address = addressWord(new Map());
  const [uint8, uint32, uint40] = [uint(8), uint(32), uint(40)];
  const wordsOf = (change: TrustChange): string[] => {
    switch (change.kind) {
      case "body":
        return [uint32(change.body), address(change.controller), bytes32(change.profile)];
      case "accreditation": {
        const { scope, body, accreditation: now, grounds } = change;
        return [
          ...[bytes32(scope), uint32(body)],
          ...[uint40(now.from), uint40(now.until), uint40(now.since), uint40(now.alarm), uint32(now.parent)],
          ...[uint8(now.role), uint8(now.levels), decision(now.decision), flag(now.held), bytes32(grounds)],
        ];
      }
      case "key": {
        const { operator, body, key } = change;
        return [
          ...[address(operator), uint32(body), uint32(key.body), uint32(key.index), uint40(key.from)],
          ...[uint40(key.until), uint40(key.compromisedSince), uint64InHex(key.roles)],
        ];
      }
      default:
        return refuse((change as { kind: unknown }).kind, "a kind of change");
    }
  };
  return (change) => {
    const words = wordsOf(change).join("");
    return hexToBytes(TOPICS[change.kind].slice(2) + words);
  };
}
