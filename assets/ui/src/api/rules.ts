/** Rules: what is declared, how it does, and what would happen. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call, get, text } from "./http";
import type { Scope } from "./queries";
import type {
  AlertHistory,
  Metrics,
  ObservedRules,
  Plan,
  Preview,
  PreviewRange,
  Rule,
  RuleCheck,
  RuleGroup,
  RuleGroupPage,
  RuleTemplates,
  RuleTest,
  RuleTestPage,
  Tested,
} from "./types";

export interface RuleFilter {
  q?: string | undefined;
  state?: string | undefined;
  severity?: string | undefined;
  kind?: string | undefined;
  group?: string | undefined;
  sort?: string | undefined;
  limit?: number;
  offset?: number;
}

export const observedRules = (scope: Scope, filter: RuleFilter) =>
  queryOptions({
    queryKey: ["rules", "observed", scope, filter],
    queryFn: ({ signal }) => get<ObservedRules>("/api/v1/observed/rules", { ...scope, ...filter }, signal),
    refetchInterval: 10_000,
    placeholderData: keepPreviousData,
  });

export const ruleGroups = () =>
  queryOptions({
    queryKey: ["rule-groups", "all"],
    queryFn: ({ signal }) => get<RuleGroupPage>("/api/v1/rule-groups", { limit: 1000 }, signal),
    staleTime: 30_000,
  });

export const ruleGroup = (name: string) =>
  queryOptions({
    queryKey: ["rule-groups", "one", name],
    queryFn: ({ signal }) => get<RuleGroup>(`/api/v1/rule-groups/${encodeURIComponent(name)}`, {}, signal),
  });

/** As of now; `null` where there is none of that name, which is no error. */
export const ruleGroupNamed = (name: string) =>
  queryOptions({
    queryKey: ["rule-groups", "named", name],
    queryFn: async ({ signal }) => {
      const page = await get<RuleGroupPage>("/api/v1/rule-groups", { q: name, limit: 1000 }, signal);
      return page.items.find((group) => group.name === name) ?? null;
    },
    staleTime: 0,
    retry: false,
  });

export const ruleTemplates = () =>
  queryOptions({
    queryKey: ["rule-templates"],
    queryFn: ({ signal }) => get<RuleTemplates>("/api/v1/rules/templates", {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const metrics = (q: string) =>
  queryOptions({
    queryKey: ["metrics", q],
    queryFn: ({ signal }) => get<Metrics>("/api/v1/rules/metrics", { q, limit: 50 }, signal),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });

/** What the server needs to know of a rule to try it on recent data. */
export interface Tried {
  project: string;
  expr: string;
  for: string;
  keep_firing_for: string;
  range: PreviewRange;
}

/** A newer question cancels the older one: the key changes, and with it the signal. */
export const preview = (tried: Tried) =>
  queryOptions({
    queryKey: ["rule-preview", tried],
    queryFn: ({ signal }) => call<Preview>("POST", "/api/v1/rules/preview", { body: filled(tried), signal }),
    enabled: tried.expr.trim() !== "",
    retry: false,
    staleTime: 30_000,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });

export const checked = (project: string, rule: Rule) =>
  queryOptions({
    queryKey: ["rule-check", project, rule],
    queryFn: ({ signal }) =>
      call<RuleCheck>("POST", "/api/v1/rules/check", { body: filled({ project, rule }), signal }),
    enabled: rule.expr.trim() !== "",
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });

export interface AlertHistoryFilter {
  group?: string | undefined;
  alert?: string | undefined;
  project?: string | undefined;
  q?: string | undefined;
  before?: string | undefined;
  limit?: number;
}

export const alertHistory = (filter: AlertHistoryFilter) =>
  queryOptions({
    queryKey: ["alerts", "history", filter],
    queryFn: ({ signal }) => get<AlertHistory>("/api/v1/alert-history", { ...filter }, signal),
    refetchInterval: 10_000,
    placeholderData: keepPreviousData,
  });

export const ruleTests = () =>
  queryOptions({
    queryKey: ["rule-tests", "all"],
    queryFn: ({ signal }) => get<RuleTestPage>("/api/v1/rule-tests", { limit: 1000 }, signal),
  });

/** Runs tests that need not be saved. */
export function runTests(test: Pick<RuleTest["spec"], "rule_groups" | "tests" | "evaluation_interval">) {
  return call<Tested>("POST", "/api/v1/rules/test", { body: test });
}

/** Takes over a Prometheus rule file; a dry run says what it would do. */
export function importRules(project: string, yaml: string, dryRun: boolean): Promise<Plan> {
  return call<Plan>("POST", "/api/v1/rules/import", {
    params: { project, dry_run: dryRun },
    text: { type: "application/yaml", body: yaml },
  });
}

/** The rules of a project (or all) as a Prometheus rule file. */
export function exportRules(project: string | undefined, group?: string): Promise<string> {
  return text("/api/v1/rules/export", { project, group });
}

/** Without the empty texts, which are not durations. */
function filled<Body extends object>(body: Body): Partial<Body> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== "")) as Partial<Body>;
}
