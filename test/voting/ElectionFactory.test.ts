import { expect } from "chai";
import { id, ZeroAddress } from "ethers";

import { roleScope } from "../../src/trust/scopes.js";
import { Election__factory, ElectionFactory__factory, Trustees__factory } from "../../src/typechain/index.js";
import { withElectionAuthority } from "../helpers/elections.js";
import { issuerFixture } from "../helpers/issuer.js";
import { GROUNDS } from "../helpers/suite.js";
import { STATE } from "./electionFixture.js";

async function factoryFixture() {
  const f = await issuerFixture();
  const named = f.deployed as unknown as Record<string, { getAddress(): Promise<string> }>;
  const factory = ElectionFactory__factory.connect(await named.electionFactory!.getAddress(), f.stranger);
  const authority = await withElectionAuthority(f);
  const create = async (change: Parameters<typeof authority.request>[0] = {}, by = authority.officer) => {
    return factory.connect(by).createElection(await authority.request(change));
  };
  return { ...f, ...authority, factory, create, named };
}

const QUESTION = { options: 3n, selections: 1n, groups: 1n, approval: false };

describe("ElectionFactory", () => {
  it("makes an election and its trustees, which know each other and what was asked for, below a million gas", async () => {
    const f = await factoryFixture();
    const request = await f.request();
    const sent = await f.factory.connect(f.officer).createElection(request);
    const receipt = await sent.wait();
    expect(receipt!.gasUsed < 1_000_000n).to.equal(true);
    const [event] = await f.factory.queryFilter(f.factory.filters.ElectionCreated);
    const { election: address, trustees: trusteesAddress, body, terms, texts, commission, roll } = event!.args;
    expect(body).to.equal(f.authority);
    expect(await f.factory.isElection(address)).to.equal(true);
    expect(await f.factory.isElection(trusteesAddress)).to.equal(false);
    const election = Election__factory.connect(address, f.stranger);
    const trustees = Trustees__factory.connect(trusteesAddress, f.stranger);
    expect(await election.terms()).to.deep.equal(terms);
    expect(terms.trustees).to.equal(trusteesAddress);
    expect(await trustees.election()).to.equal(address);
    expect(await trustees.terms()).to.deep.equal([request.trustees.trustees, 2n, 100n, 100n, 100n, 100n]);
    expect([terms.blanks, terms.roll, roll.file]).to.deep.equal([1n, id("roll"), id("file")]);
    expect(texts[0]!.hash).to.equal(id("question"));
    expect([...commission]).to.deep.equal(request.commission);
    expect(await election.state()).to.equal(STATE.SETUP);
    const [implementation, ofTrustees] = await f.factory.implementations();
    expect(implementation).to.equal(await f.named.election!.getAddress());
    expect(ofTrustees).to.equal(await f.named.trustees!.getAddress());
    await expect(trustees.bind(f.stranger.address))
      .to.be.revertedWithCustomError(trustees, "ElectionNamed")
      .withArgs(address);
  });

  it("serves accredited election authorities alone, and nobody while the council stops it", async () => {
    const f = await factoryFixture();
    expect(await f.factory.ELECTION_ROLE()).to.equal(roleScope("election-authority"));
    await expect(f.create({}, f.stranger)).to.be.revertedWithCustomError(f.trustList, "KeyNotInForce");
    await expect(f.create({}, f.operator)).to.be.revertedWithCustomError(f.trustList, "NotAccredited");
    const until = BigInt(await f.time.latest()) + 1_000n;
    await f.decide(f.factory, "stop", [until, GROUNDS]);
    await expect(f.create()).to.be.revertedWithCustomError(f.factory, "WritesAreStopped").withArgs(until);
  });

  it("refuses what no election can be held by, and says why", async () => {
    const f = await factoryFixture();
    const { factory } = f;
    const trustees = Trustees__factory.connect(ZeroAddress, f.stranger);
    const good = await f.request();
    const opensAt = BigInt(good.opensAt);
    const members = good.commission as string[];
    const terms = good.trustees;
    const refuse = async (change: Parameters<typeof f.request>[0], error: string, ...args: unknown[]) => {
      await expect(f.create(change))
        .to.be.revertedWithCustomError(error.startsWith("Trustee") ? trustees : factory, error)
        .withArgs(...args);
    };
    await refuse({ questions: [], blanks: [], texts: [] }, "QuestionCountInvalid", 0n);
    await refuse({ questions: [{ ...QUESTION, options: 1n }] }, "QuestionInvalid", 0n);
    await refuse({ blanks: [] }, "BlanksInvalid", 0n);
    await refuse({ blanks: [3] }, "BlanksInvalid", 0n);
    await refuse({ texts: [] }, "TextsInvalid", 0n);
    await refuse({ texts: [{ question: 1, language: "en", hash: id("text") }] }, "TextsInvalid", 2n);
    await refuse({ quorum: 0 }, "CommissionInvalid", 3n, 0n);
    await refuse({ quorum: 4 }, "CommissionInvalid", 3n, 4n);
    // One member alone could never record the totals of paper, which two sign.
    await refuse({ commission: [members[0]!], quorum: 1, hasPaper: true }, "CommissionInvalid", 1n, 1n);
    await f.create({ commission: [members[0]!], quorum: 1 });
    await f.create({ commission: members.slice(0, 2), quorum: 1, hasPaper: true });
    await refuse({ commission: [members[0]!, members[0]!] }, "CommissionMemberInvalid", members[0]);
    await refuse({ commission: [members[0]!, ZeroAddress] }, "CommissionMemberInvalid", ZeroAddress);
    await refuse({ minimumBallots: 1 }, "MinimumTooSmall", 1n);
    await refuse({ gate: f.stranger.address }, "GateInvalid", f.stranger.address);
    for (const change of [
      { opensAt, closesAt: 2n ** 40n - 1n, tallyPeriod: 1 },
      { opensAt, closesAt: 2n ** 40n - 10n, tallyPeriod: 5, longestExtension: 5 },
      { opensAt, closesAt: opensAt },
      { opensAt, closesAt: opensAt + 1n, tallyPeriod: 0 },
      { opensAt, closesAt: opensAt + 1n, challengePeriod: 2 ** 31 },
      // The ceremony would not end before the opening.
      ...["registrationPeriod", "dealingPeriod", "complaintPeriod", "answerPeriod"].map((period) => {
        return { opensAt, closesAt: opensAt + 1n, trustees: { ...terms, [period]: 2 ** 32 - 1 } };
      }),
    ]) {
      await expect(f.create(change)).to.be.revertedWithCustomError(factory, "ElectionTimesInvalid");
    }
    const many = (count: number, options: bigint, groups: bigint) => ({
      questions: Array.from({ length: count }, () => ({ ...QUESTION, options, groups })),
      blanks: Array<number>(count).fill(0),
      texts: Array.from({ length: count }, (_, question) => ({ question, language: "en", hash: id("text") })),
    });
    await refuse(many(5, 5n, 5n), "ElectionTooLarge", 25n, 25n);
    await refuse(many(3, 32n, 1n), "ElectionTooLarge", 3n, 96n);
    await f.create(many(4, 6n, 6n));
    const { trustees: asked } = good;
    const list = asked.trustees as string[];
    await refuse({ trustees: { ...asked, threshold: 1 } }, "TrusteeTermsInvalid", 3n, 1n);
    await refuse({ trustees: { ...asked, threshold: 3 } }, "TrusteeTermsInvalid", 3n, 3n);
    await refuse({ trustees: { ...asked, trustees: [list[0]!, list[1]!, list[0]!] } }, "TrusteeListInvalid", list[0]);
    await refuse(
      { trustees: { ...asked, trustees: [list[0]!, ZeroAddress, list[1]!] } },
      "TrusteeListInvalid",
      ZeroAddress,
    );
  });
});
