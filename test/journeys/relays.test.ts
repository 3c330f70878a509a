import { expect } from "chai";
import { concat, FunctionFragment, ZeroAddress, ZeroHash, type BaseContract, type ParamType } from "ethers";

import Suite from "../../ignition/modules/Suite.js";
import { ContractError, decodeContractError } from "../../src/chain/decodeContractError.js";
import { rejection } from "../helpers/events.js";
import { callOf, throughForwarder, throughHub, type Call, type Carry } from "../helpers/forward.js";
import { hubFixture, SCHEMA } from "../helpers/issuer.js";
import { DID_REGISTRY } from "../helpers/relays/dids.js";
import { BILL_REGISTRY, CONSENT_REGISTRY, PRESCRIPTION_REGISTRY, RECORD_REGISTRY } from "../helpers/relays/health.js";
import { ATTESTATION_REGISTRY, BENEFITS, ENROLMENT, SCHEMA_REGISTRY } from "../helpers/relays/identity.js";
import {
  EVIDENCE_REGISTRY,
  JUDGMENT_REGISTRY,
  POWER_OF_ATTORNEY_REGISTRY,
  SERVICE_REGISTRY,
} from "../helpers/relays/justice.js";
import type { Recipes, World } from "../helpers/relays/recipe.js";
import { COUNCIL, INAUGURATION, RECOVERY, TRUST_LIST } from "../helpers/relays/trust.js";
import { ELECTION_FACTORY } from "../helpers/relays/voting.js";
import { GROUNDS, NO_END } from "../helpers/suite.js";
import { now, PROFILE, type Signer } from "../helpers/trust.js";

/** By the names under which the module Suite returns its contracts. */
const RECIPES: Readonly<Record<string, Recipes>> = {
  inauguration: INAUGURATION,
  council: COUNCIL,
  recovery: RECOVERY,
  trustList: TRUST_LIST,
  schemaRegistry: SCHEMA_REGISTRY,
  attestationRegistry: ATTESTATION_REGISTRY,
  didRegistry: DID_REGISTRY,
  enrolment: ENROLMENT,
  benefits: BENEFITS,
  electionFactory: ELECTION_FACTORY,
  recordRegistry: RECORD_REGISTRY,
  consentRegistry: CONSENT_REGISTRY,
  prescriptionRegistry: PRESCRIPTION_REGISTRY,
  billRegistry: BILL_REGISTRY,
  evidenceRegistry: EVIDENCE_REGISTRY,
  judgmentRegistry: JUDGMENT_REGISTRY,
  serviceRegistry: SERVICE_REGISTRY,
  powerOfAttorneyRegistry: POWER_OF_ATTORNEY_REGISTRY,
};

/** Contracts that no relay serves, and why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  manager: "OpenZeppelin's AccessManager: the councils call it, and their members' calls are relayed",
  forwarder: "OpenZeppelin's ERC2771Forwarder: it is a relay",
  eligibility: "it has views alone, which answer no transaction",
  attestationGate: "it has views alone, which answer no transaction",
  election: "no relay names a voter: elections ask who called, or take signed ballots and decisions from anybody",
  trustees: "no relay names a trustee, who would decrypt in that name",
};

const RELAYS: Readonly<Record<string, (world: World) => Carry>> = {
  "an ERC-2771 forwarder": throughForwarder,
  "a LACChain hub": throughHub,
};

/** The functions that can change something. */
const changing = ({ interface: { fragments } }: BaseContract) =>
  fragments
    .filter((fragment) => FunctionFragment.isFragment(fragment))
    .flatMap(({ name, constant }) => (constant ? [] : [name]));

const contractsOf = (world: World) => world.deployed as unknown as Record<string, BaseContract>;

