/** Annotation texts with the values of one series in place, for the preview. */
import type { Labels } from "../../api/types";
import { duration, humanNumber } from "../../parts/number";

const formats: Record<string, (value: number) => string> = {
  humanize: humanNumber,
  humanize1024: humanNumber,
  humanizeDuration: duration,
  humanizePercentage: (value) => `${Number((value * 100).toPrecision(4))}%`,
};

/** What the portal cannot fill in stays as it was written: the server has the last word. */
export function fillText(text: string, labels: Labels, value: number | null | undefined): string {
  return text.replace(/\{\{-?\s*([^{}]*?)\s*-?\}\}/g, (whole, inside: string) => {
    const label = /^(?:\$labels|\.Labels)\.([a-zA-Z_][a-zA-Z0-9_]*)$/.exec(inside);
    if (label) return labels[label[1] ?? ""] ?? "";
    const shown = /^(?:\$value|\.Value)(?:\s*\|\s*([a-zA-Z0-9]+))?$/.exec(inside);
    if (!shown || value === null || value === undefined) return whole;
    if (shown[1] === undefined) return String(value);
    return formats[shown[1]]?.(value) ?? whole;
  });
}

/** `${name}` in all texts of a template's rule, replaced by what was chosen. */
export function fillTemplate<Value>(value: Value, chosen: Record<string, string>): Value {
  if (typeof value === "string")
    return value.replace(/\$\{([a-z0-9_]+)\}/gi, (whole, name: string) => chosen[name] ?? whole) as Value;
  if (Array.isArray(value)) return value.map((each) => fillTemplate(each, chosen)) as Value;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, fillTemplate(inner, chosen)]),
  ) as Value;
}
