import { id, ZeroAddress, type BaseContract } from "ethers";
import { network } from "hardhat";

import Suite from "../../ignition/modules/Suite.js";
import {
  AccessManager__factory,
  AttestationRegistry__factory,
  Benefits__factory,
  Council__factory,
  DidRegistry__factory,
  Enrolment__factory,
  Eligibility__factory,
  ERC2771Forwarder__factory,
  SchemaRegistry__factory,
  TrustList__factory,
  type Council,
} from "../../src/typechain/index.js";

type Connection = Awaited<ReturnType<typeof network.create>>;
type Signer = Awaited<ReturnType<Connection["ethers"]["getSigners"]>>[number];

/** Time without end, as the contracts write it. */
export const NO_END = 2n ** 40n - 1n;

/** Seconds before a freeze ends, and before the guardians of a DID change. */
export const DID_DELAYS = { exitDelay: 300n, guardiansDelay: 500n };

/** Stands for the digest of a published decision. */
export const GROUNDS = id("decision 1/2026");

/**
 * The whole suite as it is deployed in production, on a fresh in-process chain: a council of 2 of 3 whose decisions
 * take effect `delay` seconds later, recovered by 1 of 1 after `recoveryDelay`; `withHub` for a chain with a relay hub.
 */
export async function deploySuite({
  delay = 0n,
  recoveryDelay = 1_000n,
  didDelays = DID_DELAYS,
  withHub = false,
} = {}) {
  const connection = await network.create();
  const { ethers, ignition } = connection;
  const signers = await ethers.getSigners();
  const [deployer, a, b, c, recoverer, ministry, hospital, operator, operator2, stranger] = signers as [
    Signer,
    Signer,
    Signer,
    Signer,
    Signer,
    Signer,
    Signer,
    Signer,
    Signer,
    Signer,
  ];
  const members = [a, b, c].sort((x, y) => (BigInt(x.address) < BigInt(y.address) ? -1 : 1));

  const hub = withHub ? await (await ethers.deployContract("RelayHub")).getAddress() : ZeroAddress;
  const deployed = await ignition.deploy(Suite, {
    parameters: {
      Trust: {
        members: members.map((member) => member.address),
        threshold: 2,
        recoveryMembers: [recoverer.address],
        recoveryThreshold: 1,
        hub,
      },
      Identity: { ...didDelays, hub },
      Voting: { hub },
      Health: { hub },
      Justice: { hub },
      Suite: { delay, recoveryDelay },
    },
  });
  const at = async (contract: { getAddress(): Promise<string> }) => contract.getAddress();
  const council = Council__factory.connect(await at(deployed.council), deployer);
  const manager = AccessManager__factory.connect(await at(deployed.manager), deployer);

  return {
    connection,
    /** Everything that was deployed, by the names of the modules. */
    deployed,
    /** A hub as LACChain's, which all contracts trust where one was asked for. */
    relayHub: hub,
    ethers,
    signers,
    members,
    deployer,
    recoverer,
    ministry,
    hospital,
    operator,
    operator2,
    stranger,
    council,
    manager,
    recovery: Council__factory.connect(await at(deployed.recovery), recoverer),
    forwarder: ERC2771Forwarder__factory.connect(await at(deployed.forwarder), deployer),
    trustList: TrustList__factory.connect(await at(deployed.trustList), deployer),
    schemaRegistry: SchemaRegistry__factory.connect(await at(deployed.schemaRegistry), deployer),
    attestationRegistry: AttestationRegistry__factory.connect(await at(deployed.attestationRegistry), deployer),
    didRegistry: DidRegistry__factory.connect(await at(deployed.didRegistry), deployer),
    enrolment: Enrolment__factory.connect(await at(deployed.enrolment), deployer),
    // Asked as a node asks: its views answer nobody's transaction.
    eligibility: Eligibility__factory.connect(await at(deployed.eligibility), ethers.provider),
    benefits: Benefits__factory.connect(await at(deployed.benefits), deployer),
    /** The council decides and, there being no delay, carries out a call: at a time, when one is given. */
    decide: async (contract: BaseContract, method: string, args: unknown[], time?: bigint) => {
      const carryOut = await decide(council, members, contract, method, args);
      if (time !== undefined) await connection.networkHelpers.time.setNextBlockTimestamp(time);
      return carryOut();
    },
  };
}

let decisions = 0n;

async function decide(council: Council, members: Signer[], contract: BaseContract, method: string, args: unknown[]) {
  const target = await contract.getAddress();
  const data = contract.interface.encodeFunctionData(method, args);
  const salt = `0x${(decisions++).toString(16).padStart(64, "0")}`;
  for (const member of members.slice(0, 2)) await council.connect(member).approve(target, data, salt);
  return () => council.connect(members[0]).execute(target, data, salt);
}
