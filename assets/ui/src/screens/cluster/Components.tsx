/** Every supervised program on every node. */
import { IconPackageOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Component, Status } from "../../api/types";
import { Ago } from "../../parts/Ago";
import { Card } from "../../parts/Card";
import { ProcessChip } from "../../parts/Chip";
import { Empty } from "../../parts/Empty";
import { TextLink } from "../../parts/links";
import { Table } from "../../parts/Table";
import style from "./Cluster.module.css";

export function Components({ status }: { status: Status }) {
  const { t } = useTranslation();
  const names = new Map(status.nodes.map((node) => [node.id, node.name]));
  const sorted = [...status.components].sort(
    (a, b) =>
      a.name.localeCompare(b.name) ||
      (names.get(a.node) ?? a.node).localeCompare(names.get(b.node) ?? b.node),
  );
  return (
    <Card title={t("cluster.components")} flush>
      {sorted.length === 0 ? (
        <Empty
          icon={IconPackageOff}
          title={t("cluster.no_components")}
          text={t("cluster.no_components_text")}
        />
      ) : (
        <Table
          label={t("cluster.components")}
          head={
            <tr>
              <th>{t("cluster.column.component")}</th>
              <th>{t("cluster.column.node")}</th>
              <th>{t("cluster.column.state")}</th>
              <th data-wide>{t("cluster.column.version")}</th>
              <th data-number>{t("cluster.column.pid")}</th>
              <th data-number>{t("cluster.column.restarts")}</th>
              <th>{t("cluster.column.since")}</th>
              <th>{t("cluster.column.log")}</th>
            </tr>
          }
        >
          {sorted.map((component) => (
            <Row
              key={`${component.node} ${component.name}`}
              component={component}
              node={names.get(component.node) ?? component.node}
            />
          ))}
        </Table>
      )}
    </Card>
  );
}

function Row({ component, node }: { component: Component; node: string }) {
  const { t } = useTranslation();
  return (
    <tr>
      <td>
        <b>{component.name}</b>
        {component.error ? <div className={style.error}>{component.error}</div> : null}
      </td>
      <td data-nowrap>{node}</td>
      <td>
        <ProcessChip state={component.state} />
      </td>
      <td data-wide data-quiet>
        {component.version}
      </td>
      <td data-number>{component.pid}</td>
      <td data-number>{component.restarts}</td>
      <td data-quiet data-nowrap>
        <Ago at={component.since} />
      </td>
      <td>
        <TextLink
          to="/system/cluster/$node/$component"
          params={{ node: component.node, component: component.name }}
          search={true}
          size="sm"
          aria-label={t("cluster.log_of", { component: component.name, node })}
        >
          {t("cluster.log")}
        </TextLink>
      </td>
    </tr>
  );
}
