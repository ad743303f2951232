import { describe, expect, it } from "vitest";
import { viewOf } from "./view";

describe("the first page", () => {
  it("follows the role until the account chooses", () => {
    expect(viewOf({ role: "viewer", home: null })).toBe("manager");
    expect(viewOf({ role: "developer" })).toBe("developer");
    expect(viewOf({ role: "operator" })).toBe("operations");
    expect(viewOf({ role: "admin", home: "manager" })).toBe("manager");
  });
});
