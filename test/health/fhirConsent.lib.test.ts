import { readdirSync, readFileSync } from "node:fs";

import { expect } from "chai";
import { getIcapAddress } from "ethers";

import { EVERYTHING, NO_END } from "../../src/health/consent/consentState.js";
import { parseFhirTime } from "../../src/health/consent/fhirTime.js";
import { type FhirNameResolver, fromFhirConsent } from "../../src/health/consent/fromFhirConsent.js";
import { type ConsentStatement, toFhirConsent } from "../../src/health/consent/toFhirConsent.js";
import { purposesOf } from "../../src/health/purposes.js";
import { fhirProblems } from "../helpers/fhirSchema.js";
import { codeOf, errorOf } from "../helpers/healthErrors.js";
import { randomOf } from "../helpers/random.js";

const FOLDER = "test/vectors/hl7-r4-consent";
const PATIENT = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const place = { chainId: 31_337, registry: "0x5fbdb2315678afecb367f032d93f642f64180aa3" };

/** Takes each name in HL7's examples for one that the chain knows, so that nothing is refused for its name alone. */
const generous: FhirNameResolver = { place, patientOf: () => PATIENT, bodyOf: () => 2 };

type Json = Record<string, unknown>;

function example(name: string): Json {
  return JSON.parse(readFileSync(`${FOLDER}/Consent-consent-example-${name}.json`, "utf8")) as Json;
}

/** A copy of a resource with some of its rule's members exchanged; undefined takes one away. */
function withRule(consent: object, members: Json): Json {
  const copy = JSON.parse(JSON.stringify(consent)) as Json;
  copy.provision = JSON.parse(JSON.stringify({ ...(copy.provision as Json), ...members })) as Json;
  return copy;
}

const grant = {
  ...{ grantee: 2, scope: `0x${"ab".repeat(32)}`, purposes: purposesOf(["TREAT", "HRESCH"]) },
  ...{ from: 1_767_225_600, until: 1_767_312_000, uses: 5 },
};
const granted: ConsentStatement = { ...place, patient: PATIENT, time: 1_767_225_600, kind: "GRANT", grant, version: 3 };
const TREAT = { system: "http://terminology.hl7.org/CodeSystem/v3-ActReason", code: "TREAT" };

