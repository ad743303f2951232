/** When it is bad: a sentence with slots, or PromQL. */
import { Autocomplete, NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FieldError, Metric } from "../../api/types";
import { Loading } from "../../parts/Loading";
import type { RuleDraft } from "./draft";
import { examples } from "./examples";
import { MetricFinder } from "./MetricFinder";
import style from "./Rules.module.css";
import {
  emptySentence,
  manners,
  operators,
  promqlOf,
  type Sentence,
  sentenceOf,
  splitThreshold,
  type Unread,
  views,
} from "./sentence";

const PromqlEditor = lazy(() => import("../../parts/PromqlEditor"));

interface ConditionProps {
  draft: RuleDraft;
  change: (part: Partial<RuleDraft>) => void;
  /** What is wrong with the expression, in words. */
  fault: string | undefined;
  errors: readonly FieldError[];
  warnings: readonly FieldError[];
  chosen: (metric: Metric) => void;
  leave: () => void;
}

export function Condition(props: ConditionProps) {
  const { draft, change, fault, errors, warnings, leave } = props;
  const { t } = useTranslation();
  const [unread, setUnread] = useState<Unread | undefined>(undefined);
  const simple = draft.mode === "simple" && draft.kind === "alert";

  const turn = (mode: RuleDraft["mode"]) => {
    const read = draft.expr.trim() === "" ? emptySentence : sentenceOf(draft.expr);
    if (mode === "simple" && typeof read === "string" && !isPart(draft.expr)) return setUnread(read);
    setUnread(undefined);
    change({ mode });
  };

  return (
    <>
      {draft.kind === "record" ? null : (
        <SegmentedControl
          size="xs"
          mb="sm"
          aria-label={t("rules.condition.mode")}
          value={draft.mode}
          onChange={(mode) => turn(mode as RuleDraft["mode"])}
          data={[
            { value: "simple", label: t("rules.condition.simple") },
            { value: "promql", label: t("rules.condition.promql") },
          ]}
        />
      )}
      {unread ? (
        <p className={style.warning} role="status">
          {t(`rules.condition.unread.${unread}`)}
        </p>
      ) : null}
      {simple ? (
        <Slots {...props} />
      ) : (
        <Suspense fallback={<Loading rows={1} />}>
          <PromqlEditor
            value={draft.expr}
            change={(expr) => change({ expr })}
            label={t("rules.condition.expression")}
            placeholder={examples.expression}
            invalid={errors.length > 0 || fault !== undefined}
            describedBy="rule-expr-help"
            leave={leave}
          />
        </Suspense>
      )}
      <div id="rule-expr-help">
        {fault ? <p className={style.error}>{fault}</p> : null}
        {errors.map((each) => (
          <p key={each.message} className={style.error} role="alert">
            {each.line ? t("rules.condition.place", { line: each.line, column: each.column ?? 1 }) : null}{" "}
            {each.message}
          </p>
        ))}
        {warnings.map((each) => (
          <p key={each.message} className={style.warning}>
            {each.message}
          </p>
        ))}
        {simple ? (
          draft.expr === "" ? null : (
            <p className={style.help}>
              <code>{draft.expr}</code>
            </p>
          )
        ) : (
          <p className={style.help}>{t("rules.condition.keys")}</p>
        )}
      </div>
    </>
  );
}

/** A sentence whose number is still missing. */
function isPart(expr: string): boolean {
  return splitThreshold(expr) === undefined && typeof sentenceOf(`${expr} > 0`) === "object";
}

function read(expr: string, before: Sentence): Sentence {
  const found = sentenceOf(expr);
  if (typeof found === "object") return found;
  const part = sentenceOf(`${expr} > 0`);
  return typeof part === "object" ? { ...part, op: before.op, threshold: "" } : before;
}

