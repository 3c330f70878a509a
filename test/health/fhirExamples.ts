import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** HL7's examples of FHIR R4 (npm package hl7.fhir.r4.examples 4.0.1, CC0). */
const FOLDER = dirname(fileURLToPath(import.meta.resolve("hl7.fhir.r4.examples/package.json")));

/** The names of the JSON files of HL7's examples, without the package's own. */
export function exampleNames(): string[] {
  return readdirSync(FOLDER).filter((name) => name.endsWith(".json") && name !== "package.json");
}

/** The bytes of one of HL7's examples. */
export function readExample(name: string): Buffer {
  return readFileSync(join(FOLDER, name));
}
