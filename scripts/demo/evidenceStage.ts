import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";

import { getBytes, hexlify, toBeHex } from "ethers";

import { newSalt } from "../../src/identity/claims.js";
import { coAttest, isCoAttested, signCoAttestation } from "../../src/justice/evidence/coAttestation.js";
import { caseTag, commitCase } from "../../src/justice/evidence/commitCase.js";
import { commitExhibit } from "../../src/justice/evidence/commitExhibit.js";
import { encodeCustodyReceipt } from "../../src/justice/evidence/custodyReceipt.js";
import { depositBatch } from "../../src/justice/evidence/depositBatch.js";
import { depositExhibit } from "../../src/justice/evidence/depositExhibit.js";
import { depositMany } from "../../src/justice/evidence/depositMany.js";
import { destroyExhibit, signDestruction } from "../../src/justice/evidence/destruction.js";
import type { ExhibitMember } from "../../src/justice/evidence/exhibitMember.js";
import { exhibitStatus, memberStatus } from "../../src/justice/evidence/exhibitStatus.js";
import { carryHandOver, joinHandOver, signHandOver } from "../../src/justice/evidence/handOver.js";
import { makeCustodyReceipts } from "../../src/justice/evidence/makeCustodyReceipts.js";
import { nextActions } from "../../src/justice/evidence/nextActions.js";
import { acceptExhibit, offerExhibit, rejectExhibit } from "../../src/justice/evidence/offers.js";
import { planDeposits } from "../../src/justice/evidence/planDeposits.js";
import {
  admitExhibit,
  challengeExhibit,
  rebutExhibit,
  sealExhibit,
  tenderExhibit,
  unsealExhibit,
} from "../../src/justice/evidence/proceedings.js";
import { readExhibit } from "../../src/justice/evidence/readExhibit.js";
import { type EvidenceStatement, STATEMENT_SCHEMA } from "../../src/justice/evidence/statement.js";
import { verifyCustodyReceipts } from "../../src/justice/evidence/verifyCustodyReceipts.js";
import { hashFile } from "../../src/justice/hashing/hashFile.js";
import { hashStream } from "../../src/justice/hashing/hashStream.js";
import { readLog } from "../../src/ledger/readLog.js";

import { CAPTURE_TOOL, type Courthouse, type JusticeBody } from "./courthouse.js";
import { cutFiles, type EvidenceFile, listFiles } from "./evidenceFiles.js";
import type { Job } from "./job.js";
import { CASE_ID } from "./judgmentStage.js";
import { refusalOf } from "./refusal.js";
import { together } from "./together.js";

/** An exhibit, with all that its depositor keeps of it. */
export interface Exhibit {
  statement: EvidenceStatement;
  salt: string;
  commitment: string;
  /** Where it was deposited from. */
  source: Pick<EvidenceFile, "path"> | { bytes: Uint8Array };
  /** Its proof, where it was deposited with others. */
  member?: ExhibitMember;
}

/** What was deposited: files one by one, pieces of them in the log and under a root. */
export interface Deposited {
  files: Exhibit[];
  logged: Exhibit[];
  batched: Exhibit[];
}

const DAY = 86_400;
/** How many of the pieces are deposited again under a root of their own. */
const BATCHED = 4_096;

/** Files are deposited, co-attested, handed on, sealed, brought before a court, and one of them destroyed. */
export async function keepEvidence(job: Job, courthouse: Courthouse, caseSalt: Uint8Array): Promise<Deposited> {
  const deposited = await depositFiles(job, courthouse, caseSalt);
  const [exhibit] = deposited.files as [Exhibit];
  const other = deposited.files[1] ?? (await depositCopy(job, courthouse, exhibit, caseSalt));
  await witness(job, courthouse, exhibit);
  await handOn(job, courthouse, exhibit);
  await tryBeforeCourt(job, courthouse, exhibit);
  await destroyOne(job, courthouse, other);
  return deposited;
}