describe("FHIR consents", () => {
  describe("of the chain", () => {
    it("are written as HL7's schema wants them, in the words of the profiles", () => {
      const consent = toFhirConsent(granted);
      expect(fhirProblems("Consent", consent)).to.deep.equal([]);
      expect(consent).to.deep.equal({
        resourceType: "Consent",
        extension: [{ url: "https://example.org/diwan/fhir/StructureDefinition/consent-version", valueUnsignedInt: 3 }],
        identifier: [
          {
            system: "https://example.org/diwan/fhir/NamingSystem/consent",
            value: `eip155:31337:${place.registry}/${PATIENT}/2/0x${"ab".repeat(32)}`,
          },
        ],
        status: "active",
        scope: {
          coding: [{ system: "http://terminology.hl7.org/CodeSystem/consentscope", code: "patient-privacy" }],
        },
        category: [{ coding: [{ system: "http://loinc.org", code: "59284-0" }] }],
        patient: {
          type: "Patient",
          identifier: {
            system: "https://example.org/diwan/fhir/NamingSystem/patient",
            value: `eip155:31337:${PATIENT}`,
          },
        },
        dateTime: "2026-01-01T00:00:00Z",
        policyRule: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "OPTIN" }] },
        provision: {
          modifierExtension: [
            {
              url: "https://example.org/diwan/fhir/StructureDefinition/consent-scope",
              valueString: `0x${"ab".repeat(32)}`,
            },
            { url: "https://example.org/diwan/fhir/StructureDefinition/consent-uses", valueUnsignedInt: 5 },
          ],
          period: { start: "2026-01-01T00:00:00Z", end: "2026-01-01T23:59:59Z" },
          actor: [
            {
              role: {
                coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", code: "IRCP" }],
              },
              reference: {
                type: "Organization",
                identifier: {
                  system: "https://example.org/diwan/fhir/NamingSystem/body",
                  value: `eip155:31337:${place.registry}/2`,
                },
              },
            },
          ],
          type: "permit",
          action: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/consentaction", code: "access" }] }],
          purpose: [
            { ...TREAT, display: "treatment" },
            { system: TREAT.system, code: "HRESCH", display: "healthcare research" },
          ],
        },
      });
    });

    it("come back as they were, 2,000 times at random", () => {
      const random = randomOf(0xc0de);
      const hex = (digits: number) => Array.from({ length: digits }, () => random.below(16).toString(16)).join("");
      const time = () => random.below(253_402_300_799);
      for (let i = 0; i < 2_000; i++) {
        const patient = `0x${hex(40)}`;
        const head = { ...place, patient, ...(random.below(4) !== 0 && { time: time() }) };
        const from = random.of([0, 1, time()]);
        const until = random.of([NO_END, from + 1 + random.below(1_000), 253_402_300_800]);
        const purposes = random.of([random.below(2 ** 32 - 1) + 1, 2 ** random.below(32), 2 ** 32 - 1]);
        const statement: ConsentStatement =
          random.below(4) === 0
            ? { ...head, kind: "OBJECTION", purposes: random.of([0, purposes]) }
            : {
                ...{ ...head, kind: random.of(["GRANT", "REVOCATION"] as const) },
                grant: {
                  ...{ grantee: 1 + random.below(2 ** 32 - 1), scope: random.of([EVERYTHING, `0x${hex(64)}`]) },
                  ...{ purposes, from, until, uses: random.of([0, 1, 2 ** 24 - 1]) },
                },
                version: random.below(2 ** 31),
              };
        const written = toFhirConsent(statement);
        expect(fhirProblems("Consent", written)).to.deep.equal([]);
        const { statement: read, notCarried } = fromFhirConsent(JSON.parse(JSON.stringify(written)), { place });
        expect(read).to.deep.equal(statement);
        expect(notCarried).to.deep.equal([]);
        expect(toFhirConsent(read)).to.deep.equal(written);
      }
    });

    it("are refused with numbers and names that no chain has", () => {
      // Without the identifier, which tells them too.
      const written = JSON.stringify({ ...toFhirConsent(granted), identifier: undefined });
      const read = (text: string) => codeOf(() => fromFhirConsent(JSON.parse(text), { place }));
      const body = (index: string) => written.replace(/("value":"eip155:31337:0x[0-9a-f]{40}\/)[0-9]+"/, `$1${index}"`);
      const named = (version: string) => written.replace(/("valueUnsignedInt":)[0-9]+/, `$1${version}`);
      const address = PATIENT.toLowerCase();
      const patient = (text: string) => written.replace(`eip155:31337:${address}"`, `eip155:31337:${text}"`);
      expect([read(written), read(body("4294967295")), read(patient(address))]).to.deep.equal(Array(3).fill(undefined));
      expect(read(body("4294967296"))).to.equal("CONSENT_INEXPRESSIBLE");
      expect(read(patient(address.slice(2)))).to.equal("CONSENT_INEXPRESSIBLE");
      expect(read(patient(getIcapAddress(PATIENT)))).to.equal("CONSENT_INEXPRESSIBLE");
      for (const version of ["2147483648", "1e300", "-1"]) expect(read(named(version))).to.equal("CONSENT_MALFORMED");
      const twice = written.replace(/"extension":\[(\{[^}]*\})\]/, `"extension":[$1,$1]`);
      expect(twice).not.to.equal(written);
      expect(read(twice)).to.equal("CONSENT_MALFORMED");
    });

    it("are refused when FHIR has no year or number for them", () => {
      const far = { ...granted, grant: { ...grant, until: 253_402_300_802 } };
      expect(codeOf(() => toFhirConsent(far))).to.equal("CONSENT_INEXPRESSIBLE");
      expect(codeOf(() => toFhirConsent({ ...granted, version: 2 ** 31 }))).to.equal("CONSENT_INEXPRESSIBLE");
    });
  });

  describe("of HL7", () => {
    const reasons: Record<string, RegExp> = {
      Emergency: /Consent\.provision\.provision holds rules within the rule/,
      Out: /Consent\.provision\.type is missing/,
      basic: /Consent\.provision\.type is missing/,
      grantor: /Consent\.provision\.type is missing/,
      notAuthor: /Consent\.provision\.type is missing/,
      notOrg: /Consent\.provision\.action names the action correct/,
      notThem: /Consent\.provision\.action names the action correct/,
      notThis: /Consent\.provision\.data limits the rule to single resources/,
      notTime: /Consent\.provision\.type is missing/,
      pkb: /Consent\.provision\.securityLabel limits the rule to labelled data/,
      signature: /Consent\.provision\.provision holds rules within the rule/,
      smartonfhir: /Consent\.provision\.provision holds rules within the rule/,
    };

    it("are these twelve, each good by HL7's schema", () => {
      const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
      expect(files.map((name) => name.slice("Consent-consent-example-".length, -".json".length)).sort()).to.deep.equal(
        Object.keys(reasons).sort(),
      );
      for (const name of Object.keys(reasons)) expect(fhirProblems("Consent", example(name)), name).to.deep.equal([]);
    });

    for (const [name, reason] of Object.entries(reasons)) {
      it(`are refused for what the chain cannot express: ${name}`, () => {
        const error = errorOf(() => fromFhirConsent(example(name), generous));
        expect(error?.code).to.equal("CONSENT_INEXPRESSIBLE");
        expect(error?.message).to.match(reason);
      });
    }

    it("mean opposites by one form, which is why a rule without a type is refused", () => {
      // Both are an OPTIN with a period in the root rule and nothing else.
      const [basic, notTime] = [example("basic"), example("notTime")];
      for (const { provision } of [basic, notTime]) expect(Object.keys(provision as Json)).to.deep.equal(["period"]);
      const narrative = ({ text }: Json) => (text as { div: string }).div;
      expect(narrative(basic)).to.match(/wishes to have all of the PHI[^.]*available/);
      expect(narrative(notTime)).to.match(/Withhold or withdraw consent/);
    });

    it("are read once their rule says what the chain must know", () => {
      // HL7's signed consent, with its rule's kind and purpose said and its rule within the rule gone, and the period of
      // HL7's SMART example, which names seconds.
      const { period } = example("smartonfhir").provision as { period: object };
      const consent = withRule(example("signature"), {
        provision: undefined,
        type: "permit",
        purpose: [TREAT],
        period,
      });
      const { statement, notCarried } = fromFhirConsent(consent, {
        place,
        patientOf: ({ reference }) => (reference === "Patient/72" ? PATIENT : undefined),
        bodyOf: ({ reference }) => (reference === "Practitioner/13" ? 13 : undefined),
      });
      expect(statement).to.deep.equal({
        ...{ ...place, patient: PATIENT, time: 1_464_237_670, kind: "GRANT", version: 0 },
        grant: {
          ...{ grantee: 13, scope: EVERYTHING, purposes: 1, uses: 0 },
          // 2016-06-23T17:02:33+10:00 to the end of 17:32:33.
          ...{ from: 1_466_665_353, until: 1_466_667_154 },
        },
      });
      expect(notCarried).to.deep.equal(["id", "text", "category", "performer", "organization"]);
    });
  });

  describe("of IHE's form", () => {
    /** As IHE's Privacy Consent on FHIR wants a basic consent: no policyRule, a policy's address, and the rule's type. */
    const pcf = (rule: object) => ({
      ...{ resourceType: "Consent", status: "active", patient: { reference: "Patient/ex-patient" } },
      scope: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/consentscope", code: "patient-privacy" }] },
      category: [{ coding: [{ system: "http://loinc.org", code: "59284-0" }] }],
      ...{ dateTime: "2022-06-13", performer: [{ reference: "Patient/ex-patient" }] },
      organization: [{ reference: "Organization/ex-organization" }],
      sourceReference: { reference: "DocumentReference/ex-documentreference" },
      policy: [{ uri: "http://example.org/policies/basePrivacyConsentPolicy.txt" }],
      provision: { type: "permit", purpose: [TREAT, { ...TREAT, code: "HPAYMT" }], ...rule },
    });
    const recipient = {
      role: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", code: "IRCP" }] },
      reference: { reference: "Organization/ex-organization" },
    };

    it("are read with one recipient, and what the chain has no place for is told", () => {
      const consent = pcf({ actor: [recipient] });
      expect(fhirProblems("Consent", consent)).to.deep.equal([]);
      const { statement, notCarried } = fromFhirConsent(consent, generous);
      expect(statement).to.deep.equal({
        ...{ ...place, patient: PATIENT, kind: "GRANT", version: 0 },
        grant: { grantee: 2, scope: EVERYTHING, purposes: 0b1001, from: 0, until: NO_END, uses: 0 },
      });
      expect(notCarried).to.deep.equal([...["performer", "organization", "sourceReference", "policy", "dateTime"]]);
    });

    it("are refused for everybody, or for two recipients", () => {
      const all = errorOf(() => fromFhirConsent(pcf({}), generous));
      expect(all?.message).to.match(/Consent\.provision\.actor names 0 actors/);
      const two = errorOf(() => fromFhirConsent(pcf({ actor: [recipient, recipient] }), generous));
      expect(two?.message).to.match(/Consent\.provision\.actor names 2 actors/);
    });
  });

  describe("that are altered", () => {
    const consent = toFhirConsent(granted);
    const objection = toFhirConsent({ ...place, patient: PATIENT, kind: "OBJECTION", purposes: 32 });
    const actorOf = (role: string) => ({
      role: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", code: role }] },
      reference: consent.provision.actor![0]!.reference,
    });
    const coding = (system: string, code: string) => ({ coding: [{ system, code }] });
    const ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    const SCOPES = "http://terminology.hl7.org/CodeSystem/consentscope";
    const ACTIONS = "http://terminology.hl7.org/CodeSystem/consentaction";
    const elsewhere = { ...place, registry: `0x${"12".repeat(20)}` };

    const refused: Record<string, [object, RegExp]> = {
      "a rule within the rule": [withRule(consent, { provision: [{ type: "deny" }] }), /provision\.provision/],
      "security labels": [withRule(consent, { securityLabel: [{ code: "R" }] }), /provision\.securityLabel/],
      classes: [withRule(consent, { class: [{ code: "Observation" }] }), /provision\.class/],
      codes: [withRule(consent, { code: [{ text: "x" }] }), /provision\.code/],
      "single resources": [withRule(consent, { data: [{ meaning: "instance" }] }), /provision\.data /],
      "data of a period": [withRule(consent, { dataPeriod: { start: "2020" } }), /provision\.dataPeriod/],
      "an element that R4 does not have": [withRule(consent, { expression: {} }), /provision\.expression/],
      "an extension of a primitive": [withRule(consent, { _type: { extension: [] } }), /provision\._type/],
      "an extension of the rule": [withRule(consent, { extension: [{ url: "x" }] }), /provision\.extension/],
      "an unknown purpose": [withRule(consent, { purpose: [{ ...TREAT, code: "HSYSADMIN" }] }), /purpose\[0\]/],
      "a purpose of another system": [withRule(consent, { purpose: [{ ...TREAT, system: "x" }] }), /purpose\[0\]/],
      "any purpose": [withRule(consent, { purpose: undefined }), /provision\.purpose is missing/],
      "an action but access": [withRule(consent, { action: [coding(ACTIONS, "disclose")] }), /action disclose/],
      "a custodian": [withRule(consent, { actor: [actorOf("CST")] }), /actor\[0\]\.role is CST/],
      "a prohibition for one": [withRule(consent, { type: "deny" }), /denies within a general permission/],
      "no type": [withRule(consent, { type: undefined }), /provision\.type is missing/],
      "two scopes": [
        withRule(consent, {
          modifierExtension: [...consent.provision.modifierExtension!, consent.provision.modifierExtension![0]],
        }),
        /modifierExtension\[2\]/,
      ],
      "an unknown modifier": [withRule(consent, { modifierExtension: [{ url: "x" }] }), /modifierExtension\[0\]/],
      "no uses at all": [
        withRule(consent, { modifierExtension: [{ ...consent.provision.modifierExtension![1], valueUnsignedInt: 0 }] }),
        /modifierExtension\[0\]/,
      ],
      "a start that is a day": [
        withRule(consent, { period: { start: "2026-01-01" } }),
        /period\.start names no second/,
      ],
      "an end without a zone": [
        withRule(consent, { period: { end: "2026-01-01T00:00:00" } }),
        /period\.end names no second/,
      ],
      "a modifier of the whole": [{ ...consent, modifierExtension: [] }, /Consent\.modifierExtension/],
      "implicit rules": [{ ...consent, implicitRules: "x" }, /Consent\.implicitRules/],
      "a draft": [{ ...consent, status: "draft" }, /status is draft/],
      "what was entered in error": [{ ...consent, status: "entered-in-error" }, /status is entered-in-error/],
      "consent to a treatment": [{ ...consent, scope: coding(SCOPES, "treatment") }, /scope is treatment/],
      "another base rule": [{ ...consent, policyRule: coding(ACT_CODE, "OPTINR") }, /policyRule is OPTINR/],
      "no rule": [{ ...consent, provision: undefined }, /provision is missing/],
      "another consent's id": [
        { ...consent, identifier: toFhirConsent({ ...granted, patient: `0x${"12".repeat(20)}` }).identifier },
        /identifier\[0\] is of another consent/,
      ],
      "another registry's consent": [toFhirConsent({ ...granted, ...elsewhere }), /names a body of another registry/],
      "an objection for one": [withRule(objection, { actor: [actorOf("IRCP")] }), /actor is denied alone/],
      "an objection for a time": [withRule(objection, { period: { end: "2026" } }), /period limits an objection/],
      "an objection to part of the data": [
        withRule(objection, { modifierExtension: consent.provision.modifierExtension }),
        /modifierExtension limits an objection/,
      ],
      "an objection to any purpose": [withRule(objection, { purpose: undefined }), /purpose is missing/],
      "an objection that was lifted": [{ ...objection, status: "inactive" }, /an objection that was lifted/],
      "an objection within a general permission": [
        { ...objection, policyRule: coding(ACT_CODE, "OPTIN") },
        /denies within a general permission/,
      ],
    };
    for (const [what, [altered, reason]] of Object.entries(refused)) {
      it(`are refused: ${what}`, () => {
        const error = errorOf(() => fromFhirConsent(JSON.parse(JSON.stringify(altered)), { place }));
        expect(error?.code).to.equal("CONSENT_INEXPRESSIBLE");
        expect(error?.message).to.match(reason);
      });
    }

    it("are refused as no FHIR: other resources, wrong kinds, periods that end before they start", () => {
      const wrong: unknown[] = [
        ...[null, [], "Consent", 1, {}, { ...consent, resourceType: "Patient" }, { ...consent, status: 1 }],
        ...[
          { ...consent, patient: undefined },
          { ...consent, scope: undefined },
          { ...consent, identifier: "x" },
        ],
        { ...consent, policyRule: undefined },
        withRule(consent, { purpose: "TREAT" }),
        withRule(consent, { period: { start: "2026-01-02T00:00:00Z", end: "2026-01-01T00:00:00Z" } }),
      ];
      for (const value of wrong) {
        const code = codeOf(() => fromFhirConsent(value, { place }));
        expect(code, JSON.stringify(value)).to.equal("CONSENT_MALFORMED");
      }
    });

    it("are refused when nobody knows their patient or recipient", () => {
      const foreign = { ...consent, patient: { reference: "Patient/1" } };
      expect(errorOf(() => fromFhirConsent(foreign, { place }))?.message).to.match(/patient has no address/);
      const actor = [{ ...actorOf("IRCP"), reference: { reference: "Organization/1" } }];
      const error = errorOf(() => fromFhirConsent(withRule(consent, { actor }), { place }));
      expect(error?.message).to.match(/names no body of the trust list/);
    });
  });

  describe("have times that", () => {
    it("are read to the second in any zone", () => {
      const same = ["2026-01-01T00:00:00Z", "2026-01-01T02:30:00+02:30", "2025-12-31T19:00:00-05:00"];
      for (const text of [...same, "2026-01-01T00:00:00.000Z"])
        expect(parseFhirTime(text), text).to.equal(1_767_225_600);
      expect(parseFhirTime("1970-01-01T00:00:00Z")).to.equal(0);
      expect(parseFhirTime("9999-12-31T23:59:59Z")).to.equal(253_402_300_799);
    });

    it("are refused when they name no second", () => {
      const wrong = [
        ...["2026", "2026-01", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00:00.5Z", "2026-01-01T00:00Z"],
        ...["2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:60Z"],
        ...[
          "2026-01-01T00:00:00+15:00",
          "2026-01-01T00:00:00+00:60",
          "1969-12-31T23:59:59Z",
          "",
          " 2026-01-01T00:00:00Z",
        ],
        "1970-01-01T00:00:00+01:00",
      ];
      for (const text of wrong) expect(parseFhirTime(text), text).to.equal(undefined);
    });
  });
});
