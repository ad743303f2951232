/** How the words of a `severity` label map to the three that the portal knows. */

export type Severity = "critical" | "warning" | "info";

const words: Record<Severity, readonly string[]> = {
  critical: ["critical", "error", "page", "fatal", "emergency", "p1", "s1"],
  warning: ["warning", "warn", "p2", "s2"],
  info: ["info", "information", "notice", "none", "p3", "s3"],
};

/** The severity that a label value means; `undefined` for a word that nobody agreed on. */
export function severityOf(value: string): Severity | undefined {
  const word = value.toLowerCase();
  return (Object.keys(words) as Severity[]).find((severity) => words[severity].includes(word));
}

/** The label values that mean critical, as a filter of the API. */
export const criticalWords = words.critical.join(",");

/** Sorts the worst first; unknown words come after `info`. */
export function severityRank(value: string): number {
  const known = severityOf(value);
  return known === undefined ? 3 : Object.keys(words).indexOf(known);
}

/** Counts per label value, summed over the words that mean the same. */
export function bySeverity(counts: Record<string, number>): Record<Severity | "other", number> {
  const sums = { critical: 0, warning: 0, info: 0, other: 0 };
  for (const [value, count] of Object.entries(counts)) sums[severityOf(value) ?? "other"] += count;
  return sums;
}
