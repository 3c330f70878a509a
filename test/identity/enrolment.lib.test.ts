import { expect } from "chai";
import { AbiCoder, id, keccak256, Wallet, ZeroHash } from "ethers";

import type { ContractError } from "../../src/chain/decodeContractError.js";
import { memoryEventCache } from "../../src/chain/memoryEventCache.js";
import { relay } from "../../src/chain/relay.js";
import { signForwardRequest } from "../../src/chain/signForwardRequest.js";
import { NO_END, uidOf } from "../../src/identity/attestation.js";
import { commitmentOf, newSalt, saltClaims, subjectOf } from "../../src/identity/claims.js";
import {
  applicationCommitment,
  newApplication,
  requestIdOf,
  type Application,
} from "../../src/identity/enrolment/application.js";
import { checkApplication, confirm, reject } from "../../src/identity/enrolment/clerk.js";
import { readRequests } from "../../src/identity/enrolment/readRequests.js";
import { request, requestCall, withdraw } from "../../src/identity/enrolment/request.js";
import { REJECTION_GROUNDS, REQUEST_STATES } from "../../src/identity/enrolment/requestState.js";
import { requestStatus } from "../../src/identity/enrolment/requestStatus.js";
import { IdentityError } from "../../src/identity/IdentityError.js";
import { statusOf } from "../../src/identity/status.js";
import { LAPSE } from "../helpers/applicant.js";
import { rejection } from "../helpers/events.js";
import { DEADLINE, deployOffice } from "../helpers/office.js";

const SCHEMA = id(`{"name":"residence"}`);
const DETAILS = { statement: "residence", place: "Zug", since: "2026-01-01" };

const codeOf = async (promise: Promise<unknown>) => ((await rejection(promise)) as { code?: string }).code;

function unissued(n: number) {
  return {
    subject: subjectOf(newSalt(), `did:example:${n}`),
    commitment: commitmentOf(saltClaims({ residence: "Zug", number: n })),
    validFrom: 0,
    expiresAt: NO_END,
  };
}

/** An office, a citizen, and a clerk: each with the contracts as they call them. */
async function fixture() {
  const suite = await deployOffice(SCHEMA);
  const { enrolment, signers, operator, body, ethers } = suite;
  const citizen = signers[20]!;
  const apply = (details: Application["details"] = DETAILS) =>
    newApplication({ applicant: citizen.address, office: body, schema: SCHEMA, details });
  const address = await enrolment.getAddress();
  return {
    ...suite,
    citizen,
    apply,
    mine: enrolment.connect(citizen),
    clerks: enrolment.connect(operator),
    read: (options = {}) => readRequests(ethers.provider, address, body, { fromBlock: 0, ...options }),
  };
}

