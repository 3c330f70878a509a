import type { Comparison } from "./Comparison.js";
import type { Growth } from "./Growth.js";
import type { PeerName, PeerPackage } from "./peerPackages.js";

/** The rules that the comparison is measured under: those of the live consortium networks, and two later ones. */
export const FORKS = ["berlin", "cancun", "osaka"] as const;

/** One of them. */
export type Fork = (typeof FORKS)[number];

/** Those that CI measures again: the oldest, of the live networks, and the newest. */
export const CHECKED_FORKS: readonly Fork[] = ["berlin", "osaka"];

/** A comparison, and the family it is of. */
export type FamilyComparison = Comparison & { family: string };

/** What one comparison comes to under each fork. */
export interface Row extends Omit<FamilyComparison, "theirs" | "ours"> {
  figures: Partial<Record<Fork, { theirs: number; ours: number }>>;
}

/** All of bench/results.json. */
export interface Results {
  date: string;
  commit: string;
  versions: Record<string, string>;
  peers: (PeerPackage & { name: PeerName })[];
  /** Gas and bytes, the same on every machine. */
  rows: Row[];
  /** Times, of one machine and one run. */
  times: FamilyComparison[];
  growth: (Growth & { family: string })[];
}

/**
 * Comparisons of each fork, brought together row by row.
 *
 * @throws Error when one was measured twice, or when a figure is not a number above 0, as no ratio can be made of that.
 */
export function joinForks(byFork: Partial<Record<Fork, readonly FamilyComparison[]>>): Row[] {
  const rows = new Map<string, Row>();
  for (const fork of FORKS) {
    for (const { theirs, ours, ...about } of byFork[fork] ?? []) {
      const row = rows.get(keyOf(about)) ?? { ...about, figures: {} };
      if (fork in row.figures) throw new Error(`${keyOf(about)} was measured twice`);
      if (!(theirs > 0 && ours > 0)) throw new Error(`${keyOf(about)} came to ${ours} by ${theirs}`);
      row.figures[fork] = { theirs, ours };
      rows.set(keyOf(about), row);
    }
  }
  return [...rows.values()];
}

/** What tells one row from another. */
export function keyOf({ family, operation, peer }: Pick<Row, "family" | "operation" | "peer">): string {
  return `${family}: ${operation}, against ${peer}`;
}
