import { expect } from "chai";
import { getAddress, getBytes, id } from "ethers";

import { parseInclusionPromise } from "../../src/voting/election/parseInclusionPromise.js";
import { parseSignedBallot } from "../../src/voting/election/parseSignedBallot.js";
import type { InclusionPromise } from "../../src/voting/election/promiseOfInclusion.js";
import { serializeInclusionPromise } from "../../src/voting/election/serializeInclusionPromise.js";
import { serializeSignedBallot } from "../../src/voting/election/serializeSignedBallot.js";
import type { SignedBallot } from "../../src/voting/election/signBallot.js";

const addressOf = (name: string) => getAddress(id(name).slice(0, 42));

const onRoll: SignedBallot = {
  slotKey: id("slot"),
  voter: addressOf("voter"),
  weight: 2n ** 64n - 1n,
  proof: [id("a"), id("b")],
  evidence: "0x",
  replaces: id("replaced"),
  deadline: 2n ** 40n - 1n,
  signature: `${id("r")}${id("s").slice(2)}1b`,
  ballot: getBytes(`${id("ballot")}00ff`),
};
const atGate: SignedBallot = { ...onRoll, weight: 1n, proof: [], evidence: id("evidence"), deadline: 0n };

const promise: InclusionPromise = {
  election: addressOf("election"),
  slotKey: id("slot"),
  ballotHash: id("ballot"),
  until: 1_800_000_000n,
  relayer: addressOf("relayer"),
  signature: `${id("r")}${id("s").slice(2)}1c`,
};

function codeOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return (error as { code?: string }).code ?? error;
  }
  return "none";
}

/** The text with a member changed: put to another value, or taken away. */
function withMember(text: string, name: string, value: unknown): string {
  return JSON.stringify({ ...(JSON.parse(text) as object), [name]: value });
}

/** What no kind of message may be, by what it is, made of a right one. */
const hostile: Record<string, (text: string) => string> = {
  "no JSON": (text) => text.slice(1),
  "half of it": (text) => text.slice(0, text.length / 2),
  nothing: () => "",
  null: () => "null",
  "a number": () => "7",
  "a text": (text) => JSON.stringify(text),
  "a list": (text) => `[${text}]`,
  "something behind": (text) => `${text}{}`,
  "another type": (text) => withMember(text, "type", "diwan/roll/v1"),
  "no type": (text) => withMember(text, "type", undefined),
  "a strange member": (text) => withMember(text, "extra", "0x"),
  "a prototype": (text) => text.replace("{", '{"__proto__":{"slotKey":"0x"},'),
  "a megabyte of white space": (text) => text + " ".repeat(2 ** 20),
};

/** What no member of a kind may be. */
function memberTests(text: string, wrong: Record<string, unknown[]>, parse: (text: string) => unknown, code: string) {
  for (const [name, make] of Object.entries(hostile)) {
    it(`refuses ${name}`, () => {
      expect(make(text)).to.not.equal(text);
      expect(codeOf(() => parse(make(text)))).to.equal(code);
    });
  }
  it("refuses bytes in the place of a text", () => {
    expect(codeOf(() => parse(Buffer.from(text) as unknown as string))).to.equal(code);
  });
  for (const name of Object.keys(JSON.parse(text) as object)) {
    it(`refuses one without ${name}, or with another kind of it`, () => {
      const kinds = [
        undefined,
        null,
        7,
        true,
        {},
        [7],
        [null],
        [["0x"]],
        "",
        "0",
        "0x0",
        "0xg0",
        " 0x",
        ...(wrong[name] ?? []),
      ];
      for (const value of kinds.filter((kind) => !(wrong["allowed"] ?? []).includes(`${name}:${String(kind)}`))) {
        const changed = withMember(text, name, value);
        expect(
          codeOf(() => parse(changed)),
          JSON.stringify(value),
        ).to.equal(code);
      }
    });
  }
}

