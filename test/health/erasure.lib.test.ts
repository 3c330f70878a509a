import { readdir, readFile } from "node:fs/promises";

import { expect } from "chai";
import { hexlify, id, N, verifyTypedData, Wallet } from "ethers";

import { commitRecord } from "../../src/health/commitRecord.js";
import { deliverCertificates, eraseKey } from "../../src/health/eraseKey.js";
import { type ErasureCertificate, ERASURE_TYPES } from "../../src/health/erasureCertificate.js";
import { handOut } from "../../src/health/handOut.js";
import { type KeyStore, openKeyStore } from "../../src/health/keyStore.js";
import type { RecordPackage } from "../../src/health/recordPackage.js";
import { verifyErasureCertificate } from "../../src/health/verifyErasureCertificate.js";
import { verifyPackage } from "../../src/health/verifyPackage.js";
import {
  CHEAP,
  codeOf,
  commitmentOf,
  CONTROLLER,
  erasureOf,
  keyStoreFolder,
  NOW,
  OPERATOR,
  PASSWORD,
  PLACE,
  plainDocument,
  requestOf,
  ROWS,
} from "./keyStoreFixture.js";

const [FIRST, SECOND] = ROWS as [(typeof ROWS)[number], (typeof ROWS)[number]];
const NAME = id("a school, and 16 random bytes");

