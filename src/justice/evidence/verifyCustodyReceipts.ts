import { verifyTypedData } from "ethers";

import { type CustodyReceipt, custodyReceiptDigest } from "./custodyReceipt.js";
import { evidenceTypedData } from "./evidenceTypedData.js";

/** What is wrong with a receipt. */
export interface CustodyProblem {
  /** The receipt, from 0 in the order given; undefined where it is the list as a whole. */
  receipt: number | undefined;
  code:
    | "ANOTHER_EXHIBIT"
    | "CHAIN_BROKEN"
    | "CUSTODIAN_BROKEN"
    | "MALFORMED"
    | "SIGNATURE_INVALID"
    | "SIGNATURE_LATE"
    | "TIME_REVERSED"
    | "UNEXPECTED_END"
    | "UNEXPECTED_START";
  message: string;
}

/** What receipts show by themselves, and what they do not. */
export interface CustodyReport {
  /** Whether no problem was found. It says nothing of what is in `notProved`. */
  isValid: boolean;
  /** The body that holds the exhibit after the last receipt; undefined when there is none. */
  holder: number | undefined;
  /** How often custody changed. */
  hop: number;
  /** The digest of each receipt, in hex without prefix; undefined for a malformed one. */
  digests: (string | undefined)[];
  /** How many hand-overs bear both parties' signatures, recovered here. */
  signed: number;
  problems: CustodyProblem[];
  /**
   * RECORDED: that the chain recorded it so; an evidence package's receipt proofs do. KEYS_OF_BODIES: that the keys which signed
   * are the bodies'; the trust list tells. COMPLETE: that no receipt follows, unless the hop was expected. CONSENT: that both parties agreed, of
   * hand-overs without signatures. PHYSICAL: that what changed hands is what was deposited.
   */
  notProved: ("RECORDED" | "KEYS_OF_BODIES" | "COMPLETE" | "CONSENT" | "PHYSICAL")[];
}

/** What is known of the exhibit from elsewhere, as from a verified package. */
export interface ExpectedCustody {
  /** The chain and the registry that the exhibit was deposited in: any can be made up in which the parties held something else. */
  chainId?: number;
  registry?: string;
  commitment?: string;
  depositor?: number;
  custodian?: number;
  hop?: number;
}

/**
 * Verifies an exhibit's receipts by themselves, with no node: that each names the one before by its digest, that each giver held the exhibit,
 * that times do not run back, and that the parties signed. A contract wallet's signature cannot be checked without its chain, and
 * counts as invalid here.
 *
 * @param receipts All of them, oldest first; values that somebody else wrote.
 * @param expected What the receipts must agree with; what is left out is not asked.
 * @example
 * ```ts
 * const report = verifyCustodyReceipts(receipts, { commitment, depositor, hop });
 * if (!report.isValid) for (const { receipt, message } of report.problems) console.error(receipt, message);
 * ```
 */
export function verifyCustodyReceipts(
  receipts: readonly CustodyReceipt[],
  expected: ExpectedCustody = {},
): CustodyReport {
  const problems: CustodyProblem[] = [];
  const digests = receipts.map((receipt, i) => {
    try {
      return custodyReceiptDigest(receipt);
    } catch (error) {
      problems.push({ receipt: i, code: "MALFORMED", message: (error as Error).message });
      return undefined;
    }
  });

  let holder = expected.depositor;
  let hop = 0;
  let time = 0;
  let signed = 0;
  let unsigned = 0;
  for (const [i, receipt] of receipts.entries()) {
    if (digests[i] === undefined) continue;
    const fail = (code: CustodyProblem["code"], message: string) => problems.push({ receipt: i, code, message });
    if (receipt.number !== i || receipt.previous !== digests[i - 1]) {
      fail("CHAIN_BROKEN", "it does not name the receipt before it");
    }
    const first = receipts[0]!;
    const isSame =
      receipt.exhibit === (expected.commitment?.toLowerCase() ?? first.exhibit) &&
      receipt.chainId === (expected.chainId ?? first.chainId) &&
      receipt.registry === (expected.registry?.toLowerCase() ?? first.registry);
    if (!isSame) fail("ANOTHER_EXHIBIT", "it is of another exhibit, registry or chain");
    if (holder !== undefined && receipt.from !== holder) {
      const code = i === 0 ? "UNEXPECTED_START" : "CUSTODIAN_BROKEN";
      fail(code, `body ${receipt.from} gave what body ${holder} held`);
    }
    if (receipt.hop !== hop)
      fail("CUSTODIAN_BROKEN", `it counts ${receipt.hop} changes of custody before it, not ${hop}`);
    if (receipt.from === receipt.to) fail("CUSTODIAN_BROKEN", "it is from a body to itself");
    const decidedAt = receipt.acceptedAt ?? receipt.rejectedAt!;
    if (receipt.sentAt < time || decidedAt < receipt.sentAt) fail("TIME_REVERSED", "its times run back");
    time = Math.max(time, decidedAt);
    holder = receipt.from;
    if (receipt.outcome === "REJECTED") continue;
    holder = receipt.to;
    hop = receipt.hop + 1;
    if (receipt.signatures === undefined) unsigned += 1;
    else if (checkSignatures(receipt, fail)) signed += 1;
  }

  const end = (what: string, found: number | undefined, wanted: number | undefined) => {
    if (wanted === undefined || found === wanted) return;
    const message = `the ${what} is ${found ?? "not told"}, not ${wanted}`;
    problems.push({ receipt: undefined, code: "UNEXPECTED_END", message });
  };
  end("custodian", holder, expected.custodian);
  end("number of changes of custody", hop, expected.hop);
  return {
    ...{ isValid: problems.length === 0, holder, hop, digests, signed, problems },
    notProved: [
      "RECORDED",
      ...(signed > 0 ? (["KEYS_OF_BODIES"] as const) : []),
      ...(expected.hop === undefined ? (["COMPLETE"] as const) : []),
      ...(unsigned > 0 ? (["CONSENT"] as const) : []),
      "PHYSICAL",
    ],
  };
}

function checkSignatures(
  { chainId, registry, exhibit, hop, acceptedAt, signatures }: CustodyReceipt,
  fail: (code: CustodyProblem["code"], message: string) => void,
): boolean {
  const { from, to, deadline, fromSignature, toSignature } = signatures!;
  const { domain, types } = evidenceTypedData({ chainId, registry }, "HandOver");
  const message = { exhibit, hop, from, to, deadline };
  const hasSigned = (signer: string, signature: string) => {
    try {
      return verifyTypedData(domain, types, message, signature).toLowerCase() === signer;
    } catch {
      // No signature of a key, such as one with a high s.
      return false;
    }
  };
  const isFrom = hasSigned(from, fromSignature);
  // The registry takes no key for two bodies, so nobody gives to and takes from itself.
  const isTo = to !== from && hasSigned(to, toSignature);
  if (!isFrom) fail("SIGNATURE_INVALID", `${from}, which gave the exhibit, did not sign this`);
  if (!isTo) fail("SIGNATURE_INVALID", `${to}, which took the exhibit, did not sign this`);
  const isInTime = acceptedAt! <= deadline;
  if (!isInTime) fail("SIGNATURE_LATE", "custody changed after the signatures' last second");
  return isFrom && isTo && isInTime;
}
