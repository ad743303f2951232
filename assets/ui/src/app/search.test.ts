import { describe, expect, it } from "vitest";
import { list, oneOf, page, parse, someOf, stringify, text } from "./search";

describe("search parameters", () => {
  it("stay plain text in both directions", () => {
    const search = { q: 'a=1 & "b"', project: "shop", page: 3 };
    expect(parse(stringify(search))).toEqual({ ...search, page: "3" });
    expect(parse("?q=007")).toEqual({ q: "007" });
  });

  it("leave out what is not set", () => {
    expect(stringify({ q: undefined, state: "", page: undefined })).toBe("");
  });

  it("drop what is unknown or out of range instead of failing", () => {
    expect(page("0")).toBeUndefined();
    expect(page("1")).toBeUndefined();
    expect(page("x")).toBeUndefined();
    expect(page("2")).toBe(2);
    expect(oneOf(["a", "b"], "c")).toBeUndefined();
    expect(someOf(["up", "down"], "down,sideways,up")).toBe("up,down");
    expect(someOf(["up", "down"], "sideways")).toBeUndefined();
    expect(text("x".repeat(501))).toBeUndefined();
    expect(list(undefined)).toEqual([]);
  });
});
