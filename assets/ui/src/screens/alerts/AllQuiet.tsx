/** No alert: said only together with whether that can be believed. */
import { Text } from "@mantine/core";
import { IconCircleCheck, IconEyeOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { isScoped, status } from "../../api/queries";
import { useScope } from "../../app/useScope";
import { Empty } from "../../parts/Empty";
import { Loading } from "../../parts/Loading";
import { canAlert, running } from "../home/summary";

export function AllQuiet() {
  const { t } = useTranslation();
  const scoped = isScoped(useScope());
  const { data, error } = useQuery(status());
  if (data === undefined && error === null) return <Loading rows={3} />;
  if (data === undefined || !canAlert(data)) {
    return <Empty icon={IconEyeOff} tone="red" title={t("alerts.blind")} text={t("alerts.blind_text")} />;
  }
  const prometheus = running(data, "prometheus");
  const alertmanager = running(data, "alertmanager");
  return (
    <Empty
      icon={IconCircleCheck}
      tone="green"
      title={t(scoped ? "alerts.quiet_scope" : "alerts.quiet")}
      text={
        <Text size="sm">
          {t("alerts.quiet_text", {
            prometheus: t("alerts.of", prometheus),
            alertmanager: t("alerts.of", alertmanager),
          })}
        </Text>
      }
    />
  );
}
