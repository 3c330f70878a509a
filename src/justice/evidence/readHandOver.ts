import { ask } from "../../chain/send.js";
import type { EvidenceRegistry } from "../../typechain/contracts/justice/EvidenceRegistry.js";
import { nodeOf, placeOf } from "../placeOf.js";
import type { JointHandOver } from "./handOver.js";
import type { ExhibitEvent } from "./readExhibit.js";

/**
 * What both parties signed, out of the transaction that carried it.
 *
 * @param registry Connected to a node.
 * @param event A HANDED_OVER of `readExhibit`.
 * @returns Undefined where an offer was accepted, and where the transaction went to the registry by way of another contract.
 * @throws JusticeError PROVIDER_MISSING
 * @example
 * ```ts
 * const { events } = await readExhibit(registry, commitment, { fromBlock: deployedAt });
 * const passed = events.filter(({ what }) => what === "HANDED_OVER");
 * const handOvers = (await Promise.all(passed.map((event) => readHandOver(registry, event)))).filter((one) => one !== undefined);
 * ```
 */
export async function readHandOver(
  registry: EvidenceRegistry,
  { transaction, hop }: Pick<ExhibitEvent, "transaction" | "hop">,
): Promise<JointHandOver | undefined> {
  const place = await placeOf(registry);
  const sent = await ask(() => nodeOf(registry).getTransaction(transaction));
  if (sent?.to?.toLowerCase() !== place.registry.toLowerCase()) return undefined;
  const call = registry.interface.parseTransaction(sent);
  if (call?.name !== "handOver") return undefined;
  const { deadline, commitment, from, fromSignature, to, toSignature } = call.args as unknown as {
    deadline: bigint;
    commitment: string;
    from: string;
    fromSignature: string;
    to: string;
    toSignature: string;
  };
  const message = { exhibit: commitment, hop, from, to, deadline: Number(deadline) };
  return { ...place, message, fromSignature, toSignature };
}
