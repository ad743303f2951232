/** The cluster: whether data or alerts are at risk, in one sentence; then what that rests on. */
import { useQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { status } from "../../api/queries";
import { Card } from "../../parts/Card";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { Stale } from "../../parts/Stale";
import { Components } from "./Components";
import { Configs } from "./Configs";
import { Faults } from "./Faults";
import { Members } from "./Members";
import { Nodes } from "./Nodes";
import { Risk } from "./Risk";

export function Cluster() {
  const { t } = useTranslation();
  const query = useQuery(status());
  return (
    <Page title={t("cluster.title")} lead={t("cluster.lead")}>
      <Stale query={query} title={t("cluster.failed")} />
      {query.data === undefined ? (
        query.error ? null : (
          <Card>
            <Loading rows={8} />
          </Card>
        )
      ) : (
        <>
          <Risk status={query.data} />
          <Nodes status={query.data} />
          <Faults faults={query.data.faults} />
          <Members status={query.data} />
          <Components status={query.data} />
          <Configs status={query.data} />
        </>
      )}
      <Outlet />
    </Page>
  );
}
