/** How a project is, in a sentence, and who was told of what is wrong. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { alerts } from "../../api/queries";
import { explain, notifications } from "../../api/told";
import type { ProjectHealth } from "../../api/types";
import style from "./Projects.module.css";
import { StateChip } from "./StateChip";
import { type Told, toldOf } from "./told";
import { sentence } from "./words";

export function Sentence({ project }: { project: ProjectHealth }) {
  const { t, i18n } = useTranslation();
  return (
    <div className={style.sentence} data-state={project.state} role="status">
      <StateChip state={project.state} />
      <div className={style.said}>
        <p className={style.words}>{sentence(t, i18n.language, project)}</p>
        {project.alerts.critical + project.alerts.warning + project.alerts.other > 0 ? (
          <WasTold project={project} />
        ) : null}
      </div>
    </div>
  );
}

/** Of the alerts that fire now: the people behind the receivers that have it. */
function WasTold({ project }: { project: ProjectHealth }) {
  const { t, i18n } = useTranslation();
  const scope = { project: project.project };
  const firing = useQuery(alerts(scope, { state: "firing", limit: 50 }));
  const sent = useQuery(notifications(scope, { limit: 200 }));
  const worst = firing.data?.items[0];
  const labels = worst?.labels ?? scope;
  const routed = useQuery({ ...explain({ labels }), enabled: worst !== undefined, retry: false });
  if (firing.data === undefined || sent.data === undefined || worst === undefined) return null;
  const told = toldOf(firing.data.items, sent.data, routed.data);
  return (
    <p className={style.then} data-bad={told.what === "failed" || told.what === "nobody" || undefined}>
      {toldWords(told)}
    </p>
  );

  function toldWords({ what, people, ways }: Told): string {
    const join = (texts: string[]) =>
      new Intl.ListFormat(i18n.language, { type: "conjunction" }).format(texts);
    if (what !== "told") return t(`projects.told.${what}`, { people: join(people) });
    const by = join(ways.map((way) => t(way === "mail" ? "reach.mail" : "reach.webhook")));
    return t("projects.told.told", {
      people: join(people),
      by: by.toLocaleLowerCase(i18n.language),
      count: people.length,
    });
  }
}
