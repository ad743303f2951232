/** Channels over which notifications failed, as far as the newest failures tell. */
import { IconCircleCheck, IconSendOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { notifications } from "../../api/told";
import { useScope } from "../../app/useScope";
import { Ago } from "../../parts/Ago";
import { Card } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { Empty } from "../../parts/Empty";
import { Stale } from "../../parts/Stale";
import { failedChannels } from "./failed";
import style from "./Home.module.css";

const LOOKED_AT = 100;

export function FailedChannels() {
  const { t } = useTranslation();
  const query = useQuery(notifications(useScope(), { state: "failed", limit: LOOKED_AT }));
  if (query.data === undefined) return <Stale query={query} title={t("list.failed")} />;
  const failed = failedChannels(query.data.items, Date.now());
  return (
    <Card title={t("projects.home.failed_channels")} flush>
      {failed.length === 0 ? (
        <Empty icon={IconCircleCheck} tone="green" title={t("projects.home.no_failed_channels")} />
      ) : (
        <ul className={style.rows}>
          {failed.map(({ channel, receiver, count, at, reason }) => (
            <li key={`${channel} ${receiver}`}>
              <Link
                to="/notifications"
                search={{ state: "failed", ...(channel ? { channel } : { receiver }) }}
                className={style.row}
              >
                <Chip tone="critical" icon={IconSendOff} text={t("projects.n_failed", { count })} />
                <span className={style.what}>{channel || receiver}</span>
                <span className={style.when}>
                  <Ago at={at} />
                </span>
                <span className={style.why}>{reason}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
