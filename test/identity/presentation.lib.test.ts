import { expect } from "chai";
import { id, Wallet, ZeroAddress, ZeroHash } from "ethers";

import { batchUidOf, itemOf, NO_END, uidOf } from "../../src/identity/attestation.js";
import { buildBatch, membershipOf } from "../../src/identity/buildBatch.js";
import { type Claim, commitmentOf, newSalt, saltClaims, subjectOf } from "../../src/identity/claims.js";
import type { DidKeys } from "../../src/identity/did/did.js";
import { discloseClaims } from "../../src/identity/discloseClaims.js";
import { IdentityError, type IdentityErrorCode } from "../../src/identity/IdentityError.js";
import { type Challenge, makePresentation, newChallenge, type Presentation } from "../../src/identity/presentation.js";
import {
  type Expected,
  type PresentationFiles,
  verifyPresentationFiles,
} from "../../src/identity/verifyPresentation.js";
import { type HeldAttestation, newWallet, walletKey } from "../../src/identity/wallet.js";
import { trustHistory, type TrustHistory } from "../../src/trust/history.js";

const SCHEMA = id(`{"title":"Residence"}`);
const ISSUER = 3;
const NOW = 1_800_000_000;
const PLACE = { chainId: 31_337, didRegistry: "0x00000000000000000000000000000000000d1d00" };

/** A trust list with one body, accredited for the schema by the council, and its key 1. */
function trustList(): TrustHistory {
  const since = NOW - 1_000_000;
  const role = 0;
  const grant = { from: since, until: NO_END, since, alarm: 0, parent: 0, role, levels: 0, held: false };
  const key = { body: ISSUER, index: 1, from: since, until: NO_END, compromisedSince: 0, roles: "0x1" };
  return trustHistory({
    changes: [
      { kind: "body", body: ISSUER, controller: ZeroAddress, profile: ZeroHash },
      {
        kind: "accreditation",
        scope: SCHEMA,
        body: ISSUER,
        accreditation: { ...grant, decision: "ACCREDITED" },
        grounds: ZeroHash,
      },
      { kind: "key", operator: ZeroAddress, body: ISSUER, key },
    ],
  });
}

/** A citizen with one attestation of four claims. */
function citizen() {
  const wallet = newWallet();
  const key = walletKey(wallet, 1);
  const did = `did:ethr:0x7a69:${key.address}`;
  const claims = saltClaims({ family: "Çelebi", over18: true, residentIn: "Milano", givenNames: ["Ayşe", "Nur"] });
  const subjectSalt = newSalt();
  const attestation = {
    issuer: ISSUER,
    schema: SCHEMA,
    subject: subjectOf(subjectSalt, did),
    commitment: commitmentOf(claims),
    validFrom: 0,
    expiresAt: NO_END,
  };
  const held: HeldAttestation = { attestation, claims, did, subjectSalt };
  const keys: DidKeys = { identity: key.address, state: "ACTIVE", owner: key.address, delegates: [] };
  return { key, held, keys };
}

function filesOf({ held, keys }: ReturnType<typeof citizen>): PresentationFiles {
  const record = {
    uid: uidOf(held.attestation),
    issuedAt: NOW - 10_000,
    expiresAt: held.attestation.expiresAt,
    endedAt: 0,
    suspendedAt: 0,
    issuer: ISSUER,
    key: 1,
    role: 0,
    reason: "UNSPECIFIED" as const,
    superseded: false,
  };
  return { trust: trustList(), record, did: keys, asOf: NOW - 3_600 };
}

function codeOf(act: () => unknown): IdentityErrorCode | "none" {
  try {
    act();
    return "none";
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error;
    return error.code;
  }
}

