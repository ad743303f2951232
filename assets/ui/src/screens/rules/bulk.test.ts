import { expect, test } from "vitest";
import type { RuleGroup } from "../../api/types";
import { bulkChange } from "./bulk";

function group(name: string, ...alerts: string[]): RuleGroup {
  const rules = alerts.map((alert) => ({ alert, expr: "up == 0" }));
  return { kind: "rule-group", name, labels: {}, revision: "7", spec: { project: "shop", rules } } as never;
}
const groups = [group("hosts", "Down", "Slow"), group("disks", "Full")];
const at = (group: string, index: number, rule: string) => ({ group, index, rule });

test("disabling marks only what was picked, if the group is as it was read", () => {
  const [document] = bulkChange(groups, [at("hosts", 1, "Slow")], "disable") ?? [];
  expect(document).toMatchObject({
    if_match: "7",
    spec: {
      rules: [
        { alert: "Down", expr: "up == 0" },
        { alert: "Slow", disabled: true },
      ],
    },
  });
  expect(JSON.stringify(document)).not.toContain('"Down","expr":"up == 0","disabled"');
});

test("a group that loses its last rule goes", () => {
  const documents = bulkChange(groups, [at("disks", 0, "Full"), at("hosts", 0, "Down")], "delete");
  expect(documents).toEqual([
    { kind: "rule-group", name: "disks", if_match: "7", delete: true },
    expect.objectContaining({
      name: "hosts",
      spec: expect.objectContaining({ rules: [expect.objectContaining({ alert: "Slow" })] }),
    }),
  ]);
});

test("moved rules arrive where they were sent, and stay where they are there already", () => {
  const documents = bulkChange(groups, [at("disks", 0, "Full"), at("hosts", 0, "Down")], "move", "hosts");
  expect(documents).toMatchObject([
    { name: "disks", delete: true },
    { name: "hosts", spec: { rules: [{ alert: "Down" }, { alert: "Slow" }, { alert: "Full" }] } },
  ]);
});

test("what moved since it was shown is not touched", () => {
  expect(bulkChange(groups, [at("hosts", 0, "Slow")], "delete")).toBeUndefined();
});
