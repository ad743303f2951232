/** Effects of a plan, told once for all nodes that share them. */
import type { Plan } from "../api/types";

type Affected = Plan["affected"][number];

export interface EffectLine {
  component: string;
  effect: Affected["effect"];
  /** Names of nodes, in the order of the plan; unique. */
  nodes: string[];
}

export function byEffect(affected: readonly Affected[]): EffectLine[] {
  const lines = new Map<string, EffectLine>();
  for (const { component, effect, node_name } of affected) {
    const key = `${component} ${effect}`;
    const line = lines.get(key) ?? { component, effect, nodes: [] };
    if (node_name !== "" && !line.nodes.includes(node_name)) line.nodes.push(node_name);
    lines.set(key, line);
  }
  return [...lines.values()];
}
