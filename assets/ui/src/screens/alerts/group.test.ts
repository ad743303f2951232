import { describe, expect, it } from "vitest";
import type { Alert, Receipt } from "../../api/types";
import { grouped, safeLink, toldOf } from "./group";

function alert(change: Partial<Alert>): Alert {
  return {
    fingerprint: "f",
    name: "Down",
    state: "firing",
    severity: "warning",
    project: "shop",
    labels: {},
    annotations: {},
    starts_at: "2026-11-22T00:00:00Z",
    receivers: [],
    silenced_by: [],
    inhibited_by: [],
    receipts: [],
    ...change,
  };
}
const receipt = (status: Receipt["status"]) => ({ status }) as Receipt;

describe("groups of alerts", () => {
  it("puts the group with the worst alert first, then the larger one", () => {
    const groups = grouped(
      [
        alert({ project: "a", severity: "info" }),
        alert({ project: "b" }),
        alert({ project: "c" }),
        alert({ project: "c", name: "Slow" }),
        alert({ project: "d", severity: "P1" }),
      ],
      "project",
    );
    expect(groups.map((group) => group.key)).toEqual(["d", "c", "b", "a"]);
  });

  it("does not let a silenced critical colour its group", () => {
    const silenced = alert({ severity: "critical", state: "silenced" });
    expect(grouped([silenced, alert({})], "project")[0]?.severity).toBe("warning");
    expect(grouped([silenced], "project")[0]?.severity).toBe("critical");
  });

  it("is one group when nothing groups, in the order given", () => {
    const [all] = grouped([alert({ name: "b" }), alert({ name: "a" })], "none");
    expect(all?.alerts.map((each) => each.name)).toEqual(["b", "a"]);
  });
});

describe("who was told", () => {
  it("says nobody only where there is no receipt at all", () => {
    expect(toldOf(alert({}))).toBe("nobody");
    expect(toldOf(alert({ receipts: [receipt("queued")] }))).toBe("waiting");
    expect(toldOf(alert({ receipts: [receipt("failed"), receipt("queued")] }))).toBe("failed");
    expect(toldOf(alert({ receipts: [receipt("failed"), receipt("delivered")] }))).toBe("delivered");
  });
});

describe("links in annotations", () => {
  it("follows web and mail addresses only", () => {
    expect(safeLink("https://wiki/runbook")).toBe("https://wiki/runbook");
    expect(safeLink("javascript:alert(1)")).toBeUndefined();
    expect(safeLink("data:text/html,x")).toBeUndefined();
    expect(safeLink("see the wiki")).toBeUndefined();
  });
});
