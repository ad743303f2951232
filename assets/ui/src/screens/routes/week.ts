/** Alertmanager's time intervals as entries of a form, and as the hours of a week where they are. */
import type { Spec } from "../../api/objects";

export const days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;
export type Day = (typeof days)[number];

/** One entry: all of its parts must hold, one of each part's values. */
export interface Entry {
  /** `09:00-17:30`, the end not included, `24:00` at the latest. */
  times: string[];
  /** `monday` or `monday:friday`. */
  weekdays: string[];
  /** `1:5`, `-1` for the last. */
  days_of_month: string[];
  months: string[];
  years: string[];
  /** IANA time zone; UTC when empty. */
  location: string;
}

export const emptyEntry: Entry = {
  times: [],
  weekdays: [],
  days_of_month: [],
  months: [],
  years: [],
  location: "",
};

interface Written {
  times?: { start_time: string; end_time: string }[];
  weekdays?: string[];
  days_of_month?: string[];
  months?: string[];
  years?: string[];
  location?: string;
}

export function entriesOf(spec: Spec<"time-interval">): Entry[] {
  return (spec.time_intervals as Written[]).map((written) => ({
    times: (written.times ?? []).map(({ start_time, end_time }) => `${start_time}-${end_time}`),
    weekdays: texts(written.weekdays),
    days_of_month: texts(written.days_of_month),
    months: texts(written.months),
    years: texts(written.years),
    location: written.location ?? "",
  }));
}

const texts = (values: unknown[] | undefined) => (values ?? []).map(String);

/** Empty parts are left out: they would mean "never", not "always". */
export function writtenOf(entries: readonly Entry[]): Record<string, unknown>[] {
  return entries.map(({ times, location, ...lists }) => ({
    ...(times.length > 0
      ? {
          times: times.map((range) => {
            const [start_time = "", end_time = ""] = range.split("-").map((part) => part.trim());
            return { start_time, end_time };
          }),
        }
      : {}),
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
    ...(location === "" ? {} : { location }),
  }));
}

export const isTimes = (text: string) =>
  /^([01]\d|2[0-3]):[0-5]\d\s*-\s*(([01]\d|2[0-3]):[0-5]\d|24:00)$/.test(text) &&
  (text.split("-")[0]?.trim() ?? "") < (text.split("-")[1]?.trim() ?? "");

/** Index of an hour in the week: Sunday 00:00 is 0. */
export const hourOf = (day: number, hour: number) => day * 24 + hour;

/** The days that `monday:friday` names, as indexes; none for what is no day. */
export function daysOf(range: string): number[] {
  const [from = "", to = from] = range.toLowerCase().split(":");
  const [first, last] = [days.indexOf(from as Day), days.indexOf(to as Day)];
  if (first < 0 || last < first) return [];
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

/** The hours in which it holds; `undefined` where whole hours of a week cannot say it. */
export function weekOf(entries: readonly Entry[]): { hours: Set<number>; location: string } | undefined {
  const hours = new Set<number>();
  const location = entries[0]?.location ?? "";
  for (const entry of entries) {
    if (entry.location !== location) return undefined;
    if (entry.days_of_month.length + entry.months.length + entry.years.length > 0) return undefined;
    if (!entry.times.every((range) => isTimes(range) && !/:[0-5][1-9]|:[1-5]0/.test(range))) return undefined;
    const within = entry.times.length === 0 ? [[0, 24]] : entry.times.map(boundsOf);
    const on = entry.weekdays.length === 0 ? daysOf("sunday:saturday") : entry.weekdays.flatMap(daysOf);
    for (const day of on) {
      for (const [from = 0, to = 0] of within) {
        for (let hour = from; hour < to; hour += 1) hours.add(hourOf(day, hour));
      }
    }
  }
  return { hours, location };
}

const boundsOf = (range: string) => range.split("-").map((part) => Number.parseInt(part, 10));

/** The shortest entries for the hours: days with the same hours share one. */
export function entriesOfWeek(hours: ReadonlySet<number>, location: string): Entry[] {
  const byTimes = new Map<string, number[]>();
  // Monday first: that is how ranges of days come out as people say them.
  for (const day of [1, 2, 3, 4, 5, 6, 0]) {
    const times = timesOf(day, hours).join(",");
    if (times !== "") byTimes.set(times, [...(byTimes.get(times) ?? []), day]);
  }
  return [...byTimes].map(([times, on]) => ({
    ...emptyEntry,
    times: times === "00:00-24:00" ? [] : times.split(","),
    weekdays: on.length === 7 && times !== "00:00-24:00" ? [] : rangesOf(on),
    location,
  }));
}

function timesOf(day: number, hours: ReadonlySet<number>): string[] {
  const ranges: string[] = [];
  const clock = (hour: number) => `${String(hour).padStart(2, "0")}:00`;
  let start: number | undefined;
  for (let hour = 0; hour <= 24; hour += 1) {
    const on = hour < 24 && hours.has(hourOf(day, hour));
    if (on) start ??= hour;
    else if (start !== undefined) {
      ranges.push(`${clock(start)}-${clock(hour)}`);
      start = undefined;
    }
  }
  return ranges;
}

/** Alertmanager's ranges run from Sunday to Saturday. */
function rangesOf(on: readonly number[]): string[] {
  const sorted = [...on].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const day of sorted) {
    const last = ranges.at(-1);
    if (last && last[1] === day - 1) last[1] = day;
    else ranges.push([day, day]);
  }
  const name = (day: number) => days[day] ?? "";
  return ranges.map(([from, to]) => (from === to ? name(from) : `${name(from)}:${name(to)}`));
}
