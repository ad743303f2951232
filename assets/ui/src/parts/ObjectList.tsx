/** All objects of one kind in a table: loading, broken, empty and filled. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type ObjectKind, type Objects, objects, titleOf } from "../api/objects";
import { Card } from "./Card";
import { Empty } from "./Empty";
import { Loading } from "./Loading";
import { Stale } from "./Stale";
import { Table } from "./Table";

interface ObjectListProps<Kind extends ObjectKind> {
  kind: Kind;
  label: string;
  head: ReactNode;
  /** One row. */
  row: (object: Objects[Kind]) => ReactNode;
  /** What to say, and to do, while there is none. */
  empty: { title: string; text: string };
  /** Keeps the server's order by name otherwise. */
  order?: (a: Objects[Kind], b: Objects[Kind]) => number;
}

export function ObjectList<Kind extends ObjectKind>(props: ObjectListProps<Kind>) {
  const { kind, label, head, row, empty, order } = props;
  const { t } = useTranslation();
  const query = useQuery(objects(kind));
  const items = query.data?.items ?? [];
  const sorted = order ? [...items].sort(order) : items;
  return (
    <>
      <Stale query={query} title={t("list.failed")} />
      <Card flush>
        {query.data === undefined ? (
          query.error ? null : (
            <Loading />
          )
        ) : items.length === 0 ? (
          <Empty title={empty.title} text={empty.text} />
        ) : (
          <Table label={label} head={head}>
            {sorted.map((object) => row(object))}
          </Table>
        )}
      </Card>
      {query.data && query.data.total > items.length ? (
        <p>{t("list.more", { shown: items.length, total: query.data.total })}</p>
      ) : null}
    </>
  );
}

/** The title as the way in, the name below where it differs. */
export function TitleCell({
  object,
  children,
}: {
  object: { name: string; spec: unknown };
  children: ReactNode;
}) {
  const title = titleOf(object);
  return (
    <td>
      {children}
      {title === object.name ? null : (
        <div style={{ fontSize: 12.5, color: "var(--wk-muted)" }}>{object.name}</div>
      )}
    </td>
  );
}
