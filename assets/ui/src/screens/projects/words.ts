/** The state of a project in words. */
import type { TFunction } from "i18next";
import type { ProjectHealth } from "../../api/types";

type Told = Pick<ProjectHealth, "why" | "targets" | "alerts" | "critical_since">;

/** Why it is as it is, one phrase a reason, the worst first; none when all is well. */
function reasons(t: TFunction, language: string, project: Told): string[] {
  const total = project.targets.up + project.targets.down + project.targets.unknown;
  return project.why.map(({ what, count }) => {
    if (what === "critical_firing" && project.critical_since) {
      const since = clock(project.critical_since, language);
      return t("projects.critical_since", { count, since });
    }
    return t(`projects.why.${what}`, { count, total });
  });
}

/** `2 of 14 targets are down, 1 critical alert since 14:02.` */
export function sentence(t: TFunction, language: string, project: Told): string {
  const all = reasons(t, language, project);
  if (all.length === 0) return wellWords(t, project);
  const list = new Intl.ListFormat(language, { style: "narrow", type: "conjunction" }).format(all);
  const begun = list.charAt(0).toLocaleUpperCase(language) + list.slice(1);
  return t("projects.sentence", { list: begun });
}

/** All is well; an alert that is only for information is not kept back. */
function wellWords(t: TFunction, { targets, alerts }: Pick<Told, "targets" | "alerts">): string {
  const well = targets.up === 0 ? t("projects.well_rules") : t("projects.well", { count: targets.up });
  return alerts.info === 0 ? well : `${well} ${t("projects.informed", { count: alerts.info })}`;
}

const DAY_MS = 86_400_000;

/** The time of day, with the date where it was not within a day. */
export function clock(at: string, language: string): string {
  const instant = Date.parse(at);
  const time: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hour12: false };
  const far = Date.now() - instant > DAY_MS;
  const format: Intl.DateTimeFormatOptions = far ? { ...time, day: "numeric", month: "short" } : time;
  return new Intl.DateTimeFormat(language, format).format(instant);
}

/** How many of the notifications that ended were delivered; nothing where none ended. */
export function deliveredShare({
  delivered,
  failed,
}: {
  delivered: number;
  failed: number;
}): number | undefined {
  return delivered + failed === 0 ? undefined : delivered / (delivered + failed);
}

/** A share as people read it: `100 %` only when it is all of them. */
export function percent(share: number, language: string): string {
  const floored = share < 1 ? Math.floor(share * 1000) / 1000 : 1;
  const digits = floored < 1 && floored > 0.99 ? 1 : 0;
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: digits }).format(
    digits === 0 && floored < 1 ? Math.floor(floored * 100) / 100 : floored,
  );
}
