/** How far one source file is covered, in percent, and the lines that no test ran. */
export interface FileCoverage {
  file: string;
  lines: number;
  statements: number;
  uncovered: number[];
}

/**
 * Reads what Hardhat gives: statements are in the table that it prints and nowhere else, while that table cuts a long
 * list of uncovered lines, which are therefore read from the lcov file.
 *
 * @param output What `hardhat test --coverage` printed.
 * @param lcov The text of coverage/lcov.info.
 */
export function readCoverage(output: string, lcov: string): FileCoverage[] {
  const uncovered = readUncoveredLines(lcov);
  const rows = output.matchAll(/^║ (\S+\.sol)\s+│ (\d+\.\d+)\s+│ (\d+\.\d+)\s+│/gm);
  return [...rows].map(([, file = "", lines, statements]) => ({
    file,
    lines: Number(lines),
    statements: Number(statements),
    uncovered: uncovered.get(file) ?? [],
  }));
}

function readUncoveredLines(lcov: string): Map<string, number[]> {
  const uncovered = new Map<string, number[]>();
  let lines: number[] = [];
  for (const line of lcov.split(/\r?\n/)) {
    const file = /^SF:(.+)$/.exec(line)?.[1];
    if (file !== undefined) uncovered.set(file, (lines = []));
    const never = /^DA:(\d+),0$/.exec(line)?.[1];
    if (never !== undefined) lines.push(Number(never));
  }
  return uncovered;
}

/** The files under contracts/ that are not covered whole, each as a line that says what is missing. */
export function listCoverageGaps(files: readonly FileCoverage[]): string[] {
  return files
    .filter(({ file, lines, statements, uncovered }) => {
      const whole = lines === 100 && statements === 100 && uncovered.length === 0;
      return file.startsWith("contracts/") && !whole;
    })
    .map(({ file, lines, statements, uncovered }) => {
      const where = uncovered.length === 0 ? "" : `, no test runs line ${uncovered.join(", ")}`;
      return `${file}: lines ${lines}%, statements ${statements}%${where}`;
    });
}