const HASH = id("hash");
const wrongHash = [HASH.slice(0, -1), `${HASH}00`, HASH.toUpperCase(), `${HASH}\n`, HASH.slice(2)];
const wrongAddress = [promise.relayer, promise.relayer.toLowerCase().slice(0, -2), HASH, "example.eth"];
const wrongNumber = ["-1", "1.0", "1e3", "0x1", "01", " 1", "+1", "1n", "99999999999999999999999999"];

describe("a signed ballot in JSON", () => {
  const text = serializeSignedBallot(onRoll);

  it("is read back as it was written, of voters on the roll and at the gate", () => {
    expect(parseSignedBallot(text)).to.deep.equal(onRoll);
    expect(parseSignedBallot(serializeSignedBallot(atGate))).to.deep.equal(atGate);
  });

  it("is written on one line, in lower case", () => {
    expect(text).to.equal(text.toLowerCase().replace("slotkey", "slotKey"));
    expect(text).to.not.match(/\s/);
    const shouting = { ...onRoll, slotKey: `0x${onRoll.slotKey.slice(2).toUpperCase()}` };
    expect(serializeSignedBallot(shouting)).to.equal(text);
  });

  it("is read in any order, with white space", () => {
    const members = Object.entries(JSON.parse(text) as object).toReversed();
    expect(parseSignedBallot(JSON.stringify(Object.fromEntries(members), undefined, 2))).to.deep.equal(onRoll);
  });

  const wrong = {
    slotKey: wrongHash,
    replaces: wrongHash,
    voter: wrongAddress,
    weight: [...wrongNumber, "0", String(2n ** 64n)],
    deadline: [...wrongNumber, String(2n ** 40n)],
    proof: [HASH, [HASH.toUpperCase()], [HASH, "0x"], Array.from({ length: 65 }, () => HASH)],
    evidence: [HASH.toUpperCase(), `0x${"00".repeat(5_000)}`],
    signature: [HASH.toUpperCase(), `0x${"00".repeat(5_000)}`],
    ballot: ["00ff", [0, 255], { 0: 1 }],
    allowed: ["deadline:0"],
  };
  memberTests(text, wrong, parseSignedBallot, "SIGNED_BALLOT_MALFORMED");

  it("is not written of what could not be read", () => {
    const ballots: Partial<SignedBallot>[] = [
      { weight: 0n },
      { slotKey: "0x" },
      { deadline: 2n ** 40n },
      { proof: ["0x"] },
    ];
    for (const change of ballots) {
      expect(codeOf(() => serializeSignedBallot({ ...onRoll, ...change }))).to.equal("SIGNED_BALLOT_MALFORMED");
    }
  });
});

describe("a promise of inclusion in JSON", () => {
  const text = serializeInclusionPromise(promise);

  it("is read back as it was written, on one line", () => {
    expect(parseInclusionPromise(text)).to.deep.equal(promise);
    expect(text).to.not.match(/\s/);
  });

  it("is read in any order, with white space", () => {
    const members = Object.entries(JSON.parse(text) as object).toReversed();
    expect(parseInclusionPromise(JSON.stringify(Object.fromEntries(members), undefined, 2))).to.deep.equal(promise);
  });

  const wrong = {
    election: wrongAddress,
    relayer: wrongAddress,
    slotKey: wrongHash,
    ballotHash: wrongHash,
    until: [...wrongNumber, String(2n ** 40n)],
    signature: [HASH.toUpperCase(), `0x${"00".repeat(5_000)}`],
    allowed: ["until:0"],
  };
  memberTests(text, wrong, parseInclusionPromise, "PROMISE_MALFORMED");

  it("is not written of what could not be read", () => {
    const promises: Partial<InclusionPromise>[] = [
      { until: 2n ** 40n },
      { until: -1n },
      { election: "0x" },
      { ballotHash: "0x" },
    ];
    for (const change of promises) {
      expect(codeOf(() => serializeInclusionPromise({ ...promise, ...change }))).to.equal("PROMISE_MALFORMED");
    }
  });
});
