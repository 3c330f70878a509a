import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import {
  AbiCoder,
  concat,
  encodeBytes32String,
  hexlify,
  id,
  keccak256,
  randomBytes,
  sha256,
  solidityPacked,
  solidityPackedKeccak256,
  toUtf8Bytes,
  ZeroHash,
} from "ethers";

import { MINISTRY } from "../../scripts/demo/cast.js";
import { KEY, keyOf, WHO } from "../../scripts/demo/citizens.js";
import { FOLDERS, HOLDERS, type HoldersFile } from "../../scripts/demo/exportFormat.js";
import { PATIENT, readBundle } from "../../scripts/demo/hospital.js";
import { type DemoChain, openOwnChain } from "../../scripts/demo/openChain.js";
import { readDemoOptions } from "../../scripts/demo/options.js";
import { silentProgress } from "../../scripts/console/progress.js";
import { profileOf, readOrganizations, readPeople } from "../../scripts/demo/readFhir.js";
import { relay } from "../../scripts/demo/relay.js";
import { type DemoResult, historyOf, runDemo } from "../../scripts/demo/runDemo.js";
import { LICENCE, PERSON } from "../../scripts/demo/schemas.js";
import { recordSalt } from "../../src/health/recordSalt.js";
import { uidOf } from "../../src/identity/attestation.js";
import { applicationCommitment, requestIdOf } from "../../src/identity/enrolment/application.js";
import { walletKey } from "../../src/identity/wallet.js";
import { blobsOf, readTraffic, type Traffic } from "../helpers/privacy/chainData.js";
import { DOMAINS, domainsOf, formsOf, sharedIdentifiers, trafficByDomain, wordOf } from "../helpers/privacy/domains.js";
import { fileBlobs, filesIn, shortValuesInFiles } from "../helpers/privacy/fileData.js";
import { claimPatterns, patternsOf } from "../helpers/privacy/patterns.js";
import { type LeftOut, personalValuesOf, type PersonalValue } from "../helpers/privacy/personalValues.js";
import { type Blob, type Hit, type Pattern, searcherOf } from "../helpers/privacy/search.js";

