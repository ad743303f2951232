/** The routing tree in words, in the language of the reader. */
import type { TFunction } from "i18next";
import type { Matcher, Part } from "../../api/told";

const labels = [
  "severity",
  "project",
  "department",
  "owner",
  "environment",
  "alertname",
  "instance",
] as const;

function labelWord(t: TFunction, name: string): string {
  const known = labels.find((each) => each === name);
  return known === undefined ? name : t(`routes.label.${known}`);
}

/** `severity is critical or page`. */
function matcherWords(t: TFunction, language: string, matcher: Matcher): string {
  const label = labelWord(t, matcher.name);
  const listed = matcher.any_of ?? (matcher.op.endsWith("~") ? undefined : [matcher.value]);
  if (listed === undefined) {
    const key = matcher.op === "=~" ? "routes.condition.matches" : "routes.condition.matches_not";
    return t(key, { label, value: matcher.value });
  }
  const is = matcher.op.startsWith("=");
  if (listed.length === 1 && listed[0] === "") {
    return t(is ? "routes.condition.empty" : "routes.condition.set", { label });
  }
  const value = new Intl.ListFormat(language, { type: "disjunction" }).format(listed);
  return t(is ? "routes.condition.is" : "routes.condition.is_not", { label, value });
}

/** What must hold for a step: `every alert` where nothing must. */
export function conditionWords(t: TFunction, language: string, matchers: readonly Matcher[]): string {
  if (matchers.length === 0) return t("routes.condition.always");
  const parts = matchers.map((matcher) => matcherWords(t, language, matcher));
  return spaced(language, new Intl.ListFormat(language, { type: "conjunction" }).format(parts));
}

/** `policy Night shift`, `team Retail (project web-shop)`. */
export function partWords(t: TFunction, part: Part): string {
  const { what, title, project } = part;
  if (what === "default") return t("routes.part.default");
  return t(`routes.part.${what}`, { title, project: project ?? "" });
}

/** Chinese: a space between Chinese and Latin words, none between Chinese ones. */
export function spaced(language: string, text: string): string {
  if (!language.startsWith("zh")) return text;
  return text
    .replace(/([\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])/g, "$1")
    .replace(/([\u4e00-\u9fff])(?=[A-Za-z0-9])/g, "$1 ")
    .replace(/([A-Za-z0-9])(?=[\u4e00-\u9fff])/g, "$1 ");
}
