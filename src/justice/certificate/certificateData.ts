import { JusticeError } from "../JusticeError.js";
import type { CertificateBody, CertificateInput, Finding, Instant } from "./certificateInput.js";
import { type CertificateLanguage, type CertificateWords, wordsOf } from "./certificateWords.js";
import { visibleText } from "./visibleText.js";

/**
 * Words of the document's language; a text that was given, in whatever language; or a code (a hash, an address, a time, a
 * command), which reads left to right in any language.
 */
export interface CertificateText {
  kind: "words" | "given" | "code";
  text: string;
}

/** A label and its values; each value is a paragraph. No value: a line that a person fills in. */
export interface CertificateRow {
  label: string;
  values: readonly (readonly CertificateText[])[];
}

/** A part of a certificate. */
export interface CertificateSection {
  /** A name for programs, the same in every language. */
  id: string;
  title: string;
  notes: readonly string[];
  rows: readonly CertificateRow[];
  /** A cell is a list of paragraphs. */
  table?: { head: readonly string[]; rows: readonly (readonly CertificateRow["values"][])[] };
  /** Whether it begins a page. */
  newPage: boolean;
  /** Whether the QR code stands in it. */
  hasQr: boolean;
}

/** A certificate, ready to be set in type. */
export interface CertificateData {
  language: CertificateLanguage;
  direction: "ltr" | "rtl";
  title: string;
  subtitle: string;
  /** Unix seconds. */
  issuedAt: number;
  sections: readonly CertificateSection[];
  /** What the QR code holds, and what it is, in words. */
  qr: { content: string; label: string };
  /** What stands at the foot of each page. */
  footer: string;
  page: (page: number, pages: number) => string;
}

const LARGEST_TIME = 8_640_000_000_000;

/** The most bytes that a QR code of medium error correction holds, with a margin for the reader's eye. */
const QR_BYTES = 1_000;

/**
 * The fields that courts ask for, from a package's facts and the report of its verification: modelled on India's
 * Bharatiya Sakshya Adhiniyam 2023 (section 63(4), Parts A and B), on China's Online Litigation Rules (2021, articles 16 to
 * 19), on the United States' Federal Rules of Evidence 902(13) and (14), on eIDAS articles 41, 45k and 45l, and on
 * ISO/IEC 27037's record of custody. It claims no conformity, and what a person swears to is left blank. Characters that cannot be seen are shown by their numbers, so that
 * a file's name reorders and hides nothing.
 *
 * @throws JusticeError CERTIFICATE_MALFORMED for a time that no calendar has, an interval that ends before it begins, no
 *   digest, or a QR code of nothing or of more than 1,000 bytes.
 * @example
 * ```ts
 * const html = renderCertificateHtml(certificateData(input, "ar"));
 * ```
 */
export function certificateData(input: CertificateInput, language: CertificateLanguage): CertificateData {
  requireSound(input);
  const words = wordsOf(language);
  return {
    language,
    direction: language === "ar" ? "rtl" : "ltr",
    title: words.title,
    subtitle: words.subtitle,
    issuedAt: input.issuedAt,
    sections: sectionsOf(input, words),
    qr: { content: input.verification.qr, label: words.qr },
    footer: words.footer,
    page: words.page,
  };
}

function requireSound(input: CertificateInput): void {
  const { time, verification, digests } = input;
  const times = [
    ...[input.issuedAt, input.block.time, time.notAfter.time, time.notBefore?.time, input.claimedCapturedAt],
    ...input.custody.flatMap(({ at, offeredAt }) => [at, offeredAt]),
    ...input.witnesses.map(({ at }) => at),
    ...input.anchors.map((anchor) => anchor.time),
  ];
  for (const at of times) {
    if (at !== undefined && !(Number.isSafeInteger(at) && at >= 0 && at <= LARGEST_TIME)) {
      throw malformed(`no calendar has the time ${at}`);
    }
  }
  if (time.notBefore !== undefined && time.notBefore.time > time.notAfter.time) {
    throw malformed(`the interval ends at ${time.notAfter.time}, before it begins at ${time.notBefore.time}`);
  }
  if (digests.length === 0) throw malformed("there is no digest");
  const { length } = new TextEncoder().encode(verification.qr);
  if (length === 0 || length > QR_BYTES) throw malformed(`a QR code holds 1 to ${QR_BYTES} bytes, not ${length}`);
}

function malformed(problem: string): JusticeError {
  return new JusticeError("CERTIFICATE_MALFORMED", problem);
}

