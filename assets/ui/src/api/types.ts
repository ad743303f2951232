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
export type TimelineEntry = Narrow<Schemas["TimelineEntry"], { what: TimelineWhat }>;
export type TimelineWhat =
  | "pending"
  | "firing"
  | "received"
  | "queued"
  | "sent"
  | "delivered"
  | "failed"
  | "silenced"
  | "resolved"
  | "inactive";
export type Alerts = Narrow<Schemas["Alerts"], { items: Alert[] }>;

/** What became of one notification over one channel to one recipient. */
export type Receipt = Narrow<
  Schemas["Receipt"],
  { about: "firing" | "repeat" | "resolved"; state: ReceiptState; attempts: ReceiptAttempt[] }
>;
export type ReceiptState = "pending" | "delivered" | "accepted" | "failed" | "merged";
export type ReceiptAlert = Schemas["ReceiptAlert"];
export type ReceiptAttempt = Narrow<
  Schemas["ReceiptAttempt"],
  { outcome: "delivered" | "accepted" | "retry" | "limited" | "rejected" | "unknown" | "sending" }
>;
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
export type Affected = Narrow<Schemas["AffectedLine"], { effect: Effect }>;
/** How a component takes new files; `targets` goes without a reload. */
export type Effect = "targets" | "reload" | "restart" | "start" | "stop";

export type Rule = Schemas["Rule"];
export type RuleGroup = Schemas["RuleGroupResource"];
export type RuleGroupPage = Schemas["RuleGroupPage"];
export type RuleTest = Schemas["RuleTestResource"];
export type RuleTestPage = Schemas["RuleTestPage"];

export type RuleState = "firing" | "pending" | "unknown" | "inactive" | "disabled";
export type ActiveSeries = Narrow<Schemas["ActiveAlert"], { state: "pending" | "firing" }>;
export type ObservedRule = Narrow<
  Schemas["Page_ObservedRule"]["items"][number],
  { kind: "alerting" | "recording"; state: RuleState; active: ActiveSeries[] }
>;
export type ObservedRules = Narrow<Schemas["ObservedRules"], { items: ObservedRule[] }>;

export type PreviewRange = "6h" | "24h" | "7d";
/** Seconds since the epoch and the value; `null` is a gap. */
export type PreviewSeries = Narrow<Schemas["PreviewSeries"], { values: [number, number | null][] }>;
export type Preview = Narrow<Schemas["RulePreview"], { series: PreviewSeries[] }>;
export type RuleCheck = Schemas["RuleChecked"];
export type TemplateParam = Schemas["TemplateParam"];
export type RuleTemplate = Narrow<Schemas["RuleTemplate"], { rule: Rule }>;
export interface RuleTemplates {
  items: RuleTemplate[];
}
export type Metric = Schemas["RuleMetric"];
export type Metrics = Schemas["RuleMetrics"];
export type Transition = Schemas["AlertChange"];
export type AlertHistory = Schemas["AlertHistory"];
export type Tested = Schemas["Tested"];
export type TestResult = Schemas["TestResult"];
