import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { hexlify } from "ethers";

import { treeOf } from "../../../test/helpers/batches.js";
import { KIND, memberOf, REASON, record, records, recordsFixture, STATE } from "../../../test/helpers/records.js";
import type { Comparison } from "../Comparison.js";
import { fetchPeer } from "../fetchPeer.js";
import { gasRow } from "../gasRow.js";
import { openChain } from "../openChain.js";
import { PEER_PACKAGES } from "../peerPackages.js";
import type { Artifact } from "../readArtifact.js";

const BATCH = 4_096;

/** OpenAttestation's documents beside records of health, the ones of ours that a body issues and takes back by their hash. */
export async function againstDocumentStore(): Promise<Comparison[]> {
  const f = await recordsFixture();
  const chain = openChain(f);
  const { registry, parties, hospitalBody, stranger } = f;
  const store = (await chain.deploy(await documentStore(), "Documents", parties.hospital.key)).connect(
    parties.hospital.key,
  );
  const row = (operation: string, figures: readonly [number, number], we: string, they = "") =>
    gasRow(operation, "documentStore", figures, { we, they });
  const judged = "who issues it for which body, judged by the trust list; when, and of what kind";

  const issueOne = (n: number) => chain.call(store, "issue", record(n));
  const issueMany = (all: string[]) =>
    chain.call(
      store,
      "multicall",
      all.map((each) => store.interface.encodeFunctionData("issue", [each])),
    );
  const anchorMany = (all: string[]) => chain.gas(() => registry.anchorMany(all, KIND));
  const ask = (n: number) => chain.call(registry.connect(stranger), "statusOf", record(n));

  const rows = [
    row("issue one document", [await issueOne(1), await chain.gas(() => registry.anchor(record(1), KIND))], judged),
    row(
      "a contract asks for one document",
      [await chain.call(store.connect(stranger), "isActive(bytes32)", record(1)), await ask(1)],
      "who issued it, when, and why it no longer stands",
    ),
    row(
      "revoke one document",
      [await chain.call(store, "revoke(bytes32)", record(1)), await chain.gas(() => registry.markInError(record(1)))],
      `${judged}; keeps the reason`,
    ),
  ];
  await anchorMany(records(1, 2));
  const many = [await issueMany(records(100, 100)), await anchorMany(records(100, 100))] as const;
  rows.push(
    row(
      "issue 100 documents in one transaction",
      many,
      `${judged}; their order, in an RFC 9162 log`,
      "one looks a document up without a proof",
    ),
  );

  const batch = records(BATCH, 10_000);
  const ours = treeOf(batch);
  const root = hexlify(ours.root());
  const theirs = SimpleMerkleTree.of(batch, { sortLeaves: false });
  const issued = [
    await chain.call(store, "issue", theirs.root),
    await chain.gas(() => registry.anchorBatch(root, BATCH, KIND)),
  ] as const;
  rows.push(row(`issue ${BATCH.toLocaleString("en")} documents under one Merkle root`, issued, `${judged}; how many`));

  const at = { provider: hospitalBody, inLog: false, size: BigInt(BATCH) };
  const member = (n: number) => memberOf(ours, batch[n]!, { ...at, index: BigInt(n) });
  const document = (n: number) => [theirs.root, batch[n], theirs.getProof(n)] as const;
  const asked = [
    await chain.call(store.connect(stranger), "isActive(bytes32,bytes32,bytes32[])", ...document(1_234)),
    await chain.call(registry.connect(stranger), "statusOfMember", member(1_234)),
  ] as const;
  rows.push(
    row("a contract asks for one document of a batch", asked, "who issued it, when, and why it no longer stands"),
  );
  const end = (n: number) =>
    chain.gas(() => registry.endMembers([member(n)], STATE.ENTERED_IN_ERROR, REASON.ENTERED_IN_ERROR));
  const revoke = (n: number) => chain.call(store, "revoke(bytes32,bytes32,bytes32[])", ...document(n));
  const first = [await revoke(1_234), await end(1_234)] as const;
  rows.push(
    row("revoke one document of a batch, the first of its 128 neighbours", first, `${judged}; keeps the reason`),
  );
  rows.push(
    row(
      "revoke one document of a batch, a later one",
      [await revoke(1_235), await end(1_235)],
      `${judged}; keeps the reason`,
    ),
  );
  return rows;
}

/** Its package holds the bytecode in a module, which also carries an ethers of its own. */
async function documentStore(): Promise<Artifact> {
  const folder = await fetchPeer(PEER_PACKAGES.documentStore);
  const module = (await import(pathToFileURL(join(folder, "index.mjs")).href)) as { DocumentStore__factory: Artifact };
  return module.DocumentStore__factory;
}