async function depositFiles(job: Job, courthouse: Courthouse, caseSalt: Uint8Array): Promise<Deposited> {
  const { checks, chain, suite, progress } = job;
  const { police, laboratory, tool, notary } = courthouse;
  const registry = registryOf(job, police);
  const terms = { tool: tool.index, caseTag: caseTag(commitCase(CASE_ID, caseSalt)) };
  const found = listFiles(job.options.files);
  const files: Exhibit[] = [];
  for (const file of found) {
    const { digests, size } = await hashFile(file.path, { algorithms: ["sha-256", "sha3-512"] });
    files.push({ ...(await state(job, courthouse, file.name, size, digests)), source: file });
  }
  await together(chain, files, ({ commitment }) => depositExhibit(registry, commitment, terms));
  // A salt that is lost cannot be made again, and then the deposit proves nothing.
  const kept = files.map(({ statement, salt, commitment }) => ({ statement, salt, commitment }));
  await writeFile(join(job.options.out, "justice", "exhibits.json"), `${JSON.stringify(kept, null, 1)}\n`);
  const [first] = files as [Exhibit];
  const states = await Promise.all(files.map(({ commitment }) => exhibitStatus(registry, commitment)));
  const words = states.map(({ state: how, standing, toolStanding }) => `${how}, ${standing}, tool ${toolStanding}`);
  checks.equal(
    "exhibit.single",
    "Files are deposited one by one, their hashes by two functions bound",
    `${found.length} DEPOSITED, IN_FORCE, tool IN_FORCE`,
    `${files.length} ${[...new Set(words)].join("; ")}`,
  );
  const by = (body: JusticeBody) => depositExhibit(registryOf(job, body), first.commitment, terms);
  const twice = await refusalOf(by(laboratory));
  checks.equal("exhibit.twice", "Nobody else can deposit the same", "ExhibitExists", twice);
  const unlicensed = await refusalOf(by(notary));
  checks.equal("exhibit.unlicensed", "nor who is no custodian at all", "NotAccredited: NONE", unlicensed);
  const noTool = await refusalOf(depositExhibit(registry, newSalt(), { ...terms, tool: notary.index }));
  checks.equal("exhibit.tool", "nor anybody with a tool that is none", "CaptureToolNotAccredited: NONE", noTool);

  const logged: Exhibit[] = [];
  for (const { name, bytes } of cutFiles(found)) {
    const { digests, size } = await hashStream(bytes, { algorithms: ["sha-256"] });
    logged.push({ ...(await state(job, courthouse, name, size, digests)), source: { bytes } });
    // What else goes on is not kept waiting for all of them.
    await setImmediate();
  }
  const block = await chain.provider.getBlock("latest");
  const { sizes } = planDeposits(logged.length, { blockGas: Number(block!.gasLimit) });
  const address = suite.addresses.evidenceRegistry;
  const tree = await readLog(chain.provider, address, toBeHex(police.index, 32), { fromBlock: suite.fromBlock });
  let start = 0;
  for (const size of sizes) {
    progress.note(`${start} of ${logged.length}`);
    const run = logged.slice(start, start + size);
    const { members } = await depositMany(registry, tree, commitmentsOf(run), terms);
    for (const [i, exhibit] of run.entries()) exhibit.member = members[i]!;
    start += size;
  }
  const [size, root] = await suite.contracts.evidenceRegistry.checkpointOf(police.index);
  checks.equal(
    "exhibit.bulk",
    `Pieces of them, over 10,000 where there are as many bytes, in ${sizes.length} transactions: the log`,
    `${logged.length} entries, ${hexlify(tree.root())}`,
    `${size} entries, ${root}`,
  );

  const batched = logged.slice(0, BATCHED).map((exhibit) => ({ ...exhibit }));
  const { members } = await depositBatch(registry, commitmentsOf(batched), terms);
  for (const [i, exhibit] of batched.entries()) exhibit.member = members[i]!;
  const looked = [logged[0]!, logged.at(-1)!, batched[0]!, batched.at(-1)!];
  const standings = await Promise.all(looked.map(({ member }) => memberStatus(registry, member!)));
  checks.equal(
    "exhibit.members",
    "The first and the last of the log and of a root, each by its proof",
    "DEPOSITED",
    [...new Set(standings.map((status) => status.state))].join(),
  );
  return { files, logged, batched };
}

