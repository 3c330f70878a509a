import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { ContractError } from "../../src/chain/decodeContractError.js";
import { accreditArguments, updateBody } from "../../src/trust/bodies.js";
import { approve, decide, operationIdOf, operationOf, schedule, withdrawApproval } from "../../src/trust/council.js";
import { roleScope } from "../../src/trust/scopes.js";
import { TrustError } from "../../src/trust/TrustError.js";
import { rejection } from "../helpers/events.js";
import { deploySuite, GROUNDS } from "../helpers/suite.js";
import { load, PROFILE } from "../helpers/trust.js";

const COURT = roleScope("court");

async function deployDelayed() {
  const suite = await deploySuite({ delay: 1_000n });
  await suite.trustList.registerBody(suite.ministry.address, PROFILE);
  const { time } = suite.connection.networkHelpers;
  const waits: number[] = [];
  const waitUntil = async (until: number) => {
    waits.push(until);
    await time.increaseTo(until);
  };
  const grant = { scope: COURT, parent: 0, body: 1, from: 1, until: 2 ** 40 - 1, levels: 3, grounds: GROUNDS };
  return { ...suite, waits, waitUntil, grant };
}

describe("council library", () => {
  it("names scopes as the contracts do", () => {
    expect(COURT).to.equal(id("diwan.role.court"));
  });

  it("computes an operation's id as the contract does", async () => {
    const { council, trustList } = await load(deployDelayed);
    const operation = await operationOf(trustList, "suspend", [COURT, 1, GROUNDS]);
    const { target, data, salt } = operation;
    expect(operationIdOf(operation)).to.equal(await council.operationId(target, data, salt));
  });

  it("approves, schedules, waits and carries out", async () => {
    const { council, members, trustList, grant, waits, waitUntil } = await load(deployDelayed);
    const before = waits.length;
    const operation = await operationOf(trustList, "accredit", accreditArguments(grant));
    const receipt = await decide(council, members, operation, { waitUntil });
    expect(waits.length).to.equal(before + 1);
    const block = await receipt.getBlock();
    expect(block.timestamp).to.be.at.least(waits.at(-1)!);
    expect(await trustList.isAccreditedAt(COURT, 1, block.timestamp)).to.equal(true);
  });

  it("goes on with what was approved and scheduled before", async () => {
    const { council, members, trustList, grant, waits, waitUntil } = await load(deployDelayed);
    const operation = await operationOf(trustList, "accredit", accreditArguments(grant));
    await approve(council.connect(members[1]), operation);
    await approve(council.connect(members[2]), operation);
    const { executableAt } = await schedule(council.connect(members[1]), operation);
    await decide(council, members, operation, { waitUntil });
    expect(waits.at(-1)).to.equal(executableAt);
    expect(await council.approvals(operationIdOf(operation))).to.equal(2n);
  });

  it("takes an approval back", async () => {
    const { council, members, trustList } = await load(deployDelayed);
    const operation = await operationOf(trustList, "suspend", [COURT, 1, GROUNDS], id("taken back"));
    await approve(council.connect(members[0]), operation);
    await withdrawApproval(council.connect(members[0]), operation);
    expect(await council.approvals(operationIdOf(operation))).to.equal(0n);
    const error = await rejection(withdrawApproval(council.connect(members[0]), operation));
    expect((error as ContractError).code).to.equal("NotApproved");
  });

  it("hands a body over for its controller, and for nobody else", async () => {
    const { trustList, ministry, stranger } = await load(deployDelayed);
    await updateBody(trustList.connect(ministry), 1, stranger.address, PROFILE);
    expect((await trustList.bodyOf(1)).controller).to.equal(stranger.address);
    const error = await rejection(updateBody(trustList.connect(ministry), 1, ministry.address, PROFILE));
    expect((error as ContractError).code).to.equal("AccessManagedUnauthorized");
  });

  it("does at once what needs no delay", async () => {
    const { council, members, trustList, grant, waits, waitUntil } = await load(deployDelayed);
    await decide(council, members, await operationOf(trustList, "accredit", accreditArguments(grant)), { waitUntil });
    const before = waits.length;
    await decide(council, members, await operationOf(trustList, "suspend", [COURT, 1, GROUNDS]), { waitUntil });
    expect(waits.length).to.equal(before);
  });

  it("decides on the AccessManager itself, and cancels at once", async () => {
    const { council, members, manager, trustList, grant, waits, waitUntil } = await load(deployDelayed);
    const label = await operationOf(manager, "labelRole", [7n, "clerks"]);
    await decide(council, members, label, { waitUntil });

    const operation = await operationOf(trustList, "accredit", accreditArguments(grant));
    await approve(council.connect(members[0]), operation);
    await approve(council.connect(members[1]), operation);
    await schedule(council.connect(members[0]), operation);
    const before = waits.length;
    const cancel = await operationOf(manager, "cancel", [await council.getAddress(), operation.target, operation.data]);
    await decide(council, members, cancel, { waitUntil });
    expect(waits.length).to.equal(before);
  });

  it("waits by the chain's own time", async function () {
    const { council, members, trustList, grant, manager, waitUntil } = await load(deployDelayed);
    const soon = await operationOf(manager, "grantRole", [0n, await council.getAddress(), 2n]);
    await decide(council, members, soon, { waitUntil });
    // A shorter delay comes into force when the old one would have passed.
    await waitUntil((await council.runner!.provider!.getBlock("latest"))!.timestamp + 1_000);
    const started = Date.now();
    await decide(council, members, await operationOf(trustList, "accredit", accreditArguments(grant)));
    expect(Date.now() - started).to.be.at.least(1_000);
  });

  it("throws when too few members are at hand", async () => {
    const { council, members, trustList } = await load(deployDelayed);
    const operation = await operationOf(trustList, "suspend", [COURT, 1, GROUNDS]);
    const error = await rejection(decide(council, members.slice(0, 1), operation));
    expect(error).to.be.instanceOf(TrustError).with.property("code", "COUNCIL_MEMBERS_TOO_FEW");
  });

  it("throws what the contract refuses with", async () => {
    const { council, members, trustList, recovery, recoverer } = await load(deployDelayed);
    const operation = await operationOf(trustList, "suspend", [ZeroHash, 1, GROUNDS]);
    const error = (await rejection(decide(council, members, operation))) as ContractError;
    expect(error).to.be.instanceOf(ContractError).with.property("code", "DecisionNotAllowed");
    expect(error.args).to.deep.equal({ scope: ZeroHash, body: 1n, decision: "NONE" });

    const powerless = await operationOf(trustList, "suspend", [COURT, 1, GROUNDS]);
    expect(await rejection(decide(recovery, [recoverer], powerless)))
      .to.be.instanceOf(ContractError)
      .with.property("code", "AccessManagerUnauthorizedCall");
  });
});
