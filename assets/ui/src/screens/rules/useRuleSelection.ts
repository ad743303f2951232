/** Which rules are selected, by where the list showed them. */
import { useState } from "react";
import type { ObservedRule } from "../../api/types";
import type { Picked } from "./bulk";

export interface RuleSelection {
  has: (rule: ObservedRule) => boolean;
  toggle: (rule: ObservedRule) => void;
}

export interface SelectedRules extends RuleSelection {
  picked: Picked[];
  clear: () => void;
}

const keyOf = (rule: Picked) => `${rule.group} ${rule.index} ${rule.rule}`;

export function useRuleSelection(): SelectedRules {
  const [selected, setSelected] = useState<ReadonlyMap<string, Picked>>(new Map());
  return {
    has: (rule) => selected.has(keyOf(rule)),
    toggle: ({ group, index, rule }) =>
      setSelected((before) => {
        const next = new Map(before);
        const picked = { group, index, rule };
        if (!next.delete(keyOf(picked))) next.set(keyOf(picked), picked);
        return next;
      }),
    picked: [...selected.values()],
    clear: () => setSelected(new Map()),
  };
}
