/** A rule as the form holds it, and what it means as a declared rule. */
import type { Rule } from "../../api/types";
import { sentenceOf, splitThreshold } from "./sentence";

export interface RuleDraft {
  kind: "alert" | "record";
  /** How the condition is edited: as a sentence with slots, or as PromQL. */
  mode: "simple" | "promql";
  project: string;
  group: string;
  name: string;
  expr: string;
  /** Durations as Prometheus writes them; empty = none. */
  for: string;
  keep: string;
  severity: string;
  summary: string;
  description: string;
  runbook: string;
  /** `name=value` each, besides `severity`. */
  labels: string[];
  /** `name=value` each, besides the three above. */
  annotations: string[];
  /** Kept, checked and tested, but not run. */
  disabled: boolean;
}

export const emptyDraft: RuleDraft = {
  kind: "alert",
  mode: "simple",
  project: "",
  group: "",
  name: "",
  expr: "",
  for: "5m",
  keep: "",
  severity: "warning",
  summary: "",
  description: "",
  runbook: "",
  labels: [],
  annotations: [],
  disabled: false,
};

export type Field = keyof RuleDraft;
/** The key below `rules.invalid` that says what is wrong. */
export type Fault = "required" | "group" | "alert" | "record" | "duration" | "label" | "twice" | "threshold";

const GROUP = /^[a-z0-9]([a-z0-9._-]{0,251}[a-z0-9])?$/;
const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const DURATION = /^(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$/;
const PAIR = /^[a-zA-Z_][a-zA-Z0-9_]*=/;

/** What is wrong and can be seen from here; the server judges more closely. */
export function faultsOf(draft: RuleDraft): Partial<Record<Field, Fault>> {
  const faults: Partial<Record<Field, Fault>> = {};
  for (const field of ["project", "group", "name", "expr"] as const)
    if (draft[field].trim() === "") faults[field] = "required";
  if (!faults.group && !GROUP.test(draft.group)) faults.group = "group";
  if (!faults.name && draft.kind === "record" && !METRIC.test(draft.name)) faults.name = "record";
  const compared =
    draft.kind === "record" || draft.mode === "promql" || splitThreshold(draft.expr) !== undefined;
  if (!faults.expr && !compared) faults.expr = "threshold";
  for (const field of ["for", "keep"] as const)
    if (draft.kind === "alert" && !isDuration(draft[field])) faults[field] = "duration";
  for (const field of ["labels", "annotations"] as const) {
    const names = draft[field].map(nameOf);
    if (!draft[field].every((pair) => PAIR.test(pair))) faults[field] = "label";
    else if (new Set(names).size < names.length) faults[field] = "twice";
  }
  return faults;
}

export function isDuration(text: string): boolean {
  return DURATION.test(text.trim()) || text.trim() === "0";
}

/** Without what is empty, as the server stores it. */
export function ruleOf(draft: RuleDraft): Rule {
  const labels = pairs(draft.labels);
  const off = draft.disabled ? { disabled: true } : {};
  if (draft.kind === "record")
    return { record: draft.name, expr: draft.expr.trim(), ...whole({ labels }), ...off };
  const annotations = pairs(draft.annotations);
  const own = { summary: draft.summary, description: draft.description, runbook_url: draft.runbook };
  for (const [name, value] of Object.entries(own)) if (value.trim() !== "") annotations[name] = value.trim();
  if (draft.severity !== "") labels.severity = draft.severity;
  return {
    alert: draft.name.trim(),
    expr: draft.expr.trim(),
    ...(draft.for.trim() === "" ? {} : { for: draft.for.trim() }),
    ...(draft.keep.trim() === "" ? {} : { keep_firing_for: draft.keep.trim() }),
    ...whole({ labels, annotations }),
    ...off,
  };
}

export function draftOf(project: string, group: string, rule: Rule): RuleDraft {
  const { severity = "", ...labels } = rule.labels ?? {};
  const { summary = "", description = "", runbook_url = "", ...annotations } = rule.annotations ?? {};
  return {
    kind: rule.record ? "record" : "alert",
    mode: rule.alert && typeof sentenceOf(rule.expr) === "object" ? "simple" : "promql",
    project,
    group,
    name: rule.alert ?? rule.record ?? "",
    expr: rule.expr,
    for: rule.for ?? "",
    keep: rule.keep_firing_for ?? "",
    severity,
    summary,
    description,
    runbook: runbook_url,
    labels: lines(labels),
    annotations: lines(annotations),
    disabled: rule.disabled ?? false,
  };
}

/** A name for the alert about a metric: `node_load1` gives `NodeLoad1`. */
export function nameFor(metric: string): string {
  return metric
    .split(/[^a-zA-Z0-9]+/)
    .filter((word) => word !== "")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

function pairs(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(lines.map((line) => [nameOf(line), line.slice(line.indexOf("=") + 1)]));
}

function lines(pairs: Record<string, string>): string[] {
  return Object.entries(pairs).map(([name, value]) => `${name}=${value}`);
}

function nameOf(pair: string): string {
  return pair.slice(0, pair.indexOf("="));
}

/** Only the maps that hold something. */
function whole<Maps extends Record<string, Record<string, string>>>(maps: Maps): Partial<Maps> {
  const kept = Object.entries(maps).filter(([, map]) => Object.keys(map).length > 0);
  return Object.fromEntries(kept) as Partial<Maps>;
}
