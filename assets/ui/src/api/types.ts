/**
 * The documents that the portal reads and writes. Stands in for the types generated from
 * `tests/golden/openapi.json` until that file exists; then these become names for them.
 */

export type Labels = Record<string, string>;

/** A declared object: `GET /api/v1/KINDS/NAME`, and each item of `GET /api/v1/KINDS`. */
export interface Resource<Spec = Record<string, unknown>> {
  kind: string;
  name: string;
  labels: Labels;
  spec: Spec;
  revision: string;
  created: string;
  updated: string;
  by: string;
}

/**
 * Every list. Asked for with `limit`, `cursor` or `offset`, `q`, `sort` (`name`, `-name`) and the scope
 * (`department`, `project`, `owner`, `environment`). `total` counts all that match, `facets`
 * counts them by value, ignoring the filter on that same field.
 */
export interface Page<Item> {
  items: Item[];
  total: number;
  next?: string | null;
  facets?: Record<string, Record<string, number>>;
}

export interface ProjectSpec {
  title?: string;
  department?: string;
  owner?: string;
  system?: string;
  module?: string;
  environment?: string;
}

export interface TargetSpec {
  job: string;
  project: string;
  targets: string[];
  labels?: Labels;
}

/** `GET|POST /api/v1/session`. */
export interface Session {
  user: string;
  title?: string;
  role: "viewer" | "developer" | "operator" | "admin";
  scope?: Labels;
  expires?: string;
}

export type Health = "up" | "down" | "unknown";

/**
 * `GET /api/v1/observed/targets` (also `state=down,unknown`, `job=…`): one item per scraped
 * address, declared ones that no Prometheus knows yet included as `unknown`.
 * Facets: `state`, `job`, `project`.
 */
export interface ObservedTarget {
  /** Name of the declared target. */
  name: string;
  /** One of its `spec.targets`. */
  address: string;
  job: string;
  project: string;
  state: Health;
  /** All labels of its series, dimensions included. */
  labels: Labels;
  last_scrape?: string | null;
  scrape_ms?: number | null;
  /** Why the last scrape failed, in Prometheus' words. */
  error?: string | null;
}

export interface ObservedTargets extends Page<ObservedTarget> {
  /** When Prometheus answered, and the node it runs on; absent when none did. */
  as_of?: string | null;
  replica?: string | null;
}

export type AlertState = "pending" | "firing" | "silenced" | "inhibited";

/** What became of one notification. */
export interface Receipt {
  id: string;
  at: string;
  receiver: string;
  channel: string;
  status: "queued" | "sending" | "delivered" | "failed" | "suppressed";
  attempts: { at: string; outcome: string; error?: string | null; millis?: number }[];
  fingerprints: string[];
  /** Sent from the node's own spool, without quorum. */
  local?: boolean;
}

/**
 * `GET /api/v1/alerts` (also `state=…`, `severity=…`): merged over all Alertmanagers.
 * Facets: `state`, `severity`, `project`. One alert: `GET /api/v1/alerts/FINGERPRINT`.
 */
export interface Alert {
  fingerprint: string;
  name: string;
  state: AlertState;
  severity: string;
  project: string;
  labels: Labels;
  annotations: Record<string, string>;
  starts_at: string;
  updated_at?: string;
  generator_url?: string;
  receivers: string[];
  silenced_by: string[];
  inhibited_by: string[];
  receipts: Receipt[];
}

export interface Alerts extends Page<Alert> {
  /** Nodes whose Alertmanager did not answer. */
  missing?: string[];
  /** Firing alerts outside the asked scope. */
  outside?: number;
}

export type ProcessState = "starting" | "ready" | "unhealthy" | "back_off" | "stopping" | "stopped";

export interface ClusterNode {
  id: string;
  name: string;
  address: string;
  role: "leader" | "follower" | "voter" | "learner" | string;
  version: string;
  state: "ready" | "degraded" | "silent" | "gone" | string;
  last_seen: string;
}

export interface Component {
  node: string;
  name: string;
  version: string;
  state: ProcessState;
  pid?: number | null;
  restarts: number;
  since: string;
  error?: string | null;
}

export interface Fault {
  code: string;
  object: string;
  message: string;
  since: string;
}

/** One component's files on one node; `refused` says why the newest are not live. */
export interface ConfigStatus {
  node: string;
  component: string;
  rendered_index: string;
  live_index: string;
  live_hash: string;
  refused?: string | null;
}

/** `GET /api/v1/status`. */
export interface Status {
  cluster: {
    id: string;
    name?: string;
    term: string;
    leader: string | null;
    quorum: boolean;
    index: string;
    age_ms: number;
  };
  nodes: ClusterNode[];
  components: Component[];
  faults: Fault[];
  configs?: ConfigStatus[];
}

/** `GET /api/v1/members`: `{items}`; `url` is where its portal answers. */
export interface Member {
  id: string;
  name: string;
  address: string;
  url: string;
  gone?: boolean;
}

/** `GET /api/v1/history`, newest first. */
export interface HistoryEntry {
  revision: string;
  at: string;
  actor: string;
  why: string;
  kind: string;
  name: string;
  action: "create" | "update" | "delete";
  /** Unified diff of the object as YAML. */
  diff: string;
}

/** `POST /api/v1/apply?dry_run=true` with `[Declared, …]`; each with `delete: true` removes. */
export interface Plan {
  changes: { kind: string; name: string; action: "create" | "update" | "delete" | "none"; diff: string }[];
  /** Components whose files change, and how they take it. */
  affected: { node: string; component: string; effect: "none" | "reload" | "restart" }[];
  errors: FieldError[];
}

export interface FieldError {
  path: string;
  code: string;
  message: string;
}

/** `application/problem+json`. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail?: string;
  instance?: string;
  code?: string;
  hint?: string;
  errors?: FieldError[];
  request_id?: string;
}

/** What `GET /api/v1/events` sends: what changed, not how. */
export interface LiveEvent {
  topics: string[];
  index?: string;
}
