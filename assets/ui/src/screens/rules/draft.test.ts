import { describe, expect, it } from "vitest";
import type { Rule } from "../../api/types";
import { draftOf, emptyDraft, faultsOf, nameFor, ruleOf } from "./draft";

const disk: Rule = {
  alert: "DiskFull",
  expr: "free < 0.1",
  for: "5m",
  labels: { severity: "critical", tier: "a" },
  annotations: { summary: "full", runbook_url: "https://wiki/disk", extra: "a=b" },
};

describe("a rule", () => {
  it("survives the form unchanged", () => {
    expect(ruleOf(draftOf("shop", "disks", disk))).toEqual(disk);
    const recorded: Rule = { record: "job:up:sum", expr: "sum by (job) (up)", labels: { tier: "b" } };
    expect(ruleOf(draftOf("shop", "disks", recorded))).toEqual(recorded);
  });

  it("has no empty parts", () => {
    const draft = { ...emptyDraft, name: "Up", expr: " up == 0 ", for: "", severity: "" };
    expect(ruleOf(draft)).toEqual({ alert: "Up", expr: "up == 0" });
  });

  it("is complained about where it is wrong", () => {
    const good = draftOf("shop", "disks", disk);
    expect(faultsOf(good)).toEqual({});
    expect(faultsOf({ ...good, for: "5 minutes", group: "Big Disks", labels: ["a=1", "a=2"] })).toEqual({
      for: "duration",
      group: "group",
      labels: "twice",
    });
    expect(faultsOf({ ...good, kind: "record", name: "no metric" })).toEqual({ name: "record" });
    expect(faultsOf({ ...emptyDraft, labels: ["x"] })).toMatchObject({ expr: "required", labels: "label" });
  });

  it("takes its name from the metric", () => {
    expect(nameFor("node_load1")).toBe("NodeLoad1");
    expect(nameFor("job:requests:rate5m")).toBe("JobRequestsRate5m");
  });
});