/** Where there is one file alone: a second exhibit, stated as a copy of it, which may be destroyed. */
async function depositCopy(
  job: Job,
  courthouse: Courthouse,
  { statement, source }: Exhibit,
  caseSalt: Uint8Array,
): Promise<Exhibit> {
  const { name, size, digests } = statement;
  const copy = await state(job, courthouse, `copy of ${name}`, size, digests);
  const terms = { tool: courthouse.tool.index, caseTag: caseTag(commitCase(CASE_ID, caseSalt)) };
  await depositExhibit(registryOf(job, courthouse.police), copy.commitment, terms);
  return { ...copy, source };
}

/** States an exhibit and commits to it. */
async function state(
  job: Job,
  { tool }: Courthouse,
  name: string,
  size: number,
  digests: EvidenceStatement["digests"],
): Promise<Omit<Exhibit, "source">> {
  const statement: EvidenceStatement = {
    schema: STATEMENT_SCHEMA,
    chainId: Number(job.chainId),
    registry: job.suite.addresses.evidenceRegistry.toLowerCase(),
    digests,
    size,
    kind: "file",
    name,
    tool: { body: tool.index, ...CAPTURE_TOOL },
    operatorRole: "evidence officer",
    caseId: CASE_ID,
    claimedCapturedAt: job.today,
  };
  const salt = newSalt();
  return { statement, salt, commitment: commitExhibit(statement, getBytes(salt)) };
}

async function witness(job: Job, courthouse: Courthouse, { commitment: subject }: Exhibit): Promise<void> {
  const { checks, cast } = job;
  const { notary, certifier, laboratory } = courthouse;
  const registry = registryOf(job, { key: cast.relayer });
  const deadline = (await job.chain.now()) + DAY;
  const signed = await Promise.all(
    (
      [
        [notary, "notary"],
        [certifier, "certification-authority"],
      ] as const
    ).map(([{ key }, role]) => signCoAttestation(registry, key, { subject, role }, { deadline })),
  );
  const bodies = [laboratory, notary, certifier].map(({ index }) => index).sort((a, b) => a - b);
  const before = await isCoAttested(registry, subject, bodies, 2);
  await coAttest(registry, signed);
  checks.equal(
    "exhibit.witnessed",
    "A notary and a certification authority co-attest: two of three, by a relay",
    "false, then true",
    `${before}, then ${await isCoAttested(registry, subject, bodies, 2)}`,
  );
  const again = await refusalOf(coAttest(registry, signed));
  checks.equal("exhibit.witnessTwice", "Neither counts twice", "WitnessNotIndependent", again);
}

async function handOn(job: Job, courthouse: Courthouse, { commitment, statement }: Exhibit): Promise<void> {
  const { checks, chain, cast, suite } = job;
  const { police, laboratory, registry: archive } = courthouse;
  const until = (await chain.now()) + DAY;
  const offer = { to: laboratory.index, until };
  const thief = await refusalOf(offerExhibit(registryOf(job, laboratory), commitment, offer));
  checks.equal("custody.thief", "Who does not hold an exhibit cannot offer it", "KeyOfAnotherBody", thief);
  await offerExhibit(registryOf(job, police), commitment, offer);
  await rejectExhibit(registryOf(job, laboratory), commitment, "SEAL_BROKEN");
  const late = await refusalOf(acceptExhibit(registryOf(job, laboratory), commitment));
  checks.equal("custody.rejected", "The laboratory finds the bag open and refuses it", "OfferMissing", late);
  await offerExhibit(registryOf(job, police), commitment, offer);
  await acceptExhibit(registryOf(job, laboratory), commitment);

  const relayer = registryOf(job, { key: cast.relayer });
  const [from, to] = [laboratory.key.address, archive.key.address];
  const sign = ({ key }: JusticeBody) =>
    signHandOver(relayer, key, { exhibit: commitment, from, to }, { deadline: until });
  const joint = joinHandOver(await sign(laboratory), await sign(archive));
  await carryHandOver(relayer, joint);
  const replay = await refusalOf(carryHandOver(relayer, joint));
  checks.equal("custody.replay", "Both signatures serve once", "SignatureInvalid", replay);
  const { custodian, hop } = await exhibitStatus(relayer, commitment);
  checks.equal(
    "custody.held",
    "Offered, refused, taken, and handed over by both signatures: who holds it",
    `${archive.index} after 2 hops`,
    `${custodian} after ${hop} hops`,
  );

  const { fromBlock } = suite;
  const history = await readExhibit(suite.contracts.evidenceRegistry, commitment, { fromBlock });
  const receipts = makeCustodyReceipts(history, { handOvers: [joint], statement });
  const { isValid, holder, signed } = verifyCustodyReceipts(receipts, { commitment, custodian: archive.index });
  const lines = receipts.map((receipt) => new TextDecoder().decode(encodeCustodyReceipt(receipt)));
  await writeFile(join(job.options.out, "justice", "custody.jsonl"), `${lines.join("\n")}\n`);
  checks.equal(
    "custody.receipts",
    "Receipts of all three, checked with no chain",
    `3 receipts, valid, held by ${archive.index}, 1 signed by both`,
    `${receipts.length} receipts, ${isValid ? "valid" : "not valid"}, held by ${holder}, ${signed} signed by both`,
  );
}

