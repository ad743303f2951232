/** What the state of the cluster means for data and alerts. */
import type { Status } from "../../api/types";
import { canAlert, isUp } from "../home/summary";

export type Level = "safe" | "reduced" | "no_quorum" | "no_alerts";

export function riskOf(status: Status): Level {
  if (!status.cluster.quorum) return "no_quorum";
  if (!canAlert(status)) return "no_alerts";
  const missing = status.nodes.some((node) => node.state !== "ready");
  const broken = status.components.some(
    (component) => component.state !== "ready" && component.state !== "starting",
  );
  return missing || broken ? "reduced" : "safe";
}

/** Nodes that may be lost before nothing can be written any more. */
export function spare(status: Status): number {
  const up = status.nodes.filter(isUp).length;
  const needed = Math.floor(status.nodes.length / 2) + 1;
  return Math.max(0, up - needed);
}
