/** Who is told at this moment of what happens in a project, by severity. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { explain } from "../../api/told";
import type { ProjectHealth } from "../../api/types";
import { SeverityChip } from "../../parts/Chip";
import { useProblemText } from "../../parts/problemText";
import { partWords } from "../routes/words";
import style from "./Projects.module.css";

const severities = ["critical", "warning"] as const;

export function Duty({ project }: { project: ProjectHealth }) {
  const { t } = useTranslation();
  return (
    <>
      {severities.map((severity) => (
        <Line key={severity} project={project.project} severity={severity} />
      ))}
      <div className={style.how}>
        <Link to="/projects/$id" params={{ id: project.project }} search={{ tab: "people" }}>
          {t("projects.duty.more")}
        </Link>
      </div>
    </>
  );
}

function Line({ project, severity }: { project: string; severity: string }) {
  const { t, i18n } = useTranslation();
  // Without an instant: who is told now, asked again since hours pass.
  const query = useQuery({
    ...explain({ labels: { project, severity } }),
    refetchInterval: 60_000,
    retry: false,
  });
  const problem = useProblemText(query.error);
  const join = (texts: string[]) => new Intl.ListFormat(i18n.language, { type: "conjunction" }).format(texts);
  const active = query.data?.told.filter(({ active, receiver }) => active && receiver) ?? [];
  // Somebody would be told at another time.
  const resting = query.data?.told.find(({ active, receiver }) => !active && receiver);
  const names = active.flatMap(({ people, receiver, receiver_title }) =>
    people.length > 0 ? people.map(({ name, title }) => title || name) : [receiver_title || receiver || ""],
  );
  const ways = active.map(({ path }) => path.map((part) => partWords(t, part)).join(" → ")).filter(Boolean);
  return (
    <div className={style.duty}>
      <div>
        <SeverityChip severity={severity} />
      </div>
      {query.error ? (
        <span className={style.how}>{problem}</span>
      ) : query.data === undefined ? (
        <span className={style.how}>{t("loading")}</span>
      ) : (
        <>
          <span className={style.who} data-bad={names.length === 0 || undefined}>
            {names.length === 0 ? t("projects.duty.nobody") : join([...new Set(names)])}
          </span>
          {names.length === 0 && resting ? (
            <span className={style.how}>
              {resting.muted_by.length > 0
                ? t("routes.who.muted", { names: join(resting.muted_by) })
                : t("routes.who.outside", { names: join(resting.outside) })}
            </span>
          ) : null}
          {ways.length > 0 ? <span className={style.how}>{[...new Set(ways)].join("; ")}</span> : null}
        </>
      )}
    </div>
  );
}
