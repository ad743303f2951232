/** What is done about one silence, shown before it is done. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { apply } from "../../api/changes";
import { expireSilence, type ObservedSilence } from "../../api/told";
import { ApplyDialog } from "../../parts/ApplyDialog";
import { absolute } from "../../parts/time";
import { extended, whatOf } from "./silence";

export interface SilenceAct {
  what: "hour" | "day" | "end";
  silence: ObservedSilence;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export function SilenceDialog({ act, close }: { act: SilenceAct; close: () => void }) {
  const { t, i18n } = useTranslation();
  const { what, silence } = act;
  // The dialog says one thing however long it stays open.
  const [now] = useState(() => Date.now());
  if (what === "end") {
    return (
      <ApplyDialog
        title={t("silences.end_title")}
        words={[t("silences.end_words", { count: silence.hides })]}
        documents={[endedAt(silence, now)]}
        said={t("silences.ended", { what: whatOf(silence.matchers) })}
        write={() => expireSilence(silence.name)}
        close={close}
        done={close}
      />
    );
  }
  const document = extended(silence, what === "hour" ? HOUR_MS : DAY_MS, now);
  const { endsAt } = document.spec as { endsAt: string };
  return (
    <ApplyDialog
      title={t(what === "hour" ? "silences.extend_hour" : "silences.extend_day")}
      words={[t("silences.extend_words", { end: absolute(Date.parse(endsAt), i18n.language) })]}
      documents={[document]}
      said={t("silences.extended", { what: whatOf(silence.matchers) })}
      write={(why) => apply([document], why)}
      close={close}
      done={close}
    />
  );
}

/** What ending comes to, for the diff: the server takes its own clock. */
function endedAt(silence: ObservedSilence, now: number) {
  const document = extended(silence, 0, now);
  const starts = Math.min(Date.parse(silence.starts_at), now);
  return {
    ...document,
    spec: {
      ...(document.spec as object),
      startsAt: new Date(starts).toISOString(),
      // A moment ahead: what has ended already is refused.
      endsAt: new Date(now + 60_000).toISOString(),
    },
  };
}
