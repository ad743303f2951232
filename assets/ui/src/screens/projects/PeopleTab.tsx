/** Who is told of what in one project, at this moment and in words. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { explain } from "../../api/told";
import type { ProjectHealth } from "../../api/types";
import { Card } from "../../parts/Card";
import { Loading } from "../../parts/Loading";
import { ProblemBox } from "../../parts/Problem";
import { Answer } from "../routes/Answer";
import style from "./Projects.module.css";

const severities = ["critical", "warning", "info"] as const;

export function PeopleTab({ project }: { project: ProjectHealth }) {
  return (
    <div className={style.stack}>
      {severities.map((severity) => (
        <Told key={severity} project={project.project} severity={severity} />
      ))}
    </div>
  );
}

function Told({ project, severity }: { project: string; severity: (typeof severities)[number] }) {
  const { t } = useTranslation();
  const query = useQuery({
    ...explain({ labels: { project, severity } }),
    refetchInterval: 60_000,
    retry: false,
  });
  return (
    <Card title={t("projects.told_of", { severity: t(`severity.${severity}`) })}>
      {query.error ? (
        <ProblemBox error={query.error} title={t("routes.who.failed")} />
      ) : query.data === undefined ? (
        <Loading rows={2} />
      ) : (
        <Answer answer={query.data} />
      )}
    </Card>
  );
}
