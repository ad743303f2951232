/** One card a node. */
import { IconCrown } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ClusterNode, Status } from "../../api/types";
import { Ago } from "../../parts/Ago";
import { Chip } from "../../parts/Chip";
import style from "./Cluster.module.css";
import { NodeChip } from "./NodeChip";

export function Nodes({ status }: { status: Status }) {
  const { t } = useTranslation();
  return (
    <section className={style.nodes} aria-label={t("cluster.nodes")}>
      {status.nodes.map((node) => (
        <Node key={node.id} node={node} status={status} />
      ))}
    </section>
  );
}

function Node({ node, status }: { node: ClusterNode; status: Status }) {
  const { t } = useTranslation();
  const own = status.components.filter((component) => component.node === node.id);
  const ready = own.filter((component) => component.state === "ready").length;
  return (
    <article className={style.node} data-state={node.state}>
      <div className={style.nodeHead}>
        <h2 className={style.nodeName}>{node.name}</h2>
        {status.cluster.leader === node.id ? (
          <Chip tone="info" icon={IconCrown} text={t("cluster.leader")} />
        ) : null}
        <span className={style.push}>
          <NodeChip state={node.state} />
        </span>
      </div>
      <dl className={style.facts}>
        <div>
          <dt>{t("cluster.address")}</dt>
          <dd>{node.address}</dd>
        </div>
        <div>
          <dt>{t("cluster.version")}</dt>
          <dd>{node.version}</dd>
        </div>
        <div>
          <dt>{t("cluster.components")}</dt>
          <dd>{t("cluster.ready_of", { ready, all: own.length })}</dd>
        </div>
        <div>
          <dt>{t("cluster.seen")}</dt>
          <dd>
            <Ago at={node.last_seen} />
          </dd>
        </div>
        <div className={style.whole}>
          <dt>{t("cluster.id")}</dt>
          <dd>{node.id}</dd>
        </div>
      </dl>
    </article>
  );
}
