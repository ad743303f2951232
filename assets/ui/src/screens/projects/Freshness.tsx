/** How many projects, and as of when: what is old must not look new. */
import { useTranslation } from "react-i18next";
import type { Overview } from "../../api/types";
import { Ago } from "../../parts/Ago";

export function Freshness({ data }: { data: Overview | undefined }) {
  const { t } = useTranslation();
  if (data === undefined) return t("projects.lead");
  if (!data.as_of) return t("projects.no_prometheus");
  return (
    <>
      {data.alertmanager ? null : `${t("projects.no_alertmanager")} `}
      {t("projects.as_of", { count: data.total })} <Ago at={data.as_of} focusable />
    </>
  );
}
