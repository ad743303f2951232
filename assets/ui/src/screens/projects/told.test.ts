import { describe, expect, it } from "vitest";
import type { Explained } from "../../api/told";
import type { Receipt } from "../../api/types";
import { sampleAlert, sampleReceipt } from "../../testing/samples";
import { toldOf } from "./told";

const firing = [sampleAlert({ fingerprint: "f1", starts_at: "2026-11-22T00:00:00Z" })];
const page = (items: Receipt[], next: string | null = null) => ({ items, next });
const routed = {
  told: [
    {
      receiver: "team",
      receiver_title: "Shop team",
      people: [
        { name: "li", title: "Li" },
        { name: "anna", title: "" },
      ],
    },
  ],
} as unknown as Explained;

describe("who was told of what fires", () => {
  it("names the people behind the receivers that have it", () => {
    const receipts = [
      sampleReceipt({ state: "failed", receiver: "other" }),
      sampleReceipt({ state: "accepted" }),
    ];
    expect(toldOf(firing, page(receipts), routed)).toEqual({
      what: "told",
      people: ["Li", "anna"],
      ways: ["webhook"],
    });
  });

  it("names the receiver where nobody is known behind it", () => {
    expect(toldOf(firing, page([sampleReceipt({})]), undefined).people).toEqual(["team"]);
  });

  it("takes neither an end, a test nor an earlier firing for having told", () => {
    const not = [
      sampleReceipt({ about: "resolved" }),
      sampleReceipt({ test: true }),
      sampleReceipt({ at: "2026-11-21T00:00:00Z" }),
    ];
    expect(toldOf(firing, page(not), routed).what).toBe("nobody");
    expect(toldOf(firing, page(not, "more"), routed).what).toBe("unread");
  });

  it("says that it failed or is on its way", () => {
    expect(toldOf(firing, page([sampleReceipt({ state: "pending" })]), routed).what).toBe("waiting");
    const failed = [sampleReceipt({ state: "pending" }), sampleReceipt({ state: "failed" })];
    expect(toldOf(firing, page(failed), routed).what).toBe("failed");
  });
});
