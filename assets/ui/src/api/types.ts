/**
 * Names for the generated types. Where the OpenAPI document says only "text" or "any", the words
 * that the server documents for it are narrowed here, and nowhere else.
 */
import type { components } from "./schema";

type Schemas = components["schemas"];
/** `Base` with some fields known more closely. */
type Narrow<Base, Known> = Omit<Base, keyof Known> & Known;
/** A schema, with some fields known more closely. */
type Of<Name extends keyof Schemas, Known = unknown> = Narrow<Schemas[Name], Known>;
/** A schema that lists items which are known more closely. */
type ListOf<Name extends keyof Schemas, Item> = Of<Name, { items: Item[] }>;

export type Labels = Record<string, string>;
export type ProblemDocument = Schemas["Problem"];
export type FieldError = Schemas["ProblemItem"];
export type Fault = Schemas["FaultLine"];
export type ConfigStatus = Schemas["ConfigLine"];
export type Member = Of<
  "MemberLine",
  { role: "leader" | "voter" | "learner"; state: "settled" | "joining" | "leaving" }
>;
export type Members = ListOf<"Members", Member>;
export type JoinToken = Of<"JoinTokenLine", { state: "valid" | "used" | "expired" }>;
export type MadeJoinToken = Schemas["MadeJoinToken"];
export type TargetSpec = Schemas["Target"];
export type Project = Schemas["ProjectResource"];
export type ScrapeJob = Schemas["ScrapeJobResource"];
export type Target = Schemas["TargetResource"];
export type ProjectPage = Schemas["ProjectPage"];
export type ScrapeJobPage = Schemas["ScrapeJobPage"];

/** `none`: the account's role is there no more. */
export type Role = "none" | "viewer" | "developer" | "operator" | "admin";
export type Session = Of<"Session", { role: Role; everywhere?: Role | null; home?: HomeView | null }>;

export type AuditObject = Schemas["AuditObject"];
export type AuditRecord = Of<"AuditLine", { outcome: "done" | "refused" }>;
export type AuditPage = ListOf<"AuditPage", AuditRecord>;
export type Verified = Schemas["Verified"];
export type SessionLine = Schemas["SessionLine"];
export type User = Of<"UserResource", { spec: Of<"User", { role: string; scope: string[] }> }>;
export type Token = Of<"TokenResource", { spec: Of<"Token", { role: string; scope: string[] }> }>;
export type TokenUse = Schemas["TokenUse"];
export type MadeToken = Schemas["MadeToken"];
export type MadePassword = Schemas["MadePassword"];
export type SignInChecked = Schemas["SignInChecked"];

export type NewFactor = Schemas["NewFactor"];
export type SecondFactorState = Schemas["SecondFactor"];

export type Health = "up" | "down" | "unknown";
export type ObservedTarget = Narrow<Schemas["Page_ObservedTarget"]["items"][number], { state: Health }>;
export type ObservedTargets = ListOf<"ObservedTargets", ObservedTarget>;

export type ProjectState = "critical" | "warning" | "unknown" | "ok";
export type ProjectHealth = Narrow<
  Schemas["Page_ProjectHealth"]["items"][number],
  { state: ProjectState; why: Why[] }
>;
export type DepartmentHealth = Of<"DepartmentHealth", { state: ProjectState }>;
/** One reason for a state. */
export type Why = Schemas["Why"];
export type Overview = Of<"Overview", { items: ProjectHealth[]; departments: DepartmentHealth[] }>;
/** What the first page is about. */
export type HomeView = "manager" | "developer" | "operations";

export type AlertState = "firing" | "pending" | "silenced" | "inhibited";
export type Alert = Of<"Alert", { state: AlertState; receipts: Receipt[]; timeline?: TimelineEntry[] }>;
/** One thing that happened to an alert. */
export type TimelineEntry = Of<"TimelineEntry", { what: TimelineWhat }>;
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
export type Alerts = ListOf<"Alerts", Alert>;

/** What became of one notification over one channel to one recipient. */
export type Receipt = Of<
  "Receipt",
  { about: "firing" | "repeat" | "resolved"; state: ReceiptState; attempts: ReceiptAttempt[] }
>;
export type ReceiptState = "pending" | "delivered" | "accepted" | "failed" | "merged";
export type ReceiptAlert = Schemas["ReceiptAlert"];
export type ReceiptAttempt = Of<
  "ReceiptAttempt",
  { outcome: "delivered" | "accepted" | "retry" | "limited" | "rejected" | "unknown" | "sending" }
>;
export type Receipts = ListOf<"Receipts", Receipt>;

export type ProcessState = "starting" | "ready" | "unhealthy" | "back_off" | "stopping" | "stopped";
export type NodeState = "ready" | "degraded" | "silent" | "gone";
export type ClusterNode = Of<"NodeLine", { state: NodeState }>;
export type Component = Of<"ComponentLine", { state: ProcessState }>;
export type Status = Of<"Status", { nodes: ClusterNode[]; components: Component[] }>;

export type Action = "create" | "update" | "delete";
export type HistoryEntry = Of<"HistoryLine", { action: Action }>;
export type History = ListOf<"History", HistoryEntry>;

/** `POST /api/v1/apply`: what was done or, with `dry_run=true`, would be. */
export type Plan = Of<
  "Applied",
  {
    changes: Of<"ChangeLine", { action: Action | "unchanged" }>[];
    affected: Affected[];
  }
>;
/** A component on one node that notices; `diff` is empty where the file is too large for one. */
export type Affected = Of<"AffectedLine", { effect: Effect }>;
/** How a component takes new files; `targets` goes without a reload. */
export type Effect = "targets" | "reload" | "restart" | "start" | "stop";

export type Rule = Schemas["Rule"];
export type RuleGroup = Schemas["RuleGroupResource"];
export type RuleGroupPage = Schemas["RuleGroupPage"];
export type RuleTest = Schemas["RuleTestResource"];
export type RuleTestPage = Schemas["RuleTestPage"];

export type RuleState = "firing" | "pending" | "unknown" | "inactive" | "disabled";
export type ActiveSeries = Of<"ActiveAlert", { state: "pending" | "firing" }>;
export type ObservedRule = Narrow<
  Schemas["Page_ObservedRule"]["items"][number],
  { kind: "alerting" | "recording"; state: RuleState; active: ActiveSeries[] }
>;
export type ObservedRules = ListOf<"ObservedRules", ObservedRule>;

export type PreviewRange = "6h" | "24h" | "7d";
/** Seconds since the epoch and the value; `null` is a gap. */
export type PreviewSeries = Of<"PreviewSeries", { values: [number, number | null][] }>;
export type Preview = Of<"RulePreview", { series: PreviewSeries[] }>;
export type RuleCheck = Schemas["RuleChecked"];
export type TemplateParam = Schemas["TemplateParam"];
export type RuleTemplate = Of<"RuleTemplate", { rule: Rule }>;
export interface RuleTemplates {
  items: RuleTemplate[];
}
export type Metric = Schemas["RuleMetric"];
export type Metrics = Schemas["RuleMetrics"];
export type Transition = Schemas["AlertChange"];
export type AlertHistory = Schemas["AlertHistory"];
export type Tested = Schemas["Tested"];
export type TestResult = Schemas["TestResult"];