describe("Relays: every function of every contract that the Suite deploys", () => {
  it("has a recipe, or a reason why no relay serves it, and nothing else has", async () => {
    const contracts = contractsOf(await hubFixture());
    expect([...Object.keys(RECIPES), ...Object.keys(EXCEPTIONS)].sort()).to.deep.equal(Object.keys(contracts).sort());
    for (const [name, recipes] of Object.entries(RECIPES)) {
      const functions = changing(contracts[name]!);
      expect(new Set(functions).size, `${name}: overloaded`).to.equal(functions.length);
      expect(Object.keys(recipes).sort(), name).to.deep.equal(functions.sort());
    }
  });

  it("is none where a contract is said to have views alone", async () => {
    const contracts = contractsOf(await hubFixture());
    expect(changing(contracts.eligibility!)).to.deep.equal([]);
    expect(changing(contracts.attestationGate!)).to.deep.equal([]);
    expect(changing(contracts.enrolment!)).to.include("request");
  });

  it("is of a contract that the module returns: none is deployed beside", () => {
    const returned = new Set(Object.values(Suite.results).map((future) => (future as { id: string }).id));
    const modules = [Suite, ...Suite.submodules];
    for (const module of modules)
      for (const nested of module.submodules) if (!modules.includes(nested)) modules.push(nested);
    const deployments = modules.flatMap((module) =>
      [...module.futures].filter(({ type }) => /CONTRACT_DEPLOYMENT$/.test(type)).map((future) => future.id),
    );
    expect([...new Set(deployments)].sort()).to.deep.equal([...returned].sort());
  });

  it("trusts the forwarder and the hub, and has no multicall to forge a sender in", async () => {
    const world = await hubFixture();
    for (const name of Object.keys(RECIPES)) {
      const contract = contractsOf(world)[name]!;
      const read = async (method: string, ...args: unknown[]) =>
        (await contract.getFunction(method).staticCall(...args)) as unknown;
      expect(await read("isTrustedForwarder", await world.forwarder.getAddress()), name).to.equal(true);
      expect(await read("relayHub"), name).to.equal(world.relayHub);
      expect(changing(contract).filter((method) => /multicall/i.test(method))).to.deep.equal([]);
    }
  });

  /** Of whoever is not the one caller; the forwarder does not say why a call failed. */
  const REFUSALS = ["AccessManagedUnauthorized", "NotDeployer", "NotAttestationRegistry", "FailedCall"];

  for (const [contract, recipes] of Object.entries(RECIPES)) {
    describe(contract, () => {
      for (const [method, recipe] of Object.entries(recipes)) {
        if ("because" in recipe) {
          it(`${method} serves nobody by a relay: ${recipe.because}`, async () => {
            const world = await hubFixture();
            const target = contractsOf(world)[contract]!;
            const { inputs } = target.getFunction(method).fragment;
            const call = await callOf(target, method, inputs.map(nothing));
            for (const relay of Object.values(RELAYS)) {
              for (const signer of [world.stranger, world.members[0]!, world.controller, world.operator]) {
                const { code } = decodeContractError(await rejection(relay(world)(signer, call))) as ContractError;
                expect(REFUSALS, code).to.include(code);
              }
            }
          });
          continue;
        }
        it(`${method} acts as its signer, and as nobody whose address is appended`, async () => {
          const world = await hubFixture();
          const { by, args, anyone } = await recipe(world);
          const call = await callOf(contractsOf(world)[contract]!, method, args);
          const outcome = await outcomes(world);
          const direct: Carry = (signer, { to, data }) => signer.sendTransaction({ to, data });

          const own = await outcome(direct, by, call);
          expect(own, "it goes through for its signer").to.be.a("string");
          const strangers = await outcome(direct, world.stranger, call);
          if (anyone === undefined) expect(strangers).to.not.equal(own);
          else expect(strangers, anyone).to.equal(own);

          const forged = { ...call, data: concat([call.data, by.address]) };
          expect(await outcome(direct, world.stranger, forged), "appended by a caller").to.equal(strangers);
          for (const [name, relay] of Object.entries(RELAYS)) {
            expect(await outcome(relay(world), by, call), name).to.equal(own);
            expect(await outcome(relay(world), world.stranger, call), `${name}, a stranger`).to.equal(strangers);
            expect(await outcome(relay(world), world.stranger, forged), `${name}, appended`).to.equal(strangers);
          }
        });
      }
    });
  }
});

/**
 * Tries calls on one and the same state, each in a block of the same time: what it emitted but for the relay's own events,
 * or undefined when it was refused.
 */
async function outcomes(world: World) {
  const relay = (await world.forwarder.getAddress()).toLowerCase();
  const snapshot = await world.connection.networkHelpers.takeSnapshot();
  const at = (await now(world)) + 10n;
  return async (carry: Carry, signer: Signer, call: Call): Promise<string | undefined> => {
    await snapshot.restore();
    await world.time.setNextBlockTimestamp(at);
    try {
      const receipt = await (await carry(signer, call)).wait();
      const logs = receipt?.logs.filter(({ address }) => address.toLowerCase() !== relay);
      return JSON.stringify(logs?.map(({ address, topics, data }) => [address, topics, data]));
    } catch (error) {
      expect(decodeContractError(error), String(error)).to.be.instanceOf(ContractError);
      return undefined;
    }
  };
}

