/** For who keeps it running: one sentence, the counts behind it, what fires, what is broken. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { overview } from "../../api/overview";
import { alerts, observedTargets, receipts, status } from "../../api/queries";
import { useScope } from "../../app/useScope";
import { Card } from "../../parts/Card";
import { Loading } from "../../parts/Loading";
import { Stale } from "../../parts/Stale";
import { Attention } from "./Attention";
import { FailedChannels } from "./FailedChannels";
import style from "./Home.module.css";
import { ProjectsCard } from "./ProjectsCard";
import { Sentence } from "./Sentence";
import { AlertsStat, ClusterStat, NotificationsStat, TargetsStat } from "./Stats";
import { Storage } from "./Storage";
import { canAlert, summarise } from "./summary";

/** The worst; all of them have a page of their own. */
const PROJECTS = 20;

export function Operations() {
  const { t } = useTranslation();
  const scope = useScope();
  const targets = useQuery(observedTargets(scope, { limit: 1 }));
  const down = useQuery(observedTargets(scope, { state: "down", limit: 8 }));
  const firing = useQuery(alerts(scope, { state: "firing", limit: 8 }));
  const cluster = useQuery(status());
  const all = useQuery(overview(scope, { limit: PROJECTS }));
  const told = useQuery(receipts(50));
  const ready = targets.data && firing.data && cluster.data;

  return (
    <>
      <Stale query={targets} title={t("health.failed")} />
      <Stale query={firing} title={t("alerts.failed")} />
      <Stale query={cluster} title={t("home.cluster_failed")} />
      {ready ? (
        <>
          <Sentence summary={summarise(targets.data, firing.data, cluster.data)} />
          <div className={style.stats}>
            <AlertsStat alerts={firing.data} trusted={canAlert(cluster.data)} />
            <TargetsStat targets={targets.data} />
            <ClusterStat status={cluster.data} />
            <NotificationsStat receipts={told.data} />
          </div>
          <div className={style.columns}>
            {all.data ? <ProjectsCard data={all.data} /> : <Stale query={all} title={t("projects.failed")} />}
            <div className={style.stack}>
              <Attention alerts={firing.data} down={down.data?.items ?? []} faults={cluster.data.faults} />
              <FailedChannels />
              <Storage />
            </div>
          </div>
        </>
      ) : targets.error || firing.error || cluster.error ? null : (
        <Card>
          <Loading rows={8} />
        </Card>
      )}
    </>
  );
}
