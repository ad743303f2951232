/** Alerts in groups, the worst first. */
import type { Alert } from "../../api/types";
import { severityRank } from "../../parts/severity";

export type Grouping = "project" | "alertname" | "none";

export interface AlertGroup {
  /** Value they share; empty for alerts without one and for no grouping. */
  key: string;
  /** Highest severity inside that is not silenced or inhibited, else the highest at all. */
  severity: string;
  alerts: Alert[];
}

/** Keeps the server's order inside a group; groups by severity, then size, then name. */
export function grouped(alerts: readonly Alert[], by: Grouping): AlertGroup[] {
  const groups = new Map<string, Alert[]>();
  for (const alert of alerts) {
    const key = by === "none" ? "" : by === "project" ? alert.project : alert.name;
    groups.set(key, [...(groups.get(key) ?? []), alert]);
  }
  return [...groups]
    .map(([key, members]) => ({ key, alerts: members, severity: worst(members) }))
    .sort(
      (a, b) =>
        severityRank(a.severity) - severityRank(b.severity) ||
        b.alerts.length - a.alerts.length ||
        a.key.localeCompare(b.key),
    );
}

function worst(alerts: readonly Alert[]): string {
  const loud = alerts.filter((alert) => alert.state === "firing");
  const [first] = [...(loud.length > 0 ? loud : alerts)].sort(
    (a, b) => severityRank(a.severity) - severityRank(b.severity),
  );
  return first?.severity ?? "";
}

/** One row of the list: the head of a group, or an alert of it. */
export type Line = { group: AlertGroup } | { alert: Alert };

export function linesOf(groups: readonly AlertGroup[], heads: boolean, folded: ReadonlySet<string>): Line[] {
  return groups.flatMap((group) => [
    ...(heads ? [{ group }] : []),
    ...(heads && folded.has(group.key) ? [] : group.alerts.map((alert) => ({ alert }))),
  ]);
}
