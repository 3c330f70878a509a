import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";

import { uidOf } from "../../src/identity/attestation.js";
import type { Issued } from "../../src/identity/issue.js";
import type { AttestationRegistry } from "../../src/typechain/index.js";

import type { Cast } from "./cast.js";
import type { Checks } from "./checks.js";
import type { DeployedSuite } from "./deploySuite.js";
import type { IssuedBatch } from "./issueStage.js";
import type { Licence } from "./licence.js";
import type { DemoChain } from "./openChain.js";
import type { DemoOptions } from "./options.js";
import type { Progress } from "./progress.js";
import type { Body } from "./trustStage.js";

/** What the stages of the main job share. */
export class Job {
  /** The bodies of the trust list, by their FHIR ids. */
  readonly bodies = new Map<string, Body>();
  /** Everything attested, by the names that the checks use. */
  readonly licences = new Map<string, Licence>();
  /** The Merkle batches, by their names. */
  readonly batches = new Map<string, IssuedBatch>();

  /** A state that the trust list's log had, which it is later shown to have only added to. */
  earlier = { size: 0, root: "" };
  /** Uids of single attestations, as computed from what their holders have, and as the chain told of them. */
  readonly issued: { computed: string; told: string }[] = [];

  constructor(
    readonly options: DemoOptions,
    readonly chain: DemoChain,
    readonly chainId: bigint,
    readonly suite: DeployedSuite,
    readonly cast: Cast,
    readonly checks: Checks,
    readonly progress: Progress,
  ) {}

  /** A body that was registered. */
  body(organization: string): Body {
    const body = this.bodies.get(organization);
    if (body === undefined) throw new Error(`Organization/${organization} is not registered`);
    return body;
  }

  /** The key that signs for a body. */
  operator(organization: string): HardhatEthersSigner {
    const operator = this.cast.operators.get(organization);
    if (operator === undefined) throw new Error(`Organization/${organization} has no key`);
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
