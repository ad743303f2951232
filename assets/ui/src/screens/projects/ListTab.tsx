/** What belongs to one project, as a list: broken, loading, empty with the next step, filled. */
import type { TablerIcon } from "@tabler/icons-react";
import { type QueryKey, type UseQueryOptions, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Card } from "../../parts/Card";
import { Empty } from "../../parts/Empty";
import { Loading } from "../../parts/Loading";
import { Stale } from "../../parts/Stale";

/** Rows that are asked for at once. */
export const SIZE = 100;

interface ListTabProps<Page, Key extends QueryKey> {
  /** Its first page. */
  first: UseQueryOptions<Page, Error, Page, Key>;
  failed: string;
  icon: TablerIcon;
  none: string;
  text: string;
  /** The next step, for those who may take it. */
  add: ReactNode;
  children: (total: number, busy: boolean) => ReactNode;
}

export function ListTab<Page extends { total: number }, Key extends QueryKey>(
  props: ListTabProps<Page, Key>,
) {
  const { first, failed, icon, none, text, add, children } = props;
  const query = useQuery(first);
  return (
    <>
      <Stale query={query} title={failed} />
      <Card flush>
        {query.data === undefined ? (
          query.error ? null : (
            <Loading rows={6} />
          )
        ) : query.data.total === 0 ? (
          <Empty icon={icon} title={none} text={text} action={add} />
        ) : (
          children(query.data.total, query.isPlaceholderData)
        )}
      </Card>
    </>
  );
}
