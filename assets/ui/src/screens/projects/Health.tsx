/** The first view of a project: what is left to set up, how it does, who is responsible now. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { answeredShare } from "../../api/overview";
import type { ProjectHealth } from "../../api/types";
import { Card } from "../../parts/Card";
import { Facts } from "../../parts/Facts";
import { ShareLine } from "../../parts/Spark";
import { Checklist } from "./Checklist";
import { Firing, nameOf, Trend, UpCount } from "./cells";
import { Duty } from "./Duty";
import style from "./Projects.module.css";
import { clock, percent } from "./words";

const STEP_S = 300;

export function Health({ project }: { project: ProjectHealth }) {
  const { t } = useTranslation();
  const { rules, silences, notifications } = project;
  return (
    <div className={style.columns}>
      <div className={style.stack}>
        <Checklist project={project} />
        <Share project={project} />
        <Card title={t("projects.now")}>
          <Facts
            facts={[
              [t("projects.column.targets"), <UpCount key="up" of={project} />],
              [t("projects.column.firing"), <Firing key="firing" of={project} />],
              [
                t("projects.tab.rules"),
                rules.failing > 0
                  ? t("projects.rules_failing", { count: rules.failing, total: rules.total })
                  : t("projects.rules_total", { count: rules.total }),
              ],
              [
                t("projects.silences"),
                <Link key="silences" to="/silences" search={{ project: project.project }}>
                  {t("projects.silences_active", { count: silences.active })}
                  {silences.ending > 0
                    ? ` ${t("projects.silences_ending", { count: silences.ending })}`
                    : null}
                </Link>,
              ],
              [
                t("projects.notifications"),
                <Link key="sent" to="/notifications" search={{ project: project.project }}>
                  {t("projects.notified", { ...notifications })}
                </Link>,
              ],
              [t("projects.column.trend"), <Trend key="trend" of={project} />],
            ]}
          />
        </Card>
      </div>
      <div className={style.stack}>
        <Card title={t("projects.duty.title")}>
          <Duty project={project} />
        </Card>
        <Card title={t("projects.whose")}>
          <Facts
            facts={[
              [t("dimension.owner"), nameOf(project.owner) || t("projects.nobody")],
              [t("projects.team"), nameOf(project.team) || t("projects.nobody")],
              [t("dimension.department"), nameOf(project.department) || t("projects.none")],
              [t("dimension.environment"), project.environment ?? t("projects.none")],
            ]}
          />
        </Card>
      </div>
    </div>
  );
}

/** Shown only where there is data: of a project without targets there is none. */
function Share({ project }: { project: ProjectHealth }) {
  const { t, i18n } = useTranslation();
  const { data } = useQuery(answeredShare(project.project));
  const last = data?.at(-1);
  if (data === undefined || last === undefined || data.length < 2) return null;
  const least = Math.min(...data.map(({ value }) => value));
  const words = {
    now: percent(last.value, i18n.language),
    least: percent(least, i18n.language),
  };
  const at = (seconds: number) => clock(new Date(seconds * 1000).toISOString(), i18n.language);
  return (
    <Card title={t("projects.share.title")} note={t("projects.share.note", words)}>
      <ShareLine points={data} step={STEP_S} label={t("projects.share.label", words)} />
      <div className={style.axis} aria-hidden>
        <span>{at(data[0]?.at ?? last.at)}</span>
        <span>{at(last.at)}</span>
      </div>
    </Card>
  );
}
