/** How it ended, and how often. */
import { IconCheck, IconHandStop } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { AuditRecord } from "../../api/types";
import { Chip } from "../../parts/Chip";

export function OutcomeChip({ record }: { record: AuditRecord }) {
  const { t } = useTranslation();
  const { outcome, count, code } = record;
  const word = t(`audit.outcome.${outcome}`);
  const text = count > 1 ? t("audit.times", { word, times: count }) : word;
  return outcome === "refused" ? (
    <Chip tone="warning" icon={IconHandStop} text={text} title={code ?? ""} />
  ) : (
    <Chip tone="ok" icon={IconCheck} text={text} />
  );
}