function sectionsOf(input: CertificateInput, words: CertificateWords): CertificateSection[] {
  return [
    findingsSection(input, words),
    exhibitSection(input, words),
    section("digests", words.sections.digests, { rows: digestRows(input, words) }),
    originSection(input, words),
    timeSection(input, words),
    chainSection(input, words),
    custodySection(input, words),
    witnessSection(input, words),
    verifySection(input, words),
    ...[standardSection(input, words), chinaSection(input, words), europeSection(words), statesSection(words)],
    ...[partA(input, words), partB(input, words)],
  ];
}

function findingsSection(input: CertificateInput, words: CertificateWords): CertificateSection {
  const { findings, status } = input;
  const finding = (label: string, { verdict, reasons }: Finding) =>
    row(label, said(words.verdicts[verdict]), ...reasons.map(given));
  const flags = [status.sealed ? words.sealed : undefined, status.held ? words.held : undefined];
  return section("findings", words.sections.findings, {
    notes: [words.notes.findings],
    rows: [
      finding(words.labels.integrity, findings.integrity),
      finding(words.labels.status, findings.status),
      row(
        words.labels.state,
        translated(words.states, status.state),
        ...flags.filter((flag) => flag !== undefined).map(said),
      ),
      finding(words.labels.who, findings.who),
      row(words.labels.notProved, ...orNone(input.notProved.map(given), words)),
    ],
  });
}

function exhibitSection({ exhibit, issuedAt }: CertificateInput, words: CertificateWords): CertificateSection {
  const { labels } = words;
  return section("exhibit", words.sections.exhibit, {
    rows: [
      ...optional(labels.exhibitNumber, exhibit.exhibitNumber, given),
      ...optional(labels.caseId, exhibit.caseId, given),
      row(labels.commitment, code(exhibit.commitment)),
      ...optional(labels.name, exhibit.name, given),
      row(labels.kind, said(words.kinds[exhibit.kind])),
      ...optional(labels.mediaType, exhibit.mediaType, code),
      row(labels.size, [...code(String(exhibit.size)), ...said(` ${words.bytes}`)]),
      row(labels.issuedAt, code(utc(issuedAt))),
    ],
  });
}

function digestRows({ digests }: CertificateInput, words: CertificateWords): CertificateRow[] {
  return digests.flatMap(({ algorithm, value }) => [
    row(words.labels.algorithm, code(algorithm.toUpperCase())),
    row(words.labels.digest, code(value)),
  ]);
}

function originSection(input: CertificateInput, words: CertificateWords): CertificateSection {
  return section("origin", words.sections.origin, { notes: [words.notes.origin], rows: originRows(input, words) });
}

function originRows(input: CertificateInput, words: CertificateWords): CertificateRow[] {
  const { device = {}, tool, depositor, operatorRole, place } = input;
  const { labels } = words;
  return [
    ...optional(labels.make, device.make, given),
    ...optional(labels.model, device.model, given),
    ...optional(labels.serialNumber, device.serialNumber, code),
    ...optional(labels.imei, device.imei, code),
    ...optional(labels.mac, device.mac, code),
    row(labels.tool, [...given(tool.name), ...said(" "), ...code(tool.version)], bodyText(tool, words)),
    ...optional(labels.programHash, tool.programHash, code),
    ...optional(labels.toolStanding, tool.standing, (standing) => translated(words.standings, standing)),
    row(
      labels.depositor,
      named(depositor, words),
      translated(words.roles, depositor.role),
      translated(words.standings, depositor.standing),
    ),
    ...optional(labels.operatorRole, operatorRole, given),
    ...optional(labels.place, place, given),
  ];
}

function timeSection(input: CertificateInput, words: CertificateWords): CertificateSection {
  return section("time", words.sections.time, { notes: [words.notes.time], rows: timeRows(input, words) });
}

function timeRows({ time, claimedCapturedAt }: CertificateInput, words: CertificateWords): CertificateRow[] {
  const instant = ({ time: at, reference }: Instant, source: string) => [
    code(utc(at)),
    [...said(`${source}: `), ...code(reference)],
  ];
  const { notBefore, notAfter } = time;
  // A deposit may be older than the block whose state shows it.
  const shownBy = notAfter.source === "BLOCK" ? words.stateOfBlock : words.sources[notAfter.source];
  return [
    row(
      words.labels.notBefore,
      ...(notBefore ? instant(notBefore, words.sources[notBefore.source]) : [said(words.notProved)]),
    ),
    row(words.labels.notAfter, ...instant(notAfter, shownBy)),
    ...optional(words.labels.claimed, claimedCapturedAt, (at) => [...code(utc(at)), ...said(` ${words.onlyClaimed}`)]),
  ];
}

