/** The weekly report: one line a project, for a spreadsheet. */
import type { TFunction } from "i18next";
import type { ProjectHealth } from "../../api/types";
import { nameOf } from "../projects/cells";

/** With a byte order mark, without which spreadsheets read Chinese wrongly. */
export function reportOf(t: TFunction, projects: readonly ProjectHealth[]): string {
  const head = [
    t("dimension.department"),
    t("dimension.project"),
    t("projects.report.name"),
    t("dimension.owner"),
    t("projects.team"),
    t("dimension.environment"),
    t("projects.column.state"),
    t("health.up"),
    t("health.down"),
    t("health.unknown"),
    t("severity.critical"),
    t("severity.warning"),
    t("projects.report.other"),
    t("projects.report.untold_since"),
    t("projects.report.delivered"),
    t("projects.report.failed"),
    t("projects.report.fired"),
  ];
  const lines = projects.map((project) => [
    nameOf(project.department),
    project.title || project.project,
    project.project,
    nameOf(project.owner),
    nameOf(project.team),
    project.environment ?? "",
    t(`projects.state.${project.state}`),
    project.targets.up,
    project.targets.down,
    project.targets.unknown,
    project.alerts.critical,
    project.alerts.warning,
    project.alerts.info + project.alerts.other,
    project.untold?.since ?? "",
    project.notifications.delivered,
    project.notifications.failed,
    project.fired.reduce((all, day) => all + day, 0),
  ]);
  return `\ufeff${[head, ...lines].map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** Quoted where need be. A text that a spreadsheet would take for a formula gets an apostrophe. */
export function cell(value: string | number): string {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
