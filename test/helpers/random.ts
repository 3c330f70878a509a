/** Numbers that look random and are the same in every run (mulberry32). */
export function randomOf(seed: number) {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    /** A whole number from 0 to below `end`. */
    below: (end: number) => Math.floor(next() * end),
    /** One of several. */
    of: <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)]!,
  };
}
