import { revokeAttribute, revokeDelegate, type DidChange } from "./didChange.js";
import { linkedEvents } from "./didDocument.js";
import type { DidChangeEvent } from "./didEvents.js";
import { isChange, type DidRecord } from "./readDid.js";

/**
 * The changes that revoke all keys, delegates and services that were added, or prolonged, since a time and still count, for the
 * registry or for a resolver:
 * what a thief may have left behind, for the new owner to make right after a recovery.
 *
 * Warning: it cannot tell the thief's from the holder's own, which are to be added anew; and what the thief revoked is
 * not brought back. Anyone may execute a recovery that is due, and then what was added before the freeze is valid again:
 * send `executeRecovery` yourself in the second that it is due, and `changeMany` with these right after it.
 *
 * @param record The DID, as `readDid` gives it.
 * @param since When the key was lost, in Unix seconds; what was added in that second is revoked too.
 * @returns Nothing, where nothing was added: a batch needs at least one change.
 * @example
 * ```ts
 * const changes = keysToRevoke(await readDid(provider, address, did, { fromBlock }), lostAt);
 * if (changes.length > 0) await registry.changeMany(identity, changes);
 * ```
 */
export function keysToRevoke(record: Pick<DidRecord, "events" | "time">, since: number): DidChange[] {
  const changes = record.events.filter(isChange);
  // A resolver passes over the block of a freeze, so that what ended in it still counts for whoever asks a resolver.
  const added = [...addedSince(changes, since, record.time), ...addedSince(linkedEvents(changes), since, record.time)];
  return [...new Map(added).values()];
}

/** What revokes each entry that stands after these events, by the entry. */
function addedSince(events: readonly DidChangeEvent[], since: number, now: number): Map<string, DidChange> {
  const added = new Map<string, DidChange>();
  for (const event of events) {
    if (event.what === "OWNER") continue;
    const isDelegate = event.what === "DELEGATE";
    const revocation = isDelegate
      ? revokeDelegate(event.type, event.delegate)
      : revokeAttribute(event.name, event.value);
    const key = `${event.what} ${revocation.name} ${revocation.value}`;
    added.delete(key);
    // A resolver takes the last second for valid.
    if (event.time >= since && event.validTo !== 0n && event.validTo >= BigInt(now)) added.set(key, revocation);
  }
  return added;
}
