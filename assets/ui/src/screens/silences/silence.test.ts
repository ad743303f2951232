import { describe, expect, it } from "vitest";
import type { ObservedSilence } from "../../api/told";
import { documentOf, endOf, extended, faultsOf, freshName, type SilenceDraft, textsOf } from "./silence";

const now = new Date(2026, 10, 22, 15, 30).getTime();
const draft = (change: Partial<SilenceDraft>): SilenceDraft => ({
  matchers: ['instance="db1"'],
  comment: "moving the disk",
  length: "2h",
  starts: "",
  ends: "",
  ...change,
});
const silence = (change: Partial<ObservedSilence>): ObservedSilence => ({
  name: "s",
  state: "active",
  matchers: [{ name: "a", value: "x|y", isRegex: true, isEqual: false }],
  starts_at: new Date(now - 3_600_000).toISOString(),
  ends_at: new Date(now + 3_600_000).toISOString(),
  comment: "why",
  by: "ann",
  hides: 0,
  missing_on: [],
  error: null,
  ...change,
});

describe("a silence", () => {
  it("ends when its length says, tomorrow morning by the clock on the wall", () => {
    expect(endOf(draft({ length: "30m" }), now) - now).toBe(1_800_000);
    expect(new Date(endOf(draft({ length: "tomorrow" }), now)).toString()).toContain("23 2026 09:00:00");
    const custom = draft({ length: "custom", ends: "2026-11-22T18:00" });
    expect(endOf(custom, now) - now).toBe(2.5 * 3_600_000);
  });

  it("needs matchers, a reason, and an end after its start", () => {
    expect(faultsOf(draft({}))).toEqual({});
    expect(faultsOf(draft({ matchers: [], comment: " " }))).toEqual({
      matchers: "required",
      comment: "required",
    });
    expect(faultsOf(draft({ matchers: ["x"] })).matchers).toBe("matcher");
    expect(faultsOf(draft({ length: "custom" })).ends).toBe("required");
    const turned = draft({ length: "custom", starts: "2026-11-22T18:00", ends: "2026-11-22T17:00" });
    expect(faultsOf(turned).ends).toBe("window");
  });

  it("is written in Alertmanager's words", () => {
    const { spec } = documentOf("s", draft({ matchers: ['a!~"x|y"'] }), now);
    expect(spec).toMatchObject({
      matchers: [{ name: "a", value: "x|y", isRegex: true, isEqual: false }],
      startsAt: new Date(now).toISOString(),
      comment: "moving the disk",
    });
    expect(textsOf(silence({}).matchers)).toEqual(['a!~"x|y"']);
  });

  it("is extended from its end, and from now when it has ended", () => {
    const hour = 3_600_000;
    const end = (one: ObservedSilence) =>
      Date.parse((extended(one, hour, now).spec as { endsAt: string }).endsAt);
    expect(end(silence({}))).toBe(now + 2 * hour);
    expect(end(silence({ state: "expired", ends_at: new Date(now - hour).toISOString() }))).toBe(now + hour);
  });

  it("has a name that the API takes", () => {
    expect(freshName(now, 0.999)).toMatch(/^s-\d{8}-\d{4}-[0-9a-z]{3}$/);
  });
});