function chainSection(
  { exhibit, block, sealing, anchors }: CertificateInput,
  words: CertificateWords,
): CertificateSection {
  const { labels } = words;
  const anchor = ({ kind, of = "block", by, time, digest }: CertificateInput["anchors"][number]) => [
    [...said(`${words.anchorKinds[kind]}${words.anchored[of]}: `), ...given(by)],
    time === undefined ? said(words.notProved) : code(utc(time)),
    code(digest),
  ];
  return section("chain", words.sections.chain, {
    notes: [words.notes.seals, ...(sealing.kind === "clique" ? [words.notes.clique] : [])],
    rows: [
      row(labels.chainId, code(String(exhibit.chainId))),
      row(labels.registry, code(exhibit.registry)),
      row(labels.block, code(String(block.number)), code(block.hash), code(utc(block.time))),
      row(labels.sealing, said(words.sealings[sealing.kind])),
      ...optional(labels.quorum, sealing.quorum, (quorum) => code(String(quorum))),
      ...optional(labels.depth, sealing.depth, (depth) => code(String(depth))),
      row(labels.validators, ...orNone(sealing.validators.map(code), words)),
      row(labels.signers, ...orNone(sealing.signers.map(code), words)),
      row(labels.anchors, ...orNone(anchors.flatMap(anchor), words)),
    ],
  });
}

function custodySection({ custody }: CertificateInput, words: CertificateWords): CertificateSection {
  const { labels } = words;
  const rows = custody.map(({ hop, from, to, offeredAt, at, outcome, reason, receipt }) => [
    hop === undefined ? [] : [code(String(hop))],
    [named(from, words)],
    [named(to, words)],
    [offeredAt, at].filter((time) => time !== undefined).map((time) => code(utc(time))),
    [said(words.outcomes[outcome]), ...(reason === undefined ? [] : [translated(words.refusals, reason)])],
    receipt === undefined ? [] : [code(receipt)],
  ]);
  const head = [labels.hop, labels.from, labels.to, labels.when, labels.outcome, labels.receipt];
  const notes = [words.notes.custody, ...(rows.length === 0 ? [words.none] : [])];
  return section("custody", words.sections.custody, { notes, ...(rows.length > 0 && { table: { head, rows } }) });
}

function witnessSection({ witnesses }: CertificateInput, words: CertificateWords): CertificateSection {
  const { labels } = words;
  const rows = witnesses.map((witness) => [
    [named(witness, words)],
    [said(words.witnessRoles[witness.role])],
    [code(utc(witness.at))],
    [translated(words.standings, witness.standing)],
  ]);
  const head = [labels.witness, labels.role, labels.when, labels.standing];
  const notes = rows.length === 0 ? [words.none] : [];
  return section("witnesses", words.sections.witnesses, { notes, ...(rows.length > 0 && { table: { head, rows } }) });
}

function verifySection({ verification, exhibit }: CertificateInput, words: CertificateWords): CertificateSection {
  return section("verify", words.sections.verify, {
    notes: [words.notes.verifyFirst[exhibit.kind], ...words.notes.verify],
    rows: [
      row(words.labels.command, code(verification.command)),
      row(words.labels.packageDigest, code(verification.packageDigest)),
      row(words.labels.qrContent, code(verification.qr)),
    ],
    hasQr: true,
  });
}

function standardSection({ exhibit }: CertificateInput, words: CertificateWords): CertificateSection {
  const { standard, labels } = words;
  return section("iso-27037", words.sections.standard, {
    notes: [standard.note],
    rows: [
      row(
        standard.identifier,
        ...(exhibit.exhibitNumber ? [given(exhibit.exhibitNumber)] : []),
        code(exhibit.commitment),
      ),
      row(standard.who, said(standard.whoNote)),
      row(standard.where),
      row(standard.changes),
      ...[labels.personName, labels.date, labels.signature].map((label) => row(label)),
    ],
  });
}

