/** What a change of a rule means, in words. */
import type { TFunction } from "i18next";
import type { Rule } from "../../api/types";

/** One sentence each; empty when nothing differs. */
export function ruleWords(t: TFunction, before: Rule | undefined, after: Rule, group: string): string[] {
  const name = after.alert ?? after.record ?? "";
  if (before === undefined)
    return [t(after.alert ? "rules.words.added_alert" : "rules.words.added_record", { name, group })];
  const words: string[] = [];
  const old = before.alert ?? before.record ?? "";
  if (old !== name) words.push(t("rules.words.renamed", { before: old, after: name }));
  if (before.expr !== after.expr)
    words.push(t("rules.words.condition", { name, before: before.expr, after: after.expr }));
  const fields = [
    ["for", before.for, after.for],
    ["keep", before.keep_firing_for, after.keep_firing_for],
    ["severity", before.labels?.severity, after.labels?.severity],
  ] as const;
  const none = t("rules.words.none");
  for (const [field, was, is] of fields)
    if ((was ?? "") !== (is ?? ""))
      words.push(t(`rules.words.${field}`, { name, before: was || none, after: is || none }));
  if (!same(without(before.labels, "severity"), without(after.labels, "severity")))
    words.push(t("rules.words.labels", { name }));
  if (!same(before.annotations ?? {}, after.annotations ?? {})) words.push(t("rules.words.texts", { name }));
  return words;
}

function without(labels: Record<string, string> | undefined, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(labels ?? {}).filter(([key]) => key !== name));
}

function same(a: Record<string, string>, b: Record<string, string>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