describe("presentation", () => {
  const holder = citizen();
  const thief = citizen();
  let challenge: Challenge;
  let expected: Expected;
  let files: PresentationFiles;
  let presentation: Presentation;

  const present = (names = ["over18", "residentIn"], to = challenge) => {
    return makePresentation(holder.held, names, to, PLACE, holder.key);
  };
  const verify = (shown: Presentation, change: Partial<Expected> = {}, other: Partial<PresentationFiles> = {}) => {
    return verifyPresentationFiles(shown, { ...expected, ...change }, { ...files, ...other });
  };
  const refusal = (...args: Parameters<typeof verify>) => codeOf(() => verify(...args));

  beforeEach(async () => {
    challenge = newChallenge("https://nursery.example", NOW + 300);
    expected = { ...PLACE, challenge, now: NOW };
    files = filesOf(holder);
    presentation = await present();
  });

  describe("verifyPresentationFiles", () => {
    it("tells the claims shown, how the attestation stands, and how old the answer is", () => {
      const told = verify(JSON.parse(JSON.stringify(presentation)) as Presentation);
      expect(told.verdict).to.include({ status: "VALID", issuerNow: "IN_FORCE" });
      expect(told.claims).to.deep.equal({ over18: true, residentIn: "Milano" });
      expect(told).to.include({ asOf: NOW - 3_600, age: 3_600, signer: holder.key.address });
      expect(told.identity).to.equal(holder.key.address);
    });

    it("learns nothing of what was not shown", () => {
      const text = JSON.stringify(presentation);
      for (const { name, value, salt } of holder.held.claims) {
        const isShown = ["over18", "residentIn"].includes(name);
        expect(text.includes(salt), name).to.equal(isShown);
        if (!isShown) expect(text).to.not.include(name).and.not.include(JSON.stringify(value));
      }
    });

    it("takes all claims, one, or none", async () => {
      for (const names of [[], ["family"], ["family", "givenNames", "over18", "residentIn"]]) {
        expect(Object.keys(verify(await present(names)).claims).sort()).to.deep.equal(names);
      }
    });

    it("judges a leaf of a batch by its status list", async () => {
      const others = [citizen(), holder, citizen()].map(({ held }) => held.attestation);
      const built = await buildBatch(others.map(itemOf), 2);
      const membership = membershipOf(built, 1);
      const shown = await makePresentation({ ...holder.held, membership }, [], challenge, PLACE, holder.key);
      const uid = batchUidOf({ issuer: ISSUER, schema: SCHEMA, ...built });
      const record = { ...files.record!, uid, expiresAt: NO_END };
      expect(verify(shown, {}, { record, statusList: Uint8Array.of(0) }).verdict.status).to.equal("VALID");
      expect(verify(shown, {}, { record, statusList: Uint8Array.of(0b0001_0000) }).verdict.status).to.equal("REVOKED");
      expect(refusal(shown, {}, { record })).to.equal("STATUS_LIST_MISSING");

      const elsewhere = { ...shown, membership: { ...membership, index: 2 } };
      expect(refusal(elsewhere, {}, { record, statusList: Uint8Array.of(0) })).to.equal("KEY_NOT_OF_DID");
    });

    it("tells when the attestation is no longer valid", () => {
      const record = { ...files.record!, endedAt: NOW - 5, reason: "PRIVILEGE_WITHDRAWN" as const };
      expect(verify(presentation, {}, { record }).verdict.status).to.equal("REVOKED");
    });

    it("takes files of any age, unless a limit is given", () => {
      expect(verify(presentation, {}, { asOf: 0 }).age).to.equal(NOW);
      expect(verify(presentation, {}, { maxAge: 3_600 }).age).to.equal(3_600);
      expect(refusal(presentation, {}, { maxAge: 3_599 })).to.equal("FILES_TOO_OLD");
    });

    it("takes a delegate while it is one", async () => {
      const phone = Wallet.createRandom();
      const byPhone = await makePresentation(holder.held, [], challenge, PLACE, phone);
      const delegates = [{ delegate: phone.address, validTo: NOW + 1 }];
      expect(verify(byPhone, {}, { did: { ...holder.keys, delegates } }).signer).to.equal(phone.address);
      expect(refusal(byPhone)).to.equal("KEY_NOT_OF_DID");
      const ended = [{ delegate: phone.address, validTo: NOW }];
      expect(refusal(byPhone, {}, { did: { ...holder.keys, delegates: ended } })).to.equal("KEY_NOT_OF_DID");
    });
  });

  describe("hostile presentations", () => {
    it("replayed to another verifier", () => {
      const asked = newChallenge("https://bank.example", NOW + 300);
      expect(refusal(presentation, { challenge: asked })).to.equal("CHALLENGE_MISMATCH");
      const readdressed = { ...presentation, challenge: asked };
      expect(refusal(readdressed, { challenge: asked })).to.equal("KEY_NOT_OF_DID");
    });

    it("replayed to the same verifier, who asks anew", () => {
      const asked = newChallenge(challenge.audience, NOW + 300);
      expect(refusal(presentation, { challenge: asked })).to.equal("CHALLENGE_MISMATCH");
    });

    it("too late, or with the end put off", () => {
      expect(refusal(presentation, { now: NOW + 299 })).to.equal("none");
      expect(refusal(presentation, { now: NOW + 300 })).to.equal("CHALLENGE_EXPIRED");
      const later = { ...challenge, expiresAt: NOW + 10_000 };
      expect(refusal({ ...presentation, challenge: later })).to.equal("CHALLENGE_MISMATCH");
      expect(refusal({ ...presentation, challenge: later }, { challenge: later })).to.equal("KEY_NOT_OF_DID");
    });

    it("for another chain or another registry of keys", async () => {
      expect(refusal(presentation, { chainId: 1 })).to.equal("DID_MALFORMED");
      expect(refusal(presentation, { didRegistry: holder.key.address })).to.equal("KEY_NOT_OF_DID");
    });

    it("of another holder's attestation, signed by the thief's own DID", async () => {
      const stolen = { ...holder.held, did: thief.held.did };
      const shown = await makePresentation(stolen, ["over18"], challenge, PLACE, thief.key);
      expect(refusal(shown, {}, { did: thief.keys })).to.equal("SUBJECT_MISMATCH");
      const resalted = { ...stolen, subjectSalt: thief.held.subjectSalt };
      const again = await makePresentation(resalted, ["over18"], challenge, PLACE, thief.key);
      expect(refusal(again, {}, { did: thief.keys })).to.equal("SUBJECT_MISMATCH");
    });

    it("of another holder's attestation, with everything but the key", async () => {
      const shown = await makePresentation(holder.held, ["over18"], challenge, PLACE, thief.key);
      expect(refusal(shown)).to.equal("KEY_NOT_OF_DID");
      expect(refusal(shown, {}, { did: thief.keys })).to.equal("DID_MALFORMED");
    });

    it("of an attestation whose subject was changed to the thief's", async () => {
      const attestation = { ...holder.held.attestation, subject: thief.held.attestation.subject };
      const { did, subjectSalt } = thief.held;
      const forged = { ...holder.held, attestation, did, subjectSalt };
      const shown = await makePresentation(forged, ["over18"], challenge, PLACE, thief.key);
      expect(verify(shown, {}, { did: thief.keys }).verdict.status).to.equal("UNKNOWN");
    });

    it("with a claim swapped, changed, renamed, or of another attestation", async () => {
      const swap = (change: (claims: Claim[]) => void) => {
        const copy = structuredClone(presentation);
        change(copy.disclosure.claims);
        return copy;
      };
      const forgeries = [
        swap(([claim]) => (claim!.value = "Roma")),
        swap(([claim]) => (claim!.name = "over65")),
        swap(([claim]) => (claim!.salt = newSalt())),
        swap((claims) => claims.push({ salt: newSalt(), name: "over65", value: true })),
        swap((claims) => claims.pop()),
      ];
      for (const forged of forgeries) expect(refusal(forged)).to.equal("DISCLOSURE_MISMATCH");

      // Siblings may change places in the proof, but not in what was signed.
      const turned = swap((claims) => claims.reverse());
      expect(["DISCLOSURE_MISMATCH", "KEY_NOT_OF_DID"]).to.include(refusal(turned));

      // Even the holder cannot sign for what the issuer did not say.
      const others = saltClaims({ over18: true, residentIn: "Milano" });
      const shown = await makePresentation(
        { ...holder.held, claims: others },
        ["over18"],
        challenge,
        PLACE,
        holder.key,
      );
      expect(refusal(shown)).to.equal("DISCLOSURE_MISMATCH");
      const borrowed = { ...presentation, disclosure: discloseClaims(thief.held.claims, ["over18", "residentIn"]) };
      expect(refusal(borrowed)).to.equal("DISCLOSURE_MISMATCH");
    });

    it("with a claim left out, or one more, that the holder could disclose", () => {
      for (const names of [["over18"], ["over18", "residentIn", "family"]]) {
        const disclosure = discloseClaims(holder.held.claims, names);
        expect(refusal({ ...presentation, disclosure })).to.equal("KEY_NOT_OF_DID");
      }
    });

    it("by a key that was the DID's and is not any more", () => {
      expect(refusal(presentation, {}, { did: { ...holder.keys, owner: thief.key.address } })).to.equal(
        "KEY_NOT_OF_DID",
      );
    });

    it("of a DID that is frozen or deactivated, by its own key", () => {
      expect(refusal(presentation, {}, { did: { ...holder.keys, state: "FROZEN" } })).to.equal("DID_FROZEN");
      expect(refusal(presentation, {}, { did: { ...holder.keys, state: "DEACTIVATED" } })).to.equal("DID_DEACTIVATED");
    });

    it("with one byte of the file altered, wherever", () => {
      const text = JSON.stringify(presentation);
      let tried = 0;
      for (let at = 0; at < text.length; at++) {
        const other = text[at] === "7" ? "8" : "7";
        const altered = text.slice(0, at) + other + text.slice(at + 1);
        let found: string;
        try {
          found = refusal(JSON.parse(altered) as Presentation);
        } catch (error) {
          if (!(error instanceof SyntaxError)) throw error;
          found = error.name;
        }
        expect(found, `${at}: ${text.slice(at - 20, at + 20)}`).to.not.equal("none");
        tried++;
      }
      expect(tried).to.be.greaterThan(1_000);
    });

    it("with a member of the challenge that nobody signed", () => {
      for (const more of [{ note: "18 or over" }, { note: undefined }]) {
        const challenge = { ...presentation.challenge, ...more };
        expect(refusal({ ...presentation, challenge })).to.equal("PRESENTATION_MALFORMED");
      }
    });

    it("of another shape, never but by an IdentityError", () => {
      const shapes: unknown[] = [null, 3, "x", [], {}, { ...presentation, extra: 1 }, { ...presentation, format: "2" }];
      for (const name of Object.keys(presentation)) {
        for (const value of [null, 7, "", [], {}, { claims: null }, { claims: [null], proof: [], proofFlags: [] }]) {
          shapes.push({ ...presentation, [name]: value });
        }
      }
      for (const shape of shapes) expect(refusal(shape as Presentation), JSON.stringify(shape)).to.not.equal("none");
    });

    it("with the signature's other form, which would be another text for the same", () => {
      const { signature } = presentation;
      const n = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
      const s = (n - BigInt(`0x${signature.slice(66, 130)}`)).toString(16).padStart(64, "0");
      const v = signature.endsWith("1b") ? "1c" : "1b";
      expect(refusal({ ...presentation, signature: signature.slice(0, 66) + s + v })).to.equal(
        "PRESENTATION_MALFORMED",
      );
      expect(refusal({ ...presentation, signature: signature.toUpperCase().replace("0X", "0x") })).to.equal(
        "PRESENTATION_MALFORMED",
      );
    });
  });
});
