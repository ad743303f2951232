/** The alerts of one project, the worst first. */
import { IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { alerts } from "../../api/queries";
import type { Alert, ProjectHealth } from "../../api/types";
import { Ago } from "../../parts/Ago";
import { Card } from "../../parts/Card";
import { AlertStateChip, SeverityChip } from "../../parts/Chip";
import { Empty } from "../../parts/Empty";
import { Loading } from "../../parts/Loading";
import { Stale } from "../../parts/Stale";
import { Table } from "../../parts/Table";
import cells from "../../parts/Table.module.css";

const MOST = 100;

export function AlertsTab({ project }: { project: ProjectHealth }) {
  const { t } = useTranslation();
  const scope = { project: project.project };
  const query = useQuery(alerts(scope, { limit: MOST }));
  return (
    <>
      <Stale query={query} title={t("alerts.failed")} />
      <Card flush>
        {query.data === undefined ? (
          query.error ? null : (
            <Loading rows={6} />
          )
        ) : query.data.total === 0 ? (
          <Empty icon={IconCircleCheck} tone="green" title={t("projects.no_alerts")} />
        ) : (
          <Table
            label={t("alerts.title")}
            busy={query.isPlaceholderData}
            head={
              <tr>
                <th>{t("alerts.column.severity")}</th>
                <th>{t("alerts.column.alert")}</th>
                <th>{t("alerts.column.state")}</th>
                <th data-wide>{t("alerts.column.since")}</th>
              </tr>
            }
          >
            {query.data.items.map((alert) => (
              <Row key={alert.fingerprint} alert={alert} />
            ))}
          </Table>
        )}
      </Card>
      {query.data && query.data.total > MOST ? (
        <Link to="/alerts" search={scope}>
          {t("list.more", { shown: MOST, total: query.data.total })}
        </Link>
      ) : null}
    </>
  );
}

function Row({ alert }: { alert: Alert }) {
  return (
    <tr>
      <td>
        <SeverityChip severity={alert.severity} />
      </td>
      <td>
        <Link to="/alerts/$fingerprint" params={{ fingerprint: alert.fingerprint }} className={cells.link}>
          {alert.name}
        </Link>
        <span className={cells.sub}>{alert.annotations.summary ?? alert.labels.instance}</span>
      </td>
      <td>
        <AlertStateChip state={alert.state} />
      </td>
      <td data-wide data-quiet>
        <Ago at={alert.starts_at} />
      </td>
    </tr>
  );
}
