/** How many silences are in force, so that none is forgotten. */
import { IconBellOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { silences } from "../api/told";
import style from "./Shell.module.css";

export function SilencedCount() {
  const { t } = useTranslation();
  const active = useQuery(silences()).data?.active ?? 0;
  if (active === 0) return null;
  const label = t("nav.silenced", { count: active });
  return (
    <Link to="/silences" className={style.silenced} aria-label={label} title={label}>
      <IconBellOff size={17} stroke={1.75} aria-hidden />
      {active}
    </Link>
  );
}
