/** Placeholder with the geometry of what comes; shown only after 150 ms. */
import { Skeleton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import style from "./Loading.module.css";

export function Loading({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <div className={style.late} role="status" aria-label={t("loading")}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity
        <Skeleton key={row} height={20} radius="sm" />
      ))}
    </div>
  );
}
