/** Which configuration runs where, and why a newer one does not. */
import { IconArrowBackUp, IconCircleCheck, IconClock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ConfigStatus, Status } from "../../api/types";
import { Card } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { Table } from "../../parts/Table";
import style from "./Cluster.module.css";

export function Configs({ status }: { status: Status }) {
  const { t } = useTranslation();
  const configs = status.configs ?? [];
  if (configs.length === 0) return null;
  const names = new Map(status.nodes.map((node) => [node.id, node.name]));
  return (
    <Card title={t("cluster.configs")} note={t("cluster.configs_note")} flush>
      <Table
        label={t("cluster.configs")}
        head={
          <tr>
            <th>{t("cluster.column.component")}</th>
            <th>{t("cluster.column.node")}</th>
            <th>{t("cluster.column.config")}</th>
            <th data-number>{t("cluster.column.live")}</th>
            <th data-wide>{t("cluster.column.hash")}</th>
          </tr>
        }
      >
        {configs.map((config) => (
          <tr key={`${config.node} ${config.component}`}>
            <td>
              <b>{config.component}</b>
              {config.refused ? <div className={style.error}>{config.refused}</div> : null}
            </td>
            <td data-nowrap>{names.get(config.node) ?? config.node}</td>
            <td>
              <State config={config} />
            </td>
            <td data-number>{config.live_index}</td>
            <td data-wide data-quiet>
              <code>{config.live_hash.slice(0, 12)}</code>
            </td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}

function State({ config }: { config: ConfigStatus }) {
  const { t } = useTranslation();
  if (config.refused)
    return <Chip tone="critical" icon={IconArrowBackUp} text={t("cluster.config.refused")} />;
  if (config.live_index !== config.rendered_index) {
    return <Chip tone="pending" icon={IconClock} text={t("cluster.config.pending")} />;
  }
  return <Chip tone="ok" icon={IconCircleCheck} text={t("cluster.config.live")} />;
}
