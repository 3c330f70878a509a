import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";

import { NO_END } from "../../src/identity/attestation.js";
import type { Json } from "../../src/identity/json.js";
import { accredit, registerBody } from "../../src/trust/bodies.js";
import { roleScope } from "../../src/trust/scopes.js";

import { JUSTICE_ROLES, MINISTRY } from "./cast.js";
import type { Job } from "./job.js";
import { groundsOf } from "./schemas.js";
import { authorizeKeyOf, profileDigest } from "./trustStage.js";

/** A body of justice, as the job knows it: one key is its controller's and signs for it. */
interface JusticeBody {
  index: number;
  profile: Json;
  key: HardhatEthersSigner;
}

/** What the public profile of the capture tool says: which program it is. */
const CAPTURE_TOOL = { name: "Example capture tool", version: "2.4.1" } as const;

/** The bodies of justice by their short names, accredited by the ministry. */
export type Courthouse = Readonly<Record<keyof typeof JUSTICE_ROLES, JusticeBody>>;

/** Registers and accredits the bodies of justice, and empties their folder; the capture tool is a body without a key. */
export async function openCourthouse(job: Job): Promise<Courthouse> {
  const folder = join(job.options.out, "justice");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { trustList } = job.suite.contracts;
  const { index: parent, controller: ministry } = job.body(MINISTRY);
  const from = await job.chain.now();
  const bodies: [string, JusticeBody][] = [];
  for (const [name, { title, roles }] of Object.entries(JUSTICE_ROLES)) {
    const key = job.cast.justice.get(name);
    if (key === undefined) throw new Error(`the ${name} has no key`);
    const profile: Json = name === "tool" ? { ...CAPTURE_TOOL } : { name: title };
    const { body: index } = await registerBody(trustList.connect(key), key.address, profileDigest(profile));
    const grounds = groundsOf(`the ministry accredits the ${name}`);
    for (const role of roles) {
      const grant = { scope: roleScope(role), parent, body: index, from, until: NO_END, levels: 0, grounds };
      await accredit(trustList.connect(ministry), grant);
    }
    if (name !== "tool") await authorizeKeyOf(job, { index, controller: key }, key, roles.map(roleScope));
    bodies.push([name, { index, profile, key }]);
  }
  return Object.fromEntries(bodies) as Courthouse;
}
