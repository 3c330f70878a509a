import { expect } from "chai";
import { id, Wallet } from "ethers";

import { signAnswer } from "../../src/identity/benefit/answer.js";
import { makePolicy } from "../../src/identity/benefit/policy.js";
import { Benefits__factory } from "../../src/typechain/factories/contracts/identity/Benefits__factory.js";
import { rejection } from "../helpers/events.js";
import { GROUNDS } from "../helpers/suite.js";

describe("a decider's answer", () => {
  it("is not signed without a node that tells the chain's id", async () => {
    const decider = new Wallet(`0x${"11".repeat(32)}`);
    const period = { start: 0, length: 0 };
    const policy = makePolicy({ grounds: GROUNDS, condition: { schema: id("work"), party: 1 }, period });
    const answer = { policy, number: 0, nullifier: id("nullifier"), commitment: id("commitment"), deadline: 1 };
    for (const runner of [null, decider]) {
      const benefits = Benefits__factory.connect(decider.address, runner);
      expect(await rejection(signAnswer(benefits, decider, answer))).to.have.property("code", "PROVIDER_MISSING");
    }
  });
});
