/** What became of every notification of one alert, from firing to the last attempt. */
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconClock,
  IconFlame,
  IconStack2,
  IconUserOff,
  type TablerIcon,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Alert, Receipt } from "../../api/types";
import { Ago } from "../../parts/Ago";
import style from "./Alerts.module.css";

type State = Receipt["state"];

const looks: Record<State, [TablerIcon, "ok" | "bad" | "wait" | undefined]> = {
  pending: [IconClock, "wait"],
  delivered: [IconCircleCheck, "ok"],
  accepted: [IconCircleCheck, "ok"],
  failed: [IconAlertTriangle, "bad"],
  merged: [IconStack2, undefined],
};

export function Receipts({ alert }: { alert: Alert }) {
  const { t } = useTranslation();
  const sorted = [...alert.receipts].sort((a, b) => a.created.localeCompare(b.created));
  const started = sorted.findIndex((receipt) => receipt.created >= alert.starts_at);
  const at = started < 0 ? sorted.length : started;
  return (
    <ol className={style.steps}>
      {sorted.slice(0, at).map((receipt) => (
        <One key={receipt.id} receipt={receipt} />
      ))}
      <Step icon={IconFlame} head={t("receipt.fired")} at={alert.starts_at} />
      {sorted.slice(at).map((receipt) => (
        <One key={receipt.id} receipt={receipt} />
      ))}
      {sorted.length === 0 ? (
        <Step icon={IconUserOff} head={t("receipt.none")}>
          {t(alert.receivers.length === 0 ? "receipt.none_route" : "receipt.none_yet")}
        </Step>
      ) : null}
    </ol>
  );
}

function One({ receipt }: { receipt: Receipt }) {
  const { t } = useTranslation();
  const [icon, tone] = looks[receipt.state] ?? looks.pending;
  const last = receipt.attempts.at(-1);
  const reason = receipt.reason || last?.outcome?.reason;
  return (
    <Step
      icon={icon}
      tone={tone}
      head={t("receipt.to", { state: t(`receipt.${receipt.state}`), receiver: receipt.receiver })}
      at={receipt.ended ?? last?.at ?? receipt.created}
    >
      {t(`receipt.about.${receipt.about}`)}{" "}
      {receipt.channel === ""
        ? t("receipt.no_channel")
        : t("receipt.attempts", { channel: receipt.channel, count: receipt.n_attempts })}
      {receipt.local ? ` ${t("receipt.local")}` : null}
      {reason && receipt.state !== "delivered" ? <div className={style.reason}>{reason}</div> : null}
    </Step>
  );
}

interface StepProps {
  icon: TablerIcon;
  tone?: string | undefined;
  head: string;
  at?: string;
  children?: ReactNode;
}

function Step({ icon: Icon, tone, head, at, children }: StepProps) {
  return (
    <li className={style.step} data-tone={tone}>
      <Icon size={20} aria-hidden />
      <div className={style.head}>
        {head}
        {at ? (
          <span className={style.when}>
            <Ago at={at} focusable />
          </span>
        ) : null}
      </div>
      {children ? <div className={style.detail}>{children}</div> : null}
    </li>
  );
}
