/** A policy as its form holds it, and as the API takes it. */
import type { Declared } from "../../api/changes";
import type { Objects, Spec } from "../../api/objects";
import { areMatchers, first, isBetween, isName } from "../../parts/form/rules";
import type { Faults } from "../../parts/form/useFields";
import { type Times, type Timing, timesOf, timesSpec, timingFaults, timingOf, timingSpec } from "./timing";

export interface Line extends Times {
  /** Tells lines apart while they are moved; never saved. */
  id: number;
  title: string;
  severities: string[];
  matchers: string[];
  receiver: string;
  continue: boolean;
  /** What the form does not show is kept. */
  rest: Timing;
}

export interface PolicyDraft extends Times, Timing {
  name: string;
  title: string;
  order: string;
  projects: string[];
  departments: string[];
  matchers: string[];
  receiver: string;
  lines: Line[];
  continue: boolean;
}

let ids = 0;

export function emptyLine(): Line {
  ids += 1;
  return {
    id: ids,
    title: "",
    severities: [],
    matchers: [],
    receiver: "",
    continue: false,
    ...timesOf(undefined),
    rest: timingOf(undefined),
  };
}

export function policyDraft(
  existing: Objects["policy"] | undefined,
  project: string | undefined,
): PolicyDraft {
  const spec = existing?.spec;
  return {
    name: existing?.name ?? "",
    title: spec?.title ?? "",
    order: String(spec?.order ?? 100),
    projects: spec?.projects ?? (spec === undefined && project ? [project] : []),
    departments: spec?.departments ?? [],
    matchers: spec?.matchers ?? [],
    receiver: spec?.receiver ?? "",
    lines: (spec?.lines ?? []).map(lineDraft),
    continue: spec?.continue ?? false,
    ...timesOf(spec),
    ...timingOf(spec),
  };
}

function lineDraft(line: NonNullable<Spec<"policy">["lines"]>[number]): Line {
  return {
    ...emptyLine(),
    title: line.title ?? "",
    severities: line.severities ?? [],
    matchers: line.matchers ?? [],
    receiver: line.receiver,
    continue: line.continue ?? false,
    ...timesOf(line),
    rest: timingOf(line),
  };
}

export function policyFaults(draft: PolicyDraft): Faults<PolicyDraft> {
  return {
    name: first([draft.name !== "", "required"], [isName(draft.name), "name"]),
    order: first([isBetween(draft.order, -1_000_000, 1_000_000), "order"]),
    matchers: first([areMatchers(draft.matchers), "matcher"]),
    receiver: first([draft.receiver !== "", "required"]),
    lines: first(
      [draft.lines.every((line) => line.receiver !== ""), "required"],
      [draft.lines.every((line) => areMatchers(line.matchers)), "matcher"],
    ),
    ...timingFaults(draft),
  };
}

/** Fields that say nothing are left out, so that a diff shows only what was meant. */
export function policyDocument(draft: PolicyDraft, existing: Objects["policy"] | undefined): Declared {
  const spec = {
    ...some({ title: draft.title.trim() }),
    ...(draft.order === "100" ? {} : { order: Number(draft.order) }),
    ...some({ projects: draft.projects, departments: draft.departments, matchers: draft.matchers }),
    receiver: draft.receiver,
    ...some({ lines: draft.lines.map(lineSpec) }),
    ...timesSpec(draft),
    ...timingSpec(draft),
    ...(draft.continue ? { continue: true } : {}),
  };
  return { kind: "policy", name: draft.name, labels: existing?.labels ?? {}, spec };
}

function lineSpec(line: Line) {
  return {
    ...some({ title: line.title.trim(), severities: line.severities, matchers: line.matchers }),
    receiver: line.receiver,
    ...timesSpec(line),
    ...timingSpec(line.rest),
    ...(line.continue ? { continue: true } : {}),
  };
}

function some<Values extends Record<string, string | unknown[]>>(values: Values): Partial<Values> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value.length > 0),
  ) as Partial<Values>;
}
