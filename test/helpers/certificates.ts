import type { CertificateInput } from "../../src/justice/certificate/certificateInput.js";

const hex = (length: number, byte: string) => `0x${byte.repeat(length)}`;

/** Facts of an exhibit in both scripts, with a control that would turn a line around and as long a custody list as asked for. */
export function certificateInput(custody = 3): CertificateInput {
  return {
    issuedAt: 1795000000,
    exhibit: {
      commitment: hex(32, "9f"),
      chainId: 1337,
      registry: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
      kind: "file",
      size: 123456789n,
      exhibitNumber: "EX-2026/17",
      caseId: "قضية رقم 12/2026 (مدني)",
      name: "صورة الحادث (1).jpg",
      mediaType: "image/jpeg",
    },
    digests: [
      { algorithm: "sha-256", value: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
      { algorithm: "sha3-512", value: "a6".repeat(64) },
    ],
    device: {
      make: "Canon",
      model: "EOS R5 \u202eevil",
      serialNumber: "SN-0042",
      imei: "490154203237518",
      mac: "00:1B:44:11:3A:B7",
    },
    tool: { body: 9, name: "Diwan capture", version: "1.4.2", programHash: hex(32, "cd"), standing: "IN_FORCE" },
    depositor: { body: 3, name: "المختبر الجنائي", role: "evidence-custodian", standing: "IN_FORCE" },
    operatorRole: "Forensic examiner",
    place: "الرباط",
    time: {
      notBefore: { time: 1794990000, source: "BLOCK", reference: hex(32, "11") },
      notAfter: { time: 1794999000, source: "TIME_STAMP_TOKEN", reference: hex(32, "22") },
    },
    claimedCapturedAt: 1794980000,
    block: { number: 1234567n, hash: hex(32, "33"), time: 1794998000 },
    sealing: {
      kind: "qbft",
      validators: [1, 2, 3, 4].map((i) => "0x" + String(i).repeat(40)),
      signers: [1, 2, 3].map((i) => "0x" + String(i).repeat(40)),
      quorum: 3,
    },
    anchors: [{ kind: "RFC3161", by: "Test TSA", time: 1794999000, digest: hex(32, "44") }],
    findings: {
      integrity: { verdict: "PROVED", reasons: ["SHA-256 of the file equals the deposited digest."] },
      status: { verdict: "PROVED", reasons: ["Storage proof at block 1234567."] },
      who: { verdict: "NOT_PROVED", reasons: ["No snapshot of the trust list."] },
    },
    status: { state: "ADMITTED", sealed: true, held: true },
    custody: Array.from({ length: custody }, (_, i) => ({
      hop: i + 1,
      from: { body: 3 + (i % 3), name: i % 2 ? "محكمة الاستئناف بالرباط" : "Forensic laboratory" },
      to: { body: 4 + (i % 3), name: "كتابة الضبط" },
      offeredAt: 1794999000 + i * 3600,
      at: 1794999100 + i * 3600,
      outcome: i === 2 ? ("REJECTED" as const) : ("ACCEPTED" as const),
      ...(i === 2 && { reason: "الختم مكسور (seal broken)" }),
      receipt: hex(32, "55"),
    })),
    witnesses: [{ body: 7, name: "Notary of the First Chamber", role: "NOTARY", at: 1794998500, standing: "IN_FORCE" }],
    notProved: ["That the file was made at the claimed time."],
    verification: {
      command: "npm run verify:package -- photo.jpg exhibit.diwan --trust anchor.json",
      packageDigest: "77".repeat(32),
      qr: "diwan:1337:0x5FbDB2315678afecb367f032d93F642f64180aa3:" + hex(32, "9f") + ":" + "77".repeat(32),
    },
  };
}
