import { expect, test } from "vitest";
import type { Project } from "../../api/types";
import { selected } from "./selected";

const project = (name: string, spec: object) => ({ name, spec }) as unknown as Project;
const all = [
  project("shop", { department: "retail", environment: "production" }),
  project("till", { department: "retail" }),
  project("bank", { department: "finance" }),
];

test("a scope selects the projects for which all of its matchers hold", () => {
  for (const [scope, wanted] of [
    [[], ["shop", "till", "bank"]],
    [['project="shop"'], ["shop"]],
    [['department="retail"', 'environment="production"'], ["shop"]],
    [['project=~"sh.*|bank"'], ["shop", "bank"]],
    [['environment!="production"'], ["till", "bank"]],
    [['project!~"sh.*"'], ["till", "bank"]],
    [['project="nobody"'], []],
  ] as const) {
    expect(selected(all, scope), scope.join()).toEqual(wanted);
  }
});

test("what is no matcher over a dimension selects nothing that could be shown", () => {
  for (const bad of ["project", 'severity="critical"', 'project=~"("']) {
    expect(selected(all, [bad])).toBeUndefined();
  }
});
