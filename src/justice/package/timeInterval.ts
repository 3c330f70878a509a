import type { AnchorFound } from "./PackageReport.js";

/** When a statement came to be, and by when its file existed, in Unix seconds. */
export interface TimeInterval {
  notBefore: number | undefined;
  notAfter: number | undefined;
  /** By when the file existed: the deposit or, often earlier, the time stamp over the file. */
  fileNotAfter: number | undefined;
  /** Whether some clock says that the statement is younger than its deposit: then the blocks' times alone are given. */
  isContradicted: boolean;
}

/**
 * The narrowest interval that blocks and second anchors leave. The statement is no older than the block that it names and than the
 * token whose digest it holds; it is no younger than its deposit, nor than any anchor over the proved block.
 *
 * @param blocks The times of the block that the statement names and of the deposit, where they are proved.
 * @example
 * ```ts
 * const { notBefore, notAfter } = timeInterval({ named: undefined, deposited: record.depositedAt }, anchors);
 * ```
 */
export function timeInterval(
  { named, deposited }: { named: number | undefined; deposited: number | undefined },
  anchors: readonly AnchorFound[],
): TimeInterval {
  const tokens = anchors.filter(({ of }) => of === "file");
  const later = anchors.filter(({ of }) => of === "block");
  const notBefore = bound("max", [named, ...tokens.map((token) => token.notBefore)]);
  // Without a proved deposit, an anchor says nothing of the statement.
  const notAfter = deposited && bound("min", [deposited, ...later.map((anchor) => anchor.notAfter)]);
  const isContradicted = notBefore !== undefined && notAfter !== undefined && notBefore > notAfter;
  const given = isContradicted ? { notBefore: named, notAfter: deposited } : { notBefore, notAfter };
  const fileNotAfter = bound("min", [given.notAfter, ...tokens.map((token) => token.notAfter)]);
  return { ...given, fileNotAfter, isContradicted };
}

function bound(of: "max" | "min", times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math[of](...known);
}
