import { sha1 } from "@noble/hashes/legacy.js";

import type { CertificateBody, CertificateInput, CustodyEntry } from "../certificate/certificateInput.js";

/** A node of a CASE/UCO graph. */
export type CaseUcoNode = { "@id": string; "@type": string } & Record<string, unknown>;

/** A CASE/UCO graph in JSON-LD: it carries its own context, and nothing is loaded to read it. */
export interface CaseUcoDocument {
  "@context": Record<string, string>;
  "@graph": CaseUcoNode[];
}

const CONTEXT = {
  investigation: "https://ontology.caseontology.org/case/investigation/",
  action: "https://ontology.unifiedcyberontology.org/uco/action/",
  core: "https://ontology.unifiedcyberontology.org/uco/core/",
  identity: "https://ontology.unifiedcyberontology.org/uco/identity/",
  observable: "https://ontology.unifiedcyberontology.org/uco/observable/",
  tool: "https://ontology.unifiedcyberontology.org/uco/tool/",
  types: "https://ontology.unifiedcyberontology.org/uco/types/",
  xsd: "http://www.w3.org/2001/XMLSchema#",
};

const HASH_NAMES = { "sha-256": "SHA256", "sha-512": "SHA512", "sha3-512": "SHA3-512" } as const;

/**
 * The custody chain of an exhibit as a CASE/UCO graph (CASE 1.4 and later, UCO 1.4 and later): the exhibit with its hashes, an
 * investigation:InvestigativeAction for the deposit and for each hand-over, an investigation:ProvenanceRecord for each custody,
 * and the bodies as organisations named by their index in the trust list. Ids are UUIDs of version 5 made from the
 * commitment: the same input gives the same graph.
 *
 * @param input What certificates are made from; only facts of the statement and of the chain are taken from it.
 * @example
 * ```ts
 * await writeFile("custody.jsonld", JSON.stringify(toCaseUco(input), null, 2));
 * ```
 */
export function toCaseUco(input: CertificateInput): CaseUcoDocument {
  const { exhibit, tool, depositor, custody } = input;
  const id = (name: string) =>
    urnOf(`${exhibit.chainId}:${exhibit.registry}:${exhibit.commitment}:${name}`.toLowerCase());
  const bodyId = ({ body }: CertificateBody) => id(`body:${body}`);

  const bodies = new Map<number, CertificateBody>();
  for (const body of [depositor, ...custody.flatMap(({ from, to }) => [from, to])]) {
    if (bodies.get(body.body)?.name === undefined) bodies.set(body.body, body);
  }
  const graph: CaseUcoNode[] = [
    ...[...bodies.values()].map((body) => ({
      "@id": bodyId(body),
      "@type": "identity:Organization",
      "core:name": body.name ?? `Body ${body.body}`,
      "core:description": `Body ${body.body} of the trust list of chain ${exhibit.chainId}`,
    })),
    { "@id": id("tool"), "@type": "tool:Tool", "core:name": tool.name, "tool:version": tool.version },
    exhibitNode(input, id),
    provenance(input, id, 0),
    {
      "@id": id("action:0"),
      "@type": "investigation:InvestigativeAction",
      "core:name": "Deposit",
      "action:endTime": dateTime(depositTime(input)),
      "action:performer": { "@id": bodyId(depositor) },
      "action:instrument": { "@id": id("tool") },
      "action:object": { "@id": id("exhibit") },
      "action:result": { "@id": id("provenance:0") },
    },
  ];
  let held = 0;
  custody.forEach((entry, index) => {
    const step = index + 1;
    graph.push(handOver(entry, step, held, id));
    if (!isHandedOver(entry)) return;
    graph.push(provenance(input, id, step));
    held = step;
  });
  return { "@context": CONTEXT, "@graph": graph };
}

/** The block that proves the exhibit may be much later than its deposit, whose time that block's state has. */
function depositTime({ time: { notAfter }, block }: CertificateInput): number {
  return notAfter.source === "BLOCK" ? notAfter.time : block.time;
}

