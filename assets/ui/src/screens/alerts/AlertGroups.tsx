/** The list of alerts, in groups that can be folded. */
import { UnstyledButton } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCheck,
  IconChevronDown,
  IconChevronRight,
  IconClock,
  IconDots,
  IconUserOff,
  type TablerIcon,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { receipts } from "../../api/queries";
import type { Alert } from "../../api/types";
import { Ago } from "../../parts/Ago";
import { AlertStateChip, SeverityChip } from "../../parts/Chip";
import { LabelChips } from "../../parts/Labels";
import { Table } from "../../parts/Table";
import style from "./Alerts.module.css";
import { type AlertGroup, type Grouping, grouped } from "./group";
import { type Told, toldOf } from "./told";

const COLUMNS = 8;
/** So many of the newest receipts are looked through. */
const NEWEST = 500;
/** Have columns of their own, or say what the group says. */
const shown = ["alertname", "severity", "project", "instance", "department", "owner", "environment", "job"];

interface AlertGroupsProps {
  alerts: Alert[];
  by: Grouping;
  busy: boolean;
}

export function AlertGroups({ alerts, by, busy }: AlertGroupsProps) {
  const { t } = useTranslation();
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const fold = (key: string) =>
    setFolded(
      (before) => new Set(before.has(key) ? [...before].filter((each) => each !== key) : [...before, key]),
    );
  return (
    <Table
      label={t("alerts.title")}
      busy={busy}
      head={
        <tr>
          <th>{t("alerts.column.severity")}</th>
          <th>{t("alerts.column.state")}</th>
          <th>{t("alerts.column.alert")}</th>
          {by === "project" ? null : <th data-wide>{t("dimension.project")}</th>}
          <th>{t("alerts.column.instance")}</th>
          <th>{t("alerts.column.since")}</th>
          <th>{t("alerts.column.told")}</th>
          <th data-wide>{t("alerts.column.labels")}</th>
        </tr>
      }
    >
      {grouped(alerts, by).map((group) => (
        <Rows
          key={group.key}
          group={group}
          by={by}
          folded={folded.has(group.key)}
          fold={() => fold(group.key)}
        />
      ))}
    </Table>
  );
}

interface RowsProps {
  group: AlertGroup;
  by: Grouping;
  folded: boolean;
  fold: () => void;
}

function Rows({ group, by, folded, fold }: RowsProps) {
  const { t } = useTranslation();
  const Arrow = folded ? IconChevronRight : IconChevronDown;
  return (
    <>
      {by === "none" ? null : (
        <tr className={style.group}>
          <td colSpan={COLUMNS}>
            <UnstyledButton className={style.fold} aria-expanded={!folded} onClick={fold}>
              <Arrow size={16} aria-hidden />
              <SeverityChip severity={group.severity} />
              <span>{group.key === "" ? t("alerts.group_rest") : group.key}</span>
              <span className={style.count}>{t("alerts.count", { count: group.alerts.length })}</span>
            </UnstyledButton>
          </td>
        </tr>
      )}
      {folded ? null : group.alerts.map((alert) => <Row key={alert.fingerprint} alert={alert} by={by} />)}
    </>
  );
}

function Row({ alert, by }: { alert: Alert; by: Grouping }) {
  const quiet = alert.state === "silenced" || alert.state === "inhibited";
  return (
    <tr data-quiet={quiet || undefined}>
      <td>
        <SeverityChip severity={alert.severity} />
      </td>
      <td>
        <AlertStateChip state={alert.state} />
      </td>
      <td className={style.what}>
        <Link
          to="/alerts/$fingerprint"
          params={{ fingerprint: alert.fingerprint }}
          search={true}
          className={style.link}
        >
          {alert.name}
        </Link>
        {alert.annotations.summary ? (
          <span className={style.summary}>{alert.annotations.summary}</span>
        ) : null}
      </td>
      {by === "project" ? null : <td data-wide>{alert.project}</td>}
      <td data-nowrap>{alert.labels.instance}</td>
      <td data-quiet data-nowrap>
        <Ago at={alert.starts_at} />
      </td>
      <td data-nowrap>
        <ToldMark alert={alert} />
      </td>
      <td data-wide>
        <LabelChips labels={alert.labels} without={shown} most={2} />
      </td>
    </tr>
  );
}

const marks: Record<Told, TablerIcon> = {
  delivered: IconCheck,
  failed: IconAlertTriangle,
  waiting: IconClock,
  nobody: IconUserOff,
  unread: IconDots,
};

function ToldMark({ alert }: { alert: Alert }) {
  const { t } = useTranslation();
  // One request for the whole list; the table stays as it is while it is on its way.
  const { data } = useQuery(receipts(NEWEST));
  const { told, receivers } = toldOf(alert, data);
  const Icon = marks[told];
  return (
    <span className={style.told} data-told={told}>
      <Icon size={16} aria-hidden />
      {t(`alerts.told.${told}`, { receivers: receivers.join(", ") })}
    </span>
  );
}
