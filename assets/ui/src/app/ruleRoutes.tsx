/** Addresses of the rules. */
import { createRoute } from "@tanstack/react-router";
import type { RuleTab } from "../screens/rules/RuleOne";
import { root } from "./root";
import { screen } from "./screen";
import * as search from "./search";

interface RulesSearch {
  q?: string | undefined;
  state?: string | undefined;
  severity?: string | undefined;
  kind?: string | undefined;
}
interface NewSearch {
  expr?: string | undefined;
  metric?: string | undefined;
  template?: string | undefined;
}
interface OneSearch {
  tab?: RuleTab | undefined;
}

const states = ["firing", "pending", "unknown", "inactive", "disabled"] as const;
const kinds = ["alerting", "recording"] as const;
const tabs: readonly RuleTab[] = ["now", "edit", "history", "tests"];

const rules = createRoute({
  getParentRoute: () => root,
  path: "/rules",
  validateSearch: (raw: search.Raw): RulesSearch => ({
    q: search.text(raw.q),
    state: search.someOf(states, raw.state),
    severity: search.text(raw.severity),
    kind: search.oneOf(kinds, raw.kind),
  }),
  component: screen(() => import("../screens/rules/Rules"), "Rules", "rules"),
});
const ruleImport = createRoute({
  getParentRoute: () => rules,
  path: "import",
  component: screen(() => import("../screens/rules/Import"), "Import", "rules"),
});
const ruleNew = createRoute({
  getParentRoute: () => root,
  path: "/rules/new",
  validateSearch: (raw: search.Raw): NewSearch => ({
    expr: search.text(raw.expr),
    metric: search.text(raw.metric),
    template: search.text(raw.template),
  }),
  component: screen(() => import("../screens/rules/RuleNew"), "RuleNew", "rules", "routes"),
});
const ruleOne = createRoute({
  getParentRoute: () => root,
  path: "/rules/$group/$rule",
  validateSearch: (raw: search.Raw): OneSearch => ({ tab: search.oneOf(tabs, raw.tab) }),
  component: screen(() => import("../screens/rules/RuleOne"), "RuleOne", "rules", "routes"),
});

export const ruleRoutes = [rules.addChildren([ruleImport]), ruleNew, ruleOne] as const;
