import { describe, expect, it } from "vitest";
import { sampleReceipt } from "../../testing/samples";
import { failedChannels } from "./failed";

const now = Date.parse("2026-11-22T12:00:00Z");
const failed = (change: object) =>
  sampleReceipt({ state: "failed", ended: "2026-11-22T11:00:00Z", ...change });

describe("failed channels", () => {
  it("are counted over the last day, tests left out", () => {
    const receipts = [
      failed({ channel: "mail", reason: "550 no" }),
      failed({ channel: "mail", reason: "older" }),
      failed({ channel: "hook", test: true }),
      failed({ channel: "hook", ended: "2026-11-21T11:00:00Z" }),
      sampleReceipt({ channel: "hook" }),
    ];
    expect(failedChannels(receipts, now)).toMatchObject([{ channel: "mail", count: 2 }]);
  });

  it("name the receiver where it has no channel", () => {
    expect(failedChannels([failed({ channel: "", receiver: "night" })], now)).toMatchObject([
      { channel: "", receiver: "night", count: 1 },
    ]);
  });
});
