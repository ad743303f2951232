/** A policy as its form holds it, and as the API takes it. */
import type { Declared } from "../../api/changes";
import type { Objects, Spec } from "../../api/objects";
import { areMatchers, first } from "../../parts/form/rules";
import type { Faults } from "../../parts/form/useFields";
import { type Branch, branchFaults, branchOf, branchSpec, some } from "./branch";
import { type Times, type Timing, timesOf, timesSpec, timingOf, timingSpec } from "./timing";

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

export interface PolicyDraft extends Branch {
  projects: string[];
  departments: string[];
  lines: Line[];
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
    ...branchOf(existing),
    projects: spec?.projects ?? (spec === undefined && project ? [project] : []),
    departments: spec?.departments ?? [],
    lines: (spec?.lines ?? []).map(lineDraft),
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
    ...branchFaults(draft),
    lines: first(
      [draft.lines.every((line) => line.receiver !== ""), "required"],
      [draft.lines.every((line) => areMatchers(line.matchers)), "matcher"],
    ),
  };
}

export function policyDocument(draft: PolicyDraft, existing: Objects["policy"] | undefined): Declared {
  const spec = {
    ...branchSpec(draft),
    ...some({ projects: draft.projects, departments: draft.departments }),
    ...some({ lines: draft.lines.map(lineSpec) }),
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
