/** Times as people read them. */
import { useSyncExternalStore } from "react";

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** Making a format takes longer than using it a hundred times. */
function kept<Format>(make: (language: string) => Format): (language: string) => Format {
  const made = new Map<string, Format>();
  return (language) => {
    const known = made.get(language) ?? make(language);
    made.set(language, known);
    return known;
  };
}

const relatives = kept(
  (language) => new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" }),
);
const absolutes = kept(
  (language) => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "long", hour12: false }),
);

/** "5 minutes ago", from milliseconds since the epoch. Within two seconds it is "now". */
export function relative(at: number, now: number, language: string): string {
  const seconds = Math.round((at - now) / 1000);
  const size = Math.abs(seconds);
  const [unit, length] = units.find(([, length]) => size >= length) ?? ["second", 1];
  const format = relatives(language);
  return size <= 2 ? format.format(0, "second") : format.format(Math.trunc(seconds / length), unit);
}

/** Date, time and zone. */
export function absolute(at: number, language: string): string {
  return absolutes(language).format(at);
}

let now = Date.now();
const watchers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(watcher: () => void): () => void {
  watchers.add(watcher);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of watchers) each();
  }, 5_000);
  return () => {
    watchers.delete(watcher);
    if (watchers.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The time, every five seconds; one timer for the whole page. */
export function useNow(): number {
  const at = useSyncExternalStore(subscribe, () => now);
  // The shared clock stands still while nobody watches.
  return Math.max(at, Date.now() - 5_000);
}
