/** Who is told of what: routing, notifications, silences. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Declared, Removed } from "./changes";
import { call, get } from "./http";
import type { Scope } from "./queries";
import type { components } from "./schema";
import type { Alert, Labels, Receipts } from "./types";

export interface Origin {
  kind: string;
  name: string;
}

/** A matcher as Alertmanager knows it; `any_of` where a pattern is only a list of values. */
export interface Matcher {
  name: string;
  op: "=" | "!=" | "=~" | "!~";
  value: string;
  any_of?: string[];
}

/** One step of the way through the tree. */
export interface Part {
  what: "policy" | "line" | "route" | "team" | "default";
  name: string;
  title: string;
  project?: string | null;
  matchers: Matcher[];
  words: string;
}

export interface TreeNode {
  part: Part;
  /** None: nobody is told. */
  receiver: string | null;
  from: Origin | null;
  group_by: string[];
  group_wait: string;
  group_interval: string;
  repeat_interval: string;
  continue: boolean;
  mute_time_intervals: string[];
  active_time_intervals: string[];
  children: TreeNode[];
}

export const routeTree = () =>
  queryOptions({
    queryKey: ["routes", "tree"],
    queryFn: ({ signal }) => get<TreeNode>("/api/v1/routes/tree", {}, signal),
    placeholderData: keepPreviousData,
  });

export interface ToldTo {
  path: Part[];
  words: string;
  from: Origin | null;
  receiver: string | null;
  receiver_title: string;
  channels: { name: string; type: string; title: string; to: string[] }[];
  people: { name: string; title: string }[];
  group_wait: string;
  repeat_interval: string;
  muted_by: string[];
  outside: string[];
  active: boolean;
}

export interface Explained {
  at: string;
  labels: Labels;
  told: ToldTo[];
  inhibitions: { name: string; title: string; words: string }[];
  silences: string[];
  nobody: boolean;
  words: string;
}

export interface Question {
  labels: Labels;
  /** RFC 3339; now without it. */
  at?: string | undefined;
  /** Unsaved changes that count as if they were saved. */
  changes?: (Declared | Removed)[];
}

export const explain = (question: Question) =>
  queryOptions({
    queryKey: ["routes", "explain", question],
    queryFn: ({ signal }) => call<Explained>("POST", "/api/v1/routes/explain", { body: question, signal }),
    placeholderData: keepPreviousData,
    gcTime: 30_000,
  });

/** Sets the value of a secret; nobody reads it back. */
export function setSecret(name: string, value: string): Promise<void> {
  return call("POST", `/api/v1/secrets/${encodeURIComponent(name)}/value`, { body: { value } });
}

export type SilenceMatcher = components["schemas"]["SilenceMatcher"];
export type SilenceState = "active" | "pending" | "expired";

export interface ObservedSilence {
  name: string;
  state: SilenceState;
  matchers: SilenceMatcher[];
  starts_at: string;
  ends_at: string;
  comment: string;
  by: string;
  /** Alerts it hides right now. */
  hides: number;
  /** Names of nodes whose Alertmanager does not have it. */
  missing_on: string[];
  error: string | null;
}

export interface ObservedSilences {
  items: ObservedSilence[];
  active: number;
}

export const silences = () =>
  queryOptions({
    queryKey: ["silences", "observed"],
    queryFn: ({ signal }) => get<ObservedSilences>("/api/v1/observed/silences", {}, signal),
    refetchInterval: 10_000,
    placeholderData: keepPreviousData,
  });

export interface WouldHide {
  total: number;
  alerts: Alert[];
  /** Critical alerts of other projects among them. */
  critical_elsewhere: number;
}

export const wouldHide = (matchers: SilenceMatcher[]) =>
  queryOptions({
    queryKey: ["alerts", "would-hide", matchers],
    queryFn: ({ signal }) =>
      call<WouldHide>("POST", "/api/v1/silences/preview", { body: { matchers }, signal }),
    enabled: matchers.length > 0,
    refetchInterval: 10_000,
    placeholderData: keepPreviousData,
  });

/** Ends a silence now. */
export async function expireSilence(name: string): Promise<{ revision: string | undefined }> {
  let revision: string | undefined;
  await call("POST", `/api/v1/silences/${encodeURIComponent(name)}/expire`, {
    seen: (headers) => {
      revision = headers.get("X-WK-Index") ?? undefined;
    },
  });
  return { revision };
}

export interface ReceiptFilter {
  receiver?: string | undefined;
  channel?: string | undefined;
  state?: string | undefined;
  fingerprint?: string | undefined;
  before?: string | undefined;
  limit?: number;
}

/** What became of notifications, newest first. */
export const notifications = (scope: Scope, filter: ReceiptFilter) =>
  queryOptions({
    queryKey: ["receipts", "list", scope.project, filter],
    queryFn: ({ signal }) => get<Receipts>("/api/v1/receipts", { project: scope.project, ...filter }, signal),
    refetchInterval: filter.before === undefined ? 10_000 : false,
    placeholderData: keepPreviousData,
  });
