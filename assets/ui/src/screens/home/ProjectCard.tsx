/** One project at a glance. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ProjectHealth } from "../../api/types";
import { Firing, nameOf, Trend, UpCount } from "../projects/cells";
import { StateChip } from "../projects/StateChip";
import { sentence } from "../projects/words";
import style from "./Home.module.css";

export function ProjectCard({ project }: { project: ProjectHealth }) {
  const { t, i18n } = useTranslation();
  const { silences } = project;
  return (
    <li className={style.card}>
      <div className={style.cardHead}>
        <StateChip state={project.state} />
        <Link to="/projects/$id" params={{ id: project.project }} className={style.project}>
          {project.title || project.project}
        </Link>
      </div>
      <p className={style.cardWhy}>{sentence(t, i18n.language, project)}</p>
      <dl className={style.cardFacts}>
        <div>
          <dt>{t("projects.column.targets")}</dt>
          <dd>
            <UpCount of={project} />
          </dd>
        </div>
        <div>
          <dt>{t("projects.column.firing")}</dt>
          <dd>
            <Firing of={project} />
          </dd>
        </div>
        <div>
          <dt>{t("projects.column.trend")}</dt>
          <dd>
            <Trend of={project} />
          </dd>
        </div>
      </dl>
      {silences.ending > 0 ? (
        <Link to="/silences" search={{ project: project.project }} className={style.cardNote}>
          {t("projects.home.silences_end", { count: silences.ending })}
        </Link>
      ) : null}
      <p className={style.cardNote}>
        {[nameOf(project.team), nameOf(project.owner)].filter(Boolean).join(" · ")}
      </p>
    </li>
  );
}
