/** Times as people read them. */
import { useSyncExternalStore } from "react";

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** "5 minutes ago", from milliseconds since the epoch. Within two seconds it is "now". */
export function relative(at: number, now: number, language: string): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
  const seconds = Math.round((at - now) / 1000);
  const size = Math.abs(seconds);
  const [unit, length] = units.find(([, length]) => size >= length) ?? ["second", 1];
  return size <= 2 ? format.format(0, "second") : format.format(Math.trunc(seconds / length), unit);
}

/** Date, time and zone. */
export function absolute(at: number, language: string): string {
  return new Intl.DateTimeFormat(language, {
    dateStyle: "medium",
    timeStyle: "long",
    hour12: false,
  }).format(at);
}

/** `1h 30m`, `45s`: at most two units, from seconds. */
export function duration(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor((seconds % 86_400) / 3_600), "h"],
    [Math.floor((seconds % 3_600) / 60), "m"],
    [Math.floor(seconds % 60), "s"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return "0s";
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join(" ");
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
