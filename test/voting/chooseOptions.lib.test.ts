import { expect } from "chai";

import { VotingError } from "../../src/voting/VotingError.js";
import { chooseOptions } from "../../src/voting/chooseOptions.js";

const CHOOSE_TWO = { options: 6, selections: 2, groups: 1, approval: false };

describe("chooseOptions", () => {
  const places = (vote: readonly boolean[]) => vote.flatMap((isChosen, option) => (isChosen ? [option] : []));

  it("takes a voter's choices, and no blank option where none is left open", () => {
    expect(places(chooseOptions(CHOOSE_TWO, 2, [3, 1]))).to.deep.equal([1, 3]);
    expect(places(chooseOptions({ ...CHOOSE_TWO, selections: 0, approval: true }, 0, [0, 2, 5]))).to.deep.equal([
      0, 2, 5,
    ]);
    expect(places(chooseOptions({ ...CHOOSE_TWO, selections: 0, approval: true }, 0, []))).to.deep.equal([]);
  });

  it("fills what is left open with each blank option as often as with the others", () => {
    const [one, two] = [new Map<string, number>(), new Map<string, number>()];
    const question = { options: 5, selections: 3, groups: 1, approval: false };
    for (let i = 0; i < 3_000; i++) {
      for (const [seen, chosen] of [
        [one, [0, 1]],
        [two, [1]],
      ] as const) {
        const vote = places(chooseOptions(question, 3, chosen));
        expect(vote)
          .to.have.length(3)
          .and.to.include.members([...chosen]);
        const blank = vote.filter((option) => option >= 2).join();
        seen.set(blank, (seen.get(blank) ?? 0) + 1);
      }
    }
    expect([...one.keys()].sort()).to.deep.equal(["2", "3", "4"]);
    expect([...two.keys()].sort()).to.deep.equal(["2,3", "2,4", "3,4"]);
    // A thousand each; two hundred off is eight standard deviations.
    for (const count of [...one.values(), ...two.values()]) expect(count).to.be.within(800, 1_200);
  });

  it("does not favour the first of three, though a byte has 256 values", () => {
    const drawn = [255, 0];
    const vote = chooseOptions({ options: 5, selections: 1, groups: 1, approval: false }, 3, [], () => {
      return Uint8Array.of(drawn.shift()!);
    });
    expect(places(vote)).to.deep.equal([2]);
    expect(drawn).to.deep.equal([]);
  });

  for (const [what, blanks, chosen, words] of [
    ["a blank option", 2, [4, 0], "there is no option 4 among 4, counted from 0"],
    ["a negative one", 2, [-1], "there is no option -1 among 4, counted from 0"],
    ["half of one", 2, [0.5], "there is no option 0.5 among 4, counted from 0"],
    ["one twice", 2, [1, 1], "the option 1 is chosen twice"],
    ["too many", 2, [0, 1, 2], "3 options are chosen, not 0 to 2"],
    ["too few", 1, [], "0 options are chosen, not 1 to 2"],
    ["fewer where none may be left open", 0, [1], "1 options are chosen, not 2"],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => chooseOptions(CHOOSE_TWO, blanks, chosen))
        .to.throw(VotingError, words)
        .with.property("code", "VOTE_INVALID");
    });
  }
});
