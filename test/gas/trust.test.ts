import { getBytes, id, ZeroAddress, type ContractTransactionResponse } from "ethers";
import { expect } from "chai";

import { Council__factory, TrustList__factory } from "../../src/typechain/index.js";
import { operation } from "../helpers/council.js";
import { deploySuite, GROUNDS, NO_END } from "../helpers/suite.js";
import {
  accredit,
  addBody,
  authorizeKey,
  CLINIC,
  COUNCIL,
  COURT,
  load,
  PROFILE,
  registerBody,
  signConsent,
  type Signer,
  type Suite,
} from "../helpers/trust.js";
import { gasOf, record } from "./record.js";

interface Trace {
  gas: string | number;
  structLogs: { op: string; depth: number; stack: string[] }[];
}

/** Traces a read and tells its gas and how many different slots it read. */
async function traceRead({ ethers, trustList }: Suite, method: "requireAccredited" | "requireKey", args: unknown[]) {
  const data = trustList.interface.encodeFunctionData(method as "requireAccredited", args as [string, string]);
  const trace = (await ethers.provider.send("debug_traceCall", [
    { to: await trustList.getAddress(), data },
    "latest",
    { disableMemory: true, disableStorage: true },
  ])) as Trace;
  const reads = trace.structLogs.filter(({ op }) => op === "SLOAD").map(({ stack }) => stack.at(-1));
  expect(trace.structLogs.every(({ depth }) => depth === 1)).to.equal(true);
  return { gas: BigInt(trace.gas), slots: new Set(reads).size, reads: reads.length };
}

/** What a transaction took apart from its calldata, whose zeros are cheaper. */
async function executionGas(transaction: Promise<ContractTransactionResponse>): Promise<bigint> {
  const sent = await transaction;
  const receipt = await sent.wait();
  const nonZero = getBytes(sent.data).filter((byte) => byte !== 0).length;
  const bytes = getBytes(sent.data).length;
  return receipt!.gasUsed - 21_000n - BigInt(nonZero * 16 + (bytes - nonZero) * 4);
}

/** Fixed, so that no figure hangs on the day: the times are part of what is sent. */
const START = 2_000_000_000n;

async function deployAtFixedTime() {
  const suite = await deploySuite();
  await suite.connection.networkHelpers.time.increaseTo(START);
  const { trustList, decide } = suite;
  await registerBody(suite, suite.ministry);
  await registerBody(suite, suite.hospital);
  await decide(trustList, "accredit", [COURT, COUNCIL, 1n, START, NO_END, 3n, GROUNDS]);
  await accredit(suite, { by: suite.ministry, parent: 1n, body: 2n, from: START, levels: 2n });
  await authorizeKey(suite, { by: suite.hospital, body: 2n, operator: suite.operator, from: START });
  return { ...suite, start: START };
}

