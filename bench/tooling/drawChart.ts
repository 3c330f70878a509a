/** A curve of a chart, by x in ascending order. */
export interface Line {
  name: string;
  points: (readonly [x: number, y: number])[];
}

/** A chart of curves over the same places. */
export interface Chart {
  title: string;
  /** What is counted from left to right. */
  x: string;
  /** What is counted from below; gas, if left out. */
  y?: string;
  lines: Line[];
}

const COLOURS = ["#0b5fa5", "#b3430f", "#3a7d2c", "#7a3e9d"];
const [WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM] = [720, 400, 90, 50, 190, 60];
/** Text of two curves that end at the same height would lie one on the other. */
const NAME_HEIGHT = 14;

/** Draws a chart as SVG, on a ground of its own, so that it is read on a dark page too. */
export function drawChart({ title, x, y = "gas", lines }: Chart): string {
  const all = lines.flatMap(({ points }) => points);
  const mostX = Math.max(...all.map(([at]) => at));
  const mostY = roundUp(Math.max(...all.map(([, at]) => at)));
  const placeX = (at: number) => (LEFT + (at / mostX) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const placeY = (gas: number) => (HEIGHT - BOTTOM - (gas / mostY) * (HEIGHT - TOP - BOTTOM)).toFixed(1);
  const grid = Array.from({ length: 6 }, (_, i) => (mostY * i) / 5).flatMap((gas) => [
    `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${placeY(gas)}" y2="${placeY(gas)}" stroke="#ddd"/>`,
    `<text x="${LEFT - 8}" y="${placeY(gas)}" text-anchor="end" dominant-baseline="middle">${gas.toLocaleString("en")}</text>`,
  ]);
  const ticks = [...new Set(lines[0]!.points.map(([at]) => at))].map((at) => {
    return `<text x="${placeX(at)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${at.toLocaleString("en")}</text>`;
  });
  const names = apart(lines.map(({ points }) => Number(placeY(points.at(-1)![1]))));
  const curves = lines.flatMap(({ name, points }, i) => {
    const colour = COLOURS[i]!;
    const path = points.map(([at, gas]) => `${placeX(at)},${placeY(gas)}`).join(" ");
    const [lastX] = points.at(-1)!;
    return [
      `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      ...points.map(([at, gas]) => `<circle cx="${placeX(at)}" cy="${placeY(gas)}" r="3" fill="${colour}"/>`),
      `<text x="${Number(placeX(lastX)) + 10}" y="${names[i]!.toFixed(1)}" fill="${colour}" dominant-baseline="middle">${name}</text>`,
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${title}, ${y} by ${x}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${LEFT}" y="24" font-size="15">${title}</text>`,
    `<text x="${LEFT}" y="40" fill="#555">${y}</text>`,
    ...grid,
    ...ticks,
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 14}" text-anchor="middle">${x}</text>`,
    ...curves,
    "</svg>\n",
  ].join("\n");
}

/** To two digits or one, so that the lines of the grid have round numbers. */
function roundUp(most: number): number {
  const step = 10 ** Math.floor(Math.log10(most / 2));
  return step * Math.ceil(most / step);
}

/** Heights of names, moved down where they would touch. */
function apart(heights: readonly number[]): number[] {
  const placed = [...heights];
  let last = -Infinity;
  for (const [i, height] of [...heights.entries()].sort(([, a], [, b]) => a - b)) {
    last = Math.max(height, last + NAME_HEIGHT);
    placed[i] = last;
  }
  return placed;
}
