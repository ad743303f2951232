import { describe, expect, it } from "vitest";
import { first, isBetween, isDuration, isMail, isName, isSender, isUrl, slug } from "./rules";

describe("what a field may hold", () => {
  it("durations are Prometheus'", () => {
    for (const good of ["", "0", "30s", "1h30m", "2w"]) expect(isDuration(good), good).toBe(true);
    for (const bad of ["30", "1.5h", "m30", "30 s", "1m1h"]) expect(isDuration(bad), bad).toBe(false);
  });

  it("addresses have one @ and a sender may have a name", () => {
    expect(isMail("li@example.org") && isSender("Watchkeep <w@example.org>") && isSender("w@h")).toBe(true);
    expect(isMail("li") || isMail("a@b@c") || isSender("Watchkeep <w>")).toBe(false);
    expect(isUrl("https://h/x") && !isUrl("ftp://h/x") && !isUrl("h/x")).toBe(true);
  });

  it("numbers lie within their bounds", () => {
    expect(isBetween("587", 1, 65_535)).toBe(true);
    expect(isBetween("0", 1, 65_535) || isBetween("1e3", 1, 65_535) || isBetween("", 0, 9)).toBe(false);
  });

  it("a name comes out of a title, and out of a Chinese one none", () => {
    expect(slug("Night shift (Zürich)")).toBe("night-shift-zurich");
    expect(isName(slug("Web shop: on call!"))).toBe(true);
    expect(slug("夜班")).toBe("");
  });

  it("the first thing wrong is said", () => {
    expect(first([true, "required"], [false, "name"], [false, "url"])).toBe("name");
    expect(first([true, "required"])).toBeUndefined();
  });
});
