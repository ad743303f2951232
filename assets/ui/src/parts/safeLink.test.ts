import { expect, it } from "vitest";
import { safeLink } from "./safeLink";

it("follows web and mail addresses only", () => {
  expect(safeLink("https://wiki/runbook")).toBe("https://wiki/runbook");
  expect(safeLink("mailto:ops@example.org")).toBe("mailto:ops@example.org");
  expect(safeLink("javascript:alert(1)")).toBeUndefined();
  expect(safeLink("data:text/html,x")).toBeUndefined();
  expect(safeLink("see the wiki")).toBeUndefined();
});
