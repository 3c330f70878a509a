import { readFileSync } from "node:fs";

import { p256 } from "@noble/curves/nist.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { expect } from "chai";
import { getBytes } from "ethers";
import jsonld from "jsonld";

import { encodeCbor, encodeSign1, signedBytes } from "../../src/justice/exports/coseReceipt.js";
import { toCaseUco } from "../../src/justice/exports/toCaseUco.js";
import { type CoseSigner, toCoseReceipt } from "../../src/justice/exports/toCoseReceipt.js";
import { verifyCoseReceipt } from "../../src/justice/exports/verifyCoseReceipt.js";
import { JusticeError } from "../../src/justice/JusticeError.js";
import { LogTree } from "../../src/ledger/LogTree.js";
import { certificateInput } from "../helpers/certificates.js";

const foreign = JSON.parse(readFileSync("test/vectors/cose-receipt.json", "utf8")) as Record<string, string>;
const secretKey = new Uint8Array(32).fill(7);
const publicKey = p256.getPublicKey(secretKey);
const signer: CoseSigner = { algorithm: "ES256", sign: (bytes) => p256.sign(bytes, secretKey) };
const verifier = { algorithm: "ES256", publicKey } as const;

/** The declarations of the package lack the option `safe`, which refuses terms without an IRI. */
const expand = jsonld.expand as unknown as (
  document: unknown,
  options: { safe: boolean; documentLoader: (url: string) => Promise<never> },
) => Promise<Record<string, unknown>[]>;

const entry = (index: number) => new Uint8Array(32).fill(index);

function logOf(size: number) {
  const tree = new LogTree();
  for (let index = 0; index < size; index++) tree.append(entry(index));
  const claim = (index: number) => ({
    ...{ entry: entry(index), index, size, path: tree.inclusionProof(index), root: tree.root() },
  });
  return { tree, claim };
}

async function refusal(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => (error instanceof JusticeError ? error.code : String(error)),
  );
}

/** A receipt for entry 3 of 7 with some part made otherwise, signed all the same. */
function odd(change: {
  header?: [number, unknown][];
  unprotected?: [unknown, unknown][];
  proofs?: unknown;
  payload?: Uint8Array;
}) {
  const { path, root } = logOf(7).claim(3);
  const protectedHeader = encodeCbor(
    new Map(
      change.header ?? [
        [1, -7],
        [395, 1],
      ],
    ),
  );
  const proofs = change.proofs ?? [encodeCbor([7, 3, path])];
  return encodeSign1({
    protectedHeader,
    unprotectedHeader: new Map<unknown, unknown>([[396, new Map([[-1, proofs]])], ...(change.unprotected ?? [])]),
    payload: change.payload ?? null,
    signature: p256.sign(signedBytes(protectedHeader, root), secretKey),
  });
}

