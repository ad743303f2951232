/** Every change: who, when, what, why. The newest first. */
import { Group } from "@mantine/core";
import { IconHistoryOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { history } from "../../api/queries";
import type { HistoryEntry } from "../../api/types";
import { Ago } from "../../parts/Ago";
import { Card } from "../../parts/Card";
import { Empty } from "../../parts/Empty";
import { Loading } from "../../parts/Loading";
import { ButtonLink, CloseLink } from "../../parts/links";
import { Page } from "../../parts/Page";
import { Stale } from "../../parts/Stale";
import { Table } from "../../parts/Table";
import { ActionChip } from "./ActionChip";
import style from "./History.module.css";

const route = getRouteApi("/system/history");

export function History() {
  const { t } = useTranslation();
  const { kind, name, cursor } = route.useSearch();
  const query = useQuery(history({ kind, name, cursor }));
  const object = [kind, name].filter(Boolean).join(" ");
  return (
    <Page title={t("history.title")} lead={t("history.lead")}>
      {object === "" ? null : (
        <Group gap={4}>
          {t("history.only", { object })}
          <CloseLink
            to="/system/history"
            search={{ kind: undefined, name: undefined }}
            aria-label={t("history.all")}
          />
        </Group>
      )}
      <Stale query={query} title={t("history.failed")} />
      <Card flush>
        {query.data === undefined ? (
          query.error ? null : (
            <Loading rows={8} />
          )
        ) : query.data.items.length === 0 ? (
          <Empty icon={IconHistoryOff} title={t("history.none")} />
        ) : (
          <List items={query.data.items} busy={query.isPlaceholderData} />
        )}
      </Card>
      <Group>
        {cursor ? (
          <ButtonLink to="/system/history" search={{ kind, name }} variant="default">
            {t("history.newest")}
          </ButtonLink>
        ) : null}
        {query.data?.next ? (
          <ButtonLink to="/system/history" search={{ kind, name, cursor: query.data.next }} variant="default">
            {t("history.older")}
          </ButtonLink>
        ) : null}
      </Group>
      <Outlet />
    </Page>
  );
}

function List({ items, busy }: { items: HistoryEntry[]; busy: boolean }) {
  const { t } = useTranslation();
  return (
    <Table
      label={t("history.title")}
      busy={busy}
      head={
        <tr>
          <th>{t("history.column.revision")}</th>
          <th>{t("history.column.when")}</th>
          <th>{t("history.column.who")}</th>
          <th>{t("history.column.action")}</th>
          <th>{t("history.column.object")}</th>
          <th data-wide>{t("history.column.why")}</th>
        </tr>
      }
    >
      {items.map((entry) => (
        <tr key={`${entry.revision} ${entry.kind} ${entry.name}`}>
          <td>
            <Link
              to="/system/history/$revision"
              params={{ revision: entry.revision }}
              search={true}
              className={style.link}
            >
              {entry.revision}
            </Link>
          </td>
          <td data-quiet data-nowrap>
            <Ago at={entry.at} />
          </td>
          <td>{entry.actor}</td>
          <td>
            <ActionChip action={entry.action} />
          </td>
          <td>
            <span className={style.kind}>{entry.kind}</span> <b>{entry.name}</b>
          </td>
          <td data-wide data-quiet>
            {entry.why}
          </td>
        </tr>
      ))}
    </Table>
  );
}
