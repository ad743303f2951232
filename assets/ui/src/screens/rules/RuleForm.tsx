/** The fields of a rule, from what is watched to who is told. */
import { SegmentedControl, TextInput } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Metric, Rule } from "../../api/types";
import { Card } from "../../parts/Card";
import { Condition } from "./Condition";
import { draftOf, type Field, nameFor, type RuleDraft } from "./draft";
import { More, Owner } from "./Place";
import style from "./Rules.module.css";
import { slots, Texts } from "./Texts";
import type { Judged } from "./useJudged";

const WhoGets = lazy(async () => ({ default: (await import("./WhoGets")).WhoGets }));
const Templates = lazy(async () => ({ default: (await import("./Templates")).Templates }));

export interface RuleFormProps {
  draft: RuleDraft;
  change: (part: Partial<RuleDraft>) => void;
  leave: (field: Field) => void;
  /** In words, by field; empty for what is well. */
  faults: Partial<Record<Field, string>>;
  judged: Judged;
  /** An existing rule stays in its project and group. */
  fixed: boolean;
}

export function RuleForm(props: RuleFormProps & { template?: string | undefined }) {
  const { draft, change, leave, faults, judged, fixed, template } = props;
  const { t } = useTranslation();
  const place = { draft, change, leave, faults, fixed };
  const chosen = (metric: Metric) =>
    change({
      ...(draft.name === "" ? { name: nameFor(metric.name) } : {}),
      ...(draft.summary === ""
        ? { summary: t("rules.form.summary_usual", { ...slots, metric: metric.name }) }
        : {}),
    });
  return (
    <div className={style.column}>
      {fixed ? null : <What draft={draft} change={change} template={template} />}
      <Card title={t("rules.form.condition")}>
        <Condition
          draft={draft}
          change={change}
          chosen={chosen}
          leave={() => leave("expr")}
          // What the server says is shown with its place.
          fault={judged.places.expr ? undefined : faults.expr}
          errors={judged.places.expr ?? []}
          warnings={judged.warnings}
        />
        {draft.kind === "alert" && draft.mode === "promql" ? (
          <TextInput
            id="rule-for"
            mt="sm"
            w={220}
            label={t("rules.form.for")}
            value={draft.for}
            onChange={(event) => change({ for: event.currentTarget.value })}
            onBlur={() => leave("for")}
            error={faults.for}
          />
        ) : faults.for ? (
          <p className={style.error}>{faults.for}</p>
        ) : null}
      </Card>
      <Card title={t("rules.form.texts")}>
        <div className={style.stack}>
          <Owner {...place} />
          {draft.kind === "alert" ? (
            <Texts draft={draft} change={change} worst={judged.worst} errors={judged.annotations} />
          ) : null}
          <More {...place} />
        </div>
      </Card>
      {draft.kind === "alert" ? (
        <Card title={t("rules.form.who")}>
          {draft.project === "" ? (
            <p className={style.help}>{t("rules.who.needs_project")}</p>
          ) : (
            <Suspense>
              <WhoGets labels={judged.labels} />
            </Suspense>
          )}
        </Card>
      ) : null}
    </div>
  );
}

interface WhatProps {
  draft: RuleDraft;
  change: (part: Partial<RuleDraft>) => void;
  template: string | undefined;
}

/** Where to begin: a template, or nothing. */
function What({ draft, change, template }: WhatProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const take = (rule: Rule) => change(draftOf(draft.project, draft.group, rule));
  return (
    <Card
      title={t("rules.form.what")}
      action={
        <SegmentedControl
          size="xs"
          aria-label={t("rules.form.kind")}
          value={draft.kind}
          onChange={(kind) => change({ kind: kind as RuleDraft["kind"] })}
          data={(["alert", "record"] as const).map((value) => ({ value, label: t(`rules.kind.${value}`) }))}
        />
      }
    >
      {draft.kind === "record" ? (
        <p className={style.help}>{t("rules.form.record_about")}</p>
      ) : (
        <>
          <TextInput
            mb="xs"
            aria-label={t("rules.template.search")}
            placeholder={t("rules.template.search")}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <Suspense>
            <Templates search={search} first={template} take={take} />
          </Suspense>
        </>
      )}
    </Card>
  );
}
