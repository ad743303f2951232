/** The list of targets; only what is in sight exists. */

import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { observedTargets } from "../../api/queries";
import type { ObservedTarget } from "../../api/types";
import { Ago } from "../../parts/Ago";
import { HealthChip } from "../../parts/Chip";
import { LabelChips } from "../../parts/Labels";
import { LongTable } from "../../parts/LongTable";
import cells from "../../parts/Table.module.css";
import style from "./Targets.module.css";

/** Have columns of their own. */
const shown = ["project", "job", "instance", "department", "owner", "environment"];

interface TargetTableProps {
  page: (offset: number) => ReturnType<typeof observedTargets>;
  size: number;
  total: number;
  busy: boolean;
}

export function TargetTable({ page, size, total, busy }: TargetTableProps) {
  const { t } = useTranslation();
  return (
    <LongTable
      label={t("targets.title")}
      page={page}
      size={size}
      total={total}
      busy={busy}
      height={55}
      keyOf={(target: ObservedTarget) => `${target.name} ${target.address} ${JSON.stringify(target.labels)}`}
      columns={[
        { key: "state", head: t("targets.column.state"), width: "112px" },
        { key: "address", head: t("targets.column.address"), width: "auto" },
        { key: "job", head: t("targets.column.job"), width: "130px", wide: true },
        { key: "project", head: t("dimension.project"), width: "22%" },
        { key: "labels", head: t("targets.column.labels"), width: "18%", wide: true },
        { key: "last", head: t("targets.column.last_scrape"), width: "118px", wide: true },
        { key: "took", head: t("targets.column.took"), width: "86px", wide: true, number: true },
      ]}
      row={(target) => <Cells target={target} />}
    />
  );
}

function Cells({ target }: { target: ObservedTarget }) {
  const { t } = useTranslation();
  return (
    <>
      <td>
        <HealthChip state={target.state} />
      </td>
      <td className={style.address}>
        <Link to="/targets/$name" params={{ name: target.name }} search={true} className={cells.link}>
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
      <td data-wide data-quiet>
        <Ago at={target.last_scrape} />
      </td>
      <td data-wide data-number data-quiet data-nowrap>
        {target.scrape_ms == null ? "" : t("time.millis", { millis: Math.round(target.scrape_ms) })}
      </td>
    </>
  );
}