/** The smallest value of a type. */
function nothing({ type, components, arrayChildren }: ParamType): unknown {
  if (arrayChildren !== null) return [];
  if (components !== null) return components.map(nothing);
  if (type === "address") return ZeroAddress;
  if (type === "string") return "";
  if (type === "bytes") return "0x";
  return type.startsWith("bytes") ? ZeroHash.slice(0, 2 + 2 * Number(type.slice(5))) : 0n;
}

describe("Relays: what no relay serves", () => {
  it("the AccessManager takes nothing from the forwarder, and the hub for itself alone", async () => {
    const world = await hubFixture();
    for (const method of changing(contractsOf(world).manager!)) {
      const { inputs } = world.manager.getFunction(method as "multicall").fragment;
      const call = await callOf(world.manager, method, inputs.map(nothing));
      const untrusted = await rejection(throughForwarder(world)(world.members[0]!, call));
      expect((decodeContractError(untrusted) as ContractError).code, method).to.equal("ERC2771UntrustfulTarget");
      // An empty multicall goes through, and nothing comes of it.
      const sent = throughHub(world)(world.members[0]!, call);
      const receipt = await sent.then(
        (response) => response.wait(),
        () => null,
      );
      expect(receipt?.logs ?? [], method).to.deep.equal([]);
    }
  });
});

describe("Relays: spoofing through multicall", () => {
  const suffixed = (data: string, as: Signer) => concat([data, as.address]);

  it("a stranger's request to the AccessManager's multicall, with a forged sender inside, is refused", async () => {
    const world = await hubFixture();
    const { manager, members, council, stranger } = world;
    const grant = manager.interface.encodeFunctionData("grantRole", [0n, stranger.address, 0]);
    for (const as of [suffixed(grant, members[0]!), concat([grant, await council.getAddress()])]) {
      const call = await callOf(manager, "multicall", [[as]]);
      const refused = decodeContractError(await rejection(throughForwarder(world)(stranger, call))) as ContractError;
      expect(refused.code).to.equal("ERC2771UntrustfulTarget");
      for (const send of [
        () => throughHub(world)(stranger, call),
        () => stranger.sendTransaction(call),
        async () => stranger.sendTransaction({ ...call, data: concat([call.data, await council.getAddress()]) }),
      ]) {
        const error = decodeContractError(await rejection(send())) as ContractError;
        expect(error.code).to.equal("AccessManagerUnauthorizedAccount");
      }
    }
    expect((await manager.hasRole(0n, stranger.address)).isMember).to.equal(false);
  });

  it("the AccessManager's multicall carries no call of a stranger to a contract, whoever is named in it", async () => {
    const world = await hubFixture();
    const { manager, trustList, controller, office, stranger } = world;
    const steal = trustList.interface.encodeFunctionData("updateBody", [office, stranger.address, PROFILE]);
    const execute = manager.interface.encodeFunctionData("execute", [
      await trustList.getAddress(),
      suffixed(steal, controller),
    ]);
    const call = await callOf(manager, "multicall", [[execute]]);
    const error = decodeContractError(await rejection(stranger.sendTransaction(call))) as ContractError;
    expect(error.code).to.equal("AccessManagerUnauthorizedCall");
    expect((await trustList.bodyOf(office)).controller).to.equal(controller.address);
  });

  it("what the council decides, carried by the AccessManager's multicall, is the council's, not that of a named one", async () => {
    const world = await hubFixture();
    const { manager, trustList, controller, office, decide } = world;
    // The council decides on a call that ends in the controller's address: it stays the council's own.
    const suspend = trustList.interface.encodeFunctionData("suspend", [SCHEMA, office, GROUNDS]);
    const execute = manager.interface.encodeFunctionData("execute", [
      await trustList.getAddress(),
      suffixed(suspend, controller),
    ]);
    await decide(manager, "multicall", [[execute]]);
    // The controller of the office is no accreditor of it, so only the council's word can have suspended it, and holds it.
    expect((await trustList.accreditationOf(SCHEMA, office)).held).to.equal(true);
  });

  it("the forwarder takes no request to itself, so none is nested in another", async () => {
    const world = await hubFixture();
    const { forwarder, stranger, controller, trustList, office } = world;
    const steal = await callOf(trustList, "updateBody", [office, stranger.address, PROFILE]);
    const inner = {
      from: controller.address,
      ...steal,
      value: 0n,
      gas: 500_000n,
      deadline: NO_END,
      signature: `0x${"11".repeat(65)}`,
    };
    const call = await callOf(forwarder, "execute", [inner]);
    const error = decodeContractError(await rejection(throughForwarder(world)(stranger, call))) as ContractError;
    expect(error.code).to.equal("ERC2771UntrustfulTarget");
  });
});
