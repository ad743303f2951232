/** What happened to one alert, who was told and how it ended: from the first sign to the last. */
import {
  IconAlertTriangle,
  IconBellOff,
  IconCircleCheck,
  IconClock,
  IconFlame,
  IconHourglass,
  IconInbox,
  IconSend,
  IconUserOff,
  type TablerIcon,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Alert, TimelineEntry, TimelineWhat } from "../../api/types";
import { Ago } from "../../parts/Ago";
import style from "./Alerts.module.css";

const looks: Record<TimelineWhat, [TablerIcon, "ok" | "bad" | "wait" | undefined]> = {
  pending: [IconHourglass, "wait"],
  firing: [IconFlame, undefined],
  received: [IconInbox, undefined],
  queued: [IconClock, "wait"],
  sent: [IconSend, "wait"],
  delivered: [IconCircleCheck, "ok"],
  failed: [IconAlertTriangle, "bad"],
  silenced: [IconBellOff, undefined],
  resolved: [IconCircleCheck, "ok"],
  inactive: [IconCircleCheck, undefined],
};
const ofDelivery: readonly TimelineWhat[] = ["queued", "sent", "delivered", "failed"];

export function Receipts({ alert }: { alert: Alert }) {
  const { t } = useTranslation();
  const entries = alert.timeline ?? [];
  const told = entries.some(({ what }) => ofDelivery.includes(what));
  return (
    <ol className={style.steps}>
      {entries.length === 0 ? <Step icon={IconFlame} head={t("receipt.fired")} at={alert.starts_at} /> : null}
      {entries.map((entry, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what happened stays in its order
        <One key={at} entry={entry} />
      ))}
      {told || alert.state === "pending" ? null : (
        <Step icon={IconUserOff} head={t("receipt.none")}>
          {t(alert.receivers.length === 0 ? "receipt.none_route" : "receipt.none_yet")}
        </Step>
      )}
    </ol>
  );
}

function One({ entry }: { entry: TimelineEntry }) {
  const { t } = useTranslation();
  const [icon, tone] = looks[entry.what] ?? [IconClock, undefined];
  return (
    <Step
      icon={icon}
      tone={tone}
      head={t(`timeline.${entry.what}`, { receiver: entry.receiver || t("timeline.nobody") })}
      at={entry.at}
    >
      {entry.channel ? (
        <div>
          {entry.to
            ? t("timeline.channel_to", { channel: entry.channel, to: entry.to })
            : t("timeline.channel", { channel: entry.channel })}
        </div>
      ) : null}
      {entry.attempt == null ? null : (
        <div>
          {t(entry.text === "" ? "timeline.attempt_open" : "timeline.attempt", {
            n: entry.attempt,
            answer: entry.text,
          })}
        </div>
      )}
      {entry.end ? <div>{t(`timeline.end.${entry.end}`, { defaultValue: entry.end })}</div> : null}
      {entry.text === "" || entry.attempt != null ? null : (
        <div className={entry.what === "failed" ? style.reason : undefined}>
          {entry.what === "pending" || entry.what === "firing"
            ? t("timeline.value", { value: entry.text })
            : entry.text}
        </div>
      )}
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
