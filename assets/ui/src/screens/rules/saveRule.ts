/** A rule becomes a change of the group that holds it. */
import { create, type Declared, type Done, replace } from "../../api/changes";
import type { Rule, RuleGroup } from "../../api/types";
import type { RuleDraft } from "./draft";
import { ruleOf } from "./draft";

export interface RuleChange {
  documents: Declared[];
  /** The rule as it was; nothing for a new one. */
  before: Rule | undefined;
  after: Rule;
  /** Writes only if the group still is as it was read. */
  write: (why: string) => Promise<Done>;
}

/** `group` is what exists under the draft's group name; `index` the place of the rule in it. */
export function changeOf(draft: RuleDraft, group: RuleGroup | undefined, index?: number): RuleChange {
  const after = ruleOf(draft);
  const old = group?.spec.rules ?? [];
  const rules = index === undefined ? [...old, after] : old.map((rule, at) => (at === index ? after : rule));
  const spec = group ? { ...group.spec, rules } : { project: draft.project, rules };
  const document = documentOf(draft.group, group, spec);
  return {
    documents: [document],
    before: index === undefined ? undefined : old[index],
    after,
    write: (why) =>
      group ? replace("rule-groups", document, group.revision, why) : create("rule-groups", document, why),
  };
}

/** The group without one of its rules; `undefined` when that was the last. */
export function withoutRule(group: RuleGroup, index: number): Declared | undefined {
  const rules = group.spec.rules.filter((_, at) => at !== index);
  return rules.length === 0 ? undefined : documentOf(group.name, group, { ...group.spec, rules });
}

function documentOf(name: string, group: RuleGroup | undefined, spec: RuleGroup["spec"]): Declared {
  return { kind: "rule-group", name, ...(group ? { labels: group.labels } : {}), spec };
}
