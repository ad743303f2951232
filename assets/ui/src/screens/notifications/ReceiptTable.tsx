/** Receipts in a table, newest first. */

import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Receipt } from "../../api/types";
import { Ago } from "../../parts/Ago";
import { Chip } from "../../parts/Chip";
import { answerOf, latencyOf } from "../../parts/receipt";
import { Table } from "../../parts/Table";
import cells from "../../parts/Table.module.css";
import style from "./Notifications.module.css";
import { looks } from "./state";

/** So many alerts of one message are named. */
const NAMED = 2;

export function ReceiptTable({ receipts, busy }: { receipts: readonly Receipt[]; busy: boolean }) {
  const { t } = useTranslation();
  return (
    <Table
      label={t("notifications.title")}
      busy={busy}
      head={
        <tr>
          <th>{t("notifications.column.state")}</th>
          <th>{t("notifications.column.alerts")}</th>
          <th>{t("notifications.column.receiver")}</th>
          <th>{t("notifications.column.channel")}</th>
          <th>{t("notifications.column.at")}</th>
          <th data-number data-wide>
            {t("notifications.column.attempts")}
          </th>
          <th data-number data-wide>
            {t("notifications.column.took")}
          </th>
        </tr>
      }
    >
      {receipts.map((receipt) => (
        <Row key={receipt.id} receipt={receipt} />
      ))}
    </Table>
  );
}

function Row({ receipt }: { receipt: Receipt }) {
  const { t } = useTranslation();
  const [tone, icon] = looks[receipt.state];
  const latency = latencyOf(receipt);
  return (
    <tr>
      <td>
        <Chip tone={tone} icon={icon} text={t(`receipt.${receipt.state}`)} />
      </td>
      <td className={style.alerts}>
        <Link to="/notifications/$id" params={{ id: receipt.id }} search={true} className={cells.link}>
          <Alerts receipt={receipt} />
        </Link>
        {receipt.state === "failed" ? <div className={style.bad}>{answerOf(receipt)}</div> : null}
      </td>
      <td>{receipt.receiver || t("form.none")}</td>
      <td>
        {receipt.channel || t("receipt.no_channel")}
        {receipt.to ? <div className={style.quiet}>{receipt.to}</div> : null}
      </td>
      <td data-quiet data-nowrap>
        <Ago at={receipt.at} />
      </td>
      <td data-number data-wide>
        {receipt.n_attempts}
      </td>
      <td data-number data-wide data-nowrap>
        {latency === undefined ? null : t("time.millis", { millis: latency })}
      </td>
    </tr>
  );
}

/** Names of what was told; that it is over, is a repetition or only a test. */
function Alerts({ receipt }: { receipt: Receipt }) {
  const { t } = useTranslation();
  if (receipt.test) return <>{t("notifications.test")}</>;
  const names = [...new Set(receipt.alerts.map(({ name }) => name))];
  const rest = receipt.alerts.length + receipt.more - Math.min(receipt.alerts.length, NAMED);
  const list = names.slice(0, NAMED).join(", ");
  return (
    <>
      {rest > 0 && names.length > NAMED ? t("notifications.and_more", { list, count: rest }) : list}
      {receipt.about === "firing" ? null : (
        <span className={style.quiet}> {t(`notifications.about.${receipt.about}`)}</span>
      )}
    </>
  );
}
