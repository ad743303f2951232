/** Series as a chart holds them. */
import type uPlot from "uplot";

export interface Line {
  name: string;
  /** Seconds since the epoch, ascending; `null` is a gap. */
  values: readonly (readonly [number, number | null])[];
}

/** Something that lasted: from, to (`null` = still), which line. */
export interface Span {
  from_s: number;
  /** Without one it lasts. */
  to_s?: number | null;
}

/** One column of times for all lines, and a column of values each; gaps stay gaps. */
export function columnsOf(lines: readonly Line[]): uPlot.AlignedData {
  const times = [...new Set(lines.flatMap((line) => line.values.map(([time]) => time)))].sort(
    (a, b) => a - b,
  );
  const place = new Map(times.map((time, at) => [time, at]));
  const columns = lines.map((line) => {
    const column: (number | null)[] = new Array(times.length).fill(null);
    for (const [time, value] of line.values) column[place.get(time) ?? 0] = value;
    return column;
  });
  return [times, ...columns];
}

/** Colour-blind safe; red, yellow and green belong to states. */
const light = ["#1864ab", "#d9480f", "#087f5b", "#6741d9", "#846358", "#a61e4d", "#0b7285", "#5c940d"];
const dark = ["#74c0fc", "#ffa94d", "#63e6be", "#b197fc", "#d2bab0", "#faa2c1", "#66d9e8", "#c0eb75"];

/** The same for the same name wherever it is drawn, save where two of one chart would be alike. */
export function lineColours(names: readonly string[], scheme: "light" | "dark"): string[] {
  const colours = scheme === "dark" ? dark : light;
  const free = new Set(colours.keys());
  return names.map((name) => {
    if (free.size === 0) for (const at of colours.keys()) free.add(at);
    let at = hashOf(name) % colours.length;
    while (!free.has(at)) at = (at + 1) % colours.length;
    free.delete(at);
    return colours[at] ?? "";
  });
}

function hashOf(name: string): number {
  let hash = 0;
  for (const sign of name) hash = (hash * 31 + (sign.codePointAt(0) ?? 0)) >>> 0;
  return hash;
}

/** Lowest, highest and last value of a line, gaps aside. */
export function extent(line: Line): { min: number; max: number; last: number } | undefined {
  const values = line.values.flatMap(([, value]) => (value === null ? [] : [value]));
  const last = values.at(-1);
  if (last === undefined) return undefined;
  return { min: Math.min(...values), max: Math.max(...values), last };
}

/** The labels that tell series apart, as a short name; all of them where none does. */
export function namesOf(sets: readonly Record<string, string>[]): string[] {
  const [first = {}] = sets;
  const keys = [...new Set(sets.flatMap((labels) => Object.keys(labels)))].filter(
    (key) => key !== "__name__",
  );
  const telling = keys.filter((key) => sets.some((labels) => labels[key] !== first[key]));
  // One label is enough where no two series share its value.
  const one = ["instance", ...telling].find(
    (key) => new Set(sets.map((labels) => labels[key])).size === sets.length,
  );
  if (one !== undefined && telling.includes(one)) return sets.map((labels) => `${one}=${labels[one] ?? ""}`);
  return sets.map((labels) => {
    const used = telling.length > 0 ? telling : keys.filter((key) => ["instance", "job"].includes(key));
    const parts = used.flatMap((key) => (labels[key] ? [`${key}=${labels[key]}`] : []));
    return parts.length > 0 ? parts.join(" ") : (labels.__name__ ?? "{}");
  });
}
