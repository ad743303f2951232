import { describe, expect, it } from "vitest";
import { sampleAlert as alert } from "../../testing/samples";
import { grouped, linesOf } from "./group";

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

  it("become lines, those of a folded group left out", () => {
    const groups = grouped(
      [alert({ project: "a" }), alert({ project: "b" }), alert({ project: "b" })],
      "project",
    );
    expect(linesOf(groups, true, new Set()).length).toBe(5);
    expect(linesOf(groups, true, new Set(["b"])).length).toBe(3);
    expect(linesOf(groups, false, new Set(["b"])).length).toBe(3);
  });
});
