/** What a silence would hide right now, with a warning where it may be too much. */
import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type SilenceMatcher, wouldHide } from "../../api/told";
import { SeverityChip } from "../../parts/Chip";
import { ProblemBox } from "../../parts/Problem";
import style from "./Silences.module.css";

/** Hiding more than this at once is rarely meant. */
const MANY = 20;
const SHOWN = 8;

export function WouldHide({ matchers }: { matchers: SilenceMatcher[] }) {
  const { t } = useTranslation();
  const query = useQuery({ ...wouldHide(matchers), placeholderData: keepPreviousData });
  if (matchers.length === 0) return <p className={style.quiet}>{t("silences.preview.nothing_yet")}</p>;
  if (query.error) return <ProblemBox error={query.error} title={t("silences.preview.failed")} />;
  const data = query.data;
  if (data === undefined) return <p className={style.quiet}>{t("loading")}</p>;
  const elsewhere = data.critical_elsewhere;
  return (
    <div className={style.hidden}>
      <b aria-live="polite">{t("silences.preview.count", { count: data.total })}</b>
      {elsewhere > 0 || data.total > MANY ? (
        <Alert mt="xs" py="xs" color="yellow" variant="outline" icon={<IconAlertTriangle aria-hidden />}>
          {elsewhere > 0 ? t("silences.preview.elsewhere", { count: elsewhere }) : t("silences.preview.many")}
        </Alert>
      ) : null}
      {data.alerts.length > 0 ? (
        <ul>
          {data.alerts.slice(0, SHOWN).map((alert) => (
            <li key={alert.fingerprint}>
              <SeverityChip severity={alert.severity} />
              {/* No link: it would leave the form. */}
              <b>{alert.name}</b>
              <span className={style.quiet}>
                {[alert.project, alert.labels.instance].filter(Boolean).join(" · ")}
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      {data.total > SHOWN ? (
        <div className={style.quiet}>{t("silences.preview.more", { count: data.total - SHOWN })}</div>
      ) : null}
    </div>
  );
}
