import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import Ajv from "ajv";

const require = createRequire(import.meta.url);

/** HL7's own JSON schema of FHIR R4, in part (test/vectors/hl7-r4-schema). */
const schema = JSON.parse(readFileSync("test/vectors/hl7-r4-schema/fhir.schema.json", "utf8")) as object;
const ajv = new Ajv({ schemaId: "$id", allErrors: true });
ajv.addMetaSchema(require("ajv/lib/refs/json-schema-draft-06.json") as object);
ajv.addSchema(schema, "fhir");

/** What HL7's schema finds wrong with a resource; nothing for a good one. */
export function fhirProblems(resource: "Consent" | "AuditEvent", value: unknown): string[] {
  const validate = ajv.compile({ $ref: `fhir#/definitions/${resource}` });
  if (validate(value) === true) return [];
  return (validate.errors ?? []).map(({ dataPath, message }) => `${dataPath} ${message}`);
}
