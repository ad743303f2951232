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

export type AlertState = "firing" | "pending" | "silenced" | "inhibited";
export type Alert = Narrow<
  Schemas["Alert"],
  { state: AlertState; receipts: Receipt[]; timeline?: TimelineEntry[] }
>;

/** One thing that happened to an alert. */
export interface TimelineEntry {
  at: string;
  what: TimelineWhat;
  receiver?: string;
  channel?: string;
  /** In words; may be empty. */
  text: string;
}
export type TimelineWhat =
  | "pending"
  | "firing"
  | "received"
  | "queued"
  | "sent"
  | "delivered"
  | "failed"
  | "silenced"
  | "resolved";

export type Alerts = Narrow<Schemas["Alerts"], { items: Alert[] }>;

/** What became of one notification over one channel to one recipient. */
export interface Receipt {
  id: string;
  /** When it was queued. */
  at: string;
  /** Absent while it is on its way. */
  ended: string | null;
  /** Empty where one channel was tried. */
  receiver: string;
  /** Empty when the receiver has no channel. */
  channel: string;
  type: string;
  /** Empty for channels that have no recipients. */
  to: string;
  about: "firing" | "repeat" | "resolved";
  state: ReceiptState;
  /** Why it ended like this, for people. */
  reason: string;
  alerts: ReceiptAlert[];
  /** Alerts not named here. */
  more: number;
  n_attempts: number;
  attempts: ReceiptAttempt[];
  /** Somebody tried the channel; no alert was told. */
  test: boolean;
  /** Sent from a node's own spool, without quorum. */
  local: boolean;
}

export type ReceiptState = "pending" | "delivered" | "accepted" | "failed" | "merged";

export interface ReceiptAlert {
  fingerprint: string;
  name: string;
  status: string;
  project: string;
  severity: string;
  labels: Labels;
}

export interface ReceiptAttempt {
  n: number;
  at: string;
  took_ms: number;
  outcome: "delivered" | "accepted" | "retry" | "limited" | "rejected" | "unknown" | "sending";
  /** The other side's words. */
  answer: string;
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
    affected: Affected[];
  }
>;
/** A component on one node that notices; `diff` is empty where the file is too large for one. */
export type Affected = Narrow<
  Schemas["AffectedLine"],
  { node: string; node_name: string; effect: Effect; files: { path: string; diff: string }[] }
>;
/** How a component takes new files; `targets` goes without a reload. */
export type Effect = "targets" | "reload" | "restart" | "start" | "stop";

export type Rule = Schemas["Rule"];
export type RuleGroup = Schemas["RuleGroupResource"];
export type RuleGroupPage = Schemas["RuleGroupPage"];
export type RuleTest = Schemas["RuleTestResource"];
export type RuleTestPage = Schemas["RuleTestPage"];

export type RuleState = "firing" | "pending" | "unknown" | "inactive";
export interface ActiveSeries {
  labels: Labels;
  state: "pending" | "firing";
  active_at: string;
  value: number | null;
  fingerprint: string;
}
export interface ObservedRule {
  group: string;
  rule: string;
  /** Place in its group, from 0. */
  index: number;
  kind: "alerting" | "recording";
  project: string;
  severity: string;
  state: RuleState;
  health: string;
  last_error: string;
  last_evaluation: string | null;
  evaluation_seconds: number | null;
  active: ActiveSeries[];
  fired_7d: number;
  fired_30d: number;
  noisy?: boolean;
  updated?: string;
  by?: string;
}
export interface ObservedRules {
  items: ObservedRule[];
  total: number;
  facets?: Record<string, Record<string, number>>;
  as_of?: string | null;
}

export type PreviewRange = "6h" | "24h" | "7d";
export interface PreviewSeries {
  labels: Labels;
  /** Seconds since the epoch and the value; `null` is a gap. */
  values: [number, number | null][];
}
export interface Preview {
  from_s: number;
  to_s: number;
  step_s: number;
  series: PreviewSeries[];
  n_series: number;
  firings: { labels: Labels; from_s: number; to_s: number | null }[];
  n_firings: number;
  n_series_fired: number;
  longest_s: number;
  firing_now: number;
  pending_now: number;
  threshold: { op: string; value: number } | null;
  warnings: string[];
}
export type RuleCheck = Schemas["RuleChecked"];
export interface TemplateParam {
  name: string;
  title: Record<string, string>;
  unit: string;
  default: string;
}
export interface RuleTemplate {
  id: string;
  group: string;
  title: Record<string, string>;
  about: Record<string, string>;
  metrics: string[];
  params: TemplateParam[];
  rule: Rule;
}
export interface RuleTemplates {
  items: RuleTemplate[];
}
export interface Metric {
  name: string;
  type: string;
  help: string;
  unit: string;
}
export interface Metrics {
  items: Metric[];
  total: number;
}
export interface Transition {
  id: string;
  at: string;
  fingerprint: string;
  group: string;
  alert: string;
  project: string;
  labels: Labels;
  from_state: string;
  state: string;
  value: number | null;
}
export interface AlertHistory {
  items: Transition[];
  next?: string | null;
}
export interface Tested {
  passed: boolean;
  output: string;
}
export interface TestResult {
  channel: string;
  type: string;
  to: string;
  ok: boolean;
  answer: string;
  took_ms: number;
}
