import { CHECKED_FORKS, keyOf, type Row } from "./Results.js";

/** How much a ratio may worsen before it is a problem. */
const TOLERANCE = 0.02;

/**
 * What is not as it was committed: a ratio (ours by theirs) that worsened by more than 2 %, a row that is not measured any more or
 * was not committed, a peer's figure that is another, which no change of ours can bring about. Of the forks, those count that CI measures.
 *
 * @param committed The rows of bench/results.json.
 * @param measured The rows of now.
 * @returns A sentence for each problem.
 * @example if (listProblems(committed.rows, rows).length > 0) process.exitCode = 1;
 */
export function listProblems(committed: readonly Row[], measured: readonly Row[]): string[] {
  const known = new Map(committed.map((row) => [keyOf(row), row]));
  const present = new Map(measured.map((row) => [keyOf(row), row]));
  const problems: string[] = [];
  for (const [key, before] of known) {
    const now = present.get(key);
    if (now === undefined) problems.push(`${key}: is committed and was not measured`);
    else problems.push(...listChanges(key, before, now));
  }
  for (const key of present.keys()) if (!known.has(key)) problems.push(`${key}: was measured and is not committed`);
  return problems;
}

function listChanges(key: string, before: Row, now: Row): string[] {
  return CHECKED_FORKS.flatMap((fork) => {
    const [was, is] = [before.figures[fork], now.figures[fork]];
    const where = `${key}, on ${fork}`;
    if (was === undefined && is === undefined) return [];
    if (is === undefined) return [`${where}: is committed and was not measured`];
    if (was === undefined) return [`${where}: was measured and is not committed`];
    const problems: string[] = [];
    if (was.theirs !== is.theirs) problems.push(`${where}: the peer's figure was ${was.theirs} and is ${is.theirs}`);
    const [ratio, limit] = [is.ours / is.theirs, (was.ours / was.theirs) * (1 + TOLERANCE)];
    if (ratio > limit) {
      const percent = ((ratio / (was.ours / was.theirs) - 1) * 100).toFixed(1);
      problems.push(`${where}: the ratio worsened by ${percent} %, ours was ${was.ours} and is ${is.ours}`);
    }
    return problems;
  });
}
