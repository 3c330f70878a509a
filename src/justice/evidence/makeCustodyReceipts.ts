import type { JointHandOver } from "./handOver.js";
import {
  CUSTODY_RECEIPT_SCHEMA,
  type CustodyReceipt,
  custodyReceiptDigest,
  type CustodySignatures,
} from "./custodyReceipt.js";
import type { ExhibitEvent, ExhibitHistory } from "./readExhibit.js";
import { checkStatement, type EvidenceStatement } from "./statement.js";

/**
 * Makes the receipts of all hand-overs of an exhibit, done and refused, oldest first, each with the digest of the one before. An offer
 * that was recalled, or that lapsed, leaves none: nothing passed, and nobody said no.
 *
 * @param history As `readExhibit` gives it.
 * @param options.handOvers What the parties signed and somebody carried, as `readHandOver` or the parties' own files give it; each
 * receipt takes its own, and those of hand-overs by an offer have none. Warning: what was signed and never carried does not belong
 * here, for a history does not tell which address is which body's.
 * @param options.statement The exhibit's statement, to name its number and digests. Warning: the receipts then say what the chain hides.
 * @throws JusticeError STATEMENT_MALFORMED, CUSTODY_RECEIPT_MALFORMED when a history was not as `readExhibit` gives it
 * @example
 * ```ts
 * const history = await readExhibit(registry, commitment, { fromBlock: deployedAt });
 * const receipts = makeCustodyReceipts(history, { handOvers: [joint], statement });
 * receipts.forEach((receipt, i) => writeFileSync(`receipt-${i}.json`, encodeCustodyReceipt(receipt)));
 * ```
 */
export function makeCustodyReceipts(
  history: ExhibitHistory,
  options: { handOvers?: readonly JointHandOver[]; statement?: EvidenceStatement } = {},
): CustodyReceipt[] {
  const statement = options.statement === undefined ? undefined : checkStatement(options.statement);
  const common = {
    schema: CUSTODY_RECEIPT_SCHEMA,
    canonicalisation: "RFC 8785",
    chainId: history.chainId,
    registry: history.registry.toLowerCase(),
    exhibit: history.commitment.toLowerCase(),
    ...(statement?.exhibitNumber === undefined ? {} : { exhibitNumber: statement.exhibitNumber }),
    ...(statement === undefined ? {} : { digests: statement.digests }),
  } as const;

  const receipts: CustodyReceipt[] = [];
  let offer: ExhibitEvent | undefined;
  for (const event of history.events) {
    if (event.what === "OFFERED") offer = event;
    if (event.what === "RECALLED") offer = undefined;
    if (event.what !== "HANDED_OVER" && event.what !== "REJECTED") continue;
    const { time, hop, from, to, block, transaction } = event;
    const isOffered = offer !== undefined && offer.to === to && offer.hop === hop && offer.until! > time;
    const last = receipts.at(-1);
    const signatures = event.what === "HANDED_OVER" ? signaturesOf(history, hop, time, options.handOvers) : undefined;
    receipts.push({
      ...common,
      number: receipts.length,
      ...(last === undefined ? {} : { previous: custodyReceiptDigest(last) }),
      ...{ hop, from: from!, to: to!, sentAt: isOffered ? offer!.time : time },
      ...(event.what === "HANDED_OVER"
        ? { outcome: "ACCEPTED", acceptedAt: time }
        : { outcome: "REJECTED", rejectedAt: time, reason: event.refusal! }),
      ...{ transaction, block },
      ...(signatures === undefined ? {} : { signatures }),
    });
    offer = undefined;
  }
  return receipts;
}

/** What was signed of the exhibit at a hop, and counted then. */
function signaturesOf(
  { chainId, registry, commitment }: ExhibitHistory,
  hop: number,
  time: number,
  handOvers: readonly JointHandOver[] = [],
): CustodySignatures | undefined {
  const found = handOvers.find(({ message, ...place }) => {
    const isHere = place.chainId === chainId && place.registry.toLowerCase() === registry.toLowerCase();
    const isThis = message.exhibit.toLowerCase() === commitment.toLowerCase() && message.hop === hop;
    return isHere && isThis && message.deadline >= time;
  });
  if (found === undefined) return undefined;
  const { message, fromSignature, toSignature } = found;
  const [from, to] = [message.from.toLowerCase(), message.to.toLowerCase()];
  return { from, to, deadline: message.deadline, fromSignature, toSignature };
}
