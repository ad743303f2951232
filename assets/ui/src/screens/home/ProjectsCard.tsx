/** One row a project: what it is, how its targets are, what fires. */
import { Code, Text } from "@mantine/core";
import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconFolders,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Project } from "../../api/types";
import { Card } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { Empty } from "../../parts/Empty";
import { Table } from "../../parts/Table";
import style from "./Home.module.css";

type Counts = Record<string, number>;

interface ProjectsCardProps {
  projects: Project[];
  targets: Counts;
  down: Counts;
  firing: Counts;
  critical: Counts;
}

export function ProjectsCard({ projects, targets, down, firing, critical }: ProjectsCardProps) {
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
            <th data-wide>{t("home.projects.whose")}</th>
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
            critical={critical[project.name] ?? 0}
          />
        ))}
      </Table>
    </Card>
  );
}

interface RowProps {
  project: Project;
  targets: number;
  down: number;
  firing: number;
  critical: number;
}

function Row({ project, targets, down, firing, critical }: RowProps) {
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
        <State targets={targets} down={down} firing={firing} critical={critical} />
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
      <td data-wide>
        {department}
        <span className={style.sub}>{[owner, environment].filter(Boolean).join(" · ")}</span>
      </td>
    </tr>
  );
}

function State({ targets, down, firing, critical }: Omit<RowProps, "project">) {
  const { t } = useTranslation();
  if (critical > 0) return <Chip tone="critical" icon={IconAlertOctagon} text={t("severity.critical")} />;
  if (firing > 0) return <Chip tone="warning" icon={IconAlertTriangle} text={t("home.projects.alerting")} />;
  if (down > 0) return <Chip tone="warning" icon={IconCircleX} text={t("home.projects.degraded")} />;
  if (targets === 0) return <Chip tone="unknown" icon={IconCircleDashed} text={t("home.projects.nothing")} />;
  return <Chip tone="ok" icon={IconCircleCheck} text={t("home.projects.well")} />;
}
