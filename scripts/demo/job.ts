import type { RecordPackage } from "../../src/health/recordPackage.js";
import { uidOf } from "../../src/identity/attestation.js";
import { newSalt } from "../../src/identity/claims.js";
import type { Guardians } from "../../src/identity/did/didGuardians.js";
import type { Application } from "../../src/identity/enrolment/application.js";
import type { Issued } from "../../src/identity/issue.js";
import type { Policy } from "../../src/identity/benefit/policy.js";
import type { Expected } from "../../src/identity/verifyPresentation.js";
import type { HolderWallet } from "../../src/identity/wallet.js";
import type { AttestationRegistry } from "../../src/typechain/index.js";
import type { Progress } from "../console/progress.js";

import type { Cast } from "./cast.js";
import { type Citizen, makeCitizens } from "./citizens.js";
import type { Checks } from "./checks.js";
import type { Courthouse } from "./courthouse.js";
import type { DeployedSuite } from "./deploySuite.js";
import type { Account } from "./freeAccount.js";
import type { Hospital } from "./hospital.js";
import type { IssuedBatch } from "./issueStage.js";
import type { Licence } from "./licence.js";
import type { DemoChain } from "./openChain.js";
import type { SettledOptions } from "./options.js";
import { nurseryPolicy } from "./nursery.js";
import type { Body } from "./trustStage.js";

/** What the stages of the main job share. */
export class Job {
  /** The bodies of the trust list, by their FHIR ids. */
  readonly bodies = new Map<string, Body>();
  /** Everything attested, by the names that the checks use. */
  readonly licences = new Map<string, Licence>();
  /** The Merkle batches, by their names. */
  readonly batches = new Map<string, IssuedBatch>();

  /** The people, by the ids of their FHIR examples. */
  readonly citizens: Map<string, Citizen>;
  /** What the nursery benefit asks for. */
  readonly policy: Policy;
  /** What the decider makes nullifiers with. */
  readonly deciderKey = newSalt();
  /** What hides each of its decisions. */
  readonly decisionSalts: string[] = [];
  /** Why it was once refused, in words. */
  explained: readonly string[] = [];
  /** Of the claim on it. */
  nullifier?: string;
  /** Requests at the counter, by who made them. */
  readonly applications = new Map<string, Application>();

  /** Whose records are anchored, and what of them was handed to another hospital. */
  hospital?: Hospital;
  handed?: RecordPackage;

  /** The bodies of justice. */
  courthouse?: Courthouse;

  /** Who can bring back a DID, and what its lost phone holds. */
  guardians?: Guardians;
  stolen?: HolderWallet;
  /** What verifiers asked for, by the names of the files that they got. */
  readonly asked = new Map<string, Expected>();

  /** A state that the trust list's log had, which it is later shown to have only added to. */
  earlier = { size: 0, root: "" };
  /** Uids of single attestations, as computed from what their holders have, and as the chain told of them. */
  readonly issued: { computed: string; told: string }[] = [];

  constructor(
    readonly options: SettledOptions,
    readonly chain: DemoChain,
    readonly chainId: bigint,
    readonly suite: DeployedSuite,
    readonly cast: Cast,
    readonly checks: Checks,
    readonly progress: Progress,
    /** When the job began, in Unix seconds. */
    readonly today: number,
  ) {
    this.citizens = makeCitizens(chainId);
    this.policy = nurseryPolicy(today);
  }

  /** A citizen, by the id of their FHIR example. */
  citizen(id: string): Citizen {
    const citizen = this.citizens.get(id);
    if (citizen === undefined) throw new Error(`there is no Patient/${id}`);
    return citizen;
  }

  /** A body that was registered. */
  body(organization: string): Body {
    const body = this.bodies.get(organization);
    if (body === undefined) throw new Error(`Organization/${organization} is not registered`);
    return body;
  }

  /** The key that signs for a body. */
  operator(organization: string): Account {
    const operator = this.cast.operators.get(organization);
    if (operator === undefined) throw new Error(`Organization/${organization} has no key`);
    return operator;
  }

  /** The key that acts for a body in health care. */
  healthOperator(organization: string): Account {
    const operator = this.cast.healthOperators.get(organization);
    if (operator === undefined) throw new Error(`Organization/${organization} has no key for health care`);
    return operator;
  }

  /** The registry of attestations, as a body's key calls it. */
  registry(organization: string): AttestationRegistry {
    return this.suite.contracts.attestationRegistry.connect(this.operator(organization));
  }

  /** Remembers a licence under its name. */
  keep(licence: Licence): Licence {
    if (this.licences.has(licence.name)) throw new Error(`two licences are called ${licence.name}`);
    this.licences.set(licence.name, licence);
    return licence;
  }

  /** Remembers the uids that the chain told of. */
  sawIssued(issued: readonly Issued[]): void {
    for (const { attestation, uid } of issued) this.issued.push({ computed: uidOf(attestation), told: uid });
  }

  /** A licence that was attested. */
  licence(name: string): Licence {
    const licence = this.licences.get(name);
    if (licence === undefined) throw new Error(`no licence is called ${name}`);
    return licence;
  }

  /** A batch that was issued. */
  batch(name: string): IssuedBatch {
    const batch = this.batches.get(name);
    if (batch === undefined) throw new Error(`no batch is called ${name}`);
    return batch;
  }

  /** Lets the time pass that lies between two acts. */
  async pause(): Promise<void> {
    await this.chain.waitUntil((await this.chain.now()) + this.options.pause);
  }
}
