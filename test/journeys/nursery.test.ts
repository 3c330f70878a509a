import { expect } from "chai";
import { sha256, toUtf8Bytes, TypedDataEncoder, Wallet, ZeroHash } from "ethers";

import { NO_END, uidOf } from "../../src/identity/attestation.js";
import { answerTypedData, commitDecision, nullifierOf, signAnswer } from "../../src/identity/benefit/answer.js";
import { benefitStatus, claimBenefit, revokeBenefit } from "../../src/identity/benefit/benefits.js";
import { readBenefitClaims } from "../../src/identity/benefit/readBenefitClaims.js";
import { commitmentOf, newSalt, saltClaims, subjectOf } from "../../src/identity/claims.js";
import { decide, type PolicyEvidence } from "../../src/identity/benefit/decide.js";
import { decideOffChain } from "../../src/identity/benefit/decideOffChain.js";
import { discloseClaims } from "../../src/identity/discloseClaims.js";
import { explainDecision } from "../../src/identity/benefit/explainPolicy.js";
import { issue } from "../../src/identity/issue.js";
import type { Json } from "../../src/identity/json.js";
import { hashPolicy, makePolicy, periodAt } from "../../src/identity/benefit/policy.js";
import { evidenceOf } from "../../src/identity/benefit/evidenceOf.js";
import { formatDid } from "../../src/identity/did/did.js";
import type { IdentityError } from "../../src/identity/IdentityError.js";
import { makePresentation, newChallenge, type Presentation } from "../../src/identity/presentation.js";
import { recordOf } from "../../src/identity/status.js";
import { type Expected, verifyPresentation } from "../../src/identity/verifyPresentation.js";
import type { HeldAttestation } from "../../src/identity/wallet.js";
import { trustHistory } from "../../src/trust/history.js";
import { readTrustSnapshot } from "../../src/trust/snapshot.js";
import { rejection } from "../helpers/events.js";
import { nurseryCondition, nurseryFixture, SCHEMAS } from "../helpers/nursery.js";
import { GROUNDS, NO_END as WITHOUT_END } from "../helpers/suite.js";
import { authorizeKey, registerBody, type Signer } from "../helpers/trust.js";

const DAY = 86_400;

const AUDIENCE = "https://nidi.region.test";

/** A parent's DID, and the key that signs for it. */
function newDid() {
  const key = Wallet.createRandom();
  return { key, did: formatDid(31_337n, key.address) };
}
type HeldDid = ReturnType<typeof newDid>;

