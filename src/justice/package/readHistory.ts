import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import type { LogDescription } from "ethers";

import { IEvidenceRegistry__factory } from "../../typechain/factories/contracts/justice/IEvidenceRegistry__factory.js";
import { decodeHeader } from "../../blocks/decodeHeader.js";
import { encodeReceipt } from "../../blocks/encodeReceipt.js";
import { logsOf } from "../../blocks/logsOf.js";
import { verifyReceiptProof } from "../../blocks/verifyReceiptProof.js";
import { type Fail, problemCode } from "./collectProblems.js";
import type { EvidencePackage } from "./EvidencePackage.js";
import type { ExhibitRecord } from "./exhibitSlot.js";
import type { HistoryEntry } from "./PackageReport.js";
import type { TrustAnchor } from "./readTrustAnchor.js";
import { batchIdOf } from "./storageSlots.js";
import { type SealingFound, verifyOther } from "./verifySealing.js";

const events = IEvidenceRegistry__factory.createInterface();

/**
 * The exhibit's events, out of receipts whose blocks are on the checked chain, oldest first.
 *
 * @param options `otherRecord`: another deposit of the commitment, whose events are left out.
 * @example
 * ```ts
 * const history = readHistory(found, sealing, { anchor, otherRecord: undefined }, collectProblems().fail);
 * ```
 */
export function readHistory(
  { custody, sealing, exhibit }: EvidencePackage,
  found: SealingFound,
  { anchor, otherRecord }: { anchor: TrustAnchor; otherRecord: ExhibitRecord | undefined },
  fail: Fail,
): HistoryEntry[] {
  const entries: HistoryEntry[] = [];
  let last = -1;
  for (const [i, { header: rlp, receipt: proof }] of custody.entries()) {
    try {
      verifyOther(rlp, sealing.kind, found, anchor);
      const { number, timestamp, receiptsRoot } = decodeHeader(rlp);
      if (number > found.header.number) throw new RangeError(`block ${number} is later than the block proved`);
      const place = number * 2 ** 20 + proof.index;
      if (place <= last) throw new RangeError("the receipts are not in the order of their blocks, each once");
      last = place;
      const receipt = verifyReceiptProof(receiptsRoot, proof);
      const digest = bytesToHex(sha256(hexToBytes(encodeReceipt(receipt).slice(2))));
      const logs = logsOf(receipt, exhibit.registry).flatMap((log) => {
        const parsed = events.parseLog({ topics: [...log.topics], data: log.data });
        return parsed !== null && isOf(parsed, exhibit) ? [parsed] : [];
      });
      if (logs.length === 0) throw new RangeError("the receipt holds no event of the exhibit");
      for (const { name, fragment, args } of logs) {
        // What befell the other deposit of the commitment befell nothing of the batch.
        if (otherRecord !== undefined && args[0] === exhibit.commitment) continue;
        const named = fragment.inputs.map((input, n): [string, string] => [input.name, String(args[n])]);
        entries.push({
          event: name,
          time: timestamp,
          block: number,
          args: Object.fromEntries(named),
          receipt: digest,
        });
      }
    } catch (error) {
      fail("custody", problemCode(error, "CUSTODY_BROKEN"), `receipt ${i}: ${(error as Error).message}`);
    }
  }
  return entries;
}

/** Whether an event is of the exhibit, of the deposit of its batch, or of a witness of that. */
function isOf({ name, args }: LogDescription, { commitment, place }: EvidencePackage["exhibit"]): boolean {
  if (args[0] === commitment) return true;
  if (place === undefined) return false;
  if (name === "DepositWitnessed") return args[0] === batchIdOf(place);
  if (name !== "ExhibitsLogged" && name !== "ExhibitBatchDeposited") return false;
  const isInLog = name === "ExhibitsLogged";
  const { depositor, root, size } = args;
  return (
    isInLog === place.inLog &&
    depositor === BigInt(place.depositor) &&
    root === place.root &&
    size === BigInt(place.size)
  );
}