function chinaSection(input: CertificateInput, words: CertificateWords): CertificateSection {
  const { china } = words;
  const notaries = input.witnesses.filter(({ role }) => role === "NOTARY").map((witness) => named(witness, words));
  return section("china", words.sections.china, {
    notes: [china.note],
    rows: [
      row(china.after, said(words.verdicts[input.findings.integrity.verdict]), said(china.afterNote)),
      row(
        china.qualification,
        named(input.depositor, words),
        translated(words.standings, input.depositor.standing),
        said(china.qualificationNote),
      ),
      row(china.system, said(china.systemNote)),
      row(china.process, said(china.processNote)),
      row(china.source, ...originSummary(input, words)),
      row(china.collection, ...(input.place === undefined ? [] : [given(input.place)])),
      row(china.notary, ...notaries),
      row(china.crossCheck),
      row(china.expert),
    ],
  });
}

function originSummary({ tool, device }: CertificateInput, words: CertificateWords): CertificateText[][] {
  const appliance = [device?.make, device?.model].filter((part) => part !== undefined).join(" ");
  const summary = [[...given(tool.name), ...said(" "), ...code(tool.version)], bodyText(tool, words)];
  return appliance === "" ? summary : [given(appliance), ...summary];
}

function europeSection(words: CertificateWords): CertificateSection {
  const { europe } = words;
  return section("europe", words.sections.europe, {
    notes: [europe.note],
    rows: [
      row(europe.origin, said(europe.originNote)),
      row(europe.order, said(europe.orderNote)),
      row(europe.change, said(europe.changeNote)),
      row(europe.timeStamp, said(europe.timeStampNote)),
    ],
  });
}

function statesSection(words: CertificateWords): CertificateSection {
  const { states: us, labels } = { states: words.unitedStates, labels: words.labels };
  return section("united-states", words.sections.unitedStates, {
    notes: [us.note],
    rows: [row(us.statement), row(labels.personName), row(labels.signature), row(labels.date)],
  });
}

function partA(input: CertificateInput, words: CertificateWords): CertificateSection {
  const { labels, india } = words;
  return section("part-a", words.sections.partA, {
    notes: [india.note],
    newPage: true,
    rows: [
      ...originRows(input, words),
      row(labels.produced),
      ...digestRows(input, words),
      ...timeRows(input, words),
      row(india.statementA),
      ...signature(words),
    ],
  });
}

function partB(input: CertificateInput, words: CertificateWords): CertificateSection {
  const { india } = words;
  return section("part-b", words.sections.partB, {
    notes: [india.note],
    newPage: true,
    rows: [...digestRows(input, words), row(india.statementB), ...signature(words)],
  });
}

/** What the person who swears fills in. */
function signature({ labels }: CertificateWords): CertificateRow[] {
  return [labels.personName, labels.designation, labels.date, labels.hour, labels.signedAt, labels.signature].map(
    (label) => row(label),
  );
}

function section(
  id: string,
  title: string,
  parts: Partial<Omit<CertificateSection, "id" | "title">>,
): CertificateSection {
  return { id, title, notes: [], rows: [], newPage: false, hasQr: false, ...parts };
}

function row(label: string, ...values: readonly CertificateText[][]): CertificateRow {
  return { label, values };
}

function optional<T>(label: string, value: T | undefined, show: (value: T) => CertificateText[]): CertificateRow[] {
  return value === undefined ? [] : [row(label, show(value))];
}

function orNone(values: CertificateText[][], words: CertificateWords): CertificateText[][] {
  return values.length > 0 ? values : [said(words.none)];
}

/** The word for one of the contract's names, or the name itself. */
function translated(known: Record<string, string>, name: string): CertificateText[] {
  return Object.hasOwn(known, name) ? said(known[name]!) : given(name);
}

function named(body: CertificateBody, words: CertificateWords): CertificateText[] {
  return [...(body.name === undefined ? [] : [...given(body.name), ...said(" ")]), ...bodyText(body, words)];
}

function bodyText({ body }: CertificateBody, words: CertificateWords): CertificateText[] {
  return [...said(`(${words.body} `), ...code(String(body)), ...said(")")];
}

function said(text: string): CertificateText[] {
  return [{ kind: "words", text: visibleText(text) }];
}

function given(text: string): CertificateText[] {
  return [{ kind: "given", text: visibleText(text) }];
}

function code(text: string): CertificateText[] {
  return [{ kind: "code", text: visibleText(text) }];
}

/** The time as anybody reads it: no calendar or clock of a place, no month's name. */
function utc(time: number): string {
  return `${new Date(time * 1000).toISOString().slice(0, -5).replace("T", " ")} UTC`;
}
