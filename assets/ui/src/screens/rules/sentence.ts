/**
 * The simple form of a condition: "when the average of node_load1 per instance is above 5".
 * Written as PromQL in exactly one way, and read back from PromQL of that shape only; anything
 * else keeps its text and stays with the editor.
 */

export const manners = ["each", "avg", "max", "min", "sum", "count"] as const;
export type Manner = (typeof manners)[number];
/** What is looked at: the value as it is, its growth per second, or how much it grew. */
export const views = [
  "value",
  "rate",
  "increase",
  "avg_over_time",
  "max_over_time",
  "min_over_time",
] as const;
export type View = (typeof views)[number];
export const operators = [">", ">=", "<", "<=", "==", "!="] as const;
export type Operator = (typeof operators)[number];

export interface Sentence {
  how: Manner;
  metric: string;
  /** Matchers without braces: `job="node", mode!="idle"`. */
  filter: string;
  view: View;
  /** A Prometheus duration; without meaning for `value`. */
  window: string;
  /** Labels that are kept apart; only where values are put together. */
  per: string[];
  op: Operator;
  /** As typed: a number. */
  threshold: string;
}

export const emptySentence: Sentence = {
  how: "each",
  metric: "",
  filter: "",
  view: "value",
  window: "5m",
  per: [],
  op: ">",
  threshold: "",
};

const NUMBER = "[-+]?(?:\\d+\\.?\\d*(?:[eE][-+]?\\d+)?|\\.\\d+)";
const isNumber = new RegExp(`^${NUMBER}$`);
const comparison = new RegExp(`^([\\s\\S]*?)\\s*(==|!=|>=|<=|>|<)\\s*(${NUMBER})\\s*$`);

/** The expression it stands for; without the comparison while there is no number, empty without a metric. */
export function promqlOf(sentence: Sentence): string {
  const { how, metric, filter, view, window, per, op, threshold } = sentence;
  if (metric === "") return "";
  const selector = filter.trim() === "" ? metric : `${metric}{${filter.trim()}}`;
  const seen = view === "value" ? selector : `${view}(${selector}[${window}])`;
  const by = per.length > 0 ? ` by (${per.join(", ")})` : "";
  const left = how === "each" ? seen : `${how}${by} (${seen})`;
  return isNumber.test(threshold.trim()) ? `${left} ${op} ${threshold.trim()}` : left;
}

/** Why an expression is no sentence. */
export type Unread = "compare" | "several";

/** The sentence an expression was made from, or could have been. */
export function sentenceOf(expr: string): Sentence | Unread {
  const split = splitThreshold(expr);
  if (split === undefined) return "compare";
  const { op, threshold } = split;
  const aggregate = /^(avg|max|min|sum|count)(?:\s+by\s*\(([^()]*)\))?\s*\(([\s\S]*)\)$/.exec(
    split.left.trim(),
  );
  const inner = aggregate ? (aggregate[3] ?? "") : split.left;
  const view = /^(rate|increase|avg_over_time|max_over_time|min_over_time)\(([\s\S]*)\[([0-9a-z]+)\]\)$/.exec(
    inner.trim(),
  );
  const selector = (view ? (view[2] ?? "") : inner).trim();
  const found = /^([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(?:\{((?:[^{}"]|"(?:[^"\\]|\\.)*")*)\})?$/.exec(selector);
  if (found === null) return "several";
  const per = (aggregate?.[2] ?? "").split(",").map((label) => label.trim());
  return {
    how: (aggregate?.[1] ?? "each") as Manner,
    metric: found[1] ?? "",
    filter: (found[2] ?? "").trim(),
    view: (view?.[1] ?? "value") as View,
    window: view?.[3] ?? emptySentence.window,
    per: per.filter((label) => label !== ""),
    op,
    threshold,
  };
}

interface Split {
  left: string;
  op: Operator;
  threshold: string;
}

/** A comparison with a number at the end of an expression, outside all brackets. */
export function splitThreshold(expr: string): Split | undefined {
  const found = comparison.exec(expr);
  if (found === null) return undefined;
  const [, left = "", op, threshold = ""] = found;
  // Within brackets, or the second of two comparisons: not what the whole is compared with.
  if (!balanced(left) || left.trim() === "" || /\b(and|or|unless|bool)\s*$/.test(left)) return undefined;
  return /\b(and|or|unless)\b/.test(outside(left)) ? undefined : { left, op: op as Operator, threshold };
}

/** The same condition with another number; unchanged where there is none. */
export function withThreshold(expr: string, threshold: number): string {
  const split = splitThreshold(expr);
  return split === undefined ? expr : `${split.left} ${split.op} ${shortNumber(threshold)}`;
}

/** Four significant digits: what a hand on a line can mean. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function balanced(text: string): boolean {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g, "");
  const count = (sign: string) => bare.split(sign).length;
  return count("(") === count(")") && count("{") === count("}") && count("[") === count("]");
}

/** The text outside brackets and strings. */
function outside(text: string): string {
  let bare = text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g, "");
  for (let before = ""; before !== bare; ) {
    before = bare;
    bare = bare.replace(/\([^()]*\)|\{[^{}]*\}|\[[^[\]]*\]/g, "");
  }
  return bare;
}
