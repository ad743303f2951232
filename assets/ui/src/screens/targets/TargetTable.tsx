/** The list of targets. */
import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ObservedTarget } from "../../api/types";
import { Ago } from "../../parts/Ago";
import { HealthChip } from "../../parts/Chip";
import { LabelChips } from "../../parts/Labels";
import { Table } from "../../parts/Table";
import style from "./Targets.module.css";

/** Have columns of their own. */
const shown = ["project", "job", "instance", "department", "owner", "environment"];

export function TargetTable({ targets, busy }: { targets: ObservedTarget[]; busy: boolean }) {
  const { t } = useTranslation();
  return (
    <Table
      label={t("targets.title")}
      busy={busy}
      head={
        <tr>
          <th>{t("targets.column.state")}</th>
          <th>{t("targets.column.address")}</th>
          <th data-wide>{t("targets.column.job")}</th>
          <th>{t("dimension.project")}</th>
          <th data-wide>{t("targets.column.labels")}</th>
          <th>{t("targets.column.last_scrape")}</th>
          <th data-wide data-number>
            {t("targets.column.took")}
          </th>
        </tr>
      }
    >
      {targets.map((target) => (
        <Row key={`${target.name} ${target.address}`} target={target} />
      ))}
    </Table>
  );
}

function Row({ target }: { target: ObservedTarget }) {
  const { t } = useTranslation();
  return (
    <tr>
      <td>
        <HealthChip state={target.state} />
      </td>
      <td className={style.address}>
        <Link to="/targets/$name" params={{ name: target.name }} search={true} className={style.link}>
          {target.address}
        </Link>
        <span className={style.name}>{target.name}</span>
        {target.error ? (
          <Text size="xs" c="var(--wk-critical)" lineClamp={2} title={target.error}>
            {target.error}
          </Text>
        ) : null}
      </td>
      <td data-wide>{target.job}</td>
      <td>
        {target.project}
        <span className={style.sub}>
          {[target.labels.department, target.labels.owner, target.labels.environment]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </td>
      <td data-wide>
        <LabelChips labels={target.labels} without={shown} most={2} />
      </td>
      <td data-quiet data-nowrap>
        <Ago at={target.last_scrape} />
      </td>
      <td data-wide data-number data-quiet data-nowrap>
        {target.scrape_ms == null ? "" : t("time.millis", { millis: Math.round(target.scrape_ms) })}
      </td>
    </tr>
  );
}
