/** The cells of one alert, the same in a grouped and in an endless list. */
import {
  IconAlertTriangle,
  IconCheck,
  IconClock,
  IconDots,
  IconUserOff,
  type TablerIcon,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { receipts } from "../../api/queries";
import type { Alert } from "../../api/types";
import { Ago } from "../../parts/Ago";
import { AlertStateChip, SeverityChip } from "../../parts/Chip";
import style from "./Alerts.module.css";
import { type Told, toldOf } from "./told";

/** So many of the newest receipts are looked through. */
const NEWEST = 500;

export interface Selection {
  has: (fingerprint: string) => boolean;
  toggle: (alert: Alert) => void;
}

export interface Column {
  key: string;
  head: ReactNode;
  width: string;
  wide?: boolean;
}

/** In the order of the cells below. */
export function useColumns(): Column[] {
  const { t } = useTranslation();
  return [
    { key: "select", head: <span className={style.unseen}>{t("alerts.key_select")}</span>, width: "42px" },
    { key: "severity", head: t("alerts.column.severity"), width: "124px" },
    { key: "state", head: t("alerts.column.state"), width: "126px", wide: true },
    { key: "alert", head: t("alerts.column.alert"), width: "auto" },
    { key: "where", head: t("alerts.column.where"), width: "190px", wide: true },
    { key: "since", head: t("alerts.column.since"), width: "108px", wide: true },
    { key: "told", head: t("alerts.column.told"), width: "158px", wide: true },
  ];
}

export function AlertCells({ alert, selection }: { alert: Alert; selection: Selection }) {
  const { t } = useTranslation();
  const quiet = alert.state !== "firing";
  return (
    <>
      <td>
        <input
          type="checkbox"
          className={style.check}
          aria-label={t("alerts.select", { name: alert.name })}
          checked={selection.has(alert.fingerprint)}
          onChange={() => selection.toggle(alert)}
        />
      </td>
      <td>
        <SeverityChip severity={alert.severity} />
      </td>
      <td data-wide>
        <AlertStateChip state={alert.state} />
      </td>
      <td className={style.what}>
        <Link
          to="/alerts/$fingerprint"
          params={{ fingerprint: alert.fingerprint }}
          search={true}
          className={style.link}
          data-quiet={quiet || undefined}
          data-row={alert.fingerprint}
        >
          {alert.name}
        </Link>
        {alert.annotations.summary ? (
          <span className={style.summary}>{alert.annotations.summary}</span>
        ) : null}
        <span className={style.narrowOnly}>
          <Ago at={alert.starts_at} />
        </span>
      </td>
      <td data-wide className={style.where}>
        {alert.project}
        <span>{alert.labels.instance}</span>
      </td>
      <td data-wide data-quiet data-nowrap>
        <Ago at={alert.starts_at} />
      </td>
      <td data-wide className={style.toldCell}>
        {alert.state === "pending" ? null : <ToldMark alert={alert} />}
      </td>
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
