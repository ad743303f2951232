import { describe, expect, it } from "vitest";
import { cell } from "./report";

describe("a cell of the report", () => {
  it("is quoted where it has to be, and never a formula", () => {
    expect(cell('Web "shop", east')).toBe('"Web ""shop"", east"');
    expect(cell("=HYPERLINK(1)")).toBe("'=HYPERLINK(1)");
    expect(cell("-1+2")).toBe("'-1+2");
    expect(cell(-3)).toBe("-3");
    expect(cell("支付")).toBe("支付");
  });
});
