import { createHash } from "node:crypto";

import { expect } from "chai";
import { concat, getBytes, id, keccak256, verifyTypedData, type Filter, type Provider } from "ethers";

import { ContractError } from "../../src/chain/decodeContractError.js";
import { JusticeError } from "../../src/justice/JusticeError.js";
import { placeOf } from "../../src/justice/placeOf.js";
import { attestPower, grantPower, renouncePower, revokePower } from "../../src/justice/powers/changePower.js";
import { commitPower } from "../../src/justice/powers/commitPower.js";
import { POWER_STATUSES } from "../../src/justice/powers/powerState.js";
import {
  checkPowerStatement,
  encodePowerStatement,
  type PowerStatement,
} from "../../src/justice/powers/powerStatement.js";
import { powerStatus } from "../../src/justice/powers/powerStatus.js";
import { powerTypedData } from "../../src/justice/powers/powerTypedData.js";
import { readPowers } from "../../src/justice/powers/readPowers.js";
import { carryPower, signPowerGrant, signPowerRevocation } from "../../src/justice/powers/signPower.js";
import { acknowledgeDocument } from "../../src/justice/service/acknowledgeDocument.js";
import {
  acknowledgementTypedData,
  carryAcknowledgement,
  signAcknowledgement,
} from "../../src/justice/service/acknowledgement.js";
import { commitDocument } from "../../src/justice/service/commitDocument.js";
import { deliverDocument } from "../../src/justice/service/deliverDocument.js";
import { failService } from "../../src/justice/service/failService.js";
import { readServices } from "../../src/justice/service/readServices.js";
import { sendDocument } from "../../src/justice/service/sendDocument.js";
import { SERVICE_FAILURES, SERVICE_STATES } from "../../src/justice/service/serviceState.js";
import { serviceStatus } from "../../src/justice/service/serviceStatus.js";
import { rejection } from "../helpers/events.js";
import { FAILURE, judgmentFixture, POWER, SCOPE, SERVICE } from "../helpers/judgments.js";

const SALT = getBytes(id("salt"));
const digestOf = (text: string) => `0x${createHash("sha256").update(text).digest("hex")}`;

