/** How uPlot draws: axes, threshold, spans, tooltip. */
import type uPlot from "uplot";
import type { Line, Span } from "./chart";
import { humanNumber } from "./number";
import { absolute } from "./time";

interface Wanted {
  width: number;
  height: number;
  lines: readonly Line[];
  /** One a line. */
  colours: readonly string[];
  from: number;
  to: number;
  threshold: number | undefined;
  above: boolean;
  spans: readonly Span[];
  element: HTMLElement;
  language: string;
}

/** The tooltip lists so many series. */
const ROWS = 12;
/** How near the pointer must be to take hold of the threshold, in pixels. */
const GRIP = 7;

export function chartOptions(wanted: Wanted): uPlot.Options {
  const { width, height, lines, from, to, element } = wanted;
  const css = getComputedStyle(element);
  const colour = (name: string) => css.getPropertyValue(name).trim();
  const axis = {
    stroke: colour("--wk-muted"),
    grid: { stroke: colour("--wk-line"), width: 1 },
    ticks: { show: false },
    font: `11.5px ${css.fontFamily}`,
  };
  return {
    width,
    height,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: { min: from, max: to },
      y: { range: (_, low, high) => rangeOf(low, high, wanted.threshold) },
    },
    axes: [
      { ...axis, values: clock, space: 62, size: 30 },
      { ...axis, size: 56, values: (_, splits) => splits.map((value) => humanNumber(value)) },
    ],
    series: [
      {},
      ...lines.map((line, at) => ({
        label: line.name,
        stroke: wanted.colours[at],
        width: 1.5,
        points: { show: false },
        spanGaps: false,
      })),
    ],
    hooks: {
      drawClear: [(chart) => drawSpans(chart, wanted.spans, to, colour("--wk-bar-bad"))],
      draw: [(chart) => drawThreshold(chart, wanted.threshold, wanted.above, colour("--wk-critical"))],
    },
    plugins: [tooltip(lines, wanted.colours, wanted.language)],
  };
}

/** From zero where that is near; the threshold is always in sight. */
function rangeOf(low: number | null, high: number | null, threshold: number | undefined): [number, number] {
  const values = [low, high, threshold].filter((value): value is number =>
    Number.isFinite(value ?? Number.NaN),
  );
  if (values.length === 0) return [0, 1];
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const bottom = min >= 0 && min < max * 0.7 ? 0 : min;
  const room = (max - bottom || Math.abs(max) || 1) * 0.1;
  return [bottom === 0 ? 0 : bottom - room, max + room];
}

const pad = (value: number) => String(value).padStart(2, "0");

/** Hours, or days where the range is long. */
function clock(_: uPlot, splits: number[]): string[] {
  const step = (splits[1] ?? 0) - (splits[0] ?? 0);
  return splits.map((second) => {
    const at = new Date(second * 1000);
    if (step >= 86_400 || (at.getHours() === 0 && at.getMinutes() === 0))
      return `${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
    return `${pad(at.getHours())}:${pad(at.getMinutes())}`;
  });
}

function drawSpans(chart: uPlot, spans: readonly Span[], end: number, colour: string) {
  const { ctx, bbox } = chart;
  ctx.save();
  for (const { from_s, to_s } of spans) {
    const left = chart.valToPos(from_s, "x", true);
    const width = Math.max(chart.valToPos(to_s ?? end, "x", true) - left, 2 * devicePixelRatio);
    ctx.fillStyle = colour;
    ctx.globalAlpha = 0.13;
    ctx.fillRect(left, bbox.top, width, bbox.height);
    ctx.globalAlpha = 0.9;
    ctx.fillRect(left, bbox.top + bbox.height - 3 * devicePixelRatio, width, 3 * devicePixelRatio);
  }
  ctx.restore();
}

function drawThreshold(chart: uPlot, threshold: number | undefined, above: boolean, colour: string) {
  if (threshold === undefined) return;
  const { ctx, bbox } = chart;
  const y = chart.valToPos(threshold, "y", true);
  ctx.save();
  ctx.fillStyle = colour;
  ctx.globalAlpha = 0.05;
  if (above) ctx.fillRect(bbox.left, bbox.top, bbox.width, Math.max(y - bbox.top, 0));
  else ctx.fillRect(bbox.left, y, bbox.width, Math.max(bbox.top + bbox.height - y, 0));
  ctx.globalAlpha = 1;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

function tooltip(lines: readonly Line[], colours: readonly string[], language: string): uPlot.Plugin {
  const box = document.createElement("div");
  box.className = "wk-tip";
  box.hidden = true;
  return {
    hooks: {
      init: (chart) => chart.over.append(box),
      setCursor: (chart) => {
        const { idx, left = -1 } = chart.cursor;
        const time = idx == null ? undefined : chart.data[0][idx];
        box.hidden = time === undefined || left < 0;
        if (idx == null || time === undefined || left < 0) return;
        const head = document.createElement("b");
        head.textContent = absolute(time * 1000, language);
        box.replaceChildren(head, ...tipRows(chart, lines, idx, colours));
        const right = left > chart.over.clientWidth / 2;
        box.style.left = right ? "" : `${left + 14}px`;
        box.style.right = right ? `${chart.over.clientWidth - left + 14}px` : "";
        box.style.top = "6px";
      },
    },
  };
}

/** The highest values first; more than a few rows are no help. */
function tipRows(
  chart: uPlot,
  lines: readonly Line[],
  at: number,
  colours: readonly string[],
): HTMLElement[] {
  return lines
    .map((line, index) => ({
      name: line.name,
      colour: colours[index] ?? "",
      value: chart.data[index + 1]?.[at],
    }))
    .filter(({ value }) => value != null)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0))
    .slice(0, ROWS)
    .map(({ name, colour, value }) => {
      const row = document.createElement("div");
      const [label, number] = [document.createElement("span"), document.createElement("b")];
      label.textContent = name;
      label.style.color = colour;
      number.textContent = humanNumber(value);
      row.append(label, number);
      return row;
    });
}

/** Lets the pointer take the threshold line; tells its value when it is let go. */
export function dragThreshold(
  chart: uPlot,
  threshold: number | undefined,
  moved: (value: number) => void,
): () => void {
  if (threshold === undefined) return () => {};
  const { over } = chart;
  const near = (event: PointerEvent) => Math.abs(event.offsetY - chart.valToPos(threshold, "y")) <= GRIP;
  let held = false;
  const down = (event: PointerEvent) => {
    if (!near(event)) return;
    held = true;
    over.setPointerCapture(event.pointerId);
    event.preventDefault();
  };
  const over_ = (event: PointerEvent) => {
    if (held || near(event)) over.dataset.drag = "";
    else delete over.dataset.drag;
  };
  const up = (event: PointerEvent) => {
    if (!held) return;
    held = false;
    moved(chart.posToVal(event.offsetY, "y"));
  };
  over.addEventListener("pointerdown", down);
  over.addEventListener("pointermove", over_);
  over.addEventListener("pointerup", up);
  return () => {
    over.removeEventListener("pointerdown", down);
    over.removeEventListener("pointermove", over_);
    over.removeEventListener("pointerup", up);
  };
}