describe("enrolment library", () => {
  describe("applications", () => {
    const application: Application = {
      applicant: "0x00000000000000000000000000000000000000AA",
      office: 7,
      schema: SCHEMA,
      salt: id("salt"),
      details: { b: 1, a: "x" },
    };

    it("are hashed as the text says, the details in their one form", () => {
      const abi = AbiCoder.defaultAbiCoder();
      const values = [id("diwan.application"), application.salt, '{"a":"x","b":1}'];
      const commitment = keccak256(abi.encode(["bytes32", "bytes32", "string"], values));
      expect(applicationCommitment(application)).to.equal(commitment);
      expect(applicationCommitment({ ...application, details: { a: "x", b: 1 } })).to.equal(commitment);
      const types = ["address", "uint32", "bytes32", "bytes32"];
      const request = keccak256(abi.encode(types, [application.applicant, 7, SCHEMA, commitment]));
      expect(requestIdOf(application)).to.equal(request);
    });

    const withoutSalt = ({ applicant, office, schema, details }: Application) => {
      return { applicant, office, schema, details };
    };

    it("have the id that the contract gives them", async () => {
      const { enrolment, apply, body } = await fixture();
      const mine = apply();
      const commitment = applicationCommitment(mine);
      expect(await enrolment.requestIdOf(mine.applicant, body, SCHEMA, commitment)).to.equal(requestIdOf(mine));
    });

    it("have another commitment for another salt, and another id where any part differs", () => {
      const rest = withoutSalt(application);
      expect(applicationCommitment(newApplication(rest))).to.not.equal(applicationCommitment(newApplication(rest)));
      const others: Partial<Application>[] = [
        { applicant: "0x00000000000000000000000000000000000000bb" },
        { office: 8 },
        { schema: id("other") },
        { salt: id("other") },
        { details: { b: 1, a: "y" } },
        { details: { b: "1", a: "x" } },
      ];
      const ids = others.map((other) => requestIdOf({ ...application, ...other }));
      expect(new Set([requestIdOf(application), ...ids]).size).to.equal(others.length + 1);
    });

    it("are refused when a part is missing or of the wrong kind", () => {
      const rest = withoutSalt(application);
      for (const wrong of [
        { applicant: "0x12" },
        { office: -1 },
        { office: 2 ** 32 },
        { schema: "0x12" },
        { details: NaN },
        { details: undefined as unknown as null },
      ]) {
        expect(() => newApplication({ ...rest, ...wrong }))
          .to.throw(IdentityError)
          .with.property("code", "APPLICATION_MALFORMED");
      }
      expect(() => requestIdOf({ ...application, salt: "0x12" }))
        .to.throw(IdentityError)
        .with.property("code", "APPLICATION_MALFORMED");
    });
  });

  describe("the citizen", () => {
    it("requests, follows, withdraws", async () => {
      const { mine, apply, body } = await fixture();
      const application = apply();
      const { id, lapsesAt, receipt } = await request(mine, application);
      expect(id).to.equal(requestIdOf(application));
      const { timestamp } = await receipt.getBlock();
      expect(lapsesAt).to.equal(timestamp + Number(LAPSE));
      const open = { state: "REQUESTED", requestedAt: timestamp, lapsesAt, decidedAt: 0, office: body };
      expect(await requestStatus(mine, id)).to.deep.equal(open);

      const withdrawn = await withdraw(mine, application);
      const decidedAt = (await withdrawn.getBlock()).timestamp;
      expect(await requestStatus(mine, id)).to.deep.equal({ ...open, state: "WITHDRAWN", decidedAt });
      expect(await requestStatus(mine, id, { blockTag: receipt.blockNumber })).to.deep.equal(open);
    });

    it("has somebody else pay, through the forwarder", async () => {
      const { mine, enrolment, forwarder, citizen, stranger, apply } = await fixture();
      const application = apply();
      const call = await requestCall(enrolment, application);
      const signed = await signForwardRequest(forwarder, citizen, call, { deadline: DEADLINE });
      await relay(forwarder.connect(stranger), [signed]);
      expect((await requestStatus(mine, requestIdOf(application))).state).to.equal("REQUESTED");
      expect(await codeOf(relay(forwarder.connect(stranger), [signed]))).to.equal("ERC2771ForwarderInvalidSigner");
    });

    it("makes several by one transaction of somebody else, who is told of one that is refused", async () => {
      const { mine, enrolment, forwarder, citizen, stranger, apply } = await fixture();
      const applications = [apply(), apply()];
      const sign = async (application: Application, nonce: bigint) =>
        signForwardRequest(forwarder, citizen, await requestCall(enrolment, application), {
          deadline: DEADLINE,
          nonce,
        });
      // Out of order, one is invalid, and none is carried.
      const reversed = [await sign(applications[0]!, 1n), await sign(applications[1]!, 0n)];
      const payers = forwarder.connect(stranger);
      expect(await codeOf(relay(payers, reversed))).to.equal("ERC2771ForwarderInvalidSigner");
      // The second is the first once more, which the contract refuses: the others are carried all the same.
      const [first, second] = applications as [Application, Application];
      const three = [await sign(first, 0n), await sign(first, 1n), await sign(second, 2n)];
      const error = (await rejection(relay(payers, three))) as Error & { code: string };
      expect([error.code, error.message]).to.deep.equal([
        "RELAYED_CALL_REFUSED",
        "of 3 calls, those at 1 were refused",
      ]);
      const more = [apply(), apply()];
      await relay(payers, [await sign(more[0]!, 3n), await sign(more[1]!, 4n)]);
      applications.push(...more);
      for (const application of applications) {
        expect((await requestStatus(mine, requestIdOf(application))).state).to.equal("REQUESTED");
      }
    });

    it("is told before anything is sent that the application is another's", async () => {
      const { enrolment, stranger, apply } = await fixture();
      for (const act of [request, withdraw]) {
        expect(await codeOf(act(enrolment.connect(stranger), apply()))).to.equal("APPLICANT_DIFFERS");
      }
    });

    it("is told before anything is sent that nobody is there to send it", async () => {
      const { enrolment, citizen, apply, ethers } = await fixture();
      const unconnected = new Wallet(`0x${"11".repeat(32)}`);
      for (const runner of [null, ethers.provider, unconnected]) {
        const application = { ...apply(), applicant: runner === unconnected ? unconnected.address : citizen.address };
        expect(await codeOf(request(enrolment.connect(runner), application))).to.equal("PROVIDER_MISSING");
      }
    });

    it("is told by name why the contract refuses", async () => {
      const { mine, apply } = await fixture();
      const application = apply();
      await request(mine, application);
      const error = (await rejection(request(mine, application))) as ContractError;
      expect([error.code, error.args.state]).to.deep.equal(["EnrolmentStands", "REQUESTED"]);
      expect(await codeOf(withdraw(mine, apply()))).to.equal("EnrolmentUnknown");
    });
  });

  describe("the clerk", () => {
    it("finds the request of an application, and of none that was altered", async () => {
      const { enrolment, mine, apply, stranger, body } = await fixture();
      const application = apply();
      const { id, lapsesAt } = await request(mine, application);
      const found = await checkApplication(enrolment, application);
      expect([found.id, found.state, found.lapsesAt]).to.deep.equal([id, "REQUESTED", lapsesAt]);
      for (const altered of [
        { details: { ...DETAILS, place: "Zürich" } },
        { applicant: stranger.address },
        { office: body + 1 },
        { salt: newSalt() },
        { schema: ZeroHash },
      ]) {
        const code = await codeOf(checkApplication(enrolment, { ...application, ...altered }));
        expect(code).to.equal("APPLICATION_UNKNOWN");
      }
    });

    it("confirms by an attestation that stands", async () => {
      const { enrolment, registry, mine, apply, body } = await fixture();
      const application = apply();
      const { id } = await request(mine, application);
      const confirmed = await confirm(registry, enrolment, application, unissued(1));
      expect(confirmed.id).to.equal(id);
      expect(confirmed.uid).to.equal(uidOf(confirmed.attestation));
      expect([confirmed.attestation.issuer, confirmed.attestation.schema]).to.deep.equal([body, SCHEMA]);
      expect((await statusOf(registry, confirmed.attestation)).status).to.equal("VALID");
      const { state } = await checkApplication(enrolment, application);
      expect(state).to.equal("CONFIRMED");
      const again = (await rejection(confirm(registry, enrolment, application, unissued(2)))) as ContractError;
      expect([again.code, again.args.state]).to.deep.equal(["EnrolmentNotPending", "CONFIRMED"]);
    });

    it("rejects on each of the grounds", async () => {
      const { mine, clerks, apply } = await fixture();
      const application = apply();
      for (const grounds of REJECTION_GROUNDS) {
        const { id } = await request(mine, application);
        await reject(clerks, application, grounds);
        const status = await requestStatus(mine, id);
        expect([status.state, status.grounds, status.key]).to.deep.equal(["REJECTED", grounds, 1]);
      }
    });

    it("is told by name when it is too late", async () => {
      const { enrolment, registry, mine, clerks, apply, connection } = await fixture();
      const application = apply();
      const { lapsesAt } = await request(mine, application);
      await connection.networkHelpers.time.setNextBlockTimestamp(lapsesAt);
      const error = (await rejection(confirm(registry, enrolment, application, unissued(1)))) as ContractError;
      expect([error.code, error.args.state]).to.deep.equal(["EnrolmentNotPending", "LAPSED"]);
      await connection.networkHelpers.time.increaseTo(lapsesAt);
      expect(await codeOf(reject(clerks, application, "UNSPECIFIED"))).to.equal("EnrolmentNotPending");
    });
  });

  describe("readRequests", () => {
    it("tells how each request to the office stands, and of no other office's", async () => {
      const { enrolment, registry, mine, clerks, citizen, apply, body, read, connection, ethers } = await fixture();
      const [lapsed, confirmed, rejected, withdrawn, anew, open] = [1, 2, 3, 4, 5, 6].map((n) => apply({ n })) as [
        Application,
        Application,
        Application,
        Application,
        Application,
        Application,
      ];
      const elsewhere = { ...apply({ n: 7 }), office: body + 1 };
      const early = await request(mine, lapsed);
      await connection.networkHelpers.time.increase(60);
      for (const application of [confirmed, rejected, withdrawn, anew, elsewhere]) await request(mine, application);
      const { uid } = await confirm(registry, enrolment, confirmed, unissued(1));
      await reject(clerks, rejected, "NOT_ENTITLED");
      await withdraw(mine, withdrawn);
      await withdraw(mine, anew);
      await enrolment.connect(citizen).withdraw(body + 1, SCHEMA, applicationCommitment(elsewhere));
      const again = await request(mine, anew);
      await connection.networkHelpers.time.increaseTo(early.lapsesAt);
      const last = await request(mine, open);

      const { requests, block, time } = await read();
      expect(block).to.equal(last.receipt.blockNumber);
      expect(time).to.equal((await last.receipt.getBlock()).timestamp);
      const stands = [...requests.values()].map(({ id, state }) => [id, state]);
      expect(stands).to.deep.equal([
        [requestIdOf(lapsed), "LAPSED"],
        [requestIdOf(confirmed), "CONFIRMED"],
        [requestIdOf(rejected), "REJECTED"],
        [requestIdOf(withdrawn), "WITHDRAWN"],
        [requestIdOf(anew), "REQUESTED"],
        [requestIdOf(open), "REQUESTED"],
      ]);
      expect(requests.get(requestIdOf(confirmed))?.uid).to.equal(uid);
      expect(requests.get(requestIdOf(rejected))?.grounds).to.equal("NOT_ENTITLED");
      const { lapsesAt, block: made, schema } = requests.get(requestIdOf(anew))!;
      expect([lapsesAt, made, schema]).to.deep.equal([again.lapsesAt, again.receipt.blockNumber, SCHEMA]);

      // Each as the contract has it, and the same again from a cache, a block at a time.
      for (const { id, state } of requests.values()) expect((await requestStatus(mine, id)).state).to.equal(state);
      const cache = memoryEventCache();
      expect(await read({ cache, range: 1 })).to.deep.equal({ requests, block, time });
      expect(await read({ cache })).to.deep.equal({ requests, block, time });
      expect(REQUEST_STATES.indexOf("LAPSED")).to.equal(5);
      expect(await ethers.provider.getBlockNumber()).to.equal(block);
    });

    it("tells how requests stood at an earlier block", async () => {
      const { mine, apply, read } = await fixture();
      const application = apply();
      const { receipt } = await request(mine, application);
      await withdraw(mine, application);
      const { requests } = await read({ toBlock: receipt.blockNumber });
      expect(requests.get(requestIdOf(application))?.state).to.equal("REQUESTED");
    });

    it("refuses a block that is not there", async () => {
      const { read } = await fixture();
      expect(await codeOf(read({ toBlock: 1_000_000 }))).to.equal("BLOCK_NOT_FOUND");
    });
  });
});
