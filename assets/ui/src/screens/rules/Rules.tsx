/** Every rule with how it does: its state, how often it fires, whom it tells. */
import { Button, Group, Menu } from "@mantine/core";
import {
  IconChevronDown,
  IconDownload,
  IconFileImport,
  IconMathFunction,
  IconPlus,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Outlet, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { isScoped } from "../../api/queries";
import { exportRules, observedRules } from "../../api/rules";
import type { ObservedRules, RuleState } from "../../api/types";
import { list } from "../../app/search";
import { useMayChange } from "../../app/session";
import { useScope } from "../../app/useScope";
import { Ago } from "../../parts/Ago";
import { Card } from "../../parts/Card";
import { download } from "../../parts/download";
import { Empty } from "../../parts/Empty";
import { Facets } from "../../parts/Facets";
import { Loading } from "../../parts/Loading";
import { ButtonLink } from "../../parts/links";
import { Page } from "../../parts/Page";
import { SearchBox } from "../../parts/SearchBox";
import { Stale } from "../../parts/Stale";
import { severityRank } from "../../parts/severity";
import { useKeys } from "../../shell/keys";
import { RuleList } from "./RuleList";
import { useRuleSelection } from "./useRuleSelection";

const BulkBar = lazy(async () => ({ default: (await import("./BulkBar")).BulkBar }));

const route = getRouteApi("/rules");
/** Rules a page. */
const SIZE = 100;
const states: readonly RuleState[] = ["firing", "pending", "unknown", "inactive", "disabled"];

export function Rules() {
  const { t } = useTranslation();
  const scope = useScope();
  const { q, state, severity, kind } = route.useSearch();
  const navigate = route.useNavigate();
  const page = (offset: number) => observedRules(scope, { q, state, severity, kind, limit: SIZE, offset });
  const query = useQuery(page(0));
  const may = useMayChange("rule-group");
  const selection = useRuleSelection();
  const filter = (change: Partial<Record<"q" | "state" | "severity" | "kind", string>>) =>
    void navigate({ to: ".", search: (before) => ({ ...before, ...change }), replace: true });
  const facets = query.data?.facets ?? {};
  const filtered = [q, state, severity, kind].some((value) => value !== undefined) || isScoped(scope);
  const severities = [...new Set([...Object.keys(facets.severity ?? {}), ...list(severity)])]
    .filter((value) => value !== "")
    .sort((a, b) => severityRank(a) - severityRank(b) || a.localeCompare(b));

  return (
    <Page title={t("rules.title")} lead={<Freshness rules={query.data} />} actions={<Actions />}>
      <Group gap="sm">
        <SearchBox label={t("rules.search")} value={q ?? ""} search={(text) => filter({ q: text })} />
        <Facets<RuleState>
          label={t("rules.filter_state")}
          chosen={list<RuleState>(state)}
          choose={(values) => filter({ state: values.join(",") })}
          values={states.map((value) => ({
            value,
            text: t(`rules.state.${value}`),
            count: facets.state?.[value] ?? 0,
          }))}
        />
        {severities.length === 0 ? null : (
          <Facets
            label={t("rules.filter_severity")}
            chosen={list(severity)}
            choose={(values) => filter({ severity: values.join(",") })}
            values={severities.map((value) => ({ value, text: value, count: facets.severity?.[value] ?? 0 }))}
          />
        )}
      </Group>
      <Stale query={query} title={t("rules.failed")} />
      {selection.picked.length > 0 ? (
        <Suspense>
          <BulkBar picked={selection.picked} clear={selection.clear} />
        </Suspense>
      ) : null}
      <Card flush>
        {query.data === undefined ? (
          query.error ? null : (
            <Loading rows={8} />
          )
        ) : query.data.total === 0 ? (
          <Nothing filtered={filtered} clear={() => filter({ q: "", state: "", severity: "", kind: "" })} />
        ) : (
          <RuleList
            page={page}
            size={SIZE}
            total={query.data.total}
            busy={query.isPlaceholderData}
            selection={may ? selection : undefined}
          />
        )}
      </Card>
      <Outlet />
    </Page>
  );
}

/** How many, and as of when: a list that is old must not look new. */
function Freshness({ rules }: { rules: ObservedRules | undefined }) {
  const { t } = useTranslation();
  if (rules === undefined) return t("rules.about");
  if (!rules.as_of) return t("rules.no_prometheus");
  return (
    <>
      {t("rules.as_of", { count: rules.total })} <Ago at={rules.as_of} focusable />
    </>
  );
}

function Actions() {
  const { t } = useTranslation();
  const { project } = useScope();
  const navigate = useNavigate();
  const may = useMayChange("rule-group");
  const save = async () => download(`${project ?? "rules"}.yml`, await exportRules(project));
  useKeys(may ? [{ key: "n", text: t("rules.new"), act: () => void navigate({ to: "/rules/new" }) }] : []);
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
            {t("rules.files")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {may ? (
            <Menu.Item
              leftSection={<IconFileImport size={16} aria-hidden />}
              onClick={() => void navigate({ to: "/rules/import" })}
            >
              {t("rules.import.action")}
            </Menu.Item>
          ) : null}
          <Menu.Item leftSection={<IconDownload size={16} aria-hidden />} onClick={() => void save()}>
            {t("rules.export")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {may ? (
        <ButtonLink to="/rules/new" leftSection={<IconPlus size={17} aria-hidden />}>
          {t("rules.new")}
        </ButtonLink>
      ) : null}
    </>
  );
}

function Nothing({ filtered, clear }: { filtered: boolean; clear: () => void }) {
  const { t } = useTranslation();
  if (filtered) {
    return (
      <Empty
        icon={IconMathFunction}
        title={t("rules.no_match")}
        text={t("rules.no_match_text")}
        action={
          <Button variant="default" onClick={clear}>
            {t("action.clear_filters")}
          </Button>
        }
      />
    );
  }
  return (
    <Empty
      icon={IconMathFunction}
      title={t("rules.none")}
      text={t("rules.none_text")}
      action={
        <Group>
          <ButtonLink to="/rules/new">{t("rules.new")}</ButtonLink>
          <ButtonLink to="/rules/import" variant="default">
            {t("rules.import.action")}
          </ButtonLink>
        </Group>
      }
    />
  );
}