describe("exports", () => {
  describe("verifyCoseReceipt", () => {
    it("accepts a receipt that another implementation issued", () => {
      const theirs = { algorithm: "ES256", publicKey: getBytes(`0x${foreign["publicKey"]!}`) } as const;
      const receipt = getBytes(`0x${foreign["receipt"]!}`);
      expect(verifyCoseReceipt(receipt, entry(17), theirs)).to.equal(true);
      expect(verifyCoseReceipt(receipt, entry(16), theirs)).to.equal(false);
    });

    it("accepts each entry of logs of many sizes, and no other", async () => {
      for (const size of [2, 3, 7, 8, 20]) {
        for (let index = 0; index < size; index++) {
          const receipt = await toCoseReceipt(logOf(size).claim(index), signer);
          expect(verifyCoseReceipt(receipt, entry(index), verifier), `${index} of ${size}`).to.equal(true);
          expect(verifyCoseReceipt(receipt, entry(index + 1), verifier), `${index} of ${size}`).to.equal(false);
        }
      }
    });

    it("refuses a receipt of which any one byte is changed", async () => {
      const receipt = await toCoseReceipt(logOf(7).claim(3), signer);
      for (let place = 0; place < receipt.length; place++) {
        const changed = receipt.slice();
        changed[place]! ^= 1;
        expect(verifyCoseReceipt(changed, entry(3), verifier), `byte ${place}`).to.equal(false);
      }
      for (const cut of [0, 1, receipt.length - 1]) {
        expect(verifyCoseReceipt(receipt.slice(0, cut), entry(3), verifier)).to.equal(false);
      }
    });

    it("knows ES256K, and takes no key for another algorithm's", async () => {
      const sign = (bytes: Uint8Array) => secp256k1.sign(bytes, secretKey);
      const receipt = await toCoseReceipt(logOf(7).claim(3), { algorithm: "ES256K", sign, keyId: entry(1) });
      const key = secp256k1.getPublicKey(secretKey);
      expect(verifyCoseReceipt(receipt, entry(3), { algorithm: "ES256K", publicKey: key })).to.equal(true);
      expect(verifyCoseReceipt(receipt, entry(3), { algorithm: "ES256", publicKey: key })).to.equal(false);
    });

    it("accepts an attached root, and no other payload", () => {
      expect(verifyCoseReceipt(odd({}), entry(3), verifier)).to.equal(true);
      expect(verifyCoseReceipt(odd({ payload: logOf(7).tree.root() }), entry(3), verifier)).to.equal(true);
      expect(verifyCoseReceipt(odd({ payload: entry(3) }), entry(3), verifier)).to.equal(false);
    });

    it("refuses headers that it does not understand or that nothing signs", () => {
      const { path } = logOf(7).claim(3);
      const cases = [
        odd({
          header: [
            [1, -7],
            [2, [99]],
            [99, 1],
            [395, 1],
          ],
        }),
        odd({
          header: [
            [1, -7],
            [395, 2],
          ],
        }),
        odd({ header: [[1, -7]], unprotected: [[395, 1]] }),
        odd({ header: [[395, 1]], unprotected: [[1, -7]] }),
        odd({ proofs: [] }),
        odd({ proofs: [encodeCbor([7, 3, path]), encodeCbor([7, 3, path])] }),
        odd({ proofs: [encodeCbor([3, 3, path])] }),
        odd({ proofs: [encodeCbor([7, -3, path])] }),
        odd({ proofs: [encodeCbor([7, 3, []])] }),
        odd({ proofs: [encodeCbor([7, 3, [...path, entry(1)]])] }),
        odd({ proofs: [encodeCbor([7, 3, path.slice(1)])] }),
        odd({ proofs: [encodeCbor([7, 3, [...path.slice(1), path[0]!.subarray(1)]])] }),
        odd({ proofs: [encodeCbor([7, 3, Array.from({ length: 65 }, () => entry(1))])] }),
        odd({ proofs: [encodeCbor([7, 3])] }),
        odd({ proofs: [encodeCbor([7, 3.5, path])] }),
        odd({ proofs: [encodeCbor(["7", 3, path])] }),
        encodeCbor(entry(1)),
        new Uint8Array(),
      ];
      for (const [number, receipt] of cases.entries()) {
        expect(verifyCoseReceipt(receipt, entry(3), verifier), `case ${number}`).to.equal(false);
      }
    });
  });

  describe("toCoseReceipt", () => {
    it("signs nothing for a proof that does not hold", async () => {
      let asked = 0;
      const counting: CoseSigner = { ...signer, sign: (bytes) => (asked++, signer.sign(bytes)) };
      const claim = { ...logOf(7).claim(3), entry: entry(4) };
      expect(await refusal(toCoseReceipt(claim, counting))).to.equal("RECEIPT_PROOF_INVALID");
      expect(asked).to.equal(0);
    });

    it("refuses a log of one entry and a signature of another form", async () => {
      expect(await refusal(toCoseReceipt(logOf(1).claim(0), signer))).to.equal("RECEIPT_INEXPRESSIBLE");
      const der: CoseSigner = { ...signer, sign: () => new Uint8Array(70) };
      expect(await refusal(toCoseReceipt(logOf(7).claim(3), der))).to.equal("RECEIPT_SIGNATURE_MALFORMED");
    });
  });

  describe("toCaseUco", () => {
    it("is JSON-LD in which every term has an IRI of the ontologies and every reference a node", async () => {
      const document = toCaseUco(certificateInput());
      const expanded: Record<string, unknown>[] = await expand(document, {
        documentLoader: async (url: string) => Promise.reject(new Error(`${url} was asked for`)),
        safe: true,
      });
      expect(expanded).to.have.length(document["@graph"].length);
      const ids = new Set(document["@graph"].map((node) => node["@id"]));
      for (const node of expanded) {
        for (const [term, values] of Object.entries(node)) {
          if (term.startsWith("@")) continue;
          expect(term).to.match(/^https:\/\/ontology\.(caseontology|unifiedcyberontology)\.org\//);
          if (!/\/action\/|core\/object$/.test(term)) continue;
          for (const value of values as { "@id"?: string }[]) if (value["@id"]) expect(ids).to.include(value["@id"]);
        }
      }
    });

    it("gives a rejected hand-over no provenance, and the next one what was held before", () => {
      const graph = toCaseUco(certificateInput(4))["@graph"];
      const actions = graph.filter((node) => node["@type"] === "investigation:InvestigativeAction");
      expect(actions).to.have.length(5);
      expect(actions[3]).not.to.have.property("action:result");
      expect(actions[4]!["action:object"]).to.deep.equal(actions[2]!["action:result"]);
      expect(graph.filter((node) => node["@type"] === "investigation:ProvenanceRecord")).to.have.length(4);
    });

    it("dates the deposit by the deposit, not by the later block that proves it", () => {
      const input = certificateInput();
      const notAfter = { time: input.block.time - 86_400, source: "BLOCK", reference: input.block.hash } as const;
      const graph = toCaseUco({ ...input, time: { notAfter } })["@graph"];
      const end = graph.find((node) => node["core:name"] === "Deposit")!["action:endTime"] as { "@value": string };
      expect(Date.parse(end["@value"]) / 1000).to.equal(notAfter.time);
    });

    it("says of a directory whose hashes these are", () => {
      const { exhibit, ...rest } = certificateInput();
      const graph = toCaseUco({ ...rest, exhibit: { ...exhibit, kind: "directory", name: "case-4711" } })["@graph"];
      const node = graph.find((one) => one["@type"] === "observable:ObservableObject")!;
      expect(node["core:name"]).to.equal("case-4711");
      expect(node["core:description"]).to.match(/hashes are those of its manifest/);
      expect(node["core:hasFacet"]).to.have.length(1);
    });

    it("is the same for the same input", () => {
      expect(toCaseUco(certificateInput())).to.deep.equal(toCaseUco(certificateInput()));
    });
  });
});