describe("erasure", () => {
  const at = keyStoreFolder();
  const inboxes = new Map<string, ErasureCertificate>();
  const deliver = async (certificate: ErasureCertificate, patient: string) => void inboxes.set(patient, certificate);

  beforeEach(() => {
    inboxes.clear();
  });

  /** A store whose patient 7 had two records handed out. */
  async function used(): Promise<{ store: KeyStore; packages: RecordPackage[] }> {
    const store = await at.filled();
    const packages = [
      await handOut(store, requestOf(FIRST)),
      await handOut(store, requestOf(SECOND, { recipient: { name: NAME } })),
      await handOut(store, requestOf(ROWS[4]!)),
    ];
    return { store, packages };
  }

  describe("eraseKey", () => {
    it("leaves nothing in the store by which a record could be verified, or told to be the patient's", async () => {
      const { store } = await used();
      const key = store.keyOf("patient 7");
      const own = ROWS.filter(({ patient }) => patient === "patient 7");
      const committed = own.map((row) => commitRecord(row.text, key, row));
      const secrets = [
        hexlify(key),
        ...committed.flatMap(({ salt, commitment }) => [salt, commitment]),
        NAME,
        ...["patient 7", ...own.map((row) => row.id)].map((text) => hexlify(Buffer.from(text))),
      ];
      const isIn = (plain: string) =>
        secrets.filter((secret) => {
          const raw = Buffer.from(secret.slice(2), "hex");
          const forms = [
            secret.slice(2),
            ...(["latin1", "base64", "base64url", "utf8"] as const).map((how) => raw.toString(how)),
          ];
          return forms.some((form) => plain.toLowerCase().includes(form.toLowerCase().replace(/=+$/, "")));
        });
      // The search finds what is there before: the key, hand-outs, names.
      expect(isIn(await plainDocument(await readFile(at.path, "utf8")))).to.include.members([secrets[0]!, NAME]);

      await eraseKey(store, erasureOf(store, "patient 7"), OPERATOR, deliver);

      const { patients, undelivered } = store.state;
      const state = JSON.stringify([
        [...patients].map(([patient, { key: left, handOuts }]) => [patient, hexlify(left), handOuts]),
        undelivered,
      ]);
      const text = await readFile(at.path, "utf8");
      const plain = await plainDocument(text);
      for (const place of [state, text, plain]) expect(isIn(place)).to.deep.equal([]);
      // What is another patient's stays, and is found by the same search.
      expect(plain)
        .to.include(hexlify(store.keyOf("patient 8")).slice(2))
        .and.to.include(ROWS[4]!.id);
      expect(await readdir(at.folder)).to.have.members(["keys.json", "keys.json.lock"]);
      // Whoever still held the key holds zeros.
      expect(hexlify(key)).to.equal(`0x${"00".repeat(32)}`);
      await store.close();
    });

    it("lets none of the database's rows be verified, with any key that is left or made anew", async () => {
      const { store } = await used();
      const anchored = new Set(ROWS.map((row) => commitmentOf(store, row)));
      await eraseKey(store, erasureOf(store, "patient 7"), OPERATOR, deliver);
      const erased = ROWS.filter(({ patient }) => patient === "patient 7");
      for (const row of erased) expect(await codeOf(() => commitmentOf(store, row))).to.equal("PATIENT_UNKNOWN");
      await store.addPatients(["patient 7"]);
      for (const row of erased) {
        for (const patient of store.state.patients.keys()) {
          expect(anchored.has(commitmentOf(store, { ...row, patient }))).to.equal(false);
        }
      }
      for (const row of ROWS.slice(4)) expect(anchored.has(commitmentOf(store, row))).to.equal(true);
      await store.close();
    });

    it("leaves the packages that were handed out as good as they were, and lists them", async () => {
      const { store, packages } = await used();
      await eraseKey(store, erasureOf(store, "patient 7"), OPERATOR, deliver);
      for (const handed of packages) expect(verifyPackage(JSON.parse(JSON.stringify(handed)))).to.deep.equal(handed);
      const { handOuts } = inboxes.get("patient 7")!;
      expect(handOuts).to.deep.equal([
        { at: NOW, recipient: { body: 9 }, id: FIRST.id, version: 1, commitment: packages[0]!.commitment },
        { at: NOW, recipient: { name: NAME }, id: SECOND.id, version: 1, commitment: packages[1]!.commitment },
      ]);
      await store.close();
    });

    it("gives the patient a certificate that ethers verifies, and forgets it", async () => {
      const { store } = await used();
      const request = erasureOf(store, "patient 7");
      const certificate = await eraseKey(store, request, OPERATOR, deliver);
      expect([...inboxes]).to.deep.equal([["patient 7", certificate]]);
      expect(certificate).to.deep.include({
        ...{ format: "diwan-erasure-1", ...PLACE, controller: CONTROLLER, key: OPERATOR.address },
        ...{ erasedAt: NOW + 1, reason: "ERASURE_REQUESTED", commitments: request.tombstoned },
      });
      expect(JSON.stringify(certificate)).not.to.include("patient 7");
      const domain = { name: "Diwan Erasure", version: "1", chainId: 31_337, verifyingContract: PLACE.registry };
      const message = {
        ...{ controller: 3, key: OPERATOR.address, erasedAt: NOW + 1, reason: 4, commitments: request.tombstoned },
        handOuts: [
          {
            at: NOW,
            body: 9,
            name: `0x${"00".repeat(32)}`,
            id: FIRST.id,
            version: 1,
            commitment: request.tombstoned[0],
          },
          { at: NOW, body: 0, name: NAME, id: SECOND.id, version: 1, commitment: request.tombstoned[1] },
        ],
      };
      expect(verifyTypedData(domain, { ...ERASURE_TYPES }, message, certificate.signature)).to.equal(OPERATOR.address);
      expect(store.state.undelivered).to.deep.equal([]);
      await store.close();
      const again = await openKeyStore(at.path, PASSWORD, CHEAP);
      expect(again.state.undelivered).to.deep.equal([]);
      expect(again.state.patients.has("patient 7")).to.equal(false);
      expect(await codeOf(eraseKey(again, { ...request, tombstoned: [] }, OPERATOR, deliver))).to.equal(
        "PATIENT_UNKNOWN",
      );
      await again.close();
    });

    it("refuses while a record that was handed out is not tombstoned, and keeps the key", async () => {
      const { store, packages } = await used();
      const { tombstoned } = erasureOf(store, "patient 7");
      const left = tombstoned.filter((commitment) => commitment !== packages[1]!.commitment);
      const request = erasureOf(store, "patient 7", { tombstoned: left });
      expect(await codeOf(eraseKey(store, request, OPERATOR, deliver))).to.equal("COMMITMENT_NOT_TOMBSTONED");
      expect(store.state.patients.size).to.equal(2);
      expect(inboxes.size).to.equal(0);
      await store.close();
    });

    it("refuses what no certificate can state, and keeps the key", async () => {
      const { store } = await used();
      const { tombstoned } = erasureOf(store, "patient 7");
      for (const change of [
        { controller: 0 },
        { controller: 2 ** 32 },
        { now: 0 },
        { now: 1.5 },
        { now: 2 ** 40 },
        { reason: "AMENDED" as never },
        { chainId: -1 },
        { registry: "0x12" },
        { tombstoned: [...tombstoned, "0x12"] },
        { tombstoned: [...tombstoned, `0x${"AB".repeat(32)}`] },
      ]) {
        const request = erasureOf(store, "patient 7", change);
        expect(await codeOf(eraseKey(store, request, OPERATOR, deliver))).to.equal("CERTIFICATE_MALFORMED");
      }
      const liar = {
        getAddress: () => OPERATOR.getAddress(),
        signTypedData: () => Wallet.createRandom().signMessage("x"),
      };
      expect(await codeOf(eraseKey(store, erasureOf(store, "patient 7"), liar, deliver))).to.equal(
        "CERTIFICATE_FORGED",
      );
      const broken = {
        getAddress: () => OPERATOR.getAddress(),
        signTypedData: () => Promise.reject(new Error("no power")),
      };
      await eraseKey(store, erasureOf(store, "patient 7"), broken, deliver).then(
        () => expect.fail("was erased"),
        (error: unknown) => expect(error).to.have.property("message", "no power"),
      );
      expect(store.state.patients.size).to.equal(2);
      expect(store.keyOf("patient 7").some((byte) => byte !== 0)).to.equal(true);
      expect(inboxes.size).to.equal(0);
      await store.close();
    });

    it("lists a hand-out that came before it at the last moment, and refuses one that came after", async () => {
      const { store } = await used();
      const request = erasureOf(store, "patient 7");
      const before = handOut(store, requestOf(ROWS[3]!));
      const erasing = eraseKey(store, request, OPERATOR, deliver);
      const after = codeOf(handOut(store, requestOf(FIRST)));
      await before;
      const { handOuts } = await erasing;
      expect(handOuts.map((one) => one.id)).to.deep.equal([FIRST.id, SECOND.id, ROWS[3]!.id]);
      expect(await after).to.equal("PATIENT_UNKNOWN");
      await store.close();
    });

    it("destroys the key once, when it is asked for twice at once", async () => {
      const { store } = await used();
      const request = erasureOf(store, "patient 7");
      const codes = await Promise.all([1, 2].map(() => codeOf(eraseKey(store, request, OPERATOR, deliver))));
      expect(codes.sort()).to.deep.equal(["PATIENT_UNKNOWN", "none"]);
      await store.close();
    });
  });

  describe("deliverCertificates", () => {
    it("brings what could not be delivered, with the key destroyed before, and forgets it then", async () => {
      const { store } = await used();
      const away = async () => {
        throw new Error("nobody at home");
      };
      for (const patient of ["patient 7", "patient 8"]) {
        await eraseKey(store, erasureOf(store, patient), OPERATOR, away).then(
          () => expect.fail("was delivered"),
          (error: unknown) => expect(error).to.have.property("message", "nobody at home"),
        );
      }
      expect(store.state.patients.size).to.equal(0);
      await store.close();

      const again = await openKeyStore(at.path, PASSWORD, CHEAP);
      expect(again.state.undelivered.map(({ patient }) => patient)).to.deep.equal(["patient 7", "patient 8"]);
      const seven = async (certificate: ErasureCertificate, patient: string) => {
        if (patient === "patient 8") await away();
        await deliver(certificate, patient);
      };
      await deliverCertificates(again, seven).catch(() => undefined);
      expect(again.state.undelivered.map(({ patient }) => patient)).to.deep.equal(["patient 8"]);
      expect(await deliverCertificates(again, deliver)).to.equal(1);
      expect(await deliverCertificates(again, deliver)).to.equal(0);
      for (const certificate of inboxes.values()) verifyErasureCertificate(certificate, PLACE);
      expect([...inboxes.keys()]).to.deep.equal(["patient 7", "patient 8"]);
      expect(await plainDocument(await readFile(at.path, "utf8"))).not.to.include("patient 7");
      await again.close();
    });
  });

  it("keeps a certificate that states the same as another patient's until both are delivered", async () => {
    const store = await at.filled();
    const away = () => Promise.reject(new Error("nobody at home"));
    const request = (patient: string) => erasureOf(store, patient, { tombstoned: [] });
    await eraseKey(store, request("patient 8"), OPERATOR, away).catch(() => undefined);
    await eraseKey(store, request("patient 7"), OPERATOR, deliver);
    const [left] = store.state.undelivered;
    expect(left?.patient).to.equal("patient 8");
    expect(left?.certificate).to.deep.equal(inboxes.get("patient 7"));
    expect(await deliverCertificates(store, deliver)).to.equal(1);
    expect(store.state.undelivered).to.deep.equal([]);
    await store.close();
  });

  describe("verifyErasureCertificate", () => {
    let certificate: ErasureCertificate;
    const verify = (value: unknown) => codeOf(() => verifyErasureCertificate(value, PLACE));

    beforeEach(async () => {
      const { store } = await used();
      certificate = await eraseKey(store, erasureOf(store, "patient 7"), OPERATOR, deliver);
      await store.close();
    });

    it("takes it as it went through JSON", async () => {
      expect(await verify(JSON.parse(JSON.stringify(certificate)))).to.equal("none");
    });

    it("refuses any other value in it", async () => {
      const [handed, other] = certificate.handOuts;
      for (const change of [
        { controller: 4 },
        { key: Wallet.createRandom().address },
        { erasedAt: NOW },
        { reason: "ORDERED" },
        { commitments: certificate.commitments.slice(1) },
        { commitments: [...certificate.commitments].reverse() },
        { handOuts: [handed] },
        { handOuts: [other, handed] },
        { handOuts: [{ ...handed, at: NOW + 1 }, other] },
        { handOuts: [{ ...handed, recipient: { body: 8 } }, other] },
        { handOuts: [{ ...handed, recipient: { name: NAME } }, other] },
        { handOuts: [{ ...handed, id: "Observation/f00" }, other] },
        { handOuts: [{ ...handed, version: 2 }, other] },
        { handOuts: [{ ...handed, commitment: id("x") }, other] },
        { signature: `0x${"11".repeat(64)}1b` },
        { signature: await Wallet.createRandom().signMessage("x") },
      ]) {
        expect(await verify({ ...certificate, ...change }), JSON.stringify(change)).to.equal("CERTIFICATE_FORGED");
      }
    });

    it("refuses a second signature that is made of the first one", async () => {
      const { signature } = certificate;
      const s = N - BigInt(`0x${signature.slice(66, 130)}`);
      const v = signature.endsWith("1b") ? "1c" : "1b";
      const twin = `${signature.slice(0, 66)}${s.toString(16).padStart(64, "0")}${v}`;
      expect(await verify({ ...certificate, signature: twin })).to.equal("CERTIFICATE_FORGED");
    });

    it("refuses another registry's or chain's", async () => {
      expect(await codeOf(() => verifyErasureCertificate(certificate, { ...PLACE, chainId: 1 }))).to.equal(
        "CERTIFICATE_FOREIGN",
      );
      const registry = `0x${"cd".repeat(20)}`;
      expect(await codeOf(() => verifyErasureCertificate(certificate, { ...PLACE, registry }))).to.equal(
        "CERTIFICATE_FOREIGN",
      );
      expect(
        await codeOf(() => verifyErasureCertificate({ ...certificate, registry }, { ...PLACE, registry })),
      ).to.equal("CERTIFICATE_FORGED");
    });

    it("refuses what is none, or holds more than was signed", async () => {
      const [handed] = certificate.handOuts;
      const { reason, ...less } = certificate;
      for (const value of [
        null,
        undefined,
        "",
        [],
        {},
        less,
        { ...certificate, more: 1 },
        { ...certificate, format: "diwan-erasure-2" },
        { ...certificate, controller: "3" },
        { ...certificate, erasedAt: -1 },
        { ...certificate, reason: "NONE" },
        { ...certificate, commitments: {} },
        { ...certificate, commitments: [1] },
        { ...certificate, handOuts: [{ ...handed, more: 1 }] },
        { ...certificate, handOuts: [{ ...handed, recipient: { body: 9, name: NAME } }] },
        { ...certificate, handOuts: [{ ...handed, recipient: { body: 0 } }] },
        { ...certificate, handOuts: [{ ...handed, recipient: { name: `0x${"00".repeat(32)}` } }] },
        { ...certificate, handOuts: [null] },
        { ...certificate, signature: certificate.signature.slice(0, -2) },
        { ...certificate, signature: 1 },
      ]) {
        expect(await verify(value), JSON.stringify(value)).to.equal("CERTIFICATE_MALFORMED");
      }
      expect(reason).to.equal("ERASURE_REQUESTED");
    });
  });
});
