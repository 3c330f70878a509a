import { LineChart } from "echarts/charts";
import { GridComponent, TitleComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";

/** A curve of a chart, by x in ascending order. */
export interface Line {
  name: string;
  points: (readonly [x: number, y: number])[];
  /** From this x on, the figures were reckoned and not reached; drawn as dashes. */
  simulatedFrom?: number;
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

// Of Okabe and Ito's colours, which the colour-blind tell apart, those that are read on white, darkened.
const COLOURS = ["#0b5fa5", "#b3430f", "#00785a", "#8a3f73", "#5c4a00", "#333333", "#a0206a"];
const [WIDTH, HEIGHT] = [760, 420];
const [INK, FAINT, GROUND] = ["#1f2328", "#d8dce1", "#ffffff"];
/** An axis has powers of ten from where it spans this many times its least: that of counts later, since it is read by its ends. */
const LOGARITHMIC_FROM = { x: 500, y: 50 } as const;

/** Draws a chart as SVG, on a ground of its own, so that it is read on a dark page too. */
export function drawChart({ title, x, y = "gas", lines }: Chart): string {
  use([LineChart, GridComponent, TitleComponent, LabelLayout, SVGRenderer]);
  const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height: HEIGHT });
  const all = lines.flatMap(({ points }) => points);
  chart.setOption({
    animation: false,
    backgroundColor: GROUND,
    color: COLOURS,
    textStyle: { fontFamily: "sans-serif", fontSize: 12, color: INK },
    title: {
      ...{ text: title, subtext: y, left: 16, top: 10, itemGap: 4 },
      textStyle: { color: INK, fontSize: 15, fontWeight: "normal" },
      subtextStyle: { color: INK, fontSize: 12 },
    },
    // Beside the curves is room for their names.
    // Fixed, since what measures text here does not know the reader's font.
    grid: { left: 88, right: 200, top: 64, bottom: 56, outerBoundsMode: "none" },
    xAxis: {
      ...axis(
        all.map(([at]) => at),
        LOGARITHMIC_FROM.x,
      ),
      name: x,
      nameLocation: "middle",
      nameGap: 30,
    },
    yAxis: axis(
      all.map(([, at]) => at),
      LOGARITHMIC_FROM.y,
    ),
    series: lines.flatMap((line, i) => curves(line, COLOURS[i % COLOURS.length]!)),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  const named = svg.replace(/(<svg [^>]*)>/, `$1 role="img">\n<title>${escaped(`${title}, ${y} by ${x}`)}</title>`);
  // Without what a pointer would do, and without the count of the process's drawings: the same figures are the same file.
  return `${named
    .replace(/<style >[^]*?<\/style>\s*/, "")
    .replace(/ class="[^"]*"| pointer-events="[^"]*"/g, "")
    .replace(/\bzr\d+-/g, "")}\n`;
}

/** From nought, or by powers of ten where the least would not be seen beside the most. */
function axis(values: readonly number[], logarithmicFrom: number) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const isLogarithmic = least > 0 && most / least >= logarithmicFrom;
  return {
    type: isLogarithmic ? ("log" as const) : ("value" as const),
    axisLabel: { color: INK, formatter: most >= 1e7 ? compact : whole },
    nameTextStyle: { color: INK },
    axisLine: { lineStyle: { color: INK } },
    splitLine: { lineStyle: { color: FAINT } },
  };
}

/** A curve, in two parts where the further one was reckoned; the end of the last is named. */
function curves({ name, points, simulatedFrom = Infinity }: Line, colour: string) {
  const measured = points.filter(([at]) => at < simulatedFrom);
  const reckoned = points.filter(([at]) => at >= simulatedFrom);
  const parts = [
    { data: measured, type: "solid" as const },
    { data: [...measured.slice(-1), ...reckoned], type: "dashed" as const },
  ].filter((_, i) => (i === 0 ? measured.length > 0 : reckoned.length > 0));
  return parts.map(({ data, type }, i) => ({
    name,
    type: "line" as const,
    data: data.map((point) => [...point]),
    ...{ clip: false, silent: true, symbol: "circle", symbolSize: 6 },
    lineStyle: { color: colour, width: 2, type },
    itemStyle: { color: colour },
    emphasis: { disabled: true },
    endLabel: { show: i === parts.length - 1, formatter: name, color: colour, fontSize: 12 },
    labelLayout: { moveOverlap: "shiftY" as const },
  }));
}

const whole = (value: number): string => value.toLocaleString("en", { maximumSignificantDigits: 6 });
const compact = (value: number): string => value.toLocaleString("en", { notation: "compact" });
const escaped = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
