/** How projects and departments are doing. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { get } from "./http";
import type { Scope } from "./queries";
import type { Overview } from "./types";

export interface OverviewFilter {
  q?: string | undefined;
  state?: string | undefined;
  sort?: string | undefined;
  limit?: number;
  offset?: number;
}

export const overview = (scope: Scope, filter: OverviewFilter) =>
  queryOptions({
    queryKey: ["overview", scope, filter],
    queryFn: ({ signal }) => get<Overview>("/api/v1/overview", { ...scope, ...filter }, signal),
    refetchInterval: 10_000,
    placeholderData: keepPreviousData,
  });

/** Whoever looks at all projects at once looks at no more than these. */
export const ALL_PROJECTS = 1000;

interface Matrix {
  data: { result: { metric: Record<string, string>; values: [number, string][] }[] };
}

const HOURS = 6;
const STEP_S = 300;

/** Which part of a project's targets answered, over the last hours; nothing where there is no data. */
export const answeredShare = (project: string) =>
  queryOptions({
    queryKey: ["targets", "share", project],
    queryFn: async ({ signal }) => {
      const end = Math.floor(Date.now() / 1000 / STEP_S) * STEP_S;
      const query = `avg(up{project="${project}"})`;
      const range = { query, start: end - HOURS * 3600, end, step: STEP_S };
      const { data } = await get<Matrix>("/prometheus/api/v1/query_range", range, signal);
      return (data.result[0]?.values ?? []).map(([at, value]) => ({ at, value: Number(value) }));
    },
    staleTime: 60_000,
    refetchInterval: 60_000,
    retry: false,
  });
