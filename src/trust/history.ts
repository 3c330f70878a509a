import type { Accreditation, Key, TrustSnapshot } from "./snapshot.js";
import type { Standing } from "./standing.js";

/** A body as it is at the end of a snapshot. */
export interface Body {
  /** Who controls it. */
  controller: string;
  /** SHA-256 of its public profile, in hex. */
  profile: string;
  /** Its keys by their number within it. */
  keys: Map<number, Key & { operator: string }>;
}

/** A snapshot, ordered for judging. */
export interface TrustHistory {
  /** Bodies by their index. */
  bodies: Map<number, Body>;
  /** All states of each accreditation, oldest first, by scope and then by the body's index. */
  accreditations: Map<string, Map<number, Accreditation[]>>;
}

const COUNCIL = 0;
const NEVER: Accreditation = {
  from: 0,
  until: 0,
  since: 0,
  alarm: 0,
  parent: COUNCIL,
  role: 0,
  levels: 0,
  decision: "NONE",
  held: false,
};

/**
 * Orders a snapshot for judging. It judges nothing of whether the snapshot is true: `verifySnapshot` does.
 *
 * @param snapshot As `readTrustSnapshot` gives it, or its file.
 * @example
 * ```ts
 * const trust = trustHistory(JSON.parse(text));
 * const standing = standingOf(trust, schema, 3, 1, issuedAt);
 * ```
 */
export function trustHistory(snapshot: Pick<TrustSnapshot, "changes">): TrustHistory {
  const bodies = new Map<number, Body>();
  const accreditations: TrustHistory["accreditations"] = new Map();

  for (const change of snapshot.changes) {
    if (change.kind === "body") {
      const { body, controller, profile } = change;
      bodies.set(body, { keys: new Map(), ...bodies.get(body), controller, profile });
    } else if (change.kind === "accreditation") {
      const byBody = getOrAdd(accreditations, change.scope.toLowerCase(), () => new Map<number, Accreditation[]>());
      getOrAdd(byBody, change.body, () => []).push(change.accreditation);
    } else {
      bodies.get(change.body)?.keys.set(change.key.index, { ...change.key, operator: change.operator });
    }
  }
  return { bodies, accreditations };
}

/**
 * How a body stood in a scope at a time, and at which level that was decided: what `TrustList.standingAt` answers,
 * judged from a snapshot.
 *
 * @param trust The snapshot, ordered.
 * @param scope The role or schema, 32 bytes in hex.
 * @param body The body's index.
 * @param time When, in Unix seconds; a time to come is judged by the present state.
 * @returns How it stood, and the body on whose account it did not stand, or the body itself.
 * @example
 * ```ts
 * const { standing, decidedBy } = standingAt(trust, roleScope("court"), 3, 1_767_225_600);
 * ```
 */
export function standingAt(
  trust: TrustHistory,
  scope: string,
  body: number,
  time: number,
): { standing: Standing; decidedBy: number } {
  const byBody = trust.accreditations.get(scope.toLowerCase());
  const stateOf = (index: number) => stateAt(byBody?.get(index), time);

  // Each level grants more levels than the one below, of at most four values: the walk ends.
  for (let at = body, state = stateOf(at); ;) {
    const standing = standingOfGrant(state, time);
    if (standing !== "IN_FORCE") return { standing, decidedBy: at };
    if (state.parent === COUNCIL) return { standing, decidedBy: body };

    const parent = stateOf(state.parent);
    // A parent accredited anew, with less, no longer covers what it gave before.
    if (parent.levels <= state.levels || parent.from > state.from) return { standing: "WITHDRAWN", decidedBy: at };
    [at, state] = [state.parent, parent];
  }
}

/**
 * How a record stands that a body's key signed at a time: what `TrustList.standingOf` answers, judged from a snapshot.
 *
 * @param trust The snapshot, ordered.
 * @param scope The role or schema, 32 bytes in hex.
 * @param body The body's index.
 * @param key The key's number within the body.
 * @param time When it was signed, in Unix seconds.
 * @returns IN_FORCE when it stands, otherwise what was wrong at that time.
 * @example
 * ```ts
 * const standing = standingOf(trust, schema, record.issuer, record.key, record.issuedAt);
 * ```
 */
export function standingOf(trust: TrustHistory, scope: string, body: number, key: number, time: number): Standing {
  const isKnown = trust.accreditations.get(scope.toLowerCase())?.has(body) ?? false;
  const since = trust.bodies.get(body)?.keys.get(key)?.compromisedSince ?? 0;
  if (isKnown && since !== 0 && time >= since) return "COMPROMISED";
  return standingAt(trust, scope, body, time).standing;
}

/** The last state decided at or before a time; of several in one second the last counts. */
function stateAt(states: readonly Accreditation[] | undefined, time: number): Accreditation {
  return states?.findLast(({ since }) => since <= time) ?? NEVER;
}

function standingOfGrant({ decision, from, until }: Accreditation, time: number): Standing {
  if (decision !== "ACCREDITED") return decision;
  if (time < from) return "PENDING";
  return time < until ? "IN_FORCE" : "EXPIRED";
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
