import { expect } from "chai";
import { AbiCoder, keccak256, sha256, toUtf8Bytes } from "ethers";

import { checkElectionTexts, hashElectionTexts } from "../../src/voting/election/electionTexts.js";
import { orderBallots } from "../../src/voting/election/orderBallots.js";

const texts = [
  { fr: { question: "Pont ?", options: ["Oui", "Non"] }, ar: { question: "الجسر؟", options: ["نعم", "لا"] } },
];

describe("electionTexts", () => {
  it("hashes the documented text", () => {
    const [arabic, french] = hashElectionTexts(texts);
    expect(arabic).to.deep.equal({
      question: 0,
      language: "ar",
      hash: sha256(toUtf8Bytes('{"options":["نعم","لا"],"question":"الجسر؟"}')),
    });
    expect(french!.language).to.equal("fr");
  });

  it("accepts the election's texts and no others", () => {
    const rows = hashElectionTexts(texts).map(({ question, language, hash }) => [question, language, hash]);
    const expected = keccak256(AbiCoder.defaultAbiCoder().encode(["tuple(uint8,string,bytes32)[]"], [rows]));
    checkElectionTexts(texts, expected);
    const swapped = [{ ...texts[0]!, fr: { question: "Pont ?", options: ["Non", "Oui"] } }];
    expect(() => {
      checkElectionTexts(swapped, expected);
    })
      .to.throw()
      .with.property("code", "TEXTS_DIFFER");
  });

  it("refuses options that differ in number or are equal, and tags that are none", () => {
    for (const wrong of [
      {},
      { en: { question: "Q", options: ["A", "A"] } },
      { en: { question: "Q", options: ["A", "B"] }, fr: { question: "Q", options: ["A"] } },
      { "e n": { question: "Q", options: ["A", "B"] } },
      { en: { question: "\ud800", options: ["A", "B"] } },
    ]) {
      expect(() => hashElectionTexts([wrong]))
        .to.throw()
        .with.property("code", "TEXTS_INVALID");
    }
  });
});

describe("orderBallots", () => {
  const ballot = (ballotHash: string, replaces: string) => ({ ballotHash, signed: { slotKey: "0xs", replaces } });
  const [first, second, third, rival] = [ballot("a", "0"), ballot("b", "a"), ballot("c", "b"), ballot("d", "a")];

  it("puts each re-vote behind what it replaces", () => {
    const { ready, stale } = orderBallots([third, second, rival, first], new Map([["0xs", "0"]]));
    expect(ready).to.deep.equal([first, second, third]);
    expect(stale).to.deep.equal([rival]);
  });

  it("knows what was recorded before", () => {
    const { recorded, ready } = orderBallots([third, second, first], new Map([["0xs", "b"]]));
    expect(recorded).to.deep.equal([second, first]);
    expect(ready).to.deep.equal([third]);
  });
});
