/** A moment that something proves, and what proves it. */
export interface Instant {
  /** Unix seconds. */
  time: number;
  /** What the time comes from. */
  source: "BLOCK" | "TIME_STAMP_TOKEN" | "BITCOIN_BLOCK" | "COSIGNATURE";
  /** The thing in hex or in a few characters: a block's hash, a token's digest. */
  reference: string;
}

/** A digest of the exhibit. */
export interface CertificateDigest {
  algorithm: "sha-256" | "sha-512" | "sha3-512";
  /** In hex. */
  value: string;
}

/** A body as a certificate names it: the index is proved, the name is the trust list's or the statement's. */
export interface CertificateBody {
  /** Its index in the trust list. */
  body: number;
  name?: string;
}

/** How one of the report's three questions came out. */
export interface Finding {
  verdict: "PROVED" | "FAILED" | "NOT_PROVED";
  /** Why, in sentences of the report, in whatever language it was asked for. */
  reasons: readonly string[];
}

/** One entry of the custody list, the oldest first. */
export interface CustodyEntry {
  /** Which change of custody it is, from 1; left out where that is not known. */
  hop?: number;
  from: CertificateBody;
  to: CertificateBody;
  /** Unix seconds of the offer, where there was one. */
  offeredAt?: number;
  /** Unix seconds of the outcome. */
  at: number;
  outcome: "ACCEPTED" | "REJECTED" | "RECALLED" | "HANDED_OVER";
  /** One of `EXHIBIT_REFUSALS`, or words. */
  reason?: string;
  /** Digest of the receipt, in hex. */
  receipt?: string;
}

/** A body that attested the deposit too. */
export interface WitnessEntry extends CertificateBody {
  role: "NOTARY" | "CERTIFICATION_AUTHORITY" | "FORENSIC_CENTRE";
  /** Unix seconds. */
  at: number;
  /** Its standing when it attested, as the trust list has it. */
  standing: string;
}

/** A second anchor beside the chain's own seals. */
export interface AnchorEntry {
  kind: "RFC3161" | "OPENTIMESTAMPS" | "COSIGNATURE";
  /** What it is over; the block, if left out. */
  of?: "block" | "file";
  by: string;
  /** Unix seconds; none where the anchor proves nothing, or not yet. */
  time?: number;
  /** What is anchored, in hex. */
  digest: string;
}

/**
 * What a certificate is made from: facts of a package and of the report of its verification. Everything here is printed as
 * it is given; nothing is judged again, so give it what `verifyPackage` answered and no more.
 */
export interface CertificateInput {
  /** Unix seconds at which the certificate is made; the document carries no other date of its own making. */
  issuedAt: number;
  exhibit: {
    /** 32 bytes in hex. */
    commitment: string;
    chainId: number;
    registry: string;
    kind: "file" | "directory";
    /** Bytes. */
    size: number | bigint;
    exhibitNumber?: string;
    caseId?: string;
    name?: string;
    mediaType?: string;
  };
  digests: readonly CertificateDigest[];
  device?: { make?: string; model?: string; serialNumber?: string; imei?: string; mac?: string };
  tool: { body: number; name: string; version: string; programHash?: string; standing?: string };
  depositor: CertificateBody & { role: string; standing: string };
  operatorRole?: string;
  place?: string;
  /**
   * The interval in which the statement was made and deposited: it is not older than the one and not younger than the other.
   * The exhibit itself can be older. A `notAfter` whose source is a block is the deposit's time, as that block's state has it.
   */
  time: { notBefore?: Instant; notAfter: Instant };
  /** Unix seconds that the depositor claims. Nothing proves it. */
  claimedCapturedAt?: number;
  block: { number: number | bigint; hash: string; time: number };
  sealing: {
    kind: "qbft" | "ibft2" | "clique" | "none";
    /** Addresses of those who may seal. */
    validators: readonly string[];
    /** Addresses of those who did. */
    signers: readonly string[];
    /** Seals that are demanded. */
    quorum?: number;
    /** Blocks sealed on top. */
    depth?: number;
  };
  anchors: readonly AnchorEntry[];
  findings: { integrity: Finding; status: Finding; who: Finding };
  status: { state: string; sealed: boolean; held: boolean };
  custody: readonly CustodyEntry[];
  witnesses: readonly WitnessEntry[];
  /** What the report says is not proved. */
  notProved: readonly string[];
  verification: {
    /** The command that verifies, as one would type it. */
    command: string;
    /** SHA-256 of the package's bytes, in hex. */
    packageDigest: string;
    /** What the QR code holds. */
    qr: string;
  };
}
