/** A rule test as people edit it: the fields of promtool's test file, in YAML. */
import { dump, FAILSAFE_SCHEMA, load, Type, types, YAMLException } from "js-yaml";
import type { Rule, RuleGroup, RuleTest } from "../../api/types";

// Missing in its type package.
declare module "js-yaml" {
  const types: Record<"null" | "bool" | "float", Type>;
}

type Spec = RuleTest["spec"];

/**
 * As Prometheus reads it: `0x30` is thirty times the same value, not a number in hexadecimal, and
 * `1_000` and `2026-01-01` are texts.
 */
const schema = FAILSAFE_SCHEMA.extend({
  implicit: [
    types.null,
    types.bool,
    new Type("tag:yaml.org,2002:int", {
      kind: "scalar",
      resolve: (text: string | null) => /^[-+]?(0|[1-9][0-9]*)$/.test(text ?? ""),
      construct: Number,
    }),
    types.float,
  ],
});

export type Read = { spec: Spec } | { fault: string; line?: number };

/** Without the groups, which the page knows. */
export function testText(spec: Spec): string {
  const { rule_groups: _, title: __, ...rest } = spec;
  return dump(rest, { lineWidth: 100, noRefs: true });
}

/** Never throws: what cannot be read says where. */
export function readTest(text: string, groups: string[], title: string): Read {
  let value: unknown;
  try {
    value = load(text, { schema });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    return { fault: error.reason, line: error.mark.line + 1 };
  }
  const tests = (value as { tests?: unknown } | null)?.tests;
  if (!Array.isArray(tests) || tests.length === 0) return { fault: "tests" };
  for (const each of tests as { input_series?: unknown }[]) textValues(each.input_series);
  return { spec: { ...(value as Spec), ...(title === "" ? {} : { title }), rule_groups: groups } };
}

/** Values are a notation: a single number is one, too. */
function textValues(series: unknown) {
  if (!Array.isArray(series)) return;
  for (const one of series)
    if (one && typeof one === "object" && "values" in one) one.values = String(one.values);
}

/** A test to begin with: one series for which the rule fires after its time has passed. */
export function skeleton(rule: Rule, group: RuleGroup): string {
  const metric = /[a-zA-Z_:][a-zA-Z0-9_:]*(?=\s*[{[><=!)]|\s*$)/.exec(rule.expr)?.[0] ?? "up";
  const series = [{ series: `${metric}{instance="a"}`, values: "0x30" }];
  const test =
    rule.alert == null
      ? { promql_expr_test: [{ expr: rule.record, eval_time: "10m", exp_samples: [] }] }
      : {
          alert_rule_test: [
            {
              eval_time: "10m",
              alertname: rule.alert,
              exp_alerts: [
                {
                  exp_labels: { ...group.spec.labels, ...rule.labels, instance: "a" },
                  ...(rule.annotations ? { exp_annotations: rule.annotations } : {}),
                },
              ],
            },
          ],
        };
  return dump(
    { tests: [{ interval: "1m", input_series: series, ...test }] },
    { lineWidth: 100, noRefs: true },
  );
}
