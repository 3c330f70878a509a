import { mkdir, rename, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";

import hre from "hardhat";

import Suite from "../../ignition/modules/Suite.js";
import {
  AccessManager__factory,
  AttestationGate__factory,
  AttestationRegistry__factory,
  Benefits__factory,
  BillRegistry__factory,
  ConsentRegistry__factory,
  Council__factory,
  DidRegistry__factory,
  ElectionFactory__factory,
  Enrolment__factory,
  Eligibility__factory,
  ERC2771Forwarder__factory,
  EvidenceRegistry__factory,
  JudgmentRegistry__factory,
  PowerOfAttorneyRegistry__factory,
  PrescriptionRegistry__factory,
  RecordRegistry__factory,
  SchemaRegistry__factory,
  ServiceRegistry__factory,
  TrustList__factory,
  type AccessManager,
  type AttestationGate,
  type AttestationRegistry,
  type Benefits,
  type BillRegistry,
  type ConsentRegistry,
  type Council,
  type DidRegistry,
  type ElectionFactory,
  type Enrolment,
  type Eligibility,
  type ERC2771Forwarder,
  type EvidenceRegistry,
  type JudgmentRegistry,
  type PowerOfAttorneyRegistry,
  type PrescriptionRegistry,
  type RecordRegistry,
  type SchemaRegistry,
  type ServiceRegistry,
  type TrustList,
} from "../../src/typechain/index.js";

import type { Account } from "./freeAccount.js";
import type { DemoChain } from "./openChain.js";

/** The contracts of a deployed suite. */
interface Contracts {
  manager: AccessManager;
  forwarder: ERC2771Forwarder;
  council: Council;
  recovery: Council;
  trustList: TrustList;
  schemaRegistry: SchemaRegistry;
  attestationRegistry: AttestationRegistry;
  didRegistry: DidRegistry;
  enrolment: Enrolment;
  eligibility: Eligibility;
  benefits: Benefits;
  electionFactory: ElectionFactory;
  attestationGate: AttestationGate;
  recordRegistry: RecordRegistry;
  consentRegistry: ConsentRegistry;
  prescriptionRegistry: PrescriptionRegistry;
  billRegistry: BillRegistry;
  evidenceRegistry: EvidenceRegistry;
  judgmentRegistry: JudgmentRegistry;
  serviceRegistry: ServiceRegistry;
  powerOfAttorneyRegistry: PowerOfAttorneyRegistry;
}

/** The suite, and where it is. */
export interface DeployedSuite {
  contracts: Contracts;
  addresses: Record<keyof Contracts, string>;
  /** Block from which its events are read. */
  fromBlock: number;
}

/**
 * Deploys the whole suite by Ignition and hands it to a council.
 *
 * @param periods Seconds that a request at the counter stays open, and that what ends a freeze waits.
 * @param journal Folder that Ignition's journal is moved to; a chain inside this process has none.
 */
export async function deploySuite(
  chain: DemoChain,
  council: { members: Account[]; threshold: number; delay: number },
  recovery: { members: Account[]; threshold: number; delay: number },
  periods: { lapse: number; didDelay: number },
  journal: string,
): Promise<DeployedSuite> {
  const fromBlock = await chain.provider.getBlockNumber();
  const deploymentId = `demo-${Date.now()}`;
  const deployed = await chain.connection.ignition.deploy(Suite, {
    deploymentId,
    // On a chain that makes blocks for transactions only, a second confirmation never comes.
    config: { requiredConfirmations: 1, blockPollingInterval: 100 },
    parameters: {
      Trust: {
        members: council.members.map((member) => member.address),
        threshold: council.threshold,
        recoveryMembers: recovery.members.map((member) => member.address),
        recoveryThreshold: recovery.threshold,
      },
      Identity: {
        exitDelay: periods.didDelay,
        guardiansDelay: 2 * periods.didDelay,
        enrolmentLapse: periods.lapse,
      },
      Suite: { delay: council.delay, recoveryDelay: recovery.delay },
    },
  });
  await moveJournal(deploymentId, journal);

  const names = [
    "manager",
    "forwarder",
    "council",
    "recovery",
    "trustList",
    "schemaRegistry",
    "attestationRegistry",
    "didRegistry",
    "enrolment",
    "eligibility",
    "benefits",
    "electionFactory",
    "attestationGate",
    "recordRegistry",
    "consentRegistry",
    "prescriptionRegistry",
    "billRegistry",
    "evidenceRegistry",
    "judgmentRegistry",
    "serviceRegistry",
    "powerOfAttorneyRegistry",
  ] as const;
  const located = await Promise.all(names.map(async (name) => [name, await deployed[name].getAddress()] as const));
  const addresses = Object.fromEntries(located) as DeployedSuite["addresses"];
  const { provider } = chain;
  const contracts: Contracts = {
    manager: AccessManager__factory.connect(addresses.manager, provider),
    forwarder: ERC2771Forwarder__factory.connect(addresses.forwarder, provider),
    council: Council__factory.connect(addresses.council, provider),
    recovery: Council__factory.connect(addresses.recovery, provider),
    trustList: TrustList__factory.connect(addresses.trustList, provider),
    schemaRegistry: SchemaRegistry__factory.connect(addresses.schemaRegistry, provider),
    attestationRegistry: AttestationRegistry__factory.connect(addresses.attestationRegistry, provider),
    didRegistry: DidRegistry__factory.connect(addresses.didRegistry, provider),
    enrolment: Enrolment__factory.connect(addresses.enrolment, provider),
    eligibility: Eligibility__factory.connect(addresses.eligibility, provider),
    benefits: Benefits__factory.connect(addresses.benefits, provider),
    electionFactory: ElectionFactory__factory.connect(addresses.electionFactory, provider),
    attestationGate: AttestationGate__factory.connect(addresses.attestationGate, provider),
    recordRegistry: RecordRegistry__factory.connect(addresses.recordRegistry, provider),
    consentRegistry: ConsentRegistry__factory.connect(addresses.consentRegistry, provider),
    prescriptionRegistry: PrescriptionRegistry__factory.connect(addresses.prescriptionRegistry, provider),
    billRegistry: BillRegistry__factory.connect(addresses.billRegistry, provider),
    evidenceRegistry: EvidenceRegistry__factory.connect(addresses.evidenceRegistry, provider),
    judgmentRegistry: JudgmentRegistry__factory.connect(addresses.judgmentRegistry, provider),
    serviceRegistry: ServiceRegistry__factory.connect(addresses.serviceRegistry, provider),
    powerOfAttorneyRegistry: PowerOfAttorneyRegistry__factory.connect(addresses.powerOfAttorneyRegistry, provider),
  };
  return { contracts, addresses, fromBlock };
}

/** Out of the sources' folder, where Ignition keeps it, and where a later chain of the same id would find it. */
async function moveJournal(deploymentId: string, journal: string): Promise<void> {
  const kept = join(hre.config.paths.ignition, "deployments", deploymentId);
  await rm(journal, { recursive: true, force: true });
  await mkdir(join(journal, ".."), { recursive: true });
  await rename(kept, journal).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  });
  // Others may keep journals there.
  await rmdir(join(kept, "..")).catch(() => undefined);
}
