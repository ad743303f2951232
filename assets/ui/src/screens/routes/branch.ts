/** What a policy and an expert route have in common, as a form holds it and as the API takes it. */
import { areMatchers, first, isBetween, isName } from "../../parts/form/rules";
import type { Faults } from "../../parts/form/useFields";
import {
  type SpecTiming,
  type Times,
  type Timing,
  timesOf,
  timesSpec,
  timingFaults,
  timingOf,
  timingSpec,
} from "./timing";

/** Where the server puts a branch that says nothing. */
const ORDER = "100";

export interface Branch extends Times, Timing {
  name: string;
  title: string;
  order: string;
  matchers: string[];
  receiver: string;
  continue: boolean;
}

interface SpecBranch extends Partial<Times>, SpecTiming {
  title?: string;
  order?: number;
  matchers?: string[];
  receiver: string;
  continue?: boolean;
}

export function branchOf(existing: { name: string; spec: SpecBranch } | undefined): Branch {
  const spec = existing?.spec;
  return {
    name: existing?.name ?? "",
    title: spec?.title ?? "",
    order: String(spec?.order ?? ORDER),
    matchers: spec?.matchers ?? [],
    receiver: spec?.receiver ?? "",
    continue: spec?.continue ?? false,
    ...timesOf(spec),
    ...timingOf(spec),
  };
}

export function branchFaults(draft: Branch): Faults<Branch> {
  return {
    name: first([draft.name !== "", "required"], [isName(draft.name), "name"]),
    order: first([isBetween(draft.order, -1_000_000, 1_000_000), "order"]),
    matchers: first([areMatchers(draft.matchers), "matcher"]),
    receiver: first([draft.receiver !== "", "required"]),
    ...timingFaults(draft),
  };
}

/** Fields that say nothing are left out, so that a diff shows only what was meant. */
export function branchSpec(draft: Branch): SpecBranch {
  return {
    ...some({ title: draft.title.trim() }),
    ...(draft.order === ORDER ? {} : { order: Number(draft.order) }),
    ...some({ matchers: draft.matchers }),
    receiver: draft.receiver,
    ...timesSpec(draft),
    ...timingSpec(draft),
    ...(draft.continue ? { continue: true } : {}),
  };
}

export const hasOrder = (draft: Branch) => draft.order !== ORDER;

export function some<Values extends Record<string, string | unknown[]>>(values: Values): Partial<Values> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value.length > 0),
  ) as Partial<Values>;
}
