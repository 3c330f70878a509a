import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { NO_END } from "../../src/identity/attestation.js";
import type { Json } from "../../src/identity/json.js";
import { accredit, registerBody } from "../../src/trust/bodies.js";
import { roleScope } from "../../src/trust/scopes.js";

import { JUSTICE_ROLES, MINISTRY } from "./cast.js";
import type { Account } from "./freeAccount.js";
import type { Job } from "./job.js";
import { groundsOf } from "./schemas.js";
import { together } from "./together.js";
import { authorizeKeyOf, profileDigest } from "./trustStage.js";

/** A body of justice, as the job knows it: one key is its controller's and signs for it. */
export interface JusticeBody {
  index: number;
  profile: Json;
  key: Account;
}

/** What the public profile of the capture tool says: which program it is. */
export const CAPTURE_TOOL = { name: "Capture tool", version: "2.4.1" } as const;

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
  const bodies = await together(job.chain, Object.entries(JUSTICE_ROLES), async ([name, { title, roles }]) => {
    const key = job.cast.justice.get(name);
    if (key === undefined) throw new Error(`the ${name} has no key`);
    const profile: Json = name === "tool" ? { ...CAPTURE_TOOL } : { name: title };
    const { body: index } = await registerBody(trustList.connect(key), key.address, profileDigest(profile));
    const grounds = groundsOf(`the ministry accredits the ${name}`);
    await together(job.chain, roles, (role) => {
      const grant = { scope: roleScope(role), parent, body: index, from, until: NO_END, levels: 0, grounds };
      return accredit(trustList.connect(ministry), grant);
    });
    if (name !== "tool") await authorizeKeyOf(job, { index, controller: key }, key, roles.map(roleScope));
    return [name, { index, profile, key }] as const;
  });
  return Object.fromEntries(bodies) as Courthouse;
}