describe("privacy of the whole job", () => {
  let folder: string;
  let open: string;
  let chain: DemoChain;
  let result: DemoResult;
  let traffic: Traffic[];
  let values: PersonalValue[];
  let leftOut: LeftOut[];
  /** The synthetic patient's records, and every value in them. */
  let records: string[];
  let health: PersonalValue[];
  let search: (blobs: Iterable<Blob>) => Hit[];

  before(async function () {
    this.timeout(600_000);
    folder = await mkdtemp(join(tmpdir(), "diwan-privacy-"));
    const options = readDemoOptions(["--out", join(folder, "out")]);
    if (options === "help") throw new Error("no options");
    open = join(options.out, FOLDERS.public);
    chain = await openOwnChain(historyOf(options));
    result = await runDemo(chain, options, silentProgress);
    traffic = await readTraffic(chain);

    const published = new Set([...readOrganizations().values()].flatMap((body) => textsOf(profileOf(body))));
    ({ values, leftOut } = personalValuesOf(readPeople(), published));
    records = readBundle().map(({ source }) => source);
    health = personalValuesOf(
      records.map((source) => JSON.parse(source) as { resourceType: string; id: string }),
      published,
    ).values;
    const claims = [...result.job.licences.values()].flatMap((licence) => licence.claims);
    const digests = records.flatMap((source) => [sha256(toUtf8Bytes(source)), id(source)]);
    search = searcherOf([
      ...(await patternsOf([...values, ...distinct(health)])),
      ...claimPatterns(claims),
      ...secretPatterns(digests),
    ]);
  });

  after(async () => {
    await chain.close();
    await rm(folder, { recursive: true, force: true });
  });

  const inFiles = (path: string) => [...search(fileBlobs(path)), ...shortValuesInFiles(path, values)];

  describe("personal values", () => {
    it("are read from all of HL7's people, and what is left out is listed and counted", () => {
      expect(result.job.checks.failed).to.deep.equal([]);
      expect(readPeople()).to.have.lengthOf(36);
      const texts = new Set(values.map(({ text }) => text));
      for (const text of [
        "Chalmers",
        "张无忌",
        "738472983",
        "1974-12-25",
        "(03) 5555 6473",
        "Dopplemeyer",
        "M",
        "female",
      ]) {
        expect(texts).to.include(text);
      }
      expect(values).to.have.length.greaterThan(600);

      const counts: Record<string, number> = {};
      for (const { why } of leftOut) counts[why] = (counts[why] ?? 0) + 1;
      expect(counts).to.deep.equal({
        "a word of FHIR's own": 371,
        "a number or truth of fewer than 5 digits": 34,
        "a body publishes it": 16,
      });
      const published = leftOut.filter(({ why }) => why === "a body publishes it").map(({ text }) => text);
      expect([...new Set(published)].sort()).to.deep.equal([
        ...["1", "2", "Good Health Clinic", "Organization/f001", "f001", "f002", "f003", "f201", "f203"],
      ]);
    });

    it("are read from all of a synthetic patient's records", () => {
      expect(records).to.have.lengthOf(223);
      const texts = new Set(health.map(({ text }) => text));
      expect(texts.size).to.be.greaterThan(850);
      for (const text of [
        "McCullough561",
        "2008-11-06",
        "Viral sinusitis (disorder)",
        "Ibuprofen 100 MG Oral Tablet",
        "8302-2",
      ]) {
        expect(texts).to.include(text);
      }
    });

    it("are nowhere in calldata, events and storage: plain, in another writing, or hashed without salt", () => {
      const blobs = blobsOf(traffic);
      expect(search(blobs)).to.deep.equal([]);
      for (const kind of ["calldata", "event", "storage"]) {
        expect(
          blobs.filter(({ where }) => where.startsWith(kind)),
          kind,
        ).to.have.length.greaterThan(300);
      }
    });

    it("are nowhere in the files that anyone may have", () => {
      expect(filesIn(open)).to.have.length.greaterThan(15);
      expect(inFiles(open)).to.deep.equal([]);
    });
  });

  describe("holders' secrets", () => {
    it("are nowhere on the chain or in the files that anyone may have: salts, subjects, commitments", async () => {
      const holders = JSON.parse(await readFile(join(folder, "out", FOLDERS.private, HOLDERS), "utf8")) as HoldersFile;
      const secrets = holders.flatMap(({ attestation, subjectSalt, claims }) => [
        attestation.subject,
        attestation.commitment,
        subjectSalt,
        ...claims.map(({ salt }) => salt),
      ]);
      const { citizens, applications, deciderKey, decisionSalts, guardians } = result.job;
      const own = [
        deciderKey,
        ...decisionSalts,
        ...[...applications.values()].map(({ salt }) => salt),
        ...[...citizens.values()].flatMap(({ wallet }) =>
          wallet.attestations.flatMap(({ subjectSalt, claims }) => [subjectSalt, ...claims.map(({ salt }) => salt)]),
        ),
      ];
      expect(decisionSalts).to.have.length.greaterThan(1);
      expect(applications.size).to.equal(3);
      const patterns = secretPatterns([...secrets, ...own]);
      expect(patterns).to.have.length.greaterThan(7_000);
      const searchSecrets = searcherOf(patterns);
      const leaked = { where: "calldata", bytes: Buffer.from(`00${secrets[70]!.slice(2)}`, "hex"), words: 4 };
      expect(searchSecrets([leaked])).to.have.lengthOf(1);
      for (const secret of own) {
        expect(
          searchSecrets([{ where: "storage", bytes: Buffer.from(secret.slice(2), "hex"), words: 0 }]),
          secret,
        ).to.have.lengthOf(1);
      }
      expect(searchSecrets([...blobsOf(traffic), ...fileBlobs(open)])).to.deep.equal([]);

      // The guardian who freezes the DID discloses the list with its salt; until then nobody can guess it.
      const searchGuardians = searcherOf(secretPatterns([guardians!.salt]));
      const { interface: dids } = result.job.suite.contracts.didRegistry;
      const freeze = dids.getFunction("freezeAsGuardian").selector;
      const disclosed = traffic.findIndex(({ calls }) => calls.some(({ input }) => input.startsWith(freeze)));
      expect(searchGuardians(blobsOf(traffic.slice(disclosed, disclosed + 1)))).to.not.have.lengthOf(0);
      expect(searchGuardians([...blobsOf(traffic.slice(0, disclosed)), ...fileBlobs(open)])).to.deep.equal([]);
    });
  });

  describe("a hospital's secrets", () => {
    it("are nowhere on the chain or in the files that anyone may have: patients' keys and salts", () => {
      const { hospital, handed } = result.job;
      const { patients } = hospital!.store.state;
      const others = hospital!.recordsOf().filter(({ patient }) => patients.has(patient));
      expect(others).to.have.lengthOf(22);
      const salts = others.map(({ patient, recordId, version }) =>
        hexlify(recordSalt(patients.get(patient)!.key, { id: recordId, version })),
      );
      const keys = [...patients.values()].map(({ key }) => hexlify(key));
      const secrets = [...salts, ...keys, handed!.salt];
      const searchSecrets = searcherOf(secretPatterns(secrets));
      for (const secret of secrets) {
        const leaked = { where: "event", bytes: Buffer.from(`00${secret.slice(2)}`, "hex"), words: 0 };
        expect(searchSecrets([leaked])).to.have.lengthOf(1);
      }
      expect(searchSecrets([...blobsOf(traffic), ...fileBlobs(open)])).to.deep.equal([]);
    });
  });

  describe("a leak on purpose is found", () => {
    const NAME = "Chalmers";
    const BORN = "1974-12-25";

    /** What is found in the transactions that an act sends. */
    const foundAfter = async (act: () => Promise<unknown>) => {
      const before = await chain.provider.getBlockNumber();
      await act();
      return search(blobsOf(await readTraffic(chain, before + 1)));
    };
    const send = (data: string, to: string | null = result.job.cast.stranger.address) => {
      const [signer] = chain.signers;
      return signer!.sendTransaction({ to, data, gasLimit: 1_000_000 });
    };
    /** Code that computes a word, so that it is in no calldata, and leaves it where `use` puts it. */
    const sendHidden = (word: string, use: string) => {
      const mask = randomBytes(32);
      const masked = Uint8Array.from(Buffer.from(word.slice(2), "hex"), (byte, i) => byte ^ mask[i]!);
      return send(concat(["0x7f", mask, "0x7f", masked, "0x18", use]), null);
    };
    const kindsOf = (hits: readonly Hit[]) => [...new Set(hits.map(({ where }) => where.split(" ")[0]))];

    const abi = AbiCoder.defaultAbiCoder();
    const ways: [string, string][] = [
      ["plain", hexlify(toUtf8Bytes(NAME))],
      ["in capitals", hexlify(toUtf8Bytes("CHALMERS"))],
      ["with the given names", hexlify(toUtf8Bytes("peter james chalmers"))],
      ["without a diacritic mark", hexlify(toUtf8Bytes("benedicte du marche"))],
      ["in Chinese", hexlify(toUtf8Bytes("张无忌"))],
      ["as text in hex", hexlify(toUtf8Bytes("4368616c6d657273"))],
      ["as text in base64, within another", hexlify(toUtf8Bytes(Buffer.from(`a ${NAME} b`).toString("base64")))],
      ["as bytes32", encodeBytes32String(NAME)],
      ["a date", hexlify(toUtf8Bytes(BORN))],
      ["a date's digits", hexlify(toUtf8Bytes("19741225"))],
      ["a date the other way round", hexlify(toUtf8Bytes("25.12.1974"))],
      ["a date as seconds", abi.encode(["uint256"], [Date.parse(BORN) / 1_000])],
      ["a telephone's digits", hexlify(toUtf8Bytes("0355556473"))],
      ["a number as a number", abi.encode(["uint256"], [738_472_983n])],
      ["two letters as a string", abi.encode(["string"], ["nl"])],
      ["one letter as bytes32", encodeBytes32String("M")],
      ["keccak-256 of UTF-8", id(NAME)],
      ["SHA-256 of UTF-8", sha256(toUtf8Bytes(NAME))],
      ["keccak-256 of small letters", id("chalmers")],
      ["keccak-256 of JSON", id('"Chalmers"')],
      ["keccak-256 of a string as Solidity encodes it", keccak256(abi.encode(["string"], [NAME]))],
      ["SHA-256 of bytes32", sha256(encodeBytes32String(NAME))],
      ["keccak-256 of text in hex", id("4368616c6d657273")],
      ["keccak-256 twice, as a leaf without a salt", keccak256(keccak256(abi.encode(["string"], [NAME])))],
      ["keccak-256 of one letter", id("M")],
      ["SHA-256 of a date's digits", sha256(toUtf8Bytes("19741225"))],
      ["a person's reference", hexlify(toUtf8Bytes("Patient/f001"))],
      ["keccak-256 of a reference", id("Patient/f001")],
      ["SHA-256 of a reference", sha256(toUtf8Bytes("Patient/example"))],
      ["keccak-256 of an identifier in its system", id("urn:oid:2.16.840.1.113883.2.4.6.3|738472983")],
      ["keccak-256 of all given names", id("Peter James")],
      ["a claim's name and value, hashed", keccak256(abi.encode(["string", "string"], ["family", '"Chalmers"']))],
      [
        "a claim's leaf with no salt",
        keccak256(keccak256(abi.encode(["bytes32", "string", "string"], [ZeroHash, "family", '"Chalmers"']))),
      ],
      ["a date as a number of digits", abi.encode(["uint256"], [19_741_225n])],
      ["a date as days", abi.encode(["uint256"], [Date.parse(BORN) / 86_400_000])],
      ["keccak-256 of seconds in 32 bytes", keccak256(abi.encode(["uint256"], [Date.parse(BORN) / 1_000]))],
      ["keccak-256 of seconds in 5 bytes", solidityPackedKeccak256(["uint40"], [Date.parse(BORN) / 1_000])],
      ["a file's address", hexlify(toUtf8Bytes("Binary/f006"))],
      ["a patient's diagnosis", hexlify(toUtf8Bytes("Viral sinusitis (disorder)"))],
      ["keccak-256 of a diagnosis's code", id("444814009")],
      ["a record's reference", hexlify(toUtf8Bytes("Patient/356a0ab8-5592-4ec5-8c3a-9a4d0857b793"))],
      ["a digest as text", hexlify(toUtf8Bytes(id(BORN).slice(2)))],
    ];

    for (const [way, data] of ways) {
      it(`in calldata: ${way}`, async () => {
        const hits = await foundAfter(() => send(concat(["0x12345678", data])));
        expect(kindsOf(hits)).to.deep.equal(["calldata"]);
      });
    }

    it("in a call within a call, where words begin elsewhere", () => {
      const inner = {
        where: "calldata",
        bytes: Buffer.from(`12345678${encodeBytes32String("M").slice(2)}`, "hex"),
        words: 4,
      };
      expect(search([inner])).to.have.lengthOf(1);
      expect(search([{ ...inner, words: 0 }])).to.have.lengthOf(0);
    });

    it("in an event's data and in its topics", async () => {
      const word = encodeBytes32String(NAME);
      // MSTORE at 0, LOG0 of 32 bytes; LOG1 of none.
      expect(kindsOf(await foundAfter(() => sendHidden(word, "0x60005260206000a0")))).to.deep.equal(["event"]);
      expect(kindsOf(await foundAfter(() => sendHidden(word, "0x60006000a1")))).to.deep.equal(["event"]);
      expect(kindsOf(await foundAfter(() => sendHidden(id(BORN), "0x60006000a1")))).to.deep.equal(["event"]);
    });

    it("in storage, as a value and as a slot", async () => {
      const word = encodeBytes32String(NAME);
      // SSTORE at 7; of 1 at the word.
      expect(kindsOf(await foundAfter(() => sendHidden(word, "0x600755")))).to.deep.equal(["storage"]);
      expect(kindsOf(await foundAfter(() => sendHidden(id(NAME), "0x60019055")))).to.deep.equal(["storage"]);
    });

    it("in storage, as a number packed among others", async () => {
      const others = `0x${"ff".repeat(27)}`;
      const born = solidityPacked(["uint40", "bytes"], [Date.parse(BORN) / 1_000, others]);
      expect(kindsOf(await foundAfter(() => sendHidden(born, "0x600855")))).to.deep.equal(["storage"]);
      const insured = solidityPacked(["bytes3", "uint64", "bytes21"], ["0xffffff", 738_472_983, others.slice(0, 44)]);
      expect(kindsOf(await foundAfter(() => sendHidden(insured, "0x600955")))).to.deep.equal(["storage"]);
    });

    it("a citizen's pseudonym: its bytes, its text, hashed", async () => {
      const { claims } = result.job.licence(`person.${WHO.parent}`);
      const pseudonym = claims.find(({ name }) => name === "pseudonym")!.value as string;
      for (const data of [pseudonym, hexlify(toUtf8Bytes(pseudonym)), id(pseudonym), keccak256(pseudonym)]) {
        expect(kindsOf(await foundAfter(() => send(concat(["0x12345678", data]))))).to.deep.equal(["calldata"]);
      }
    });

    it("in a file: plain, in another writing, hashed, short, in base64", async () => {
      const copy = join(folder, "copy");
      const leaks = [
        `{"note":"seen with ${NAME.toLowerCase()}"}`,
        `{"id":"${id(NAME)}"}`,
        `{"born":"19741225"}`,
        `{"maritalStatus":"M"}`,
        `{"a":"${Buffer.from(NAME).toString("base64")}"}`,
        `{"a":"${Buffer.from(sha256(toUtf8Bytes(NAME)).slice(2), "hex").toString("base64url")}"}`,
        `${sha256(toUtf8Bytes(BORN)).slice(2)}  born\n`,
        `{"number": 738472983}`,
        `{"born": ${Date.parse(BORN) / 1_000}}`,
        `{"name": "\\u0043halmers"}`,
        `{"ref": "Patient/f001"}`,
        ...[NAME, "张无忌", id(NAME), "M"].map((sub) => `{"token": "${inToken({ sub })}"}`),
        `{"a": "${Buffer.from(id(NAME)).toString("base64")}"}`,
      ];
      for (const leak of leaks) {
        await cp(open, copy, { recursive: true });
        await writeFile(join(copy, "leak.json"), leak);
        const hits = inFiles(copy);
        expect([...new Set(hits.map(({ where }) => where))], leak).to.deep.equal(["file leak.json"]);
      }
      await rm(copy, { recursive: true });
    });
  });

  describe("one person in two domains", () => {
    /** What may stand in several: contracts, offices and their keys, kinds of attestations. */
    const publicWords = () => {
      const { suite, chain: own } = result.job;
      const keys = own.signers.map(({ address }) => address);
      return new Set([...Object.values(suite.addresses), ...keys, LICENCE, PERSON].map(wordOf));
    };
    const joined = (more: Traffic[] = []) => trafficByDomain([...traffic, ...more], result.job.suite.addresses);

    /** All that is one person's alone, by a name for it. */
    const identifiers = () => {
      const { citizens, applications, stolen, nullifier } = result.job;
      const named = new Map<string, string[]>();
      const name = (what: string, ...forms: string[]) => named.set(what, forms);
      for (const { source, wallet } of citizens.values()) {
        const wallets = source === `Patient/${WHO.confirmed}` ? { wallet, stolen: stolen! } : { wallet };
        for (const [whose, words] of Object.entries(wallets)) {
          for (const [use, key] of Object.entries(KEY))
            name(`${source} ${whose} ${use}`, ...formsOf(walletKey(words, key)));
        }
        for (const [i, { attestation, subjectSalt }] of wallet.attestations.entries()) {
          name(`${source} subject ${i}`, attestation.subject);
          name(`${source} salt ${i}`, subjectSalt);
          name(`${source} claims ${i}`, attestation.commitment);
          name(`${source} uid ${i}`, uidOf(attestation));
        }
      }
      for (const [source, application] of applications) {
        name(`${source} request`, requestIdOf(application));
        name(`${source} application`, applicationCommitment(application));
        name(`${source} form`, application.salt);
      }
      name("nullifier", nullifier!);
      const { hospital } = result.job;
      name("a patient at her hospital", ...formsOf(hospital!.patientKey()));
      for (const { recordId, version, commitment } of hospital!.recordsOf(PATIENT)) {
        name(`${recordId} ${version}`, commitment);
      }
      return named;
    };

    it("cannot be found by joining all events and calldata", () => {
      const byDomain = joined();
      expect([...byDomain.keys()]).to.deep.equal(Object.keys(DOMAINS));
      for (const [domain, part] of byDomain) expect(part, domain).to.have.length.greaterThan(1);
      expect(sharedIdentifiers(byDomain, publicWords())).to.deep.equal([]);
    });

    it("cannot be found by any of the identifiers that each of them has", () => {
      const where = domainsOf(identifiers(), joined());
      expect(where.get(`Patient/${WHO.confirmed} stolen did`)).to.deep.equal(["dids"]);
      expect(where.get(`Patient/${WHO.confirmed} stolen counter`)).to.deep.equal(["attestations"]);
      expect(where.get(`Patient/${WHO.confirmed} request`)).to.deep.equal(["attestations"]);
      expect(where.get("nullifier")).to.deep.equal(["benefits"]);
      expect(where.get("a patient at her hospital")).to.deep.equal(["consents"]);
      const { recordId } = result.job.hospital!.firstOf("Condition");
      expect(where.get(`${recordId} 2`)).to.deep.equal(["records"]);
      expect([...where].filter(([, domains]) => domains.length > 1)).to.deep.equal([]);
    });

    it("is found when a DID tells of a key that is used elsewhere: its address as text, its public key", async () => {
      const { job } = result;
      const key = walletKey(job.stolen!, KEY.counter);
      const to = job.suite.addresses.didRegistry;
      const texts = [key.address, key.address.toLowerCase()].map((text) =>
        hexlify(toUtf8Bytes(`https://a.example/${text}`)),
      );
      const { compressedPublicKey, publicKey } = key.signingKey;
      for (const said of [...texts, compressedPublicKey, publicKey, hexlify(toUtf8Bytes(compressedPublicKey))]) {
        // A call that fails is public no less.
        const [signer] = chain.signers;
        const input = concat(["0x12345678", said]);
        const call = { from: signer!.address, to, input };
        const more = { hash: id(said), from: signer!.address, calls: [call], events: [], storage: [] };
        const where = domainsOf(identifiers(), joined([more]));
        expect(where.get(`Patient/${WHO.confirmed} stolen counter`), said).to.deep.equal(["attestations", "dids"]);
      }
    });

    it("is found when one signs in both with one key", async () => {
      const { job } = result;
      const citizen = job.citizen(WHO.guardians[0]);
      const before = await chain.provider.getBlockNumber();
      const signer = keyOf(job, citizen, KEY.guardian);
      const args = [job.body(MINISTRY).index, PERSON, id("an application")];
      await relay(job, [{ signer, contract: job.suite.contracts.enrolment, method: "request", args }]);
      const byDomain = joined(await readTraffic(chain, before + 1));

      const both = ["attestations", "dids"];
      expect(domainsOf(identifiers(), byDomain).get(`${citizen.source} wallet guardian`)).to.deep.equal(both);
      expect(sharedIdentifiers(byDomain, publicWords())).to.deep.equal([
        { identifier: wordOf(signer.address), domains: both },
      ]);
    });
  });

  describe("what holders showed to verifiers", () => {
    it("holds what was disclosed, and no other value of theirs", () => {
      const shown = join(folder, "out", FOLDERS.shown);
      const disclosed: Readonly<Record<string, RegExp>> = {
        // Whose child it is: the subject of an attestation, which its verifier sees.
        "batch.json": /^claim parent: /,
        "counter.json": /^(Patient\/\S+ (address\.city|address\.text|text\.div)|claim city): /,
      };
      expect(filesIn(shown)).to.deep.equal(Object.keys(disclosed));
      for (const [name, allowed] of Object.entries(disclosed)) {
        const found = inFiles(shown).filter(({ where }) => where === `file ${name}`);
        expect(found.filter((hit) => !allowed.test(hit.name))).to.deep.equal([]);
      }
      expect(inFiles(shown).some(({ name }) => name.includes("Amsterdam"))).to.be.true;
    });

    it("and the wallets, which are encrypted, hold none", () => {
      expect(filesIn(join(folder, "out", FOLDERS.wallets))).to.have.lengthOf(1);
      // A keystore has names of one letter, as people's values have.
      expect(search(fileBlobs(join(folder, "out", FOLDERS.wallets)))).to.deep.equal([]);
    });
  });
});

/** An unsigned JWT. */
function inToken(payload: object): string {
  return [{ alg: "none" }, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .concat("")
    .join(".");
}

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

/** What finds 32 bytes, plain and as text in hex. */
function secretPatterns(words: readonly string[]): Pattern[] {
  return [...new Set(words)].flatMap((word) => [
    { name: word, bytes: Buffer.from(word.slice(2), "hex") },
    { name: word, bytes: Buffer.from(word.slice(2)) },
  ]);
}

/** Each text once. */
function distinct(values: readonly PersonalValue[]): PersonalValue[] {
  return [...new Map(values.map((value) => [value.text, value])).values()];
}
