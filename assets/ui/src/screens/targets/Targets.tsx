/** Every scraped address with its health; details, adding and editing open over it. */
import { Button, Group, Select } from "@mantine/core";
import { IconPlus, IconTargetOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { isScoped, observedTargets } from "../../api/queries";
import type { Health, ObservedTargets } from "../../api/types";
import { list } from "../../app/search";
import { useMayChange } from "../../app/session";
import { useScope } from "../../app/useScope";
import { Ago } from "../../parts/Ago";
import { Card } from "../../parts/Card";
import { Empty } from "../../parts/Empty";
import { Facets } from "../../parts/Facets";
import { Loading } from "../../parts/Loading";
import { ButtonLink } from "../../parts/links";
import { Page } from "../../parts/Page";
import { SearchBox } from "../../parts/SearchBox";
import { Stale } from "../../parts/Stale";
import { useKeys } from "../../shell/keys";
import { TargetTable } from "./TargetTable";

const route = getRouteApi("/targets");
const SIZE = 100;

export function Targets() {
  const { t } = useTranslation();
  const scope = useScope();
  const { q, state, job } = route.useSearch();
  const navigate = route.useNavigate();
  const page = (offset: number) => observedTargets(scope, { q, state, job, limit: SIZE, offset });
  const query = useQuery(page(0));
  const filter = (change: { q?: string; state?: string; job?: string }) =>
    void navigate({
      to: ".",
      search: (before) => ({ ...before, ...change }),
      replace: true,
    });
  const facets = query.data?.facets ?? {};
  const filtered = q !== undefined || state !== undefined || job !== undefined || isScoped(scope);

  return (
    <Page title={t("targets.title")} lead={<Freshness targets={query.data} />} actions={<Add />}>
      <Group gap="sm">
        <SearchBox label={t("targets.search")} value={q ?? ""} search={(text) => filter({ q: text })} />
        <Facets<Health>
          label={t("targets.filter_state")}
          chosen={list<Health>(state)}
          choose={(values) => filter({ state: values.join(",") })}
          values={(["up", "down", "unknown"] as const).map((value) => ({
            value,
            text: t(`health.${value}`),
            count: facets.state?.[value] ?? 0,
          }))}
        />
        <Select
          aria-label={t("targets.filter_job")}
          placeholder={t("targets.any_job")}
          data={Object.keys({ ...facets.job, ...(job ? { [job]: 0 } : {}) }).sort()}
          value={job ?? null}
          onChange={(value) => filter({ job: value ?? "" })}
          clearable
          clearButtonProps={{ "aria-label": t("action.clear") }}
          searchable
          w={180}
        />
      </Group>
      <Stale query={query} title={t("health.failed")} />
      <Card flush>
        {query.data === undefined ? (
          query.error ? null : (
            <Loading rows={8} />
          )
        ) : query.data.items.length === 0 ? (
          <Nothing filtered={filtered} clear={() => filter({ q: "", state: "", job: "" })} />
        ) : (
          <TargetTable page={page} size={SIZE} total={query.data.total} busy={query.isPlaceholderData} />
        )}
      </Card>
      <Outlet />
    </Page>
  );
}

function Freshness({ targets }: { targets: ObservedTargets | undefined }) {
  const { t } = useTranslation();
  if (targets === undefined) return t("targets.lead");
  if (!targets.as_of) return t("targets.no_prometheus");
  return (
    <>
      {t("targets.as_of", { count: targets.total })} <Ago at={targets.as_of} focusable />
    </>
  );
}

function Add() {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const may = useMayChange("target");
  const act = () => void navigate({ to: "/targets/new", search: true });
  useKeys(may ? [{ key: "n", text: t("targets.add"), act }] : []);
  if (!may) return null;
  return (
    <Group gap="xs">
      <ButtonLink to="/targets/add" variant="default">
        {t("targets.many.action")}
      </ButtonLink>
      <ButtonLink to="/targets/new" search={true} leftSection={<IconPlus size={17} aria-hidden />}>
        {t("targets.add")}
      </ButtonLink>
    </Group>
  );
}

function Nothing({ filtered, clear }: { filtered: boolean; clear: () => void }) {
  const { t } = useTranslation();
  if (!filtered) {
    return (
      <Empty icon={IconTargetOff} title={t("targets.none")} text={t("targets.none_text")} action={<Add />} />
    );
  }
  return (
    <Empty
      icon={IconTargetOff}
      title={t("targets.no_match")}
      text={t("targets.no_match_text")}
      action={
        <Button variant="default" onClick={clear}>
          {t("action.clear_filters")}
        </Button>
      }
    />
  );
}
