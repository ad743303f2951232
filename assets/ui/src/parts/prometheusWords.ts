/** What the editor completes with: names and values out of the running Prometheus. */
import type { PrometheusClient } from "@prometheus-io/codemirror-promql/dist/esm/client/prometheus";
import { get } from "../api/http";

interface Answer<Data> {
  data: Data;
}
/** Names older than this are history. */
const LOOK_BACK_S = 12 * 3600;

async function ask<Data>(path: string, fallback: Data, params: Record<string, string> = {}): Promise<Data> {
  try {
    return (await get<Answer<Data>>(`/prometheus/api/v1/${path}`, { start: since(), ...params })).data;
  } catch {
    // Completion is a convenience: without Prometheus one types.
    return fallback;
  }
}

function since(): string {
  return String(Math.floor(Date.now() / 1000) - LOOK_BACK_S);
}

const selector = (metric?: string): Record<string, string> => (metric ? { "match[]": metric } : {});

export const prometheusWords: PrometheusClient = {
  labelNames: (metric) => ask<string[]>("labels", [], selector(metric)),
  labelValues: (label, metric) =>
    ask<string[]>(`label/${encodeURIComponent(label)}/values`, [], selector(metric)),
  metricNames: () => ask<string[]>("label/__name__/values", []),
  metricMetadata: () => ask<Record<string, { type: string; help: string }[]>>("metadata", {}),
  series: async (metric) => {
    const found = await ask<Record<string, string>[]>("series", [], { ...selector(metric), limit: "500" });
    return found.map((labels) => new Map(Object.entries(labels)));
  },
  // Not served by the portal's proxy, and not needed.
  flags: async () => ({}),
};
