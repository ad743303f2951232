/** A point in time to come: "in 2 hours", with date, time and zone on hover. */
import { Tooltip } from "@mantine/core";
import { IconHourglassLow } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { absolute, relative, useNow } from "./time";
import style from "./Until.module.css";

const SOON_MS = 3_600_000;

interface UntilProps {
  /** RFC 3339. */
  at: string;
  /** Marks what ends within the hour. */
  soon?: boolean;
}

export function Until({ at, soon = false }: UntilProps) {
  const { i18n } = useTranslation();
  const now = useNow();
  const instant = Date.parse(at);
  return (
    <Tooltip label={absolute(instant, i18n.language)}>
      <time dateTime={at} className={style.until} data-soon={(soon && instant - now < SOON_MS) || undefined}>
        {soon && instant - now < SOON_MS ? <IconHourglassLow size={15} aria-hidden /> : null}
        {relative(Math.max(instant, now), now, i18n.language)}
      </time>
    </Tooltip>
  );
}
