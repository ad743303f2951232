/** One row a project: what it is, how its targets are, what fires. */
import { Code, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleDashed, IconCircleX, IconFolders } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ProjectSpec, Resource } from "../../api/types";
import { Card } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { Empty } from "../../parts/Empty";
import { Table } from "../../parts/Table";
import style from "./Home.module.css";

type Counts = Record<string, number>;

interface ProjectsCardProps {
  projects: Resource<ProjectSpec>[];
  targets: Counts;
  down: Counts;
  firing: Counts;
}

export function ProjectsCard({ projects, targets, down, firing }: ProjectsCardProps) {
  const { t } = useTranslation();
  if (projects.length === 0) {
    return (
      <Card title={t("home.projects.title")} flush>
        <Empty
          icon={IconFolders}
          title={t("home.projects.none")}
          text={
            <>
              {t("home.projects.next")}
              <Code block mt="xs" ta="start">
                {"watchkeep apply -f projects.yml"}
              </Code>
            </>
          }
        />
      </Card>
    );
  }
  return (
    <Card title={t("home.projects.title")} note={t("home.projects.count", { count: projects.length })} flush>
      <Table
        label={t("home.projects.title")}
        head={
          <tr>
            <th>{t("dimension.project")}</th>
            <th>{t("home.projects.state")}</th>
            <th data-number>{t("home.projects.targets")}</th>
            <th data-number>{t("home.projects.firing")}</th>
            <th data-wide>{t("dimension.department")}</th>
            <th data-wide>{t("dimension.owner")}</th>
            <th data-wide>{t("dimension.environment")}</th>
          </tr>
        }
      >
        {projects.map((project) => (
          <Row
            key={project.name}
            project={project}
            targets={targets[project.name] ?? 0}
            down={down[project.name] ?? 0}
            firing={firing[project.name] ?? 0}
          />
        ))}
      </Table>
    </Card>
  );
}

interface RowProps {
  project: Resource<ProjectSpec>;
  targets: number;
  down: number;
  firing: number;
}

function Row({ project, targets, down, firing }: RowProps) {
  const { t } = useTranslation();
  const { title, department, owner, environment } = project.spec;
  return (
    <tr>
      <td>
        <Link to="." search={(before) => ({ ...before, project: project.name })} className={style.project}>
          {title || project.name}
        </Link>
        {title ? <span className={style.sub}>{project.name}</span> : null}
      </td>
      <td>
        <State targets={targets} down={down} firing={firing} />
      </td>
      <td data-number>
        <Link to="/targets" search={{ project: project.name }} className={style.project}>
          {t("home.projects.up", { up: targets - down, total: targets })}
        </Link>
      </td>
      <td data-number>
        {firing === 0 ? (
          <Text span c="dimmed" size="sm">
            {firing}
          </Text>
        ) : (
          <Link to="/alerts" search={{ project: project.name }} className={style.project}>
            {firing}
          </Link>
        )}
      </td>
      <td data-wide data-quiet>
        {department}
      </td>
      <td data-wide data-quiet>
        {owner}
      </td>
      <td data-wide data-quiet>
        {environment}
      </td>
    </tr>
  );
}

function State({ targets, down, firing }: Omit<RowProps, "project">) {
  const { t } = useTranslation();
  if (firing > 0) return <Chip tone="critical" icon={IconCircleX} text={t("home.projects.alerting")} />;
  if (down > 0) return <Chip tone="warning" icon={IconCircleX} text={t("home.projects.degraded")} />;
  if (targets === 0) return <Chip tone="unknown" icon={IconCircleDashed} text={t("home.projects.nothing")} />;
  return <Chip tone="ok" icon={IconCircleCheck} text={t("home.projects.well")} />;
}