function exhibitNode({ exhibit, digests }: CertificateInput, id: (name: string) => string): CaseUcoNode {
  const size = { "@type": "xsd:integer", "@value": String(exhibit.size) };
  const hashes = digests.map(({ algorithm, value }) => ({
    "@id": id(`hash:${algorithm}`),
    "@type": "types:Hash",
    "types:hashMethod": HASH_NAMES[algorithm],
    "types:hashValue": { "@type": "xsd:hexBinary", "@value": value.replace(/^0x/, "").toLowerCase() },
  }));
  const file = { "@id": id("facet:file"), "@type": "observable:FileFacet", "observable:fileName": exhibit.name };
  return {
    "@id": id("exhibit"),
    "@type": exhibit.kind === "file" ? "observable:File" : "observable:ObservableObject",
    ...(exhibit.kind === "directory" && {
      ...(exhibit.name !== undefined && { "core:name": exhibit.name }),
      "core:description": "A directory: size and hashes are those of its manifest (diwan.manifest.v1)",
    }),
    "core:hasFacet": [
      ...(exhibit.name === undefined || exhibit.kind === "directory" ? [] : [file]),
      {
        "@id": id("facet:content"),
        "@type": "observable:ContentDataFacet",
        "observable:sizeInBytes": size,
        ...(exhibit.mediaType !== undefined && { "observable:mimeType": exhibit.mediaType }),
        "observable:hash": hashes,
      },
    ],
  };
}

/** What a body that holds the exhibit has: the exhibit under its number. */
function provenance({ exhibit }: CertificateInput, id: (name: string) => string, step: number): CaseUcoNode {
  return {
    "@id": id(`provenance:${step}`),
    "@type": "investigation:ProvenanceRecord",
    "core:description": `Commitment ${exhibit.commitment} in registry ${exhibit.registry} of chain ${exhibit.chainId}`,
    ...(exhibit.exhibitNumber !== undefined && { "investigation:exhibitNumber": exhibit.exhibitNumber }),
    "core:object": { "@id": id("exhibit") },
  };
}

function handOver(entry: CustodyEntry, step: number, held: number, id: (name: string) => string): CaseUcoNode {
  const { from, to, offeredAt, at, outcome, reason, receipt, hop } = entry;
  const description = [reason, receipt === undefined ? undefined : `Receipt ${receipt}`].filter(
    (part) => part !== undefined,
  );
  return {
    "@id": id(`action:${step}`),
    "@type": "investigation:InvestigativeAction",
    "core:name": `Hand-over${hop === undefined ? "" : ` ${hop}`}: ${outcome.toLowerCase().replace("_", " ")}`,
    ...(description.length > 0 && { "core:description": description.join(". ") }),
    ...(offeredAt !== undefined && { "action:startTime": dateTime(offeredAt) }),
    "action:endTime": dateTime(at),
    "action:performer": { "@id": id(`body:${from.body}`) },
    "action:participant": { "@id": id(`body:${to.body}`) },
    "action:object": { "@id": id(`provenance:${held}`) },
    ...(isHandedOver(entry) && { "action:result": { "@id": id(`provenance:${step}`) } }),
  };
}

function isHandedOver({ outcome }: CustodyEntry): boolean {
  return outcome === "ACCEPTED" || outcome === "HANDED_OVER";
}

function dateTime(time: number): { "@type": string; "@value": string } {
  return { "@type": "xsd:dateTime", "@value": new Date(time * 1000).toISOString() };
}

/** The name space "URL" of RFC 9562, section 6.6. */
const URL_NAMESPACE = Uint8Array.of(
  0x6b,
  0xa7,
  0xb8,
  0x11,
  0x9d,
  0xad,
  0x11,
  0xd1,
  0x80,
  0xb4,
  0,
  0xc0,
  0x4f,
  0xd4,
  0x30,
  0xc8,
);

/** A UUID of version 5 (RFC 9562, section 5.5) as a URN. */
function urnOf(name: string): string {
  const bytes = sha1(new Uint8Array([...URL_NAMESPACE, ...new TextEncoder().encode(`diwan:${name}`)])).slice(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `urn:uuid:${hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")}`;
}
