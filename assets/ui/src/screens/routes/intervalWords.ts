/** One entry of a time interval as a sentence: `Monday to Friday, 09:00–17:00 (Asia/Shanghai)`. */
import type { TFunction } from "i18next";
import { daysOf, type Entry } from "./week";

export function intervalWords(t: TFunction, language: string, entry: Entry): string {
  const list = (items: string[]) => new Intl.ListFormat(language, { style: "narrow" }).format(items);
  const name = (day: number) =>
    // 4 January 1970 was a Sunday.
    new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" }).format((3 + day) * 86_400_000);
  const range = (text: string) => {
    const on = daysOf(text);
    const [from, to] = [on.at(0), on.at(-1)];
    if (from === undefined || to === undefined) return text;
    return from === to ? name(from) : t("routes.interval.to", { from: name(from), to: name(to) });
  };
  const parts = [
    entry.weekdays.length > 0 ? list(entry.weekdays.map(range)) : "",
    entry.days_of_month.length > 0
      ? t("routes.interval.days_words", { days: list(entry.days_of_month) })
      : "",
    entry.months.length > 0 ? t("routes.interval.months_words", { months: list(entry.months) }) : "",
    entry.years.length > 0 ? t("routes.interval.years_words", { years: list(entry.years) }) : "",
    list(entry.times.map((times) => times.replace(/\s*-\s*/, "–"))),
  ].filter((part) => part !== "");
  const words = parts.length === 0 ? t("routes.always") : parts.join(t("routes.interval.joint"));
  return t("routes.interval.words", { words, zone: entry.location || "UTC" });
}