/** A family, its wallets, and the region that decides; the offices are those of the fixture. */
async function familyFixture() {
  const f = await nurseryFixture();
  const { attestationRegistry, offices, signers, decide: council, trustList, time } = f;
  const didRegistry = await f.didRegistry.getAddress();
  const issueTo = async (
    office: keyof typeof offices,
    schema: string,
    { did, subjectSalt }: { did: string; subjectSalt: string },
    values: Record<string, Json>,
  ): Promise<HeldAttestation> => {
    const claims = saltClaims(values);
    const subject = subjectOf(subjectSalt, did);
    const unissued = { schema, subject, commitment: commitmentOf(claims), validFrom: 0, expiresAt: NO_END };
    const { attestation } = await issue(attestationRegistry.connect(offices[office].key), unissued);
    return { attestation, claims, did, subjectSalt };
  };

  const policy = makePolicy({
    grounds: sha256(toUtf8Bytes("D.G.R. Nidi gratis")),
    condition: nurseryCondition({ name: "pseudonym" }),
    period: { start: Number(await f.viewTime()) - 100, length: 365 * DAY },
  });

  /** What the region knows before it is shown anything: its own fresh challenge. */
  const challenged = async (audience = AUDIENCE): Promise<Expected> => {
    const now = await time.latest();
    return { challenge: newChallenge(audience, now + 300), now, chainId: 31_337, didRegistry };
  };
  /** A parent shows an attestation to the region. */
  const show = async (requirement: number, held: HeldAttestation, { key }: HeldDid, ...names: string[]) => {
    const expected = await challenged();
    const presentation = await makePresentation(held, names, expected.challenge, expected, key);
    return evidenceOf(requirement, await verifyPresentation(presentation, expected, attestationRegistry));
  };

  /** The child, as the municipality's register calls it. */
  const pseudonym = newSalt();
  /** What the offices issue to a family, when its parents go by these DIDs; the first is the applicant's. */
  const attest = async ([applicant, partner]: [HeldDid, HeldDid], { pact = false } = {}) => {
    const [one, other, child] = [applicant.did, partner.did, newDid().did].map((did) => {
      return { did, subjectSalt: newSalt() };
    }) as [Subject, Subject, Subject];
    const residence = await issueTo("region", SCHEMAS.residence, one, { region: "Lombardia", municipality: "Milano" });
    const income = await issueTo("tax", SCHEMAS.income, one, { underThreshold: true, amount: "18250.00" });
    const occupation = pact
      ? await issueTo("welfare", SCHEMAS.pact, one, { since: 2026 })
      : await issueTo("welfare", SCHEMAS.work, one, { employer: "ACME" });
    const partnerWork = await issueTo("welfare", SCHEMAS.work, other, { employer: "Comune" });
    const childcare = await issueTo("milan", SCHEMAS.childcare, child, {
      ...{ parent: residence.attestation.subject, otherParent: partnerWork.attestation.subject },
      ...{ pseudonym, nursery: "Nido Sole" },
    });
    return { residence, income, occupation, partnerWork, childcare };
  };
  /** The family shows all of it: each parent signs, and the child's counts because it names both. */
  const apply = async (parents: [HeldDid, HeldDid], { pact = false } = {}): Promise<PolicyEvidence[]> => {
    const [applicant, partner] = parents;
    const { residence, income, occupation, partnerWork, childcare } = await attest(parents, { pact });
    return [
      await show(0, residence, applicant, "region"),
      await show(1, income, applicant, "underThreshold"),
      await show(pact ? 3 : 2, occupation, applicant),
      await show(4, partnerWork, partner),
      {
        requirement: 5,
        attestation: childcare.attestation,
        disclosure: discloseClaims(childcare.claims, ["parent", "otherParent", "pseudonym"]),
      },
    ];
  };

  /** The office derives the nullifier from the child's pseudonym that was disclosed, not from any DID. */
  const secret = newSalt();
  const answerFor = async (shown: PolicyEvidence[], deadline = policy.period.start + 400 * DAY) => {
    const disclosed = shown.flatMap(({ disclosure }) => disclosure?.claims ?? []);
    const { value } = disclosed.find(({ name }) => name === "pseudonym")!;
    const number = periodAt(policy.period, await time.latest());
    const nullifier = nullifierOf(secret, { pseudonym: value as string, policy: hashPolicy(policy), number });
    const commitment = commitDecision(newSalt(), { uids: shown.map(({ attestation }) => uidOf(attestation)) });
    return { policy, number, nullifier, commitment, deadline };
  };

  // The region's welfare office decides: accredited for this policy, which is its hash.
  const [head, decider] = signers.slice(22) as [Signer, Signer];
  const agency = await registerBody(f, head);
  const scope = hashPolicy(policy);
  await council(trustList, "accredit", [scope, 0n, agency, 0n, WITHOUT_END, 0n, GROUNDS]);
  await authorizeKey(f, { by: head, body: agency, operator: decider, scopes: [scope], from: 0n });
  return { ...f, policy, attest, apply, challenged, answerFor, pseudonym, decider };
}

type Subject = Pick<HeldAttestation, "did" | "subjectSalt">;

