/** Who is told of what: routing, notifications, silences. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Declared, Removed } from "./changes";
import { call, get } from "./http";
import type { Scope } from "./queries";
import type { components } from "./schema";
import type { Alert, Labels, Receipts } from "./types";

type Schemas = components["schemas"];

/** A matcher as Alertmanager knows it; `any_of` where a pattern is only a list of values. */
export type Matcher = Omit<Schemas["MatcherPart"], "op"> & { op: "=" | "!=" | "=~" | "!~" };
/** One step of the way through the tree. */
export type Part = Omit<Schemas["Part"], "what" | "matchers"> & {
  what: "policy" | "line" | "route" | "team" | "default";
  matchers: Matcher[];
};
/** Without a receiver: nobody is told. */
export type TreeNode = Omit<Schemas["RouteNode"], "part" | "children"> & {
  part: Part;
  children: TreeNode[];
};

export const routeTree = () =>
  queryOptions({
    queryKey: ["routes", "tree"],
    queryFn: ({ signal }) => get<TreeNode>("/api/v1/routes/tree", {}, signal),
    placeholderData: keepPreviousData,
  });

export type ToldTo = Omit<Schemas["ToldWay"], "path"> & { path: Part[] };
export type Explained = Omit<Schemas["Explained"], "told"> & { told: ToldTo[] };

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

export type SilenceMatcher = Schemas["SilenceMatcher"];
export type SilenceState = "active" | "pending" | "expired";
export type ObservedSilence = Omit<Schemas["SilenceState"], "state" | "matchers"> & {
  state: SilenceState;
  matchers: SilenceMatcher[];
};
export type ObservedSilences = Omit<Schemas["Silences"], "items"> & { items: ObservedSilence[] };

export const silences = () =>
  queryOptions({
    queryKey: ["silences", "observed"],
    queryFn: ({ signal }) => get<ObservedSilences>("/api/v1/observed/silences", {}, signal),
    refetchInterval: 10_000,
    placeholderData: keepPreviousData,
  });

export type WouldHide = Omit<Schemas["Preview"], "alerts"> & { alerts: Alert[] };

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
