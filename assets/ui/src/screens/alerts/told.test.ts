import { describe, expect, it } from "vitest";
import type { Receipt, Receipts } from "../../api/types";
import { sampleAlert, sampleReceipt } from "../../testing/samples";
import { receiptsOf, toldOf } from "./told";

const alert = sampleAlert({});
const page = (items: Receipt[], next: string | null = null): Receipts => ({ items, next });
const told = (items: Receipt[], next?: string) => toldOf(alert, page(items, next)).told;

describe("who was told", () => {
  it("says nobody only when every receipt was read", () => {
    expect(told([])).toBe("nobody");
    expect(told([], "older")).toBe("unread");
    expect(toldOf(alert, undefined).told).toBe("unread");
  });

  it("says the best news that is true", () => {
    expect(told([sampleReceipt({ state: "pending" })])).toBe("waiting");
    expect(told([sampleReceipt({ state: "failed" }), sampleReceipt({ state: "pending" })])).toBe("failed");
    expect(told([sampleReceipt({ state: "failed" }), sampleReceipt({ state: "accepted" })])).toBe(
      "delivered",
    );
  });

  it("does not count what was said about an earlier firing or another alert", () => {
    const earlier = sampleReceipt({ at: "2026-11-21T20:00:00Z" });
    const other = sampleReceipt({
      alerts: [{ fingerprint: "f2", name: "Slow", project: "", severity: "", status: "firing", labels: {} }],
    });
    expect(receiptsOf(alert, [earlier, other])).toEqual([]);
    expect(told([earlier, other])).toBe("nobody");
  });
});
