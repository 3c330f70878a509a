import { DOCUMENT, FAILURE, judgment, judgmentFixture, OUTCOME, SCOPE, scopeOf } from "../helpers/judgments.js";
import { gasOf, record } from "./record.js";

const START = 2_000_000_000n;
const LATER = 2_002_592_123n;

describe("Gas of judgments, service and powers", () => {
  it("of judgments, whole transactions", async () => {
    const f = await judgmentFixture();
    const { registry, parties } = f;
    const times = { decidedAt: START - 123n, finalFrom: LATER };
    await f.at(START);
    record("JudgmentRegistry: register", await gasOf(f.register("a", times)));
    record("JudgmentRegistry: appeal", await gasOf(f.appeal("a")));
    record("JudgmentRegistry: withdrawAppeal", await gasOf(f.withdraw("a")));
    await f.appeal("a");
    record("JudgmentRegistry: decideAppeal", await gasOf(f.decideOn("a", OUTCOME.AFFIRMED, "b", times)));
    record("JudgmentRegistry: rectify", await gasOf(f.rectify("b", "c", parties.appeals.key)));
    await f.register("d", { ...times, finalFrom: 0n });
    const asCourt = registry.connect(parties.court.key);
    record("JudgmentRegistry: setFinality", await gasOf(asCourt.setFinality(judgment("d"), LATER)));
    await f.at(LATER);
    record("JudgmentRegistry: annul", await gasOf(f.annul("d", "e", times)));
  });

  it("of service, whole transactions", async () => {
    const { services, parties, addressee, at } = await judgmentFixture();
    const asBailiff = services.connect(parties.bailiff.key);
    const bailiff = scopeOf("bailiff");
    await at(START);
    record("ServiceRegistry: send", await gasOf(asBailiff.send(DOCUMENT, addressee, LATER, bailiff)));
    record("ServiceRegistry: deliver", await gasOf(asBailiff.deliver(DOCUMENT, addressee)));
    record("ServiceRegistry: acknowledge", await gasOf(services.connect(addressee).acknowledge(DOCUMENT)));
    await asBailiff.send(judgment("other"), addressee, LATER, bailiff);
    record("ServiceRegistry: fail", await gasOf(asBailiff.fail(judgment("other"), addressee, FAILURE.NOT_FOUND)));
  });

  it("of powers, whole transactions", async () => {
    const { powers, principal, agent, parties, at } = await judgmentFixture();
    const asPrincipal = powers.connect(principal);
    const terms = { agent: agent.address, scope: SCOPE, from: START, until: LATER };
    await at(START);
    record("PowerOfAttorneyRegistry: grant", await gasOf(asPrincipal.grant(terms)));
    const asNotary = powers.connect(parties.notary.key);
    record("PowerOfAttorneyRegistry: attest", await gasOf(asNotary.attest(principal, agent, SCOPE, 1n)));
    record("PowerOfAttorneyRegistry: renounce", await gasOf(powers.connect(agent).renounce(principal, SCOPE)));
    record("PowerOfAttorneyRegistry: grant, again", await gasOf(asPrincipal.grant(terms)));
    record("PowerOfAttorneyRegistry: revoke", await gasOf(asPrincipal.revoke(agent, SCOPE)));
  });
});