describe("Gas of the trust list", () => {
  it("each function, the log's append included", async () => {
    const suite = await load(deployAtFixedTime);
    const { trustList, decide, council, members, ministry, hospital, operator, operator2, stranger } = suite;
    const from = START;
    const measure = async (name: string, transaction: Promise<ContractTransactionResponse>) => {
      record(`TrustList: ${name}`, await gasOf(transaction));
    };

    await measure("registerBody", trustList.registerBody(stranger.address, PROFILE));
    await measure("updateBody", trustList.connect(hospital).updateBody(2n, hospital.address, PROFILE));
    await measure("accredit, by an accreditor", accredit(suite, { by: ministry, parent: 1n, body: 3n, from }));
    await measure("accredit, a renewal", accredit(suite, { by: ministry, parent: 1n, body: 3n, from }));
    await measure("suspend", trustList.connect(ministry).suspend(COURT, 3n, GROUNDS));
    await measure("reinstate", trustList.connect(ministry).reinstate(COURT, 3n, GROUNDS));
    await measure("withdraw", trustList.connect(ministry).withdraw(COURT, 3n, GROUNDS));
    await measure(
      "authorizeKey, a new key",
      authorizeKey(suite, { by: hospital, body: 2n, operator: operator2, from }),
    );
    await measure("authorizeKey, a change", authorizeKey(suite, { by: hospital, body: 2n, operator: operator2, from }));
    await measure("retireKey", trustList.connect(operator2).retireKey(operator2.address));

    const call = await operation(trustList, "accredit", [CLINIC, COUNCIL, 2n, from, NO_END, 0n, GROUNDS]);
    record("Council: approve", await gasOf(council.connect(members[0]).approve(...call)));
    await council.connect(members[1]).approve(...call);
    record("Council: execute accredit", await gasOf(council.connect(members[0]).execute(...call)));

    await measure("reportCompromise, 2 scopes", trustList.connect(hospital).reportCompromise(operator.address, START));
    for (let role = 2n; role < 64n; ++role) {
      await decide(trustList, "accredit", [id(`scope ${role}`), COUNCIL, 2n, from, NO_END, 0n, GROUNDS]);
    }
    await measure(
      "reportCompromise, 64 scopes",
      trustList.connect(hospital).reportCompromise(operator2.address, START - 1n),
    );
  });

  it("each read, inside the call", async () => {
    const suite = await load(deployAtFixedTime);
    const { hospital, ministry, start } = suite;
    const keys: Signer[] = suite.signers.slice(20, 24);
    let parent = 2n;
    await authorizeKey(suite, { by: ministry, body: 1n, operator: keys[0]!, from: start });
    for (const [i, levels] of [1n, 0n].entries()) {
      parent = await addBody(suite, hospital, { by: hospital, parent, from: start, levels });
      await authorizeKey(suite, { by: hospital, body: parent, operator: keys[i + 1]!, from: start });
    }
    for (const [levels, key] of [keys[0]!, suite.operator, keys[1]!, keys[2]!].entries()) {
      const read = await traceRead(suite, "requireAccredited", [COURT, key.address]);
      // One slot for the key and one a level of the tree above it, each read once.
      expect([read.slots, read.reads]).to.deep.equal([levels + 2, levels + 2]);
      record(`TrustList: requireAccredited, ${levels + 1} level${levels === 0 ? "" : "s"}`, read.gas);
    }
    const exit = await traceRead(suite, "requireKey", [suite.operator.address, 2n, 0n]);
    expect([exit.slots, exit.reads]).to.deep.equal([1, 1]);
    record("TrustList: requireKey", exit.gas);
  });

  it("reads no more after a long history", async () => {
    const suite = await load(deployAtFixedTime);
    const { trustList, ministry, operator } = suite;
    const before = await traceRead(suite, "requireAccredited", [COURT, operator.address]);
    for (let i = 0; i < 20; ++i) {
      await trustList.connect(ministry).suspend(COURT, 2n, GROUNDS);
      await trustList.connect(ministry).reinstate(COURT, 2n, GROUNDS);
    }
    expect(await traceRead(suite, "requireAccredited", [COURT, operator.address])).to.deep.equal(before);
  });

  it("each deployment", async () => {
    const { manager, deployer, members, forwarder } = await load(deployAtFixedTime);
    const relays = { forwarder, hub: ZeroAddress };
    const list = await new TrustList__factory(deployer).deploy(manager, relays);
    record("TrustList: deployment", (await list.deploymentTransaction()!.wait())!.gasUsed);
    const addresses = members.map(({ address }) => address);
    const council = await new Council__factory(deployer).deploy(manager, addresses, 2n, relays);
    record("Council: deployment", (await council.deploymentTransaction()!.wait())!.gasUsed);
  });

  it("takes the same for the 5,000th body as for the 51st: nothing loops", async function () {
    this.timeout(300_000);
    const suite = await load(deployAtFixedTime);
    const { trustList, ethers, decide, hospital, ministry, start } = suite;
    const crowd = await ethers.deployContract("Crowd", [await trustList.getAddress(), COURT]);
    // Body 3 accredits all that follow; body 4 is one of them, and accredits nobody.
    const parent = await trustList.registerBody.staticCall(await crowd.getAddress(), PROFILE);
    await trustList.registerBody(await crowd.getAddress(), PROFILE);
    await decide(trustList, "accredit", [COURT, COUNCIL, parent, start, NO_END, 3n, GROUNDS]);
    // The log's own work depends on its size: each measured change is appended at an even one.
    const even = async () => {
      const { size } = await trustList.checkpoint();
      if (size % 2n === 1n) await trustList.connect(ministry).updateBody(1n, ministry.address, PROFILE);
    };
    const fill = async (bodies: number) => {
      for (let missing = bodies - Number(parent); missing > 0;) {
        const next = await trustList.registerBody.staticCall(hospital.address, PROFILE);
        missing = bodies - Number(next) + 1;
        if (missing > 0) await crowd.getFunction("grow")(parent, Math.min(missing, 60), hospital.address);
      }
    };

    const measure = async (key: Signer) => {
      await even();
      const register = await executionGas(trustList.registerBody(hospital.address, PROFILE));
      const body = (await trustList.registerBody.staticCall(hospital.address, PROFILE)) - 1n;
      await even();
      const grant = await executionGas(accredit(suite, { by: ministry, parent: 1n, body, from: start, levels: 1n }));
      await even();
      const consent = await signConsent(suite, { body, operator: key });
      const scopes = [COURT];
      const data = [body, key.address, scopes, start, NO_END, NO_END, consent] as const;
      // Signature and address differ in their zeros, which is accounted for.
      const authorize = await executionGas(trustList.connect(hospital).authorizeKey(...data));
      const read = await traceRead(suite, "requireAccredited", [COURT, key.address]);
      await even();
      const withdraw = await executionGas(trustList.connect(ministry).withdraw(COURT, body, GROUNDS));
      return { body, figures: { register, grant, authorize, reads: read.reads, withdraw } };
    };

    await fill(50);
    const few = await measure(suite.signers[20]!);
    expect(few.body).to.equal(51n);
    const snapshot = await suite.connection.networkHelpers.takeSnapshot();
    const withdrawParent = async () => {
      await even();
      return executionGas(decide(trustList, "withdraw", [COURT, parent, GROUNDS]));
    };
    const withFew = await withdrawParent();
    await snapshot.restore();

    await fill(4_999);
    const many = await measure(suite.signers[21]!);
    expect(many.body).to.equal(5_000n);
    expect(many.figures).to.deep.equal(few.figures);
    expect(await withdrawParent()).to.equal(withFew);
    expect(await trustList.isAccreditedAt(COURT, 4_999n, NO_END)).to.equal(false);
    expect(await registerBody(suite, hospital)).to.equal(5_001n);
  });
});
