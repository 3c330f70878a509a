import { expect } from "chai";
import { id, Transaction } from "ethers";

import { LogTree } from "../../src/ledger/LogTree.js";
import { EvidenceRegistry__factory } from "../../src/typechain/index.js";
import { CASE, evidenceFixture, exhibit, exhibits, ORDER, REFUSAL, STATE } from "../helpers/evidence.js";
import { NO_END } from "../helpers/suite.js";
import { gasOf, record } from "./record.js";

/** Rounded up, so that no figure is flattered. */
const per = (total: bigint, count: number) => (total + BigInt(count) - 1n) / BigInt(count);

/** An entry amid its tree, whose proof is as long as any. */
const MIDDLE = 1_234;

/** What a transaction may take since Osaka (EIP-7825), and how long it may be where nodes pass it on. */
const MOST_GAS = 16_777_216n;
const MOST_BYTES = 131_072;

describe("Gas of evidence, whole transactions by bodies that the council itself accredited", () => {
  it("one exhibit, with its custodian's key and its tool checked", async () => {
    const f = await evidenceFixture();
    record("EvidenceRegistry: deposit", await gasOf(f.deposit(1)));
  });

  it("many in the log, the second run of each size", async () => {
    for (const count of [100, 1_000]) {
      const f = await evidenceFixture();
      await f.registry.depositMany(f.tool, exhibits(count), CASE);
      const gas = await gasOf(f.registry.depositMany(f.tool, exhibits(count, count), CASE));
      record(`EvidenceRegistry: depositMany of ${count.toLocaleString("en")}, each`, per(gas, count));
    }
  });

  it("as many as a transaction holds", async () => {
    const f = await evidenceFixture();
    const sent = await f.registry.depositMany(f.tool, exhibits(4_080), CASE, { gasLimit: MOST_GAS });
    const { length } = Transaction.from(sent).serialized;
    expect((length - 2) / 2).to.be.within(MOST_BYTES - 512, MOST_BYTES);
    const receipt = await sent.wait();
    expect(receipt!.status).to.equal(1);
    record("EvidenceRegistry: depositMany of 4,080", receipt!.gasUsed);
    expect((await f.registry.checkpointOf(f.parties.police.body)).size).to.equal(4_080n);
  });

  it("a batch under a root, and a member of it", async () => {
    const f = await evidenceFixture();
    const members = await f.batch(exhibits(4_096));
    const { root } = members[0]!.place;
    // The same root by another depositor, so that its price is measured alone.
    const gas = await gasOf(f.as(f.parties.archive).depositBatch(f.tool, root, 4_096n, CASE));
    record("EvidenceRegistry: depositBatch of 4,096, each", per(gas, 4_096));
    const member = members[MIDDLE]!;
    expect(member.place.path).to.have.lengthOf(12);
    record("EvidenceRegistry: singleOut of 4,096", await gasOf(f.registry.singleOut(member)));
    const logged = await f.log(new LogTree(), exhibits(4_000, 5_000));
    record("EvidenceRegistry: singleOut of a log of 4,000", await gasOf(f.registry.singleOut(logged[MIDDLE]!)));
  });

  it("custody, with both signatures in one transaction and by an offer", async () => {
    const f = await evidenceFixture();
    await f.deposit(1);
    record("EvidenceRegistry: handOver", await gasOf(f.handOver(exhibit(1), f.parties.police, f.parties.laboratory)));
    record(
      "EvidenceRegistry: handOver, again",
      await gasOf(f.handOver(exhibit(1), f.parties.laboratory, f.parties.archive)),
    );
    const { police, archive } = f.parties;
    const offer = () => f.as(f.parties.archive).offer(exhibit(1), police.body, NO_END);
    record("EvidenceRegistry: offer, the first", await gasOf(offer()));
    record("EvidenceRegistry: recall", await gasOf(f.as(f.parties.archive).recall(exhibit(1))));
    await offer();
    record("EvidenceRegistry: reject", await gasOf(f.registry.reject(exhibit(1), REFUSAL.DAMAGED)));
    await offer();
    record("EvidenceRegistry: accept", await gasOf(f.registry.accept(exhibit(1))));
    const again = f.registry.offer(exhibit(1), archive.body, NO_END);
    record("EvidenceRegistry: offer, another", await gasOf(again));
  });

  it("each change of state", async () => {
    const f = await evidenceFixture();
    const measure = async (name: string, sent: ReturnType<typeof f.deposit>) => {
      record(`EvidenceRegistry: ${name}`, await gasOf(sent));
    };
    const [a, b] = [await f.exhibitIn(STATE.DEPOSITED, 1), await f.exhibitIn(STATE.DEPOSITED, 2)];
    await measure("seal", f.registry.seal(a));
    await measure("liftSeal", f.as(f.parties.court).liftSeal(a, ORDER));
    await measure("hold", f.as(f.parties.court).hold(a, ORDER));
    await measure("releaseFromHold", f.as(f.parties.court).releaseFromHold(a, ORDER));
    await measure("tender", f.registry.tender(f.parties.court.body, a));
    await measure("openChallenge", f.as(f.parties.opponent).openChallenge(a, ORDER));
    await measure("rebut", f.registry.rebut(a, ORDER));
    await f.as(f.parties.opponent).openChallenge(a, ORDER);
    await measure("rebutAsAdvocate", f.as(f.parties.advocate).rebutAsAdvocate(a, ORDER));
    await measure("decideAdmission", f.as(f.parties.court).decideAdmission(a, ORDER));
    await measure("decideExclusion", f.as(f.parties.court).decideExclusion(a, ORDER));
    await measure("returnExhibit", f.registry.returnExhibit(a, ORDER));
    const witnesses = await f.seenDestroyed(b);
    await measure("destroy", f.registry.destroy(b, ORDER, witnesses));
  });

  it("witnesses", async () => {
    const f = await evidenceFixture();
    const { notary, certifier, laboratory } = f.parties;
    await f.deposit(1);
    const one = [await f.coAttest(exhibit(1), notary)];
    record("EvidenceRegistry: witnessDeposit of 1", await gasOf(f.registry.witnessDeposit(exhibit(1), one)));
    const two = [
      await f.coAttest(exhibit(1), certifier),
      await f.coAttest(exhibit(1), laboratory, { role: id("diwan.role.forensic-centre") }),
    ];
    record("EvidenceRegistry: witnessDeposit of 2", await gasOf(f.registry.witnessDeposit(exhibit(1), two)));
  });

  it("deployment", async () => {
    const { deployer, manager, trustList, relays } = await evidenceFixture();
    const registry = await new EvidenceRegistry__factory(deployer).deploy(manager, trustList, relays);
    record("EvidenceRegistry: deployment", (await registry.deploymentTransaction()!.wait())!.gasUsed);
  });
});
