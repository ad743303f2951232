/** How it stands, in words. */
import {
  IconAlertOctagonFilled,
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconEyeOff,
  IconRocket,
  type TablerIcon,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import style from "./Home.module.css";
import type { Mood, Summary } from "./summary";

const icons: Record<Mood, TablerIcon> = {
  good: IconCircleCheckFilled,
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
    summary.faults > 0 ? t("home.sentence.faults", { count: summary.faults }) : "",
  ].filter(Boolean);
  const list = new Intl.ListFormat(i18n.language, { type: "conjunction" }).format(parts);
  const named = summary.mood === "bad" || summary.mood === "attention";
  return (
    <div className={style.sentence} data-mood={summary.mood} role="status">
      <Icon className={style.icon} size={34} aria-hidden />
      <div>
        <p className={style.words}>
          {named ? t("home.mood.named", { list }) : t(`home.mood.${summary.mood}`)}
        </p>
        <p className={style.detail}>{t(`home.detail.${summary.mood}`, { up: summary.up })}</p>
      </div>
    </div>
  );
}