async function tryBeforeCourt(job: Job, courthouse: Courthouse, { commitment }: Exhibit): Promise<void> {
  const { checks } = job;
  const { registry: archive, court, advocate, police } = courthouse;
  const [custodian, judge, party] = [archive, court, advocate].map((body) => registryOf(job, body)) as [
    ReturnType<typeof registryOf>,
    ReturnType<typeof registryOf>,
    ReturnType<typeof registryOf>,
  ];
  await sealExhibit(custodian, commitment);
  const until = (await job.chain.now()) + DAY;
  const moved = await refusalOf(offerExhibit(custodian, commitment, { to: police.index, until }));
  checks.equal("court.sealed", "A sealed exhibit is not moved", "ExhibitSealRefuses", moved);
  await unsealExhibit(judge, commitment, newSalt());

  const early = await refusalOf(admitExhibit(judge, commitment, newSalt()));
  checks.equal("court.early", "A court does not admit what was not tendered", "ExhibitStateRefuses", early);
  const steps: string[] = [];
  const note = async (): Promise<void> => {
    steps.push((await exhibitStatus(custodian, commitment)).state);
  };
  await tenderExhibit(custodian, commitment, court.index);
  await note();
  await challengeExhibit(party, commitment, newSalt());
  await note();
  const next = await nextActions(custodian, commitment);
  await rebutExhibit(custodian, commitment, newSalt(), "CUSTODIAN");
  await note();
  await admitExhibit(judge, commitment, newSalt());
  await note();
  checks.equal(
    "court.next",
    "Once it is challenged, who may answer",
    "REBUT by advocate; REBUT by custodian",
    next
      .filter(({ action }) => action === "REBUT")
      .map(({ action, role }) => `${action} by ${role}`)
      .join("; "),
  );
  checks.equal(
    "court.admitted",
    "Unsealed by order, tendered, challenged, rebutted, and admitted",
    "TENDERED, CHALLENGED, REBUTTED, ADMITTED",
    steps.join(", "),
  );
}

async function destroyOne(job: Job, courthouse: Courthouse, { commitment: exhibit }: Exhibit): Promise<void> {
  const { checks, chain } = job;
  const { police, notary, certifier } = courthouse;
  const registry = registryOf(job, police);
  const deadline = (await chain.now()) + DAY;
  const order = newSalt();
  const first = await signDestruction(registry, notary.key, { exhibit, order, role: "notary" }, { deadline });
  const twice = await refusalOf(destroyExhibit(registry, [first, first]));
  checks.equal("court.oneWitness", "One witness is not two", "WitnessNotIndependent", twice);
  const role = "certification-authority";
  const second = await signDestruction(registry, certifier.key, { exhibit, order, role }, { deadline });
  await destroyExhibit(registry, [first, second]);
  const { state: end } = await exhibitStatus(registry, exhibit);
  const next = await nextActions(registry, exhibit);
  checks.equal(
    "court.destroyed",
    "Another exhibit is destroyed by order, before two witnesses, for good",
    "DESTROYED, 0 actions left",
    `${end}, ${next.length} actions left`,
  );
}

/** The registry of evidence, as a body's key calls it. */
function registryOf(job: Job, { key }: Pick<JusticeBody, "key">) {
  return job.suite.contracts.evidenceRegistry.connect(key);
}

const commitmentsOf = (exhibits: readonly Exhibit[]) => exhibits.map(({ commitment }) => commitment);
