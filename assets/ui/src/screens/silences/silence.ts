/** A silence as its form holds it: matchers in Alertmanager's words, a start, an end, a reason. */
import type { Declared } from "../../api/changes";
import type { ObservedSilence, SilenceMatcher } from "../../api/told";
import { areMatchers, first } from "../../parts/form/rules";
import type { Faults } from "../../parts/form/useFields";
import { ofSilence, parseMatcher, toSilence, writeMatcher } from "../../parts/matchers";

export const lengths = ["30m", "2h", "1d", "tomorrow", "custom"] as const;
export type Length = (typeof lengths)[number];

const HOUR_MS = 3_600_000;
export const MORNING = 9;

export interface SilenceDraft {
  matchers: string[];
  comment: string;
  length: Length;
  /** `2026-11-22T09:00`, in the browser's zone; only with `custom`. */
  starts: string;
  ends: string;
}

export function lengthOf(text: string | undefined): Length {
  return lengths.find((each) => each === text && each !== "custom") ?? "2h";
}

/** When it ends, in milliseconds since the epoch. */
export function endOf(draft: SilenceDraft, now: number): number {
  switch (draft.length) {
    case "30m":
      return now + HOUR_MS / 2;
    case "2h":
      return now + 2 * HOUR_MS;
    case "1d":
      return now + 24 * HOUR_MS;
    case "tomorrow": {
      const morning = new Date(now);
      morning.setDate(morning.getDate() + 1);
      return morning.setHours(MORNING, 0, 0, 0);
    }
    case "custom":
      return Date.parse(draft.ends);
  }
}

export const startOf = (draft: SilenceDraft, now: number) =>
  draft.length === "custom" && draft.starts !== "" ? Date.parse(draft.starts) : now;

export function faultsOf(draft: SilenceDraft): Faults<SilenceDraft> {
  return {
    matchers: first([draft.matchers.length > 0, "required"], [areMatchers(draft.matchers), "matcher"]),
    comment: first([draft.comment.trim() !== "", "required"]),
    ends: first(
      [draft.length !== "custom" || draft.ends !== "", "required"],
      [draft.length !== "custom" || endOf(draft, 0) > startOf(draft, 0), "window"],
    ),
  };
}

/** The matchers that can be read already. */
export function readable(texts: readonly string[]): SilenceMatcher[] {
  return texts.flatMap((text) => {
    const matcher = parseMatcher(text);
    return matcher ? [toSilence(matcher)] : [];
  });
}

export function documentOf(name: string, draft: SilenceDraft, now: number): Declared {
  return {
    kind: "silence",
    name,
    spec: {
      matchers: readable(draft.matchers),
      startsAt: new Date(startOf(draft, now)).toISOString(),
      endsAt: new Date(endOf(draft, now)).toISOString(),
      comment: draft.comment.trim(),
    },
  };
}

/** Silences have no title: a name that nobody has, that says when it was made. */
export function freshName(now: number, random: number): string {
  const time = new Date(now).toISOString().slice(0, 16).replace(/[-:]/g, "").replace("T", "-");
  return `s-${time}-${Math.floor(random * 36 ** 3)
    .toString(36)
    .padStart(3, "0")}`;
}

/** The one that is there, with another end. */
export function extended(silence: ObservedSilence, by: number, now: number): Declared {
  // One that has ended begins anew.
  const from = Math.max(Date.parse(silence.ends_at), now);
  const starts = silence.state === "expired" ? now : Date.parse(silence.starts_at);
  return {
    kind: "silence",
    name: silence.name,
    spec: {
      matchers: silence.matchers,
      startsAt: new Date(starts).toISOString(),
      endsAt: new Date(from + by).toISOString(),
      comment: silence.comment,
    },
  };
}

export const textsOf = (matchers: readonly SilenceMatcher[]) =>
  matchers.map((matcher) => writeMatcher(ofSilence(matcher)));

/** `2026-11-22T09:00` of a point in time, as a date field wants it. */
export function localTime(at: number): string {
  const shifted = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** So long may the words for a silence get. */
const WORDS = 80;

/** A silence has no title: it is known by what it hides. */
export function whatOf(matchers: readonly SilenceMatcher[]): string {
  const text = textsOf(matchers).join(", ");
  return text.length > WORDS ? `${text.slice(0, WORDS - 1)}…` : text;
}
