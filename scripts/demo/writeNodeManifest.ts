import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Interface } from "ethers";

import { hashPolicy } from "../../src/identity/benefit/policy.js";
import { Election__factory, Trustees__factory } from "../../src/typechain/index.js";

import { JUSTICE_ROLES, MINISTRY } from "./cast.js";
import { KEY, WHO } from "./citizens.js";
import type { Courthouse } from "./courthouse.js";
import { FOLDERS, HOLDERS } from "./exportFormat.js";
import type { Job } from "./job.js";
import { DECIDER, TAX_OFFICE } from "./nursery.js";
import { TEST_WORDS } from "./openChain.js";
import type { OpenConsent } from "./openConsent.js";
import type { OpenElection } from "./openElection.js";
import { CHILD, INCOME, LICENCE, PERSON } from "./schemas.js";

/** An account of the served chain and what it may do. */
interface Account {
  role: string;
  address: string;
  /** Where its key is in the tree of the words. */
  path: string;
  /** The body that it is the controller or a key of. */
  body?: number;
}

/**
 * Describes a served chain to front ends, with the contracts' ABIs beside the description.
 *
 * @returns the manifest's path
 */
export async function writeNodeManifest(
  job: Job,
  { election, health }: { election: OpenElection; health: OpenConsent },
  url: string,
): Promise<string> {
  const { options, suite, chainId } = job;
  const abis = join(options.out, "abi");
  await mkdir(abis, { recursive: true });
  const writeAbi = async (name: string, abi: Interface): Promise<string> => {
    await writeFile(join(abis, `${name}.json`), `${JSON.stringify(JSON.parse(abi.formatJson()), null, 1)}\n`);
    return `abi/${name}.json`;
  };
  const contracts: Record<string, { address: string; abi: string }> = {};
  for (const [name, contract] of Object.entries(suite.contracts) as [
    keyof typeof suite.addresses,
    { interface: Interface },
  ][]) {
    contracts[name] = { address: suite.addresses[name], abi: await writeAbi(name, contract.interface) };
  }
  const electionAbis = {
    election: await writeAbi("election", Election__factory.createInterface()),
    trustees: await writeAbi("trustees", Trustees__factory.createInterface()),
  };
  const manifest = {
    format: "diwan-node-1",
    rpc: url,
    chainId: Number(chainId),
    fromBlock: suite.fromBlock,
    contracts,
    accounts: { words: TEST_WORDS, list: accountsOf(job) },
    bodies: [...job.bodies].map(([organization, { index, name, controller }]) => {
      return { body: index, name, source: `Organization/${organization}`, controller: controller.address };
    }),
    schemas: { licence: LICENCE, person: PERSON, child: CHILD, income: INCOME },
    offices: officesOf(job),
    // A real decider tells nobody its nullifier key, and a guardian nobody the list: this chain is for trying things out.
    policies: { nursery: { hash: hashPolicy(job.policy), policy: job.policy, nullifierKey: job.deciderKey } },
    citizens: [...job.citizens.values()].map(({ source, did, wallet }) => ({ source, did, words: wallet.phrase })),
    keys: KEY,
    guardians: [{ did: job.citizen(WHO.confirmed).did, list: job.guardians }],
    health,
    justice: { bodies: justiceBodiesOf(job) },
    openElection: { ...election, abis: electionAbis },
    exports: { public: FOLDERS.public, holders: `${FOLDERS.private}/${HOLDERS}`, shown: FOLDERS.shown },
  };
  const path = join(options.out, "manifest.json");
  await writeFile(path, `${JSON.stringify(manifest, null, 2)}\n`);
  return path;
}

/** Which key of which body attests by a schema, confirms requests for it at the counter, and decides on a policy. */
function officesOf(job: Job) {
  const office = (organization: string) => ({
    body: job.body(organization).index,
    key: job.operator(organization).address,
  });
  return {
    register: { ...office(MINISTRY), attests: ["person", "child"], confirms: ["person", "child"] },
    taxOffice: { ...office(TAX_OFFICE), attests: ["income"], confirms: ["income"] },
    decider: { ...office(DECIDER), decides: ["nursery"] },
  };
}

/** The bodies of justice, with what each may do; their profiles are in the exports. */
function justiceBodiesOf({ courthouse }: Job) {
  return Object.entries(courthouse ?? {}).map(([name, { index, key }]) => {
    const { title, roles } = JUSTICE_ROLES[name as keyof Courthouse];
    return { body: index, name: title, roles, ...(name !== "tool" && { key: key.address }) };
  });
}

function accountsOf({ cast, chain, bodies, courthouse }: Job): Account[] {
  const path = (address: string) => {
    return `m/44'/60'/0'/0/${chain.signers.findIndex((signer) => signer.address === address)}`;
  };
  const account = (role: string, { address }: { address: string }, body?: number): Account => {
    return { role, address, path: path(address), ...(body !== undefined && { body }) };
  };
  return [
    account("deployer, without any power since", cast.deployer),
    ...cast.members.map((member) => account("member of the council", member)),
    ...cast.recoverers.map((member) => account("member of the recovery council", member)),
    ...[...bodies.values()].map(({ index, controller }) => account("controller of a body", controller, index)),
    ...[...cast.operators].map(([organization, operator]) => {
      return account("operator key of a body", operator, bodies.get(organization)?.index);
    }),
    ...[...cast.healthOperators].map(([organization, operator]) => {
      return account("key of a body for health care", operator, bodies.get(organization)?.index);
    }),
    ...[...cast.justice].map(([name, key]) => {
      return account("controller and key of a body of justice", key, courthouse?.[name as keyof Courthouse].index);
    }),
    account("relayer", cast.relayer),
    account("nobody in particular", cast.stranger),
  ];
}
