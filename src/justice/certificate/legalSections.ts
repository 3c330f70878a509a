import type { CertificateInput } from "./certificateInput.js";
import {
  bodyText,
  type CertificateRow,
  type CertificateSection,
  type CertificateText,
  code,
  given,
  named,
  row,
  said,
  section,
  translated,
} from "./certificateRows.js";
import type { CertificateWords } from "./certificateWords.js";
import { digestRows, originRows, timeRows } from "./factRows.js";

/**
 * What single laws and standards ask for: ISO/IEC 27037, China, the European Union, the United States, and Parts A and B of
 * India's certificate. What a person swears to is left blank.
 *
 * @example
 * ```ts
 * const sections = legalSections(input, wordsOf("ar"));
 * ```
 */
export function legalSections(input: CertificateInput, words: CertificateWords): CertificateSection[] {
  return [
    standardSection(input, words),
    chinaSection(input, words),
    europeSection(words),
    statesSection(words),
    partA(input, words),
    partB(input, words),
  ];
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
  const { unitedStates: us, labels } = words;
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
