/** What became of every notification of one alert, from firing to the last attempt. */
import { Text } from "@mantine/core";
import {
  IconAlertTriangle,
  IconBellOff,
  IconCircleCheck,
  IconClock,
  IconFlame,
  IconUserOff,
  type TablerIcon,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Alert, Receipt } from "../../api/types";
import { Ago } from "../../parts/Ago";
import style from "./Alerts.module.css";

type Status = Receipt["status"];

const looks: Record<Status, [TablerIcon, "ok" | "bad" | "wait" | undefined]> = {
  queued: [IconClock, "wait"],
  sending: [IconClock, "wait"],
  delivered: [IconCircleCheck, "ok"],
  failed: [IconAlertTriangle, "bad"],
  suppressed: [IconBellOff, undefined],
};

export function Receipts({ alert }: { alert: Alert }) {
  const { t } = useTranslation();
  const sorted = [...alert.receipts].sort((a, b) => a.at.localeCompare(b.at));
  return (
    <ol className={style.steps}>
      <Step icon={IconFlame} head={t("receipt.fired")} at={alert.starts_at} />
      {sorted.map((receipt) => (
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
  const [icon, tone] = looks[receipt.status];
  const last = receipt.attempts.at(-1);
  return (
    <Step
      icon={icon}
      tone={tone}
      head={t("receipt.to", { status: t(`receipt.${receipt.status}`), receiver: receipt.receiver })}
      at={last?.at ?? receipt.at}
    >
      {t("receipt.channel", { channel: receipt.channel })}{" "}
      {t("receipt.attempts", { count: receipt.attempts.length })}
      {receipt.local ? ` ${t("receipt.local")}` : null}
      {last?.error ? (
        <Text size="sm" c="var(--wk-critical)">
          {last.error}
        </Text>
      ) : null}
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
