/** A new rule; its address may bring a metric, an expression, a template, a project. */
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useScope } from "../../app/useScope";
import { Page } from "../../parts/Page";
import { emptyDraft, nameFor, type RuleDraft } from "./draft";
import { RuleEditor } from "./RuleEditor";
import { emptySentence, promqlOf, sentenceOf } from "./sentence";
import { useStoredDraft } from "./useStoredDraft";

const route = getRouteApi("/rules/new");

export function RuleNew() {
  const { t } = useTranslation();
  const { expr = "", metric = "", template } = route.useSearch();
  const { project = "" } = useScope();
  const navigate = useNavigate();
  const [start] = useState<RuleDraft>(() => ({
    ...emptyDraft,
    project,
    group: project,
    name: metric === "" ? "" : nameFor(metric),
    mode: expr === "" || typeof sentenceOf(expr) === "object" ? "simple" : "promql",
    expr: expr || promqlOf({ ...emptySentence, metric }),
  }));
  const stored = useStoredDraft(`rule:new:${metric}${expr}${template ?? ""}`, start, {
    kind: "rule-group",
    object: "",
  });
  return (
    <Page title={t("rules.new")} lead={t("rules.new_lead")}>
      <RuleEditor
        stored={stored}
        template={template}
        saved={({ group, name }) =>
          void navigate({ to: "/rules/$group/$rule", params: { group, rule: name } })
        }
        leave={() => void navigate({ to: "/rules" })}
      />
    </Page>
  );
}
