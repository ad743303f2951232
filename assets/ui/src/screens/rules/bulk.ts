/** One thing done to many rules: the changed groups, as one batch that can be undone at once. */
import type { Declared, Removed } from "../../api/changes";
import type { Rule, RuleGroup } from "../../api/types";

export type BulkAct = "enable" | "disable" | "delete" | "move";

/** A rule as the list showed it. */
export interface Picked {
  group: string;
  index: number;
  rule: string;
}

const nameOf = (rule: Rule | undefined) => rule?.alert ?? rule?.record ?? "";

/**
 * The groups as they would be; each only if it still is as it was read. `undefined` when a picked
 * rule is not where it was shown. Only `move` has a `target`.
 */
export function bulkChange(
  groups: readonly RuleGroup[],
  picked: readonly Picked[],
  act: BulkAct,
  target?: string,
): (Declared | Removed)[] | undefined {
  const found = new Map(groups.map((group) => [group.name, group]));
  if (picked.some(({ group, index, rule }) => nameOf(found.get(group)?.spec.rules[index]) !== rule))
    return undefined;
  const taken = picked.filter(({ group }) => act !== "move" || group !== target);
  const arriving = taken.flatMap(({ group, index }) => found.get(group)?.spec.rules[index] ?? []);
  const touched = new Set(taken.map(({ group }) => group));
  if (act === "move" && target !== undefined && arriving.length > 0) touched.add(target);
  return [...touched].flatMap((name): (Declared | Removed)[] => {
    const group = found.get(name);
    if (group === undefined) return [];
    const own = new Set(taken.filter((each) => each.group === name).map(({ index }) => index));
    const kept = rulesAfter(group.spec.rules, own, act);
    const rules = act === "move" && name === target ? [...kept, ...arriving] : kept;
    const seen = { kind: "rule-group", name, if_match: group.revision };
    if (rules.length === 0) return [{ ...seen, delete: true as const }];
    return [{ ...seen, labels: group.labels, spec: { ...group.spec, rules } }];
  });
}

function rulesAfter(rules: readonly Rule[], own: ReadonlySet<number>, act: BulkAct): Rule[] {
  if (act === "delete" || act === "move") return rules.filter((_, at) => !own.has(at));
  return rules.map((rule, at) => {
    if (!own.has(at)) return rule;
    const { disabled: _, ...rest } = rule;
    return act === "disable" ? { ...rest, disabled: true } : rest;
  });
}
