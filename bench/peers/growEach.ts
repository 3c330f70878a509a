import type { Line } from "../tooling/drawChart.js";

/** From one to a million, by tens. */
export const POWERS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000] as const;

/**
 * What each of n costs when as many as possible are done in one transaction: measured as far as one transaction goes, and beyond
 * that reckoned by full ones.
 *
 * @param name The curve's.
 * @param most How many a transaction holds.
 * @param measure The gas of a transaction with so many.
 * @example const line = await growEach("EAS", 40, (count) => eas.attestMany(some(count)));
 */
export async function growEach(name: string, most: number, measure: (count: number) => Promise<number>): Promise<Line> {
  const points: [number, number][] = [];
  for (const count of POWERS.filter((n) => n <= most)) points.push([count, (await measure(count)) / count]);
  const full = (await measure(most)) / most;
  const beyond = POWERS.filter((n) => n > most);
  const rounded = [...points, ...beyond.map((n) => [n, full] as const)].map(
    ([n, gas]) => [n, Math.round(gas * 100) / 100] as const,
  );
  return { name, points: rounded, ...(beyond[0] === undefined ? {} : { simulatedFrom: beyond[0] }) };
}