function Slots({ draft, change, chosen, leave }: ConditionProps) {
  const { t } = useTranslation();
  const [sentence, setSentence] = useState(() => read(draft.expr, emptySentence));

  const [per, setPer] = useState(sentence.per.join(", "));
  const kept = sentence.per.join(", ");

  useEffect(() => {
    // As it is typed, with a comma still without its word.
    setPer((before) => (namesIn(before).join(", ") === kept ? before : kept));
  }, [kept]);

  useEffect(() => {
    // Changed elsewhere: by a template, by a hand on the threshold line.
    setSentence((before) => (promqlOf(before) === draft.expr ? before : read(draft.expr, before)));
  }, [draft.expr]);

  const set = (part: Partial<Sentence>) => {
    const next = { ...sentence, ...part };
    setSentence(next);
    change({ expr: promqlOf(next) });
  };
  const pick = (metric: Metric) => {
    const counter = metric.type === "counter";
    set({ metric: metric.name, view: counter ? "rate" : "value" });
    chosen(metric);
  };

  return (
    <div className={style.slots}>
      <span>{t("rules.condition.when")}</span>
      <NativeSelect
        w={150}
        aria-label={t("rules.condition.how")}
        data={manners.map((value) => ({ value, label: t(`rules.manner.${value}`) }))}
        value={sentence.how}
        onChange={(event) => set({ how: event.currentTarget.value as Sentence["how"] })}
      />
      <NativeSelect
        w={190}
        aria-label={t("rules.condition.view")}
        data={views.map((value) => ({ value, label: t(`rules.view.${value}`) }))}
        value={sentence.view}
        onChange={(event) => set({ view: event.currentTarget.value as Sentence["view"] })}
      />
      <MetricFinder
        id="rule-expr"
        label={t("rules.condition.metric")}
        placeholder={t("rules.condition.metric_example")}
        width={280}
        value={sentence.metric}
        change={(metric) => set({ metric })}
        choose={pick}
        leave={leave}
      />
      {sentence.view === "value" ? null : (
        <Autocomplete
          w={110}
          aria-label={t("rules.condition.window")}
          data={["1m", "5m", "10m", "30m", "1h"]}
          value={sentence.window}
          onChange={(window) => set({ window })}
        />
      )}
      <span>{t("rules.condition.where")}</span>
      <TextInput
        w={210}
        aria-label={t("rules.condition.filter")}
        placeholder={examples.filter}
        value={sentence.filter}
        onChange={(event) => set({ filter: event.currentTarget.value })}
      />
      {sentence.how === "each" ? null : (
        <>
          <span>{t("rules.condition.per")}</span>
          <TextInput
            w={190}
            aria-label={t("rules.condition.per_labels")}
            placeholder={examples.per}
            value={per}
            onChange={(event) => {
              setPer(event.currentTarget.value);
              set({ per: namesIn(event.currentTarget.value) });
            }}
          />
        </>
      )}
      <span>{t("rules.condition.is")}</span>
      <NativeSelect
        w={140}
        aria-label={t("rules.condition.operator")}
        data={operators.map((value) => ({ value, label: t(`rules.operator.${words[value]}`) }))}
        value={sentence.op}
        onChange={(event) => set({ op: event.currentTarget.value as Sentence["op"] })}
      />
      <TextInput
        id="rule-threshold"
        w={110}
        inputMode="decimal"
        aria-label={t("rules.condition.threshold")}
        placeholder={examples.threshold}
        value={sentence.threshold}
        onChange={(event) => set({ threshold: event.currentTarget.value })}
        onBlur={leave}
      />
      <span>{t("rules.condition.for")}</span>
      <Autocomplete
        w={100}
        id="rule-for"
        aria-label={t("rules.condition.duration")}
        data={["0s", "1m", "5m", "10m", "15m", "30m", "1h"]}
        value={draft.for}
        onChange={(text) => change({ for: text })}
      />
    </div>
  );
}

const words = {
  ">": "above",
  ">=": "at_least",
  "<": "below",
  "<=": "at_most",
  "==": "equal",
  "!=": "unequal",
} as const;

function namesIn(text: string): string[] {
  return text.split(/[\s,]+/).filter((name) => name !== "");
}
