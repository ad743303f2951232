/** What is wrong now, and who has been told. */
import { Button, Group, Alert as Notice, SegmentedControl } from "@mantine/core";
import { IconBellOff, IconFilterOff, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { alerts, firstAlerts, isScoped } from "../../api/queries";
import type { AlertState } from "../../api/types";
import { list } from "../../app/search";
import { useMayChange } from "../../app/session";
import { useScope } from "../../app/useScope";
import { Card } from "../../parts/Card";
import { Empty } from "../../parts/Empty";
import { Facets } from "../../parts/Facets";
import { Loading } from "../../parts/Loading";
import { TextLink } from "../../parts/links";
import { Page } from "../../parts/Page";
import { SearchBox } from "../../parts/SearchBox";
import { Stale } from "../../parts/Stale";
import { severityRank } from "../../parts/severity";
import { AlertList } from "./AlertList";
import { AllQuiet } from "./AllQuiet";
import type { Grouping } from "./group";
import { type SelectedAlerts, useSelection } from "./useSelection";

const route = getRouteApi("/alerts");
const states: readonly AlertState[] = ["firing", "pending", "silenced", "inhibited"];

export function Alerts() {
  const { t } = useTranslation();
  const scope = useScope();
  const { q, state, severity, group = "project" } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(firstAlerts(scope, { q, state, severity }));
  const selection = useSelection();
  const filter = (change: Partial<Record<"q" | "state" | "severity", string>>) =>
    void navigate({
      to: ".",
      search: (before) => ({ ...before, ...change }),
      replace: true,
    });
  const facets = query.data?.facets ?? {};
  const filtered = q !== undefined || state !== undefined || severity !== undefined;
  const severities = [...new Set([...Object.keys(facets.severity ?? {}), ...list(severity)])].sort(
    (a, b) => severityRank(a) - severityRank(b) || a.localeCompare(b),
  );

  return (
    <Page
      title={t("alerts.title")}
      lead={query.data ? t("alerts.lead", { count: query.data.total }) : t("alerts.about")}
    >
      <Group gap="sm">
        <SearchBox label={t("alerts.search")} value={q ?? ""} search={(text) => filter({ q: text })} />
        <Facets<AlertState>
          label={t("alerts.filter_state")}
          chosen={list<AlertState>(state)}
          choose={(values) => filter({ state: values.join(",") })}
          values={states.map((value) => ({
            value,
            text: t(`alerts.state.${value}`),
            count: facets.state?.[value] ?? 0,
          }))}
        />
        <Facets
          label={t("alerts.filter_severity")}
          chosen={list(severity)}
          choose={(values) => filter({ severity: values.join(",") })}
          values={severities.map((value) => ({
            value,
            text: value === "" ? t("severity.none") : value,
            count: facets.severity?.[value] ?? 0,
          }))}
        />
        <SegmentedControl
          ml="auto"
          size="xs"
          aria-label={t("alerts.group_by")}
          value={group}
          onChange={(value) =>
            void navigate({
              to: ".",
              search: (before) => ({
                ...before,
                group: value === "project" ? undefined : (value as Grouping),
              }),
            })
          }
          data={(["project", "alertname", "none"] as const).map((value) => ({
            value,
            label: t(`alerts.group.${value}`),
          }))}
        />
      </Group>
      <Stale query={query} title={t("alerts.failed")} />
      {query.data?.missing && query.data.missing.length > 0 ? (
        <Notice color="yellow" variant="outline" role="status">
          {t("alerts.missing", { nodes: query.data.missing.join(", ") })}
        </Notice>
      ) : null}
      <Outside />
      <Selected selection={selection} />
      <Card flush>
        {query.data === undefined ? (
          query.error ? null : (
            <Loading rows={8} />
          )
        ) : query.data.items.length > 0 ? (
          <AlertList
            scope={scope}
            filter={{ q, state, severity }}
            first={query.data}
            by={group}
            selection={selection}
            busy={query.isPlaceholderData}
          />
        ) : filtered ? (
          <Empty
            icon={IconFilterOff}
            title={t("alerts.no_match")}
            text={t("alerts.no_match_text")}
            action={
              <Button variant="default" onClick={() => filter({ q: "", state: "", severity: "" })}>
                {t("action.clear_filters")}
              </Button>
            }
          />
        ) : (
          <AllQuiet />
        )}
      </Card>
      <Outlet />
    </Page>
  );
}

/** What can be done with the selected ones. */
function Selected({ selection }: { selection: SelectedAlerts }) {
  const { t } = useTranslation();
  const may = useMayChange("silence");
  const count = selection.alerts.length;
  if (count === 0) return null;
  return (
    <Notice color="blue" variant="light" py="xs">
      <Group gap="sm">
        <span role="status">{t("alerts.selected", { count })}</span>
        {may ? (
          <Button size="xs" leftSection={<IconBellOff size={15} aria-hidden />} onClick={selection.silence}>
            {t("alerts.silence_these", { count })}
          </Button>
        ) : null}
        <Button
          size="xs"
          variant="default"
          leftSection={<IconX size={15} aria-hidden />}
          onClick={selection.clear}
        >
          {t("alerts.unselect")}
        </Button>
      </Group>
    </Notice>
  );
}

/** The scope hides no firing alert silently. */
function Outside() {
  const { t } = useTranslation();
  const scope = useScope();
  const inside = useQuery({ ...alerts(scope, { state: "firing", limit: 1 }), enabled: isScoped(scope) });
  const all = useQuery({ ...alerts({}, { state: "firing", limit: 1 }), enabled: isScoped(scope) });
  const count = (all.data?.total ?? 0) - (inside.data?.total ?? 0);
  if (!isScoped(scope) || count <= 0 || inside.isPlaceholderData) return null;
  const everything = { department: undefined, project: undefined, owner: undefined, environment: undefined };
  return (
    <Notice color="blue" variant="outline" icon={<IconBellOff aria-hidden />} py="xs">
      {t("alerts.outside", { count })}{" "}
      <TextLink to="/alerts" search={everything}>
        {t("alerts.show_all")}
      </TextLink>
    </Notice>
  );
}
