/**
 * Severity and state, always with colour, icon and word. Severity (how bad) is filled, state (what
 * happens to it) is outlined.
 */
import {
  IconAlertOctagonFilled,
  IconAlertTriangleFilled,
  IconBellOff,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconInfoCircleFilled,
  IconLinkOff,
  IconLoader,
  IconPlayerPause,
  IconQuestionMark,
  IconTag,
  type TablerIcon,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { AlertState, Health, ProcessState } from "../api/types";
import style from "./Chip.module.css";
import { type Severity, severityOf } from "./severity";

export type Tone = "critical" | "warning" | "info" | "ok" | "pending" | "muted" | "unknown";

interface ChipProps {
  tone: Tone;
  filled?: boolean;
  icon: TablerIcon;
  text: string;
  title?: string;
}

export function Chip({ tone, filled = false, icon: Icon, text, title }: ChipProps) {
  return (
    <span className={style.chip} data-tone={tone} data-filled={filled || undefined} title={title}>
      <Icon size={14} stroke={2} aria-hidden />
      {text}
    </span>
  );
}

const severities: Record<Severity, TablerIcon> = {
  critical: IconAlertOctagonFilled,
  warning: IconAlertTriangleFilled,
  info: IconInfoCircleFilled,
};

/** A severity label as people wrote it; unknown words are shown as they are, neutral. */
export function SeverityChip({ severity }: { severity: string }) {
  const { t } = useTranslation();
  const known = severityOf(severity);
  if (known === undefined) {
    const text = severity === "" ? t("severity.none") : severity;
    return <Chip tone="muted" icon={IconTag} text={text} />;
  }
  return <Chip tone={known} filled icon={severities[known]} text={t(`severity.${known}`)} title={severity} />;
}

const alertStates: Record<AlertState, [Tone, TablerIcon]> = {
  firing: ["critical", IconAlertOctagonFilled],
  pending: ["pending", IconClock],
  silenced: ["muted", IconBellOff],
  inhibited: ["muted", IconLinkOff],
};

export function AlertStateChip({ state }: { state: AlertState }) {
  const { t } = useTranslation();
  const [tone, icon] = alertStates[state];
  return <Chip tone={tone} icon={icon} text={t(`alerts.state.${state}`)} />;
}

const healths: Record<Health, [Tone, TablerIcon]> = {
  up: ["ok", IconCircleCheck],
  down: ["critical", IconCircleX],
  unknown: ["unknown", IconQuestionMark],
};

export function HealthChip({ state }: { state: Health }) {
  const { t } = useTranslation();
  const [tone, icon] = healths[state];
  return <Chip tone={tone} icon={icon} text={t(`health.${state}`)} />;
}

const processes: Record<ProcessState, [Tone, TablerIcon]> = {
  ready: ["ok", IconCircleCheck],
  starting: ["info", IconLoader],
  unhealthy: ["warning", IconAlertTriangleFilled],
  back_off: ["critical", IconCircleX],
  stopping: ["muted", IconPlayerPause],
  stopped: ["muted", IconPlayerPause],
};

export function ProcessChip({ state }: { state: ProcessState }) {
  const { t } = useTranslation();
  const [tone, icon] = processes[state];
  return <Chip tone={tone} icon={icon} text={t(`process.${state}`)} />;
}
