/** One project: how it is in a sentence, and behind it its targets, alerts, rules and people. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type ComponentType, lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { overview } from "../../api/overview";
import type { ProjectHealth } from "../../api/types";
import { Card } from "../../parts/Card";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { Stale } from "../../parts/Stale";
import { Tabs, tab as tabClass } from "../../parts/Tabs";
import { nameOf } from "./cells";
import { Health } from "./Health";
import { Missing } from "./Missing";
import { Sentence } from "./Sentence";
import { type ProjectTab, projectTabs } from "./tabs";

const route = getRouteApi("/projects/$id");
const views: Record<ProjectTab, ComponentType<{ project: ProjectHealth }>> = {
  targets: lazy(async () => ({ default: (await import("./TargetsTab")).TargetsTab })),
  alerts: lazy(async () => ({ default: (await import("./AlertsTab")).AlertsTab })),
  rules: lazy(async () => ({ default: (await import("./RulesTab")).RulesTab })),
  people: lazy(async () => ({ default: (await import("./PeopleTab")).PeopleTab })),
};

export function ProjectOne() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const { tab } = route.useSearch();
  // Its own address says which project: what the scope picker filters lists by does not matter.
  const query = useQuery(overview({ project: id }, { limit: 1 }));
  const project = query.data?.items[0];
  if (query.data && project === undefined) return <Missing id={id} />;
  const View = tab ? views[tab] : undefined;
  return (
    <Page title={project?.title || id} lead={project ? <Whose project={project} /> : null}>
      <Stale query={query} title={t("projects.one_failed")} />
      {project === undefined ? (
        query.error ? null : (
          <Card>
            <Loading rows={8} />
          </Card>
        )
      ) : (
        <>
          <Sentence project={project} />
          <Tabs label={project.title || id}>
            {[undefined, ...projectTabs].map((each) => (
              <Link
                key={each ?? "health"}
                to="/projects/$id"
                params={{ id }}
                search={(before) => ({ ...before, tab: each })}
                className={tabClass}
                activeOptions={{ explicitUndefined: true }}
              >
                {t(`projects.tab.${each ?? "health"}`)}
              </Link>
            ))}
          </Tabs>
          {View ? (
            <Suspense
              fallback={
                <Card>
                  <Loading rows={4} />
                </Card>
              }
            >
              <View project={project} />
            </Suspense>
          ) : (
            <Health project={project} />
          )}
        </>
      )}
    </Page>
  );
}

function Whose({ project }: { project: ProjectHealth }) {
  const { t } = useTranslation();
  const parts = [
    project.project,
    nameOf(project.department),
    project.owner ? t("projects.owned_by", { name: nameOf(project.owner) }) : "",
    project.environment ?? "",
  ];
  return <>{parts.filter(Boolean).join(" · ")}</>;
}
