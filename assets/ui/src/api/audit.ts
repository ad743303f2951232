/** Who did, or tried, what: the audit, and whether it is still what was written down. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { address, get } from "./http";
import type { AuditPage, Verified } from "./types";

export interface AuditFilter {
  q?: string | undefined;
  actor?: string | undefined;
  verb?: string | undefined;
  outcome?: string | undefined;
  kind?: string | undefined;
  name?: string | undefined;
}

/** Newest first, page after page. A page may be short, and still have a next one. */
export const audit = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ["audit", filter],
    queryFn: ({ signal, pageParam }) =>
      get<AuditPage>("/api/v1/audit", { ...filter, limit: 50, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next ?? undefined,
  });

/** Follows the whole chain on the node that answers. */
export function verifyAudit(): Promise<Verified> {
  return get<Verified>("/api/v1/audit/verify");
}

/** Everything that is kept, as JSON lines with the hashes. */
export const exportAddress = () => address("/api/v1/audit/export");

/** One record; `null` when it is not kept any more, or not for whoever asks. */
export const oneRecord = (seq: string) =>
  queryOptions({
    queryKey: ["audit", "one", seq],
    queryFn: async ({ signal }) => {
      // The newest one below the next number.
      const page = await get<AuditPage>("/api/v1/audit", { cursor: Number(seq) + 1, limit: 1 }, signal);
      const [record] = page.items;
      return record?.seq === Number(seq) ? record : null;
    },
  });
