/** Alertmanager's matchers: read from what people type, written as the API takes them. */
import type { Matcher, SilenceMatcher } from "../api/told";
import type { Labels } from "../api/types";

const FORM = /^\s*([A-Za-z_][A-Za-z0-9_]*)\s*(=~|!~|!=|=)\s*(.*?)\s*$/s;

/** `undefined` for what is no matcher; quotes may be left out. */
export function parseMatcher(text: string): Matcher | undefined {
  const [, name, op, raw] = FORM.exec(text) ?? [];
  if (name === undefined || op === undefined || raw === undefined) return undefined;
  const value = unquote(raw);
  return value === undefined ? undefined : { name, op: op as Matcher["op"], value };
}

function unquote(raw: string): string | undefined {
  if (!raw.startsWith('"')) return raw.includes('"') ? undefined : raw;
  if (raw.length < 2 || !raw.endsWith('"')) return undefined;
  const inner = raw.slice(1, -1);
  // A quote inside must be escaped.
  if (/(^|[^\\])(\\\\)*"/.test(inner)) return undefined;
  return inner.replace(/\\(["\\n])/g, (_, letter: string) => (letter === "n" ? "\n" : letter));
}

export function writeMatcher({ name, op, value }: Pick<Matcher, "name" | "op" | "value">): string {
  const escaped = value.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n");
  return `${name}${op}"${escaped}"`;
}

/** The same matcher however it was typed; what cannot be read stays as it is. */
export function tidyMatcher(text: string): string {
  const matcher = parseMatcher(text);
  return matcher === undefined ? text.trim() : writeMatcher(matcher);
}

export function ofSilence({ name, value, isRegex, isEqual }: SilenceMatcher): Matcher {
  const op = isRegex ? (isEqual === false ? "!~" : "=~") : isEqual === false ? "!=" : "=";
  return { name, op, value };
}

export function toSilence({ name, op, value }: Matcher): SilenceMatcher {
  return { name, value, isRegex: op.endsWith("~"), isEqual: op.startsWith("=") };
}

/** What identifies an alert without pinning down every label of it. */
const IDENTITY = ["alertname", "project", "instance", "host"];

/** Matchers for the alerts given: of the identifying labels, those on which all of them agree. */
export function matchersOf(alerts: readonly { labels: Labels }[]): string[] {
  return IDENTITY.flatMap((name) => {
    const values = [...new Set(alerts.map(({ labels }) => labels[name] ?? ""))];
    if (values.includes("")) return [];
    if (values.length === 1) return [writeMatcher({ name, op: "=", value: values[0] ?? "" })];
    return [writeMatcher({ name, op: "=~", value: values.map(escapePattern).join("|") })];
  });
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
