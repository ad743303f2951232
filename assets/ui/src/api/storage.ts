/** What every Prometheus keeps, from its own series. */
import { queryOptions } from "@tanstack/react-query";
import { get } from "./http";

interface Vector {
  data: { result: { metric: Record<string, string>; value: [number, string] }[] };
}

export interface Stored {
  node: string;
  /** Bytes: blocks, the newest chunks and the log before them. */
  used: number;
  /** Bytes; 0 = none. */
  limit: number;
}

const LIMIT = "prometheus_tsdb_retention_limit_bytes";
const query =
  '{__name__=~"prometheus_tsdb_(storage_blocks_bytes|head_chunks_storage_size_bytes|wal_storage_size_bytes|retention_limit_bytes)",job="watchkeep"}';

export const storage = () =>
  queryOptions({
    queryKey: ["status", "storage"],
    queryFn: async ({ signal }) => storedOf(await get<Vector>("/prometheus/api/v1/query", { query }, signal)),
    refetchInterval: 60_000,
    staleTime: 30_000,
    retry: false,
  });

/** By node. */
export function storedOf({ data }: Vector): Stored[] {
  const nodes = new Map<string, Stored>();
  for (const { metric, value } of data.result) {
    const node = metric.node ?? metric.instance ?? "";
    const stored = nodes.get(node) ?? { node, used: 0, limit: 0 };
    const bytes = Number(value[1]);
    if (metric.__name__ === LIMIT) stored.limit = bytes;
    else stored.used += bytes;
    nodes.set(node, stored);
  }
  return [...nodes.values()].sort((a, b) => a.node.localeCompare(b.node));
}
