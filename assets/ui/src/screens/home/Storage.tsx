/** What Prometheus keeps on each node, of what it may keep. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { storage } from "../../api/storage";
import { Card } from "../../parts/Card";
import { binaryBytes } from "../../parts/number";
import style from "./Home.module.css";

export function Storage() {
  const { t } = useTranslation();
  // Whoever may not see the components' own series is told nothing.
  const { data } = useQuery(storage());
  if (data === undefined || data.length === 0) return null;
  return (
    <Card title={t("projects.home.disk")} note={t("projects.home.disk_note")}>
      <ul className={style.disks}>
        {data.map(({ node, used, limit }) => (
          <li key={node}>
            <span className={style.what}>{node}</span>
            <span className={style.when}>
              {limit > 0
                ? t("projects.home.disk_of", { used: binaryBytes(used), limit: binaryBytes(limit) })
                : t("projects.home.disk_used", { used: binaryBytes(used) })}
            </span>
            {limit > 0 ? (
              <span className={style.rankBar} aria-hidden>
                <span style={{ width: `${Math.min(1, used / limit) * 100}%` }} />
              </span>
            ) : null}
          </li>
        ))}
      </ul>
    </Card>
  );
}
