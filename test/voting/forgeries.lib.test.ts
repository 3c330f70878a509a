import { expect } from "chai";

import { verifyBallot } from "../../src/voting/verifier/verifyBallot.js";
import { foldHints } from "../../src/voting/foldHints.js";
import { KEY_LOGARITHM, ORDER, questionOf, statementOf } from "./ballots.js";
import { forge, holdsUnder, type Lie, type Part } from "./forge.js";

const HALF = (ORDER + 1n) / 2n;

const packed = statementOf([questionOf(3)]);
const layouts = [packed, statementOf([questionOf(3, { groups: 3 })]), statementOf([questionOf(3, { groups: 2 })])];
const approval = statementOf([questionOf(3, { approval: true })]);

describe("forged ballots", () => {
  it("are accepted when there is no lie in them, so that what follows fails for the lie alone", () => {
    for (const statement of layouts) {
      const forgery = forge(statement, { m: [0n, 1n, 0n] });
      expect(verifyBallot(statement, forgery.bytes)).to.deep.equal({ isValid: true });
      expect(holdsUnder(statement, forgery)).to.equal(true);
    }
    const { bytes } = forge(approval, { m: [1n, 1n, 1n], masks: [5n, 6n, 7n] });
    expect(verifyBallot(approval, bytes)).to.deep.equal({ isValid: true });
  });

  const honestlyHashed: [what: string, lie: Lie, fault: string][] = [
    ["two votes for one option", { m: [2n, 0n, 0n] }, "EQUATION_3"],
    ["two votes that are called one", { m: [2n, 0n, 0n], shown: [1n, 0n, 0n] }, "EQUATION_2"],
    ["two votes where one is due", { m: [1n, 1n, 0n] }, "EQUATION_4"],
    ["no vote where one is due", { m: [0n, 0n, 0n] }, "EQUATION_4"],
    ["masks that are to make two votes one", { m: [1n, 1n, 0n], masks: [3n, 4n, 5n] }, "EQUATION_4"],
    ["a vote taken away and two given", { m: [-1n, 2n, 0n] }, "EQUATION_3"],
    ["half votes", { m: [HALF, HALF, 0n] }, "EQUATION_3"],
    ["a response changed at the end", { m: [1n, 0n, 0n], shift: [1n, -1n, 0n] }, "EQUATION_2"],
  ];
  for (const [what, lie, fault] of honestlyHashed) {
    it(`refuses ${what}`, () => {
      for (const statement of layouts) {
        expect(verifyBallot(statement, forge(statement, lie).bytes)).to.include({ isValid: false, fault });
      }
    });
  }

  it("refuses two votes for one option in approval voting", () => {
    const { bytes } = forge(approval, { m: [2n, 0n, 0n] });
    expect(verifyBallot(approval, bytes)).to.include({ fault: "EQUATION_3" });
  });

  it("refuses trustees who open a ciphertext another way: the first equation pins its randomness", () => {
    const lie: Lie = { m: [1_000n, 0n, 0n], shown: [1n, 0n, 0n], late: "z", keyLogarithm: KEY_LOGARITHM };
    const forgery = forge(packed, lie);
    expect(verifyBallot(packed, forgery.bytes)).to.include({ fault: "EQUATION_1" });
  });

  const breaks: [what: string, lie: Lie][] = [
    ["ciphertexts chosen after the challenge", { m: [1n, 0n, 0n], late: "c1c2", unhashed: ["ciphertexts"] }],
    [
      "a thousand votes, where A2 is chosen after the challenge",
      { m: [1_000n, 0n, 0n], shown: [1n, 0n, 0n], late: "a2", unhashed: ["a2"] },
    ],
    ["a double vote, where D is chosen after the challenge", { m: [-1n, 2n, 0n], late: "d", unhashed: ["d"] }],
    ["a double vote, where E is chosen after the challenge", { m: [-1n, 2n, 0n], late: "e", unhashed: ["e"] }],
  ];
  for (const [what, lie] of breaks) {
    it(`refuses ${what}, which a verifier that does not hash them accepts`, () => {
      for (const statement of layouts) {
        const forgery = forge(statement, lie);
        expect(holdsUnder(statement, forgery)).to.equal(true);
        expect(verifyBallot(statement, forgery.bytes)).to.include({ fault: "EQUATION_1" });
      }
    });
  }

  const parts: Part[] = ["chainId", "contract", "configuration", "question", "slotKey", "weight"];
  parts.push("options", "groups", "selections", "approval", "ciphertexts", "a1", "a2", "d", "e");
  for (const part of parts) {
    it(`refuses a challenge that leaves out the ${part}`, () => {
      const forgery = forge(packed, { m: [1n, 0n, 0n], unhashed: [part] });
      expect(holdsUnder(packed, forgery)).to.equal(true);
      expect(verifyBallot(packed, forgery.bytes)).to.include({ fault: "EQUATION_1" });
    });
  }

  it("refuses a second encoding of a response, which hashes to other weights but means the same", () => {
    // A mask so small that the response of a vote not given has room for the order above it.
    const forgery = forge(packed, { m: [1n, 0n, 0n], masks: [-12n, 5n, 7n] });
    expect(verifyBallot(packed, forgery.bytes)).to.deep.equal({ isValid: true });
    const again = forgery.bytes.slice();
    again.set(Buffer.from((ORDER + 5n).toString(16), "hex"), 32 * (7 + 4 + 1));
    expect(verifyBallot(packed, again)).to.include({ fault: "SCALAR" });
  });

  it("are all kept out of a batch", () => {
    const lies = [...honestlyHashed.map(([, lie]) => lie), ...breaks.map(([, lie]) => lie)];
    const ballots = [{ m: [0n, 0n, 1n] }, ...lies].map((lie) => {
      return { statement: packed, bytes: forge(packed, lie).bytes };
    });
    const { accepted, refused } = foldHints(ballots);
    expect(accepted).to.deep.equal([0]);
    expect(refused.length).to.equal(lies.length);
  });
});
