/** What tables and cards of projects and departments have in common. */
import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { DepartmentHealth, ProjectHealth } from "../../api/types";
import { Ago } from "../../parts/Ago";
import { Bars } from "../../parts/Spark";
import cells from "../../parts/Table.module.css";
import style from "./Projects.module.css";
import { deliveredShare, percent } from "./words";

type Both = ProjectHealth | DepartmentHealth;

export function ProjectName({ project }: { project: ProjectHealth }) {
  return (
    <>
      <Link to="/projects/$id" params={{ id: project.project }} search={true} className={cells.link}>
        {project.title || project.project}
      </Link>
      {project.title ? <span className={cells.sub}>{project.project}</span> : null}
    </>
  );
}

/** Title or name of a department, a contact, a team. */
export function nameOf(named: { name: string; title: string } | null | undefined): string {
  return named ? named.title || named.name : "";
}

export function UpCount({ of: { targets } }: { of: Both }) {
  const { t } = useTranslation();
  const total = targets.up + targets.down + targets.unknown;
  if (total === 0) return <span className={style.quiet}>{t("projects.none")}</span>;
  return (
    <span data-bad={targets.down > 0 || undefined} className={style.count}>
      {t("projects.up_of", { up: targets.up, total })}
    </span>
  );
}

/** Critical ones first; nothing is said of what is not there. */
export function Firing({ of: { alerts } }: { of: Both }) {
  const { t } = useTranslation();
  const lesser = alerts.warning + alerts.info + alerts.other;
  if (alerts.critical + lesser === 0) return <span className={style.quiet}>{0}</span>;
  return (
    <span className={style.firing}>
      {alerts.critical > 0 ? (
        <span className={style.count} data-bad>
          {t("projects.n_critical", { count: alerts.critical })}
        </span>
      ) : null}
      {lesser > 0 ? <span>{t("projects.n_lesser", { count: lesser })}</span> : null}
    </span>
  );
}

/** The share of notifications of the day that arrived. */
export function Delivered({ of: { notifications } }: { of: Both }) {
  const { t, i18n } = useTranslation();
  const share = deliveredShare(notifications);
  if (share === undefined) return <span className={style.quiet}>{t("projects.no_notifications")}</span>;
  return (
    <span className={style.count} data-bad={share < 1 || undefined}>
      {percent(share, i18n.language)}
      {notifications.failed > 0 ? (
        <span className={cells.sub}>{t("projects.n_failed", { count: notifications.failed })}</span>
      ) : null}
    </span>
  );
}

/** Since when the oldest critical alert fires that nobody was told of. */
export function UntoldSince({ of: { untold } }: { of: Both }) {
  if (!untold) return null;
  return (
    <Link
      to="/alerts/$fingerprint"
      params={{ fingerprint: untold.fingerprint }}
      className={style.count}
      data-bad
      title={untold.name}
    >
      <Ago at={untold.since} />
    </Link>
  );
}

export function Trend({ of: { fired } }: { of: Both }) {
  const { t } = useTranslation();
  const sum = fired.reduce((all, day) => all + day, 0);
  return (
    <span className={style.trend}>
      <Bars values={fired} label={t("projects.trend", { days: fired.join(", ") })} />
      <Text span size="sm" aria-hidden>
        {sum}
      </Text>
    </span>
  );
}
