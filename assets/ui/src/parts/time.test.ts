import { describe, expect, it } from "vitest";
import { relative } from "./time";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const ago = (seconds: number) => relative(NOW - seconds * 1000, NOW, "en");

describe("times", () => {
  it("are told in the largest whole unit that has passed", () => {
    expect(ago(1)).toBe("now");
    expect(ago(59)).toBe("59 sec. ago");
    expect(ago(119)).toBe("1 min. ago");
    expect(ago(3 * 3600 + 59 * 60)).toBe("3 hr. ago");
    expect(ago(86_400)).toBe("yesterday");
  });
});
