/**
 * Names for the generated types. Where the OpenAPI document says only "text" or "any", the words
 * that the server documents for it are narrowed here, and nowhere else.
 */
import type { components } from "./schema";

type Schemas = components["schemas"];
/** `Base` with some fields known more closely. */
type Narrow<Base, Known> = Omit<Base, keyof Known> & Known;

export type Labels = Record<string, string>;
export type ProblemDocument = Schemas["Problem"];
export type FieldError = Schemas["ProblemItem"];
export type Fault = Schemas["FaultLine"];
export type ConfigStatus = Schemas["ConfigLine"];
export type Member = Schemas["MemberLine"];
export type TargetSpec = Schemas["Target"];
export type Project = Schemas["ProjectResource"];
export type ScrapeJob = Schemas["ScrapeJobResource"];
export type Target = Schemas["TargetResource"];
export type ProjectPage = Schemas["ProjectPage"];
export type ScrapeJobPage = Schemas["ScrapeJobPage"];

export type Role = "viewer" | "developer" | "operator" | "admin";
export type Session = Narrow<Schemas["Session"], { role: Role }>;

export type Health = "up" | "down" | "unknown";
export type ObservedTarget = Narrow<Schemas["Page_ObservedTarget"]["items"][number], { state: Health }>;
export type ObservedTargets = Narrow<Schemas["ObservedTargets"], { items: ObservedTarget[] }>;

export type AlertState = "firing" | "silenced" | "inhibited";
export type Alert = Narrow<Schemas["Alert"], { state: AlertState; receipts: Receipt[] }>;
export type Alerts = Narrow<Schemas["Alerts"], { items: Alert[] }>;

/** What became of one notification, in the notifier's form. */
export interface Receipt {
  id: string;
  created: string;
  /** Absent while it is on its way. */
  ended: string | null;
  receiver: string;
  /** Empty when the receiver has no channel. */
  channel: string;
  about: "firing" | "repeat" | "resolved";
  state: "pending" | "delivered" | "accepted" | "failed" | "merged";
  /** Why it ended like this, for people. */
  reason: string;
  alerts: { fingerprint: string; episode: number; status: string; labels: Labels }[];
  n_attempts: number;
  attempts: { n: number; at: string; outcome: Outcome | null }[];
  /** Sent from a node's own spool, without quorum. */
  local: boolean;
}

export interface Outcome {
  class: "delivered" | "accepted" | "retry" | "limited" | "rejected" | "unknown";
  reason: string;
  status?: number;
  took_ms: number;
}

export type Receipts = Narrow<Schemas["Receipts"], { items: Receipt[] }>;

export type ProcessState = "starting" | "ready" | "unhealthy" | "back_off" | "stopping" | "stopped";
export type NodeState = "ready" | "degraded" | "silent" | "gone";
export type ClusterNode = Narrow<Schemas["NodeLine"], { state: NodeState }>;
export type Component = Narrow<Schemas["ComponentLine"], { state: ProcessState }>;
export type Status = Narrow<Schemas["Status"], { nodes: ClusterNode[]; components: Component[] }>;

export type Action = "create" | "update" | "delete";
export type HistoryEntry = Narrow<Schemas["HistoryLine"], { action: Action }>;
export type History = Narrow<Schemas["History"], { items: HistoryEntry[] }>;

/** `POST /api/v1/apply`: what was done or, with `dry_run=true`, would be. */
export type Plan = Narrow<
  Schemas["Applied"],
  {
    changes: Narrow<Schemas["ChangeLine"], { action: Action | "unchanged" }>[];
    affected: Narrow<Schemas["AffectedLine"], { effect: Effect }>[];
  }
>;
/** How a component takes new files; `targets` goes without a reload. */
export type Effect = "targets" | "reload" | "restart" | "start" | "stop";
