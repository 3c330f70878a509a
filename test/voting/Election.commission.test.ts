import { expect } from "chai";
import { id, solidityPackedKeccak256 } from "ethers";

import { electionDomain, electionTypedData } from "../../src/voting/election/electionTypedData.js";
import { Election__factory } from "../../src/typechain/index.js";
import { electionFixture, type Signer, STATE } from "./electionFixture.js";

const NO_END = 2n ** 40n - 1n;
const GROUNDS = id("grounds");

describe("Election: its commission's signatures", () => {
  describe("who signs", () => {
    it("are of different members of its own list, in order, over this very decision of this election", async () => {
      const f = await electionFixture();
      const { election, commission, members } = f;
      const message = { grounds: GROUNDS, deadline: NO_END };
      const [list, signatures, deadline] = await f.decision("Annul", message);
      const annul = (by: readonly string[], with_: typeof signatures, grounds = GROUNDS) =>
        election.annul(grounds, [...by], with_, deadline);
      const refuse = async (call: Promise<unknown>, error: string) =>
        expect(call).to.be.revertedWithCustomError(commission, error);
      await refuse(annul([...list].reverse(), signatures), "CommissionUnknown");
      await refuse(annul(list.slice(0, 2), signatures), "CommissionUnknown");
      await refuse(annul(list, [...signatures].reverse()), "CommissionOrderWrong");
      await refuse(annul(list, [signatures[0]!, signatures[0]!]), "CommissionOrderWrong");
      await refuse(annul(list, [signatures[0]!, { ...signatures[1]!, member: 3 }]), "CommissionOrderWrong");
      await refuse(annul(list, [signatures[0]!, { ...signatures[1]!, member: 2 }]), "SignatureInvalid");
      await refuse(annul(list, signatures, id("other grounds")), "SignatureInvalid");
      await refuse(annul(list, signatures.slice(1)), "CommissionTooFew");
      expect(members).to.have.lengthOf(3);
      await annul(list, signatures);
      expect(await election.state()).to.equal(STATE.ANNULLED);
    });
  });

  describe("what the commission signs", () => {
    /** The four decisions, each by a function that asks for it with other arguments than were signed. */
    type Decide = (f: Awaited<ReturnType<typeof electionFixture>>, deadline: bigint, by?: readonly number[]) => unknown;
    const decisions: Record<string, Decide> = {
      publishRoll: (f, deadline, by) => f.publishRoll({ deadline }, by),
      extend: async (f, deadline, by) => {
        const closesAt = f.terms.closesAt + 10n;
        const signed = await f.decision("Extend", { closesAt, grounds: GROUNDS, deadline }, by);
        return f.election.extend(closesAt, GROUNDS, ...signed);
      },
      annul: async (f, deadline, by) =>
        f.election.annul(GROUNDS, ...(await f.decision("Annul", { grounds: GROUNDS, deadline }, by))),
      recordPaper: async (f, deadline, by) => {
        const message = { ballots: 7, counts: [3n, 4n], record: id("record"), deadline };
        return f.election.recordPaper(7, [3n, 4n], message.record, ...(await f.decision("RecordPaper", message, by)));
      },
    };
    const fixtureFor = async (name: string) => {
      const f = await electionFixture({ weights: [1n, 1n], isOpen: name !== "publishRoll", terms: { hasPaper: true } });
      if (name === "recordPaper") {
        await f.castAll();
        await f.time.increaseTo(f.terms.closesAt);
      }
      return f;
    };

    for (const [name, decide] of Object.entries(decisions)) {
      it(`counts to its deadline and not after, from two members and not from one: ${name}`, async () => {
        const f = await fixtureFor(name);
        const deadline = BigInt(await f.time.latest()) + 20n;
        await expect(decide(f, deadline, [1])).to.be.revertedWithCustomError(f.commission, "CommissionTooFew");
        await f.time.setNextBlockTimestamp(deadline + 1n);
        await expect(decide(f, deadline))
          .to.be.revertedWithCustomError(f.commission, "SignatureExpired")
          .withArgs(deadline, deadline + 1n);
        await f.time.setNextBlockTimestamp(deadline + 10n);
        await decide(f, deadline + 10n, [0, 1, 2]);
      });
    }

    it("says nothing in another election, on another chain, and nothing about another decision", async () => {
      const f = await electionFixture({ weights: [1n, 1n] });
      const { election, chainId } = f;
      const message = { grounds: GROUNDS, deadline: NO_END };
      const [list] = await f.decision("Annul", message);
      for (const domain of [
        electionDomain(chainId, f.stranger.address),
        electionDomain(chainId, await f.implementation.getAddress()),
        electionDomain(chainId + 1n, f.address),
      ]) {
        const data = electionTypedData(domain, "Annul", message);
        const signatures = await Promise.all(
          [0, 1].map(async (member) => ({
            member,
            signature: await f.members[member]!.signTypedData(data.domain, data.types, data.message),
          })),
        );
        await expect(election.annul(GROUNDS, list, signatures, NO_END)).to.be.revertedWithCustomError(
          f.commission,
          "SignatureInvalid",
        );
      }
      const closesAt = f.terms.closesAt + 10n;
      const extension = await f.decision("Extend", { closesAt, grounds: GROUNDS, deadline: NO_END });
      await expect(election.annul(GROUNDS, ...extension)).to.be.revertedWithCustomError(
        f.commission,
        "SignatureInvalid",
      );
      for (const [to, grounds] of [
        [closesAt + 1n, GROUNDS],
        [closesAt, id("other grounds")],
      ] as const) {
        await expect(election.extend(to, grounds, ...extension)).to.be.revertedWithCustomError(
          f.commission,
          "SignatureInvalid",
        );
      }
      await election.extend(closesAt, GROUNDS, ...extension);
      // What was carried out is not carried out again.
      await expect(election.extend(closesAt, GROUNDS, ...extension)).to.be.revertedWithCustomError(
        election,
        "ExtensionInvalid",
      );
    });

    it("binds every figure of a roll and of totals of paper", async () => {
      const f = await electionFixture({ weights: [1n, 1n], isOpen: false, terms: { hasPaper: true } });
      const refuse = async (call: Promise<unknown>) =>
        expect(call).to.be.revertedWithCustomError(f.commission, "SignatureInvalid");
      const roll = { root: f.roll.root, voters: 2, weight: 2n, file: id("roll file") };
      const signedRoll = await f.decision("PublishRoll", { ...roll, revision: 1, deadline: NO_END });
      for (const change of [{ root: id("x") }, { voters: 3 }, { weight: 3n }, { file: id("x") }]) {
        await refuse(f.election.publishRoll({ ...roll, ...change }, 1, ...signedRoll));
      }
      await f.openNow();
      await f.castAll();
      await f.time.increaseTo(f.terms.closesAt);
      const record = id("record");
      const paper = await f.decision("RecordPaper", { ballots: 7, counts: [3n, 4n], record, deadline: NO_END });
      await refuse(f.election.recordPaper(8, [3n, 4n], record, ...paper));
      await refuse(f.election.recordPaper(7, [4n, 3n], record, ...paper));
      await refuse(f.election.recordPaper(7, [3n, 4n], id("x"), ...paper));
      const [list, signatures] = paper;
      await refuse(f.election.recordPaper(7, [3n, 4n], record, list, signatures, NO_END - 1n));
      await f.election.recordPaper(7, [3n, 4n], record, ...paper);
    });

    it("is also a wallet's, which is a contract, and is asked", async () => {
      const f = await electionFixture({ isOpen: false });
      const [first, owner] = f.members as [Signer, Signer];
      const wallet = await f.ethers.deployContract("Wallet", [owner.address]);
      const members = [first.address, await wallet.getAddress()];
      const commission = solidityPackedKeccak256(["uint256[]"], [members.map((address) => BigInt(address))]);
      const maker = f.maker.getFunction("make");
      const made = await maker.send(await f.implementation.getAddress(), { ...f.terms, commission });
      const address = f.maker.interface.parseLog((await made.wait())!.logs[0]!)!.args[0] as string;
      const election = Election__factory.connect(address, f.stranger);
      const message = { grounds: GROUNDS, deadline: NO_END };
      const data = electionTypedData(electionDomain(f.chainId, address), "Annul", message);
      const signatures = await Promise.all(
        [first, owner].map(async (by, member) => ({
          member,
          signature: await by.signTypedData(data.domain, data.types, data.message),
        })),
      );
      const ANSWERS_ZERO = 5;
      await wallet.getFunction("behave").send(ANSWERS_ZERO);
      await expect(election.annul(GROUNDS, members, signatures, NO_END)).to.be.revertedWithCustomError(
        f.commission,
        "SignatureInvalid",
      );
      await wallet.getFunction("behave").send(0);
      await election.annul(GROUNDS, members, signatures, NO_END);
      expect(await election.state()).to.equal(STATE.ANNULLED);
    });
  });
});
