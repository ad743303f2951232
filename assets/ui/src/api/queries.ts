/**
 * What the portal asks, one factory a resource. The first part of every key is a topic of
 * `/api/v1/events`, so that an event refetches exactly what it is about.
 */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { get, text } from "./http";
import type {
  Alert,
  Alerts,
  History,
  Members,
  ObservedTargets,
  ProjectPage,
  Receipts,
  ScrapeJobPage,
  Status,
  Target,
} from "./types";

/** The dimensions that filter every list. */
export interface Scope {
  department?: string | undefined;
  project?: string | undefined;
  owner?: string | undefined;
  environment?: string | undefined;
}

export const scopeKeys = ["department", "project", "owner", "environment"] as const;

export function scopeOf(search: Scope): Scope {
  const { department, project, owner, environment } = search;
  return { department, project, owner, environment };
}

export function isScoped(scope: Scope): boolean {
  return scopeKeys.some((key) => scope[key] !== undefined);
}

export interface ListFilter {
  q?: string | undefined;
  state?: string | undefined;
  severity?: string | undefined;
  job?: string | undefined;
  sort?: string | undefined;
  limit?: number;
  offset?: number;
}

/** What happens outside the store (scrapes, alerts, processes) sends no event: ask again. */
const observed = { refetchInterval: 10_000, placeholderData: keepPreviousData } as const;

export const observedTargets = (scope: Scope, filter: ListFilter) =>
  queryOptions({
    queryKey: ["targets", "observed", scope, filter],
    queryFn: ({ signal }) =>
      get<ObservedTargets>("/api/v1/observed/targets", { ...scope, ...filter }, signal),
    ...observed,
  });

export const target = (name: string) =>
  queryOptions({
    queryKey: ["targets", "declared", name],
    queryFn: ({ signal }) => get<Target>(`/api/v1/targets/${encodeURIComponent(name)}`, {}, signal),
  });

export const projects = (scope: Scope = {}) =>
  queryOptions({
    queryKey: ["projects", scope],
    queryFn: ({ signal }) => get<ProjectPage>("/api/v1/projects", { ...scope, limit: 500 }, signal),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });

export const scrapeJobs = () =>
  queryOptions({
    queryKey: ["scrape-jobs"],
    queryFn: ({ signal }) => get<ScrapeJobPage>("/api/v1/scrape-jobs", { limit: 500 }, signal),
    staleTime: 60_000,
  });

export const alerts = (scope: Scope, filter: ListFilter) =>
  queryOptions({
    queryKey: ["alerts", "list", scope, filter],
    queryFn: ({ signal }) => get<Alerts>("/api/v1/alerts", { ...scope, ...filter }, signal),
    ...observed,
  });

/** The list asks for so many at first, and then for as many at a time. */
export const ALERT_PAGE = 200;

/** What the list of alerts shows first. */
export const firstAlerts = (scope: Scope, { q, state, severity }: ListFilter) =>
  alerts(scope, { q, state, severity, limit: ALERT_PAGE, offset: 0 });

export const alert = (fingerprint: string) =>
  queryOptions({
    queryKey: ["alerts", "one", fingerprint],
    queryFn: ({ signal }) => get<Alert>(`/api/v1/alerts/${encodeURIComponent(fingerprint)}`, {}, signal),
    refetchInterval: 10_000,
  });

/** The newest notifications; enough to say of every alert on a page who was told. */
export const receipts = (limit: number) =>
  queryOptions({
    queryKey: ["receipts", limit],
    queryFn: ({ signal }) => get<Receipts>("/api/v1/receipts", { limit }, signal),
    ...observed,
  });

export const status = () =>
  queryOptions({
    queryKey: ["status"],
    queryFn: ({ signal }) => get<Status>("/api/v1/status", {}, signal),
    ...observed,
    refetchInterval: 5_000,
  });

export const members = () =>
  queryOptions({
    queryKey: ["members"],
    queryFn: ({ signal }) => get<Members>("/api/v1/members", {}, signal),
    staleTime: 60_000,
    // Needed most when this node no longer answers.
    gcTime: Number.POSITIVE_INFINITY,
  });

export const history = (filter: {
  q?: string | undefined;
  kind?: string | undefined;
  name?: string | undefined;
  by?: string | undefined;
  /** Only revisions below this one. */
  before?: string | undefined;
}) =>
  queryOptions({
    queryKey: ["history", filter],
    queryFn: ({ signal }) => get<History>("/api/v1/history", { ...filter, limit: 50 }, signal),
    placeholderData: keepPreviousData,
  });

/** What differs between the states after two revisions, one entry an object. */
export const comparison = (revision: string, against: string) =>
  queryOptions({
    queryKey: ["history", "against", revision, against],
    queryFn: ({ signal }) =>
      get<History>(`/api/v1/history/${encodeURIComponent(revision)}`, { against }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const revision = (id: string) =>
  queryOptions({
    queryKey: ["history", "one", id],
    queryFn: ({ signal }) => get<History>(`/api/v1/history/${encodeURIComponent(id)}`, {}, signal),
  });

const LOG_LINES = 400;

/** The end of a component's log, as plain text. */
export const log = (node: string, component: string) =>
  queryOptions({
    queryKey: ["logs", node, component],
    queryFn: ({ signal }) =>
      text(
        `/api/v1/logs/${encodeURIComponent(node)}/${encodeURIComponent(component)}`,
        { tail: LOG_LINES },
        signal,
      ),
    refetchInterval: 3_000,
  });
