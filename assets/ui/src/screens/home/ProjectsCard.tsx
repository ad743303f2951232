/** The worst projects: how they are, what fires, whose they are. */
import { IconFolders } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Overview } from "../../api/types";
import { Card } from "../../parts/Card";
import { Empty } from "../../parts/Empty";
import { TextLink } from "../../parts/links";
import { Table } from "../../parts/Table";
import cells from "../../parts/Table.module.css";
import { Firing, nameOf, ProjectName, UpCount } from "../projects/cells";
import { StateChip } from "../projects/StateChip";

export function ProjectsCard({ data }: { data: Overview }) {
  const { t } = useTranslation();
  if (data.items.length === 0) {
    return (
      <Card title={t("projects.title")} flush>
        <Empty icon={IconFolders} title={t("projects.empty")} text={t("projects.empty_text")} />
      </Card>
    );
  }
  return (
    <Card
      title={t("projects.title")}
      note={t("home.projects.count", { count: data.total })}
      action={
        data.total > data.items.length ? (
          <TextLink to="/projects" search={true} size="sm">
            {t("projects.home.all_projects", { count: data.total })}
          </TextLink>
        ) : null
      }
      flush
    >
      <Table
        label={t("projects.title")}
        head={
          <tr>
            <th>{t("projects.column.state")}</th>
            <th>{t("dimension.project")}</th>
            <th data-number>{t("projects.column.targets")}</th>
            <th>{t("projects.column.firing")}</th>
            <th data-wide>{t("projects.whose")}</th>
          </tr>
        }
      >
        {data.items.map((project) => (
          <tr key={project.project}>
            <td>
              <StateChip state={project.state} />
            </td>
            <td>
              <ProjectName project={project} />
            </td>
            <td data-number>
              <UpCount of={project} />
            </td>
            <td>
              <Firing of={project} />
            </td>
            <td data-wide>
              {nameOf(project.department)}
              <span className={cells.sub}>
                {[nameOf(project.owner), project.environment].filter(Boolean).join(" · ")}
              </span>
            </td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}
