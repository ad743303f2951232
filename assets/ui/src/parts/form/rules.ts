/** What makes a field wrong before the server is asked. The server has the last word. */
import { parseMatcher } from "../matchers";

export type Fault =
  | "required"
  | "name"
  | "built_in"
  | "somewhere"
  | "directory"
  | "matcher"
  | "duration"
  | "url"
  | "mail"
  | "mails"
  | "port"
  | "seconds"
  | "recipients"
  | "order"
  | "window";

/** Of the checks given, the first that does not hold. */
export function first(...checks: [boolean, Fault][]): Fault | undefined {
  return checks.find(([holds]) => !holds)?.[1];
}

export const isName = (text: string) => /^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$/.test(text);
/** Prometheus' form: `30s`, `1h30m`. */
export const isDuration = (text: string) =>
  text === "" || /^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$/.test(text);
export const isMail = (text: string) => /^[^\s@<>]+@[^\s@<>]+$/.test(text);
/** `Name <address>` or an address. */
export const isSender = (text: string) => isMail(/<([^<>]*)>\s*$/.exec(text)?.[1] ?? text.trim());
export const isUrl = (text: string) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
export const areMatchers = (texts: readonly string[]) => texts.every((text) => parseMatcher(text));
export const isBetween = (text: string, low: number, high: number) =>
  /^-?\d+$/.test(text) && Number(text) >= low && Number(text) <= high;

/** A name for an object out of its title: `Night shift` is `night-shift`. */
export function slug(title: string): string {
  const plain = title.normalize("NFKD").replace(/[̀-ͯ]/g, "");
  return plain
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60)
    .replace(/-+$/, "");
}

/** Who may not change what is shared says whose it is. */
export const ownerFault = ({ project }: { project: string }, shared: boolean) =>
  first([shared || project !== "", "required"]);
