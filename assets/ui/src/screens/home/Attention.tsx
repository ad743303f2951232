/** What somebody should look at: firing alerts, targets that are down, faults of the cluster. */
import { IconAlertTriangleFilled, IconCircleCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Alerts, Fault, ObservedTarget } from "../../api/types";
import { Ago } from "../../parts/Ago";
import { Card } from "../../parts/Card";
import { Chip, HealthChip, SeverityChip } from "../../parts/Chip";
import { Empty } from "../../parts/Empty";
import style from "./Home.module.css";

interface AttentionProps {
  alerts: Alerts;
  down: ObservedTarget[];
  faults: Fault[];
}

export function Attention({ alerts, down, faults }: AttentionProps) {
  const { t } = useTranslation();
  if (alerts.items.length + down.length + faults.length === 0) {
    return (
      <Card title={t("home.attention.title")} flush>
        <Empty icon={IconCircleCheck} tone="green" title={t("home.attention.none")} />
      </Card>
    );
  }
  return (
    <Card title={t("home.attention.title")} flush>
      <ul className={style.rows}>
        {alerts.items.map((alert) => (
          <li key={alert.fingerprint}>
            <Link to="/alerts/$fingerprint" params={{ fingerprint: alert.fingerprint }} className={style.row}>
              <SeverityChip severity={alert.severity} />
              <span className={style.what}>{alert.name}</span>
              <span className={style.when}>
                <Ago at={alert.starts_at} />
              </span>
              <span className={style.why}>
                {alert.annotations.summary ?? alert.labels.instance ?? alert.project}
              </span>
            </Link>
          </li>
        ))}
        {down.map((target) => (
          <li key={`${target.job} ${target.address}`}>
            <Link to="/targets/$name" params={{ name: target.name }} className={style.row}>
              <HealthChip state={target.state} />
              <span className={style.what}>{target.address}</span>
              <span className={style.when}>
                <Ago at={target.last_scrape} />
              </span>
              <span className={style.why}>{target.error}</span>
            </Link>
          </li>
        ))}
        {faults.map((fault) => (
          <li key={`${fault.code} ${fault.object}`}>
            <Link to="/system/cluster" className={style.row}>
              <Chip tone="warning" icon={IconAlertTriangleFilled} text={fault.code} />
              <span className={style.what}>{fault.object}</span>
              <span className={style.when}>
                <Ago at={fault.since} />
              </span>
              <span className={style.why}>{fault.message}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
