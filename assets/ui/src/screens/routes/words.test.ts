import i18next from "i18next";
import { afterEach, describe, expect, it } from "vitest";
import type { Matcher } from "../../api/told";
import { prefer } from "../../app/i18n";
import { conditionWords, spaced } from "./words";

afterEach(() => prefer("en"));
const words = (matchers: Matcher[]) => conditionWords(i18next.t, i18next.language, matchers);
const several: Matcher[] = [
  { name: "severity", op: "=~", value: "critical|page", any_of: ["critical", "page"] },
  { name: "team", op: "!=", value: "" },
  { name: "instance", op: "!~", value: "db.*" },
];

describe("matchers in words", () => {
  it("say what must hold", () => {
    expect(words([])).toBe("every alert");
    expect(words(several)).toBe(
      "severity is critical or page, team is set, and instance does not match db.*",
    );
  });

  it("read well in Chinese too", async () => {
    await prefer("zh");
    expect(words(several)).toBe("级别是 critical 或 page、team 已设置和实例不匹配 db.*");
    expect(spaced("en", "a 是 b")).toBe("a 是 b");
  });
});
