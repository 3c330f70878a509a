import type { CertificateInput, Finding } from "./certificateInput.js";
import {
  type CertificateSection,
  code,
  given,
  named,
  optional,
  orNone,
  row,
  said,
  section,
  translated,
  utc,
} from "./certificateRows.js";
import type { CertificateWords } from "./certificateWords.js";
import { digestRows, originRows, timeRows } from "./factRows.js";

/**
 * What a package's report says, whatever law asks: the answers, the exhibit, its digests, origin, time, chain, custody and
 * witnesses, and how anyone verifies it.
 *
 * @example
 * ```ts
 * const sections = factSections(input, wordsOf("ar"));
 * ```
 */
export function factSections(input: CertificateInput, words: CertificateWords): CertificateSection[] {
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

function originSection(input: CertificateInput, words: CertificateWords): CertificateSection {
  return section("origin", words.sections.origin, { notes: [words.notes.origin], rows: originRows(input, words) });
}

function timeSection(input: CertificateInput, words: CertificateWords): CertificateSection {
  return section("time", words.sections.time, { notes: [words.notes.time], rows: timeRows(input, words) });
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
