/** Where an account is signed in, and the end of it: one's own, or for administrators another's. */
import { Button, Text } from "@mantine/core";
import { IconDeviceDesktop, IconLogout } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { endSession, endSessions, sessions } from "../../api/accounts";
import type { SessionLine } from "../../api/types";
import { Ago } from "../../parts/Ago";
import { Card } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { Empty } from "../../parts/Empty";
import { Loading } from "../../parts/Loading";
import { ProblemBox } from "../../parts/Problem";
import { Stale } from "../../parts/Stale";
import { Table } from "../../parts/Table";
import { Until } from "../../parts/Until";
import { clientOf } from "./client";

export function SessionTable({ user }: { user?: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const query = useQuery(sessions(user));
  const items = query.data?.items ?? [];
  const others = items.filter((session) => !session.current);
  const end = useMutation({
    mutationFn: () => endSessions(user),
    onSettled: () => queries.invalidateQueries({ queryKey: ["sessions"] }),
  });
  return (
    <Card
      title={t("account.sessions")}
      flush
      action={
        others.length === 0 ? null : (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconLogout size={14} aria-hidden />}
            loading={end.isPending}
            onClick={() => end.mutate()}
          >
            {t(user === undefined ? "account.end_others" : "account.end_all")}
          </Button>
        )
      }
    >
      {user === undefined ? (
        <Text size="sm" c="dimmed" px="md" py="sm">
          {t("account.sessions_lead")}
        </Text>
      ) : null}
      {end.error ? <ProblemBox error={end.error} /> : null}
      {end.data ? (
        <Text size="sm" role="status" px="md" py="sm">
          {t("account.ended", { count: end.data.n_ended })}
        </Text>
      ) : null}
      <Stale query={query} title={t("account.sessions_failed")} />
      {query.data === undefined ? (
        query.error ? null : (
          <Loading />
        )
      ) : items.length === 0 ? (
        <Empty icon={IconDeviceDesktop} title={t("account.none")} />
      ) : (
        <Table
          label={t("account.sessions")}
          head={
            <tr>
              <th>{t("account.column.client")}</th>
              <th>{t("account.column.last")}</th>
              <th data-wide>{t("account.column.signed_in")}</th>
              <th data-wide>{t("account.column.ends")}</th>
              <th>{t("account.column.actions")}</th>
            </tr>
          }
        >
          {items.map((session) => (
            <Row key={session.id} session={session} />
          ))}
        </Table>
      )}
    </Card>
  );
}

function Row({ session }: { session: SessionLine }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { id, from, last_from, agent, current } = session;
  const end = useMutation({
    mutationFn: () => endSession(id),
    onSettled: () => queries.invalidateQueries({ queryKey: ["sessions"] }),
  });
  const address = last_from ?? from ?? "?";
  return (
    <tr>
      <td title={agent ?? ""}>
        <ClientName agent={agent} />
        {/* Not a column of its own: on a phone the button would lie out of sight. */}
        <Text size="xs" c="dimmed">
          {address}
        </Text>
        {from && from !== address ? (
          <Text size="xs" c="dimmed">
            {t("account.elsewhere", { address: from })}
          </Text>
        ) : null}
        {end.error ? <ProblemBox error={end.error} /> : null}
      </td>
      <td data-nowrap>
        <Ago at={session.last} />
      </td>
      <td data-wide data-nowrap data-quiet>
        <Ago at={session.created} />
      </td>
      <td data-wide data-nowrap data-quiet>
        <Until at={session.expires} />
      </td>
      <td>
        {current ? (
          <Chip tone="info" icon={IconDeviceDesktop} text={t("account.this")} />
        ) : (
          <Button
            size="compact-sm"
            variant="default"
            loading={end.isPending}
            aria-label={t("account.end_of", { address })}
            onClick={() => end.mutate()}
          >
            {t("account.end")}
          </Button>
        )}
      </td>
    </tr>
  );
}

function ClientName({ agent }: { agent: string | null | undefined }) {
  const { t } = useTranslation();
  const client = clientOf(agent);
  if (client === undefined) return <>{agent || t("account.unknown_agent")}</>;
  return <>{client.kind === "cli" ? t("account.cli") : t("account.browser", client)}</>;
}
