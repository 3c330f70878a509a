import { readFileSync } from "node:fs";

import { expect } from "chai";
import { parse, stringify } from "lossless-json";

import { readBundle } from "../../scripts/demo/hospital.js";
import { canonicalizeFhir } from "../../src/health/canonicalizeFhir.js";
import { HealthError } from "../../src/health/HealthError.js";
import { splitBundle } from "../../src/health/splitBundle.js";

const FILE = new URL(
  "../../scripts/demo/vendor/synthea-r4/Luna60_McCullough561_6662f0ca-b617-4e02-8f55-7275e9f49aa0.json",
  import.meta.url,
);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bundleOf = (...resources: string[]) =>
  `{"resourceType":"Bundle","type":"collection","entry":[${resources.map((one) => `{"resource":${one}}`).join(",")}]}`;

describe("splitBundle", () => {
  it("gives each resource of a real bundle as another parser without loss has it", () => {
    const { entry } = parse(readFileSync(FILE, "utf8")) as { entry: { resource: { id: string } }[] };
    const resources = readBundle();
    expect(resources).to.have.lengthOf(223).and.to.have.lengthOf(entry.length);
    for (const [i, { id, source }] of resources.entries()) {
      const expected = entry[i]!.resource;
      expect(id.split("/")[1]).to.equal(expected.id);
      expect(source).to.equal(text(canonicalizeFhir(stringify(expected)!)));
    }
  });

  it("keeps every number as it was written, and every text that looks like one", () => {
    const own =
      '{"a":0.50,"b":[1E400,-0,12345678901234567890123],"id":"x","resourceType":"Basic","t":["0.50","1","\\\\u00001"]}';
    expect(splitBundle(bundleOf(own))).to.deep.equal([{ id: "Basic/x", resourceType: "Basic", source: own }]);
  });

  it("gives the canonical form whatever the keys are", () => {
    const own = '{"10":1,"9":2,"__proto__":{"a":1.0},"id":"x","resourceType":"Basic"}';
    expect(text(canonicalizeFhir(own))).to.equal(own);
    expect(splitBundle(bundleOf(own))).to.deep.equal([{ id: "Basic/x", resourceType: "Basic", source: own }]);
  });

  it("leaves out entries without a resource, and takes a bundle without entries", () => {
    expect(splitBundle('{"resourceType":"Bundle","entry":[{"fullUrl":"urn:x"}]}')).to.deep.equal([]);
    expect(splitBundle('{"resourceType":"Bundle"}')).to.deep.equal([]);
  });

  const refused: [string, string][] = [
    ["another resource", '{"resourceType":"Patient","id":"x"}'],
    ["a list", "[]"],
    ["entries that are no list", '{"resourceType":"Bundle","entry":{}}'],
    ["an entry that is no object", '{"resourceType":"Bundle","entry":[1]}'],
    ["a resource without an id", bundleOf('{"resourceType":"Patient"}')],
    ["a resource without a type", bundleOf('{"id":"x"}')],
    ["a resource twice", bundleOf('{"resourceType":"Patient","id":"x"}', '{"resourceType":"Patient","id":"x"}')],
    ["a text that begins with a NUL", bundleOf('{"resourceType":"Patient","id":"x","note":"\\u00001"}')],
    ["a NUL behind a quote in a text", bundleOf('{"resourceType":"Patient","id":"x","note":"say \\"\\u00005"}')],
    ["a NUL in a key", bundleOf('{"resourceType":"Patient","id":"x","\\u00005":"b"}')],
  ];
  for (const [what, source] of refused) {
    it(`refuses ${what}`, () => {
      expect(() => splitBundle(source))
        .to.throw(HealthError)
        .with.property("code", "BUNDLE_MALFORMED");
    });
  }
});
