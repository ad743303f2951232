/** A point in time: relative, with date, time and zone on hover (and on focus where asked for). */
import { Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { absolute, relative, useNow } from "./time";

interface AgoProps {
  /** RFC 3339; nothing or Go's zero time means never. */
  at: string | null | undefined;
  /** Can be reached by the keyboard; off in tables, where the drawer says the same. */
  focusable?: boolean;
}

export function Ago({ at, focusable = false }: AgoProps) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const instant = at ? Date.parse(at) : Number.NaN;
  if (!(instant > 0)) return <span>{t("time.never")}</span>;
  const exact = absolute(instant, i18n.language);
  const words = relative(Math.min(instant, now), now, i18n.language);
  // Rows are many, and a tooltip is the dearest part of one: there the browser's own does.
  if (!focusable) {
    return (
      <time dateTime={at ?? ""} title={exact}>
        {words}
      </time>
    );
  }
  return (
    <Tooltip label={exact}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the exact time must be reachable by keyboard */}
      <time dateTime={at ?? ""} tabIndex={0}>
        {words}
      </time>
    </Tooltip>
  );
}
