/** The cells of one alert, the same in a grouped and in an endless list. */

import {
  IconAlertTriangle,
  IconCheck,
  IconClock,
  IconDots,
  IconUserOff,
  type TablerIcon,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Alert, Receipts } from "../../api/types";
import { Ago } from "../../parts/Ago";
import { AlertStateChip, SeverityChip } from "../../parts/Chip";
import type { Column } from "../../parts/LongTable";
import cells from "../../parts/Table.module.css";
import style from "./Alerts.module.css";
import { type Told, toldOf } from "./told";

export interface Selection {
  has: (fingerprint: string) => boolean;
  toggle: (alert: Alert) => void;
}

/** Of an alert with its summary, in pixels. */
export const ROW_HEIGHT = 52;

/** In the order of the cells below. */
export function useColumns(): Column[] {
  const { t } = useTranslation();
  return [
    { key: "select", head: <span className={cells.unseen}>{t("alerts.key_select")}</span>, width: "42px" },
    { key: "severity", head: t("alerts.column.severity"), width: "124px" },
    { key: "state", head: t("alerts.column.state"), width: "126px", wide: true },
    { key: "alert", head: t("alerts.column.alert"), width: "auto" },
    { key: "where", head: t("alerts.column.where"), width: "190px", wide: true },
    { key: "since", head: t("alerts.column.since"), width: "108px", wide: true },
    { key: "told", head: t("alerts.column.told"), width: "158px", wide: true },
  ];
}

interface AlertCellsProps {
  alert: Alert;
  selection: Selection;
  /** The newest, to say who was told; not yet there at first. */
  receipts: Receipts | undefined;
  /** The wide columns are left out. */
  narrow: boolean;
}

export function AlertCells({ alert, selection, receipts, narrow }: AlertCellsProps) {
  const { t } = useTranslation();
  const quiet = alert.state !== "firing";
  return (
    <>
      <td>
        <input
          type="checkbox"
          className={cells.check}
          aria-label={t("alerts.select", { name: alert.name })}
          checked={selection.has(alert.fingerprint)}
          onChange={() => selection.toggle(alert)}
        />
      </td>
      <td>
        <SeverityChip severity={alert.severity} />
      </td>
      {narrow ? null : (
        <td data-wide>
          <AlertStateChip state={alert.state} />
        </td>
      )}
      <td>
        <Link
          to="/alerts/$fingerprint"
          params={{ fingerprint: alert.fingerprint }}
          search={true}
          className={cells.link}
          data-quiet={quiet || undefined}
          data-row={alert.fingerprint}
        >
          {alert.name}
        </Link>
        {alert.annotations.summary ? <span className={cells.sub}>{alert.annotations.summary}</span> : null}
        {narrow ? (
          <span className={cells.sub}>
            <Ago at={alert.starts_at} />
          </span>
        ) : null}
      </td>
      {narrow ? null : (
        <>
          <td data-wide className={style.where}>
            {alert.project}
            <span>{alert.labels.instance}</span>
          </td>
          <td data-wide data-quiet data-nowrap>
            <Ago at={alert.starts_at} />
          </td>
          <td data-wide className={style.toldCell}>
            {alert.state === "pending" ? null : <ToldMark alert={alert} receipts={receipts} />}
          </td>
        </>
      )}
    </>
  );
}

const marks: Record<Told, TablerIcon> = {
  delivered: IconCheck,
  failed: IconAlertTriangle,
  waiting: IconClock,
  nobody: IconUserOff,
  unread: IconDots,
};

function ToldMark({ alert, receipts }: Pick<AlertCellsProps, "alert" | "receipts">) {
  const { t } = useTranslation();
  const { told, receivers } = toldOf(alert, receipts);
  const Icon = marks[told];
  return (
    <span className={style.told} data-told={told}>
      <Icon size={16} aria-hidden />
      {t(`alerts.told.${told}`, { receivers: receivers.join(", ") })}
    </span>
  );
}
