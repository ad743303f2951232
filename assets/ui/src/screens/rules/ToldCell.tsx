/** Whom a rule's alerts go to, in a word; asked for the rules in sight only. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { explain } from "../../api/told";
import type { ObservedRule } from "../../api/types";
import style from "./Rules.module.css";
import { useAlertLabels } from "./useAlertLabels";

export function ToldCell({ rule }: { rule: ObservedRule }) {
  const { t } = useTranslation();
  const { rule: alertname, project, severity } = rule;
  const labels = useMemo(
    () => ({ alertname, project, ...(severity === "" ? {} : { severity }) }),
    [alertname, project, severity],
  );
  const { data } = useQuery({
    ...explain({ labels: useAlertLabels(labels) }),
    retry: false,
    staleTime: 60_000,
    placeholderData: undefined,
  });
  if (data === undefined) return null;
  const titles = data.told.flatMap((one) => (one.receiver ? [one.receiver_title || one.receiver] : []));
  if (titles.length === 0) return <span className={style.bad}>{t("rules.nobody")}</span>;
  const words = [...new Set(titles)].join(", ");
  return <span title={words}>{words}</span>;
}
