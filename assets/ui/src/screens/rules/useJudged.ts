/** What the server says about a draft while it is typed: checked, tried on recent data, routed. */
import { useDebouncedValue } from "@mantine/hooks";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { checked, preview } from "../../api/rules";
import type { FieldError, Labels, Preview, PreviewRange } from "../../api/types";
import { type Field, type RuleDraft, ruleOf } from "./draft";

/** After the last key; with the request itself well within half a second. */
const PAUSE_MS = 250;

export interface Judged {
  preview: UseQueryResult<Preview>;
  /** Faults by the field of the form they belong to. */
  places: Partial<Record<Field, FieldError[]>>;
  /** Faults of single annotations, by their names. */
  annotations: Record<string, string>;
  warnings: FieldError[];
  /** The labels an alert of it would carry. */
  labels: Labels;
  /** The series that is furthest over the threshold now. */
  worst: { labels: Labels; value: number | null } | undefined;
}

export function useJudged(draft: RuleDraft, range: PreviewRange): Judged {
  const [settled] = useDebouncedValue(draft, PAUSE_MS);
  const alerting = settled.kind === "alert";
  const { project, expr } = settled;
  const tried = {
    project,
    expr,
    for: alerting ? settled.for : "",
    keep_firing_for: alerting ? settled.keep : "",
    range,
  };
  const query = useQuery(preview(tried));
  const check = useQuery(checked(project, { ...ruleOf(settled), ...named(settled) }));
  // A verdict on what stood there before says nothing about what stands there now.
  const current = settled.expr === draft.expr ? check.data : undefined;
  const worst = useMemo(() => worstOf(query.data), [query.data]);
  const labels = useMemo(() => labelsOf(settled, worst?.labels ?? {}), [settled, worst]);
  return {
    preview: query,
    ...placesOf(current?.errors ?? []),
    warnings: current?.warnings ?? [],
    labels,
    worst,
  };
}

/** The server wants a name; that it is missing is said elsewhere. */
function named(draft: RuleDraft): { alert: string } | { record: string } {
  const name = draft.name.trim();
  return draft.kind === "alert" ? { alert: name || "Unnamed" } : { record: name || "unnamed" };
}

const fields: Record<string, Field> = {
  alert: "name",
  record: "name",
  expr: "expr",
  for: "for",
  keep_firing_for: "keep",
  labels: "labels",
  annotations: "annotations",
  project: "project",
};
const own = ["summary", "description", "runbook_url"];

/** Paths may begin with where the rule stands: `rules/0/expr`. What fits nowhere goes to the expression. */
export function placesOf(errors: readonly FieldError[]): Pick<Judged, "places" | "annotations"> {
  const places: Judged["places"] = {};
  const annotations: Judged["annotations"] = {};
  for (const error of errors) {
    const parts = error.path.split("/");
    const at = parts.findIndex((part) => part in fields);
    const field = fields[parts[at] ?? ""] ?? "expr";
    const name = parts[at + 1] ?? "";
    if (field === "annotations" && own.includes(name)) {
      annotations[name] = error.message;
    } else {
      places[field] = [...(places[field] ?? []), error];
    }
  }
  return { places, annotations };
}

function worstOf(tried: Preview | undefined): Judged["worst"] {
  const low = tried?.threshold?.op.startsWith("<") ?? false;
  const last = (tried?.series ?? []).map(({ labels, values }) => ({
    labels,
    value: values.at(-1)?.[1] ?? null,
  }));
  const size = (value: number | null) => (value === null ? Number.NEGATIVE_INFINITY : low ? -value : value);
  return last.sort((a, b) => size(b.value) - size(a.value))[0];
}

function labelsOf(draft: RuleDraft, series: Labels): Labels {
  const { __name__: _, ...labels } = series;
  return {
    ...labels,
    ...ruleOf(draft).labels,
    alertname: draft.name.trim(),
    project: draft.project,
  };
}
