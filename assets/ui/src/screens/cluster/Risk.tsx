/** One sentence on top. */
import { IconAlertOctagonFilled, IconAlertTriangleFilled, IconShieldCheckFilled } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Status } from "../../api/types";
import home from "../home/Home.module.css";
import { type Level, riskOf, spare } from "./risk";

const moods: Record<Level, string> = {
  safe: "good",
  reduced: "attention",
  no_quorum: "bad",
  no_alerts: "bad",
};
const icons = {
  good: IconShieldCheckFilled,
  attention: IconAlertTriangleFilled,
  bad: IconAlertOctagonFilled,
};

export function Risk({ status }: { status: Status }) {
  const { t } = useTranslation();
  const level = riskOf(status);
  const mood = moods[level] as keyof typeof icons;
  const Icon = icons[mood];
  const losable = spare(status);
  return (
    <div className={home.sentence} data-mood={mood} role="status">
      <Icon className={home.icon} size={34} aria-hidden />
      <div>
        <p className={home.words}>{t(`cluster.risk.${level}`)}</p>
        <p className={home.detail}>
          {losable === 0 ? t("cluster.spare_none") : t("cluster.spare", { count: losable })}
        </p>
      </div>
    </div>
  );
}
