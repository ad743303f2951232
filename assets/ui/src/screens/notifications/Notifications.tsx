/** Who was told: every notification, how it ended, how long it took. */
import { Alert, Button, Group, Select } from "@mantine/core";
import { IconFilterOff, IconSend } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type ObjectKind, objects, titleOf } from "../../api/objects";
import { notifications } from "../../api/told";
import type { ReceiptState } from "../../api/types";
import { list } from "../../app/search";
import { useMayChange } from "../../app/session";
import { useScope } from "../../app/useScope";
import { Card } from "../../parts/Card";
import { Empty } from "../../parts/Empty";
import { Facets } from "../../parts/Facets";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { Stale } from "../../parts/Stale";
import { ReceiptTable } from "./ReceiptTable";

const route = getRouteApi("/notifications");
const states: readonly ReceiptState[] = ["pending", "delivered", "accepted", "failed", "merged"];
export const SIZE = 100;

export function Notifications() {
  const { t } = useTranslation();
  const lists = useMayChange("channel");
  const scope = useScope();
  const search = route.useSearch();
  const { state, receiver, channel, fingerprint, before } = search;
  const navigate = route.useNavigate();
  const query = useQuery(
    notifications(scope, { state, receiver, channel, fingerprint, before, limit: SIZE }),
  );
  const filter = (change: Partial<Record<keyof typeof search, string | undefined>>) =>
    void navigate({ to: ".", search: (all) => ({ ...all, before: undefined, ...change }), replace: true });
  const filtered = state ?? receiver ?? channel ?? fingerprint;
  return (
    <Page title={t("notifications.title")} lead={t("notifications.lead")}>
      <Group gap="sm">
        <Facets<ReceiptState>
          label={t("notifications.filter_state")}
          chosen={list<ReceiptState>(state)}
          // The server takes one state: choosing another replaces it.
          choose={(values) => filter({ state: values.at(-1) })}
          values={states.map((value) => ({ value, text: t(`receipt.${value}`) }))}
        />
        <Choice kind="receiver" value={receiver} change={(name) => filter({ receiver: name })} />
        {/* Channels may hold secrets: not everybody may list them. */}
        {lists ? (
          <Choice kind="channel" value={channel} change={(name) => filter({ channel: name })} />
        ) : null}
      </Group>
      {fingerprint === undefined ? null : (
        <Alert color="blue" variant="outline" py="xs">
          <Group justify="space-between" gap="xs">
            {t("notifications.only_alert", { fingerprint })}
            <Button size="compact-sm" variant="default" onClick={() => filter({ fingerprint: undefined })}>
              {t("notifications.all")}
            </Button>
          </Group>
        </Alert>
      )}
      <Stale query={query} title={t("notifications.failed")} />
      <Card flush>
        {query.data === undefined ? (
          query.error ? null : (
            <Loading rows={8} />
          )
        ) : query.data.items.length > 0 ? (
          <ReceiptTable receipts={query.data.items} busy={query.isPlaceholderData} />
        ) : filtered !== undefined || before !== undefined ? (
          <Empty
            icon={IconFilterOff}
            title={t("notifications.no_match")}
            action={
              <Button
                variant="default"
                onClick={() =>
                  filter({
                    state: undefined,
                    receiver: undefined,
                    channel: undefined,
                    fingerprint: undefined,
                  })
                }
              >
                {t("action.clear_filters")}
              </Button>
            }
          />
        ) : (
          <Empty icon={IconSend} title={t("notifications.none")} text={t("notifications.none_text")} />
        )}
      </Card>
      <Group justify="center" gap="sm">
        {before === undefined ? null : (
          <Button variant="default" onClick={() => filter({})}>
            {t("notifications.newest")}
          </Button>
        )}
        {query.data?.next ? (
          <Button
            variant="default"
            onClick={() =>
              void navigate({ to: ".", search: (all) => ({ ...all, before: query.data.next ?? undefined }) })
            }
          >
            {t("notifications.older")}
          </Button>
        ) : null}
      </Group>
      <Outlet />
    </Page>
  );
}

interface ChoiceProps {
  kind: ObjectKind & ("receiver" | "channel");
  value: string | undefined;
  change: (name: string | undefined) => void;
}

function Choice({ kind, value, change }: ChoiceProps) {
  const { t } = useTranslation();
  const items = useQuery(objects(kind)).data?.items ?? [];
  const data = items.map((object) => ({ value: object.name, label: titleOf(object) }));
  const gone = value !== undefined && !data.some((each) => each.value === value);
  return (
    <Select
      aria-label={t(`notifications.filter.${kind}`)}
      placeholder={t(`notifications.any.${kind}`)}
      data={gone ? [...data, { value, label: value }] : data}
      value={value ?? null}
      onChange={(name) => change(name ?? undefined)}
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("action.clear") }}
      nothingFoundMessage={t("form.nothing_found")}
      w={170}
    />
  );
}