describe("Nidi gratis: the nursery benefit of Lombardy, decided without a document", () => {
  it("from five attestations of four offices to a claim on the chain, once a year", async () => {
    const f = await familyFixture();
    const { policy, apply, answerFor, eligibility, benefits, decider, stranger, ethers, time, attestationRegistry } = f;

    // 1. The family shows its attestations; a node's view decides, and the same comes from files alone.
    const evidence = await apply([newDid(), newDid()]);
    const decision = await decide(eligibility, policy, evidence);
    expect([decision.eligible, decision.clause]).to.deep.equal([true, 0]);
    expect(explainDecision(policy, decision).at(-1)).to.equal("Eligible, by 1, 2, 3, 5 and 6.");
    const trust = trustHistory(
      await readTrustSnapshot(ethers.provider, await f.trustList.getAddress(), { fromBlock: 0 }),
    );
    const onFile = await Promise.all(
      evidence.map(async (one) => ({ ...one, record: await recordOf(attestationRegistry, uidOf(one.attestation)) })),
    );
    expect(decideOffChain(policy, onFile, { trust, time: await time.latest() })).to.deep.equal(decision);

    // 2. The office says yes.
    const answer = await answerFor(evidence);
    const signed = await signAnswer(benefits, decider, answer);

    // 3. Somebody else carries it.
    const receipt = await claimBenefit(benefits.connect(stranger), signed);
    const claim = { policy: hashPolicy(policy), number: 0, nullifier: answer.nullifier };
    expect(await benefitStatus(benefits, claim)).to.deep.equal({ status: "CLAIMED", decider: "IN_FORCE" });
    const { data } = (await ethers.provider.getTransaction(receipt.hash))!;
    for (const { attestation, disclosure } of evidence) {
      for (const value of [
        attestation.subject,
        attestation.commitment,
        ...disclosure!.claims.map(({ salt }) => salt),
      ]) {
        expect(data).not.to.include(value.slice(2));
      }
    }
    expect(data).not.to.include(f.pseudonym.slice(2));

    // 4. A second answer in the year is refused, whatever it says.
    const again = await answerFor(evidence);
    expect(again.commitment).not.to.equal(answer.commitment);
    const refusal = rejection(claimBenefit(benefits, await signAnswer(benefits, decider, again)));
    expect(await refusal).to.have.property("code", "BenefitAlreadyClaimed");

    // 5. An error is undone by the office, and the benefit claimed anew.
    await revokeBenefit(benefits.connect(decider), claim, "DECIDED_IN_ERROR");
    expect((await benefitStatus(benefits, claim)).status).to.equal("REVOKED");
    expect(await rejection(claimBenefit(benefits, signed))).to.have.property("code", "AnswerIsStale");
    const corrected = await answerFor(evidence, answer.deadline + 1);
    await claimBenefit(benefits, await signAnswer(benefits, decider, corrected));

    // 6. A year later it can be claimed again, under a nullifier that nobody can join with the first.
    await time.increaseTo(policy.period.start + 365 * DAY);
    const next = await answerFor(evidence);
    expect(next.number).to.equal(1);
    expect(next.nullifier).not.to.equal(answer.nullifier);
    await claimBenefit(benefits, await signAnswer(benefits, decider, next));

    // What an auditor reads.
    const claims = await readBenefitClaims(ethers.provider, await benefits.getAddress(), { fromBlock: 0 });
    expect(claims.map(({ number, revoked }) => [number, revoked?.reason])).to.deep.equal([
      [0, "DECIDED_IN_ERROR"],
      [0, undefined],
      [1, undefined],
    ]);
    expect(claims.map(({ commitment }) => commitment)).to.deep.equal([
      answer.commitment,
      corrected.commitment,
      next.commitment,
    ]);
    const late = readBenefitClaims(ethers.provider, await benefits.getAddress(), {
      fromBlock: receipt.blockNumber + 1,
    });
    expect(await rejection(late)).to.have.property("code", "EVENT_MISSING");
  });

  describe("the same benefit twice in a year", () => {
    const [mother, father] = [newDid(), newDid()];
    const seconds: Record<string, { parents: [HeldDid, HeldDid]; pact: boolean; clause: number }> = {
      "through two DIDs of one holder is refused: both lead to one nullifier": {
        ...{ parents: [newDid(), father], pact: true, clause: 1 },
      },
      "by the child's other parent is refused: the nullifier is the child's": {
        ...{ parents: [father, mother], pact: false, clause: 0 },
      },
    };
    for (const [name, { parents, pact, clause }] of Object.entries(seconds)) {
      it(name, async () => {
        const { policy, apply, answerFor, eligibility, benefits, decider } = await familyFixture();
        const first = await apply([mother, father]);
        const answer = await answerFor(first);
        await claimBenefit(benefits, await signAnswer(benefits, decider, answer));

        // Everything is newly attested: no attestation and no subject is the first application's.
        const second = await apply(parents, { pact });
        const subjects = [...first, ...second].map(({ attestation }) => attestation.subject);
        expect(new Set(subjects).size).to.equal(6);
        const decision = await decide(eligibility, policy, second);
        expect([decision.eligible, decision.clause]).to.deep.equal([true, clause]);
        const secondAnswer = await answerFor(second);
        expect(secondAnswer.nullifier).to.equal(answer.nullifier);
        expect(secondAnswer.commitment).not.to.equal(answer.commitment);
        const refusal = rejection(claimBenefit(benefits, await signAnswer(benefits, decider, secondAnswer)));
        expect(await refusal).to.have.property("code", "BenefitAlreadyClaimed");
      });
    }
  });

  it("who was shown an attestation cannot apply with it", async () => {
    const { attest, challenged, attestationRegistry } = await familyFixture();
    const mother = newDid();
    const { residence } = await attest([mother, newDid()]);
    const toRegion = await challenged();
    const shownTo = ({ challenge }: Expected) => {
      return makePresentation(residence, ["region"], challenge, toRegion, mother.key);
    };
    const codeOf = async (presentation: Presentation, expected = toRegion) => {
      return ((await rejection(verifyPresentation(presentation, expected, attestationRegistry))) as IdentityError).code;
    };
    const good = await shownTo(toRegion);
    expect((await verifyPresentation(good, toRegion, attestationRegistry)).verdict.status).to.equal("VALID");

    // A library that she showed it to hands it on: as it is, with the region's challenge, and signed by its own key.
    const library = newDid();
    const seen = await shownTo(await challenged("https://library.test"));
    expect(await codeOf(seen)).to.equal("CHALLENGE_MISMATCH");
    expect(await codeOf({ ...seen, challenge: toRegion.challenge })).to.equal("KEY_NOT_OF_DID");
    const resigned = makePresentation(residence, ["region"], toRegion.challenge, toRegion, library.key);
    expect(await codeOf(await resigned)).to.equal("KEY_NOT_OF_DID");
    const own = { ...residence, did: library.did };
    const asItsOwn = makePresentation(own, ["region"], toRegion.challenge, toRegion, library.key);
    expect(await codeOf(await asItsOwn)).to.equal("SUBJECT_MISMATCH");
    // It asks her in the region's name, without the region's nonce; or the region's clerk uses an old answer of hers.
    expect(await codeOf(await shownTo(await challenged()))).to.equal("CHALLENGE_MISMATCH");
    expect(await codeOf(good, await challenged())).to.equal("CHALLENGE_MISMATCH");
  });

  describe("benefits in the library", () => {
    it("nullifierOf differs by key, person, policy and period, and refuses what is no 32 bytes", () => {
      const claimant = { pseudonym: ZeroHash, policy: ZeroHash, number: 0 };
      const other = `0x${"11".repeat(32)}`;
      const all = [
        nullifierOf(ZeroHash, claimant),
        nullifierOf(other, claimant),
        nullifierOf(ZeroHash, { ...claimant, pseudonym: other }),
        nullifierOf(ZeroHash, { ...claimant, policy: other }),
        nullifierOf(ZeroHash, { ...claimant, number: 1 }),
      ];
      expect(new Set(all).size).to.equal(all.length);
      for (const bad of ["0x12", "", other.slice(2), `${other}00`]) {
        const malformed = [
          () => nullifierOf(bad, claimant),
          () => nullifierOf(ZeroHash, { ...claimant, pseudonym: bad }),
          () => nullifierOf(ZeroHash, { ...claimant, policy: bad }),
          () => commitDecision(bad, {}),
        ];
        for (const make of malformed) expect(make).to.throw().with.property("code", "ANSWER_MALFORMED");
      }
      expect(() => nullifierOf(ZeroHash, { ...claimant, number: 2 ** 40 })).to.throw();
    });

    it("nullifierOf is HMAC-SHA256 as node computes it", async () => {
      const { createHmac } = await import("node:crypto");
      const key = `0x${"ab".repeat(32)}`;
      const [policy, pseudonym] = [`0x${"cd".repeat(32)}`, `0x${"ef".repeat(32)}`];
      const expected = createHmac("sha256", Buffer.from("ab".repeat(32), "hex"))
        .update("diwan.benefit.nullifier")
        .update(Buffer.from(`${"cd".repeat(32)}${"7".padStart(64, "0")}${"ef".repeat(32)}`, "hex"))
        .digest("hex");
      expect(nullifierOf(key, { pseudonym, policy, number: 7 })).to.equal(`0x${expected}`);
    });

    it("signAnswer signs for a wallet in the wallet's name, and answerTypedData is what the contract checks", async () => {
      const { policy, benefits, decider, ethers, stranger } = await familyFixture();
      const answer = { policy, number: 0, nullifier: ZeroHash, commitment: ZeroHash, deadline: 2 ** 40 - 1 };
      const wallet = await (await ethers.deployContract("Wallet", [stranger.address])).getAddress();
      const signed = await signAnswer(benefits, stranger, answer, { decider: wallet });
      expect(signed.decider).to.equal(wallet);
      expect(await rejection(claimBenefit(benefits, signed))).to.have.property("code", "KeyNotInForce");
      const own = await signAnswer(benefits, decider, answer);
      const { domain, types, message } = answerTypedData(31_337n, await benefits.getAddress(), answer, decider.address);
      expect(TypedDataEncoder.hash(domain, types, message)).to.match(/^0x[0-9a-f]{64}$/);
      expect(own.signature).to.equal(await decider.signTypedData(domain, types, message));
      await claimBenefit(benefits, own);
    });
  });
});
