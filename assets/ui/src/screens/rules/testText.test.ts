import { expect, it } from "vitest";
import type { RuleGroup } from "../../api/types";
import { readTest, skeleton, testText } from "./testText";

const spec = {
  title: "Disks",
  rule_groups: ["disks"],
  tests: [{ interval: "1m", input_series: [{ series: 'up{job="x"}', values: "0x10" }] }],
};

it("gives back what was shown", () => {
  expect(readTest(testText(spec), ["disks"], "Disks")).toEqual({ spec });
});

it("reads values as the notation they are, written with quotes or without", () => {
  const text =
    "tests:\n  - input_series:\n      - {series: a, values: 0x30}\n      - {series: b, values: 5}\n";
  expect(readTest(text, ["disks"], "")).toMatchObject({
    spec: { tests: [{ input_series: [{ values: "0x30" }, { values: "5" }] }] },
  });
});

it("says where a text cannot be read, and what is missing", () => {
  expect(readTest("tests:\n  - a: [", ["disks"], "")).toMatchObject({ line: 3 });
  expect(readTest("interval: 1m", ["disks"], "")).toEqual({ fault: "tests" });
  expect(readTest("", ["disks"], "")).toEqual({ fault: "tests" });
});

it("begins with a test of the rule itself", () => {
  const rule = { alert: "Down", expr: 'up{job="node"} == 0', labels: { severity: "critical" } };
  const group = { spec: { project: "shop", labels: { tier: "a" }, rules: [rule] } } as unknown as RuleGroup;
  const read = readTest(skeleton(rule, group), ["disks"], "");
  expect(read).toMatchObject({
    spec: {
      tests: [
        {
          input_series: [{ series: 'up{instance="a"}' }],
          alert_rule_test: [
            {
              alertname: "Down",
              exp_alerts: [{ exp_labels: { severity: "critical", tier: "a", instance: "a" } }],
            },
          ],
        },
      ],
    },
  });
});
