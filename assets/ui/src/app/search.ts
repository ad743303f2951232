/**
 * Search parameters: plain text in the URL, checked on the way in. What is unknown or invalid is
 * dropped, never an error page.
 */
import type { Scope } from "../api/queries";

export type Raw = Record<string, unknown>;

export function parse(text: string): Raw {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringify(search: Raw): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (value !== undefined && value !== null && value !== "") params.set(key, String(value));
  }
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

/** A non-empty text of sane length. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value.length <= 500 ? value : undefined;
}

/** A text of several lines. */
export function long(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value.length <= 8000 ? value : undefined;
}

/** A page from 2: the first is the default and stays out of the URL. */
export function page(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isInteger(number) && number > 1 && number < 100_000 ? number : undefined;
}

/** One of the allowed words. */
export function oneOf<Word extends string>(words: readonly Word[], value: unknown): Word | undefined {
  return words.find((word) => word === value);
}

/** The allowed ones of a comma-separated list, in the order of `words`. */
export function someOf<Word extends string>(words: readonly Word[], value: unknown): string | undefined {
  const asked = String(value ?? "").split(",");
  const found = words.filter((word) => asked.includes(word));
  return found.length === 0 ? undefined : found.join(",");
}

/** A comma-separated list as an array. */
export function list<Word extends string>(value: string | undefined): Word[] {
  return value === undefined ? [] : (value.split(",") as Word[]);
}

export function scope(raw: Raw): Scope {
  return {
    department: text(raw.department),
    project: text(raw.project),
    owner: text(raw.owner),
    environment: text(raw.environment),
  };
}
