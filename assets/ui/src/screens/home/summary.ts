/** The state of everything in one sentence: what is worst, said first. */
import type { Alerts, ClusterNode, Health, ObservedTargets, Status } from "../../api/types";
import { bySeverity } from "../../parts/severity";

export type Mood = "good" | "informed" | "attention" | "bad" | "blind" | "empty";

export interface Summary {
  mood: Mood;
  /** Counts that the sentence names. */
  critical: number;
  warning: number;
  other: number;
  down: number;
  unknown: number;
  up: number;
  faults: number;
}

export function countsOf(targets: ObservedTargets): Record<Health, number> {
  const states = targets.facets?.state ?? {};
  return { up: states.up ?? 0, down: states.down ?? 0, unknown: states.unknown ?? 0 };
}

/**
 * `blind` comes before everything: an empty list of alerts says nothing while nobody evaluates
 * rules or takes alerts.
 */
export function summarise(targets: ObservedTargets, firing: Alerts, status: Status): Summary {
  const health = countsOf(targets);
  const { critical, warning, info, other } = bySeverity(firing.facets?.severity ?? {});
  const counts = {
    critical,
    warning,
    other: info + other,
    down: health.down,
    unknown: health.unknown,
    up: health.up,
    faults: status.faults.length,
  };
  return { mood: moodOf(counts, status), ...counts };
}

function moodOf(counts: Omit<Summary, "mood">, status: Status): Mood {
  if (!status.cluster.quorum || !canAlert(status)) return "blind";
  if (counts.critical > 0) return "bad";
  const { warning, down, unknown, faults, other, up } = counts;
  if (warning + down + unknown + faults > 0) return "attention";
  if (other > 0) return "informed";
  return up === 0 ? "empty" : "good";
}

/** Somebody evaluates rules and somebody takes the alerts. */
export function canAlert(status: Status): boolean {
  return ["prometheus", "alertmanager"].every((name) => running(status, name).ready > 0);
}

/** It answers, even if something on it is not as it should be. */
export function isUp(node: ClusterNode): boolean {
  return node.state === "ready" || node.state === "degraded";
}

/** How many instances of a component are ready, of how many. */
export function running(status: Status, name: string): { ready: number; all: number } {
  const all = status.components.filter((component) => component.name === name);
  return { ready: all.filter((component) => component.state === "ready").length, all: all.length };
}
