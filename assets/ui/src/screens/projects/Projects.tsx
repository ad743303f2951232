/** Every project: how it is, whose it is, what is wrong. */
import { Button, Group, Select } from "@mantine/core";
import { IconFolders } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type OverviewFilter, overview } from "../../api/overview";
import { isScoped } from "../../api/queries";
import type { ProjectHealth, ProjectState } from "../../api/types";
import { list, oneOf } from "../../app/search";
import { useScope } from "../../app/useScope";
import { Card } from "../../parts/Card";
import { Empty } from "../../parts/Empty";
import { Facets } from "../../parts/Facets";
import { Loading } from "../../parts/Loading";
import { LongTable } from "../../parts/LongTable";
import { Page } from "../../parts/Page";
import { SearchBox } from "../../parts/SearchBox";
import { Stale } from "../../parts/Stale";
import cells from "../../parts/Table.module.css";
import { Delivered, Firing, nameOf, ProjectName, Trend, UpCount } from "./cells";
import { Freshness } from "./Freshness";
import { StateChip } from "./StateChip";
import { type ProjectSort, projectSorts, projectStates } from "./tabs";

const route = getRouteApi("/projects");
const SIZE = 100;

export function Projects() {
  const { t } = useTranslation();
  const scope = useScope();
  const { q, state, sort } = route.useSearch();
  const navigate = route.useNavigate();
  const page = (offset: number) => overview(scope, { q, state, sort, limit: SIZE, offset });
  const query = useQuery(page(0));
  const filter = (change: OverviewFilter & { sort?: ProjectSort | undefined }) =>
    void navigate({ to: ".", search: (before) => ({ ...before, ...change }), replace: true });
  const states = query.data?.facets?.state ?? {};
  const filtered = q !== undefined || state !== undefined || isScoped(scope);
  return (
    <Page title={t("projects.title")} lead={<Freshness data={query.data} />}>
      <Group gap="sm">
        <SearchBox label={t("projects.search")} value={q ?? ""} search={(text) => filter({ q: text })} />
        <Facets<ProjectState>
          label={t("projects.filter_state")}
          chosen={list<ProjectState>(state)}
          choose={(values) => filter({ state: values.join(",") })}
          values={projectStates.map((value) => ({
            value,
            text: t(`projects.state.${value}`),
            count: states[value] ?? 0,
          }))}
        />
        <Select
          aria-label={t("projects.sort_by")}
          data={[
            { value: "", label: t("projects.sort.state") },
            ...projectSorts.map((value) => ({ value, label: t(`projects.sort.${value}`) })),
          ]}
          value={sort ?? ""}
          onChange={(value) => filter({ sort: oneOf(projectSorts, value) })}
          allowDeselect={false}
          w={200}
        />
      </Group>
      <Stale query={query} title={t("projects.failed")} />
      <Card flush>
        {query.data === undefined ? (
          query.error ? null : (
            <Loading rows={8} />
          )
        ) : query.data.total === 0 ? (
          <Nothing filtered={filtered} clear={() => filter({ q: "", state: "" })} />
        ) : (
          <List page={page} total={query.data.total} busy={query.isPlaceholderData} />
        )}
      </Card>
    </Page>
  );
}

interface ListProps {
  page: (offset: number) => ReturnType<typeof overview>;
  total: number;
  busy: boolean;
}

function List({ page, total, busy }: ListProps) {
  const { t } = useTranslation();
  return (
    <LongTable
      label={t("projects.title")}
      page={page}
      size={SIZE}
      total={total}
      busy={busy}
      height={54}
      keyOf={(project: ProjectHealth) => project.project}
      columns={[
        { key: "state", head: t("projects.column.state"), width: "136px" },
        { key: "project", head: t("dimension.project"), width: "auto" },
        { key: "whose", head: t("projects.whose"), width: "20%", wide: true },
        { key: "targets", head: t("projects.column.targets"), width: "100px", number: true },
        { key: "alerts", head: t("projects.column.firing"), width: "118px", wide: true },
        { key: "told", head: t("projects.column.delivered"), width: "112px", wide: true, number: true },
        { key: "trend", head: t("projects.column.trend"), width: "128px", wide: true },
      ]}
      row={(project) => <Cells project={project} />}
    />
  );
}

function Cells({ project }: { project: ProjectHealth }) {
  return (
    <>
      <td>
        <StateChip state={project.state} />
      </td>
      <td>
        <ProjectName project={project} />
      </td>
      <td data-wide>
        {nameOf(project.department)}
        <span className={cells.sub}>
          {[nameOf(project.owner) || nameOf(project.team), project.environment].filter(Boolean).join(" · ")}
        </span>
      </td>
      <td data-number>
        <UpCount of={project} />
      </td>
      <td data-wide>
        <Firing of={project} />
      </td>
      <td data-wide data-number>
        <Delivered of={project} />
      </td>
      <td data-wide>
        <Trend of={project} />
      </td>
    </>
  );
}

function Nothing({ filtered, clear }: { filtered: boolean; clear: () => void }) {
  const { t } = useTranslation();
  if (!filtered) {
    return <Empty icon={IconFolders} title={t("projects.empty")} text={t("projects.empty_text")} />;
  }
  return (
    <Empty
      icon={IconFolders}
      title={t("projects.no_match")}
      text={t("projects.no_match_text")}
      action={
        <Button variant="default" onClick={clear}>
          {t("action.clear_filters")}
        </Button>
      }
    />
  );
}
