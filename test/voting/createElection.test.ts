import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";

import { createElection, type ElectionRequest } from "../../src/voting/election/createElection.js";
import { checkElectionTexts } from "../../src/voting/election/electionTexts.js";
import { readElection } from "../../src/voting/election/readElection.js";
import { proposeGroups } from "../../src/voting/question.js";
import { Election__factory, ElectionFactory__factory } from "../../src/typechain/index.js";
import { approveBy, operation } from "../helpers/council.js";
import { deploySuite, GROUNDS, NO_END } from "../helpers/suite.js";
import { authorizeKey, now, registerBody } from "../helpers/trust.js";
import { deployElectionCode } from "./deployElectionCode.js";

const ROLE = id("diwan.role.election-authority");

const bridge = {
  en: { question: "Build the bridge?", options: ["Yes", "No"] },
  ar: { question: "هل يبنى الجسر؟", options: ["نعم", "لا"] },
};
const council = { en: { question: "Who sits on the council?", options: ["A", "B", "C", "D"] } };

async function fixture() {
  const suite = await deploySuite();
  const { ethers, trustList, manager, members, ministry, operator } = suite;
  const from = await now(suite);
  const body = await registerBody(suite, ministry);
  const call = await operation(trustList, "accredit", [ROLE, 0n, body, from, NO_END, 0n, GROUNDS]);
  await approveBy(suite.council, members.slice(0, 2), call);
  await suite.council.connect(members[0]).execute(...call);
  await authorizeKey(suite, { by: ministry, body, operator, scopes: [ROLE], from });

  const { implementation: election } = await deployElectionCode(ethers);
  const trustees = await ethers.deployContract("TrusteesDouble", [1, 2]);
  const made = await ethers.deployContract("ElectionFactory", [
    ...[await manager.getAddress(), await trustList.getAddress(), await election.getAddress()],
    ...[await trustees.getAddress(), [ZeroAddress, ZeroAddress]],
  ]);
  const factory = ElectionFactory__factory.connect(await made.getAddress(), operator);
  const request: ElectionRequest = {
    questions: [
      { texts: bridge, choose: 1 },
      { texts: council, choose: 2, atMost: true },
      { texts: council, choose: "any", groups: 4 },
    ],
    electorate: 5_000n,
    commission: members.map(({ address }) => address),
    quorum: 2,
    trustees: {
      trustees: members.map(({ address }) => address),
      threshold: 2,
      registrationPeriod: 10,
      dealingPeriod: 10,
      complaintPeriod: 10,
      answerPeriod: 10,
    },
    opensAt: from + 10_000n,
    closesAt: from + 20_000n,
    challengePeriod: 100,
    tallyPeriod: 1_000,
    minimumBallots: 20,
  };
  return { ...suite, factory, request };
}

describe("createElection", function () {
  it("makes the election that was asked for", async () => {
    const { factory, request, operator } = await fixture();
    const { election, questions } = await createElection(factory, request);
    expect(await factory.isElection(election)).to.equal(true);
    const read = await readElection(Election__factory.connect(election, operator));
    expect(read.questions).to.deep.equal(questions);
    expect(read.blanks).to.deep.equal([0, 2, 0]);
    expect(read.roll.root).to.equal(ZeroHash);
    const most = { options: 6, selections: 2, approval: false };
    expect(questions[1]).to.deep.equal({ ...most, groups: proposeGroups(most, 5_000n) });
    expect(questions[2]).to.deep.equal({ options: 4, selections: 0, approval: true, groups: 4 });
    checkElectionTexts([bridge, council, council], read.terms.texts);
    const isOther = () => {
      checkElectionTexts([council, bridge, council], read.terms.texts);
    };
    expect(isOther).to.throw().with.property("code", "TEXTS_DIFFER");
  });

  it("refuses a roll that is heavier than the electorate", async () => {
    const { factory, request } = await fixture();
    const roll = { root: id("root"), voters: 1, weight: 5_001n, file: id("file") };
    const code = await createElection(factory, { ...request, roll }).catch(
      (error: unknown) => (error as { code: string }).code,
    );
    expect(code).to.equal("ROLL_INVALID");
  });

  it("says why the factory refuses", async () => {
    const { factory, request } = await fixture();
    const code = await createElection(factory, { ...request, minimumBallots: 1 }).catch(
      (error: unknown) => (error as { code: string }).code,
    );
    expect(code).to.equal("MinimumTooSmall");
  });
});
