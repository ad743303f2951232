/** How it stands, in words. */
import {
  IconAlertOctagonFilled,
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconEyeOff,
  IconInfoCircleFilled,
  IconRocket,
  type TablerIcon,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import style from "./Home.module.css";
import type { Mood, Summary } from "./summary";

const icons: Record<Mood, TablerIcon> = {
  good: IconCircleCheckFilled,
  informed: IconInfoCircleFilled,
  attention: IconAlertTriangleFilled,
  bad: IconAlertOctagonFilled,
  blind: IconEyeOff,
  empty: IconRocket,
};

export function Sentence({ summary }: { summary: Summary }) {
  const { t, i18n } = useTranslation();
  const Icon = icons[summary.mood];
  const parts = [
    summary.critical > 0 ? t("home.sentence.critical", { count: summary.critical }) : "",
    summary.warning > 0 ? t("home.sentence.warning", { count: summary.warning }) : "",
    summary.down > 0 ? t("home.sentence.down", { count: summary.down }) : "",
    summary.unknown > 0 ? t("home.sentence.unknown", { count: summary.unknown }) : "",
    summary.faults > 0 ? t("home.sentence.faults", { count: summary.faults }) : "",
  ].filter(Boolean);
  const joined = new Intl.ListFormat(i18n.language, { type: "conjunction" }).format(parts);
  const list = joined.charAt(0).toLocaleUpperCase(i18n.language) + joined.slice(1);
  const named = summary.mood === "bad" || summary.mood === "attention";
  return (
    <div className={style.sentence} data-mood={summary.mood} role="status">
      <Icon className={style.icon} size={34} aria-hidden />
      <div>
        <p className={style.words}>
          {named ? t("home.mood.named", { list }) : t(`home.mood.${summary.mood}`, { count: summary.other })}
        </p>
        <p className={style.detail}>{t(`home.detail.${summary.mood}`, { count: summary.up })}</p>
      </div>
    </div>
  );
}