/** A node that leaves out the events of a block. */
function withoutBlock<P extends Provider>(provider: P, block: number): P {
  const forgetful: P = new Proxy(provider, {
    get: (target, name) => {
      if (name === "provider") return forgetful;
      if (name === "getLogs") {
        return async (filter: Filter) => (await target.getLogs(filter)).filter((log) => log.blockNumber !== block);
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  return forgetful;
}

async function fixture() {
  const f = await judgmentFixture();
  const fromBlock = (await f.registry.deploymentTransaction()!.wait())!.blockNumber;
  return { ...f, fromBlock, until: Number(f.start) + 86_400, deadline: Number(f.start) + 86_400 };
}

describe("Service of documents, the client", () => {
  it("names states and failures in the contract's order", () => {
    expect(SERVICE_STATES.map((name) => SERVICE[name])).to.deep.equal([0n, 1n, 2n, 3n, 4n, 5n]);
    expect(SERVICE_FAILURES.map((name) => FAILURE[name])).to.deep.equal([0n, 1n, 2n, 3n, 4n, 5n]);
  });

  it("commits to a document under a salt, and to nothing that is no digest", () => {
    const expected = keccak256(concat([id("diwan.justice.document.v1"), SALT, digestOf("a writ")]));
    expect(commitDocument(digestOf("a writ"), SALT)).to.equal(expected);
    expect(() => commitDocument("a writ", SALT))
      .to.throw(JusticeError)
      .with.property("code", "DOCUMENT_MALFORMED");
  });

  it("sends, delivers, fails and acknowledges, and reads back what was sent", async () => {
    const f = await fixture();
    const { services, parties, addressee, until, fromBlock } = f;
    const [asBailiff, asCourt] = [services.connect(parties.bailiff.key), services.connect(parties.court.key)];
    const documents = ["one", "two", "three"].map((text) => commitDocument(digestOf(text), SALT));
    const [one, two, three] = documents as [string, string, string];
    await sendDocument(asBailiff, { document: one, addressee: addressee.address, until, role: "bailiff" });
    await sendDocument(asCourt, { document: two, addressee: addressee.address, until, role: "court" });
    await sendDocument(asBailiff, { document: three, addressee: addressee.address, until, role: "bailiff" });
    await sendDocument(asBailiff, { document: one, addressee: f.principal.address, until, role: "bailiff" });
    const { blockNumber } = await deliverDocument(asBailiff, one, addressee.address);
    await acknowledgeDocument(services.connect(addressee), one);
    await failService(asCourt, two, addressee.address, "REFUSED");

    const mine = await readServices(services, { addressee: addressee.address, fromBlock });
    expect(mine.map(({ document, state, failure, role }) => [document, state, failure, role])).to.deep.equal([
      [one, "ACKNOWLEDGED", undefined, "bailiff"],
      [two, "FAILED", "REFUSED", "court"],
      [three, "SENT", undefined, "bailiff"],
    ]);
    const then = await readServices(services, { addressee: addressee.address, fromBlock, toBlock: blockNumber });
    expect(then.map(({ state }) => state)).to.deep.equal(["DELIVERED", "SENT", "SENT"]);
    expect((await readServices(services, { document: one, fromBlock })).length).to.equal(2);
    const ofCourt = await readServices(services, { server: Number(parties.court.body), fromBlock });
    expect(ofCourt.map(({ document }) => document)).to.deep.equal([two]);
    await f.mineAt(BigInt(until));
    const { state, deliveredAt } = await serviceStatus(services, three, addressee.address);
    expect([state, deliveredAt]).to.deep.equal(["LAPSED", undefined]);
  });

  it("has the addressee sign, and anybody carry it", async () => {
    const f = await fixture();
    const { services, parties, addressee, until, deadline } = f;
    const document = commitDocument(digestOf("one"), SALT);
    const role = "bailiff" as const;
    await sendDocument(services.connect(parties.bailiff.key), { document, addressee: addressee.address, until, role });
    const signed = await signAcknowledgement(services, addressee, { document, deadline });
    const { domain, types, message } = acknowledgementTypedData(await placeOf(services), signed);
    expect(verifyTypedData(domain, types, message, signed.signature)).to.equal(addressee.address);
    const elsewhere = carryAcknowledgement(services, { ...signed, chainId: signed.chainId + 1 });
    expect(await rejection(elsewhere)).to.have.property("code", "SIGNED_ELSEWHERE");
    await carryAcknowledgement(services.connect(f.stranger), signed);
    expect((await serviceStatus(services, document, addressee.address)).state).to.equal("ACKNOWLEDGED");
    expect(await rejection(carryAcknowledgement(services, signed))).to.be.instanceOf(ContractError);
    const strange = await signAcknowledgement(services, f.stranger, {
      document,
      deadline,
      addressee: addressee.address,
    });
    expect(await rejection(carryAcknowledgement(services, strange))).to.have.property("code", "SignatureInvalid");
  });
});

describe("Powers of attorney, the client", () => {
  const STATEMENT: PowerStatement = {
    schema: "diwan.power.statement.v1",
    chainId: 31_337,
    registry: "0x00000000000000000000000000000000000000aa",
    acts: ["file pleadings", "receive service"],
    caseId: "2026/1187",
  };
  const CANONICAL =
    `{"acts":["file pleadings","receive service"],"caseId":"2026/1187","chainId":31337,` +
    `"registry":"0x00000000000000000000000000000000000000aa","schema":"diwan.power.statement.v1"}`;

  it("names statuses in the contract's order", () => {
    expect(POWER_STATUSES.map((name) => POWER[name])).to.deep.equal([0n, 1n, 2n, 3n, 4n, 5n]);
  });

  it("commits to what the agent may do, and refuses what is no statement", () => {
    expect(new TextDecoder().decode(encodePowerStatement(STATEMENT))).to.equal(CANONICAL);
    const expected = keccak256(concat([id("diwan.justice.power.v1"), SALT, digestOf(CANONICAL)]));
    expect(commitPower(STATEMENT, SALT)).to.equal(expected);
    for (const change of [
      { acts: [] },
      { acts: Array<string>(51).fill("x") },
      { acts: [""] },
      { schema: "x" },
      { who: 1 },
    ]) {
      expect(() => checkPowerStatement({ ...STATEMENT, ...change }))
        .to.throw(JusticeError)
        .with.property("code", "POWER_MALFORMED");
    }
  });

  it("grants, attests, revokes and renounces; lists a principal's powers and an agent's", async () => {
    const f = await fixture();
    const { powers, principal, agent, parties, until, fromBlock, start } = f;
    const [asPrincipal, asAgent] = [powers.connect(principal), powers.connect(agent)];
    const terms = { agent: agent.address, from: Number(start), until };
    const scopes = ["a", "b", "c"].map((acts) => commitPower({ ...STATEMENT, acts: [acts] }, SALT));
    for (const scope of scopes) await grantPower(asPrincipal, { ...terms, scope });
    const [a, b, c] = scopes as [string, string, string];
    await grantPower(powers.connect(f.addressee), { ...terms, scope: a });
    await attestPower(powers.connect(parties.notary.key), principal.address, {
      agent: agent.address,
      scope: a,
      version: 1,
    });
    await revokePower(asPrincipal, { agent: agent.address, scope: b });
    const { blockNumber } = await renouncePower(asAgent, principal.address, c);
    const own = await readPowers(powers, { principal: principal.address, fromBlock });
    expect(own.map(({ scope, status, version }) => [scope, status, version])).to.deep.equal([
      [a, "IN_FORCE", 1],
      [b, "REVOKED", 2],
      [c, "RENOUNCED", 2],
    ]);
    expect(own[0]!.attested).to.include({ notary: Number(parties.notary.body), standing: "IN_FORCE" });
    expect(own[1]!.attested).to.equal(undefined);
    const before = await readPowers(powers, { principal: principal.address, fromBlock, toBlock: blockNumber - 1 });
    expect(before.map(({ status }) => status)).to.deep.equal(["IN_FORCE", "REVOKED", "IN_FORCE"]);
    expect((await readPowers(powers, { agent: agent.address, fromBlock })).length).to.equal(4);
    // Without the last block's event, a reader of the newest state would notice.
    const forgetful = withoutBlock(f.ethers.provider, blockNumber);
    const late = await rejection(readPowers(powers.connect(forgetful), { principal: principal.address, fromBlock }));
    expect(late).to.have.property("code", "EVENT_MISSING");
  });

  it("has the principal sign, and anybody carry it", async () => {
    const f = await fixture();
    const { powers, principal, agent, until, deadline, start } = f;
    const slot = { agent: agent.address, scope: SCOPE };
    const grant = { ...slot, from: Number(start), until };
    const granted = await signPowerGrant(powers, principal, grant, { deadline });
    if (granted.type !== "PowerGrant") throw new Error("signed as something else");
    const { domain, types, message } = powerTypedData(await placeOf(powers), "PowerGrant", granted.message);
    expect(verifyTypedData(domain, types, message, granted.signature)).to.equal(principal.address);
    // Revoked before it was carried: by the next version, whichever comes first.
    const revoked = await signPowerRevocation(powers, principal, slot, { deadline, uncarried: true });
    const carrier = powers.connect(f.stranger);
    const elsewhere = carryPower(carrier, { ...granted, registry: agent.address });
    expect(await rejection(elsewhere)).to.have.property("code", "SIGNED_ELSEWHERE");
    await carryPower(carrier, granted);
    expect((await powerStatus(powers, principal.address, slot)).status).to.equal("IN_FORCE");
    await carryPower(carrier, revoked);
    const { status, version, isBySignature } = await powerStatus(powers, principal.address, slot);
    expect([status, version, isBySignature]).to.deep.equal(["REVOKED", 2, true]);
    expect(await rejection(carryPower(carrier, granted))).to.have.property("code", "PowerVersionMismatch");
    const present = await signPowerRevocation(powers, principal, slot, { deadline });
    expect(present.message.version).to.equal(2);
  });
});
