/**
 * One page to write a rule: the form on the left, on the right what it would have done. What is
 * typed survives a reload; nothing is written before the dry run was seen.
 */
import { Button } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ruleGroupNamed } from "../../api/rules";
import type { PreviewRange, RuleGroup, Preview as Tried } from "../../api/types";
import { ApplyDialog } from "../../parts/ApplyDialog";
import { Loading } from "../../parts/Loading";
import { type Field, faultsOf, type RuleDraft } from "./draft";
import { RuleForm } from "./RuleForm";
import style from "./Rules.module.css";
import { ruleWords } from "./ruleWords";
import { changeOf, type RuleChange } from "./saveRule";
import { withThreshold } from "./sentence";
import { useJudged } from "./useJudged";
import { useLeaving } from "./useLeaving";
import type { StoredDraft } from "./useStoredDraft";

const Preview = lazy(async () => ({ default: (await import("./Preview")).Preview }));
const Notices = lazy(() => import("./Notices"));
const LeaveDialog = lazy(async () => ({ default: (await import("./LeaveDialog")).LeaveDialog }));

const ORDER: Field[] = ["expr", "for", "project", "name", "group", "keep", "labels", "annotations"];

interface RuleEditorProps {
  stored: StoredDraft<RuleDraft>;
  /** The group and place of the rule that is edited; nothing for a new one. */
  edited?: { group: RuleGroup; index: number };
  template?: string | undefined;
  saved: (draft: RuleDraft) => void;
  leave: () => void;
}

export function RuleEditor({ stored, edited, template, saved, leave }: RuleEditorProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { draft, change, dirty } = stored;
  const form = useRef<HTMLDivElement>(null);
  const [left, setLeft] = useState<ReadonlySet<Field>>(new Set());
  const [range, setRange] = useState<PreviewRange>("6h");
  const [asking, setAsking] = useState<RuleChange | null>(null);
  const [leaving, setLeaving] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const judged = useJudged(draft, range);
  const own = faultsOf(draft);

  const faults: Partial<Record<Field, string>> = {};
  for (const field of ORDER) {
    const [said] = judged.places[field] ?? [];
    if (left.has(field) && own[field]) faults[field] = t(`rules.invalid.${own[field]}`);
    else if (said) faults[field] = said.message;
  }

  const save = async () => {
    if (asking !== null || leaving) return;
    const bad = ORDER.filter((field) => own[field] !== undefined || judged.places[field]);
    setLeft(new Set(bad));
    const [first] = bad;
    if (first !== undefined || Object.keys(judged.annotations).length > 0) {
      return focusOn(form.current, first, draft);
    }
    setError(null);
    try {
      const group = edited?.group ?? (await queries.fetchQuery(ruleGroupNamed(draft.group)));
      setAsking(changeOf(draft, group ?? undefined, edited?.index));
    } catch (problem) {
      setError(problem);
    }
  };
  const go = () => (dirty ? setLeaving(true) : leave());
  useHotkeys(
    [
      ["mod+S", () => void save()],
      ["mod+Enter", () => void save()],
    ],
    [],
    true,
  );
  useLeaving(go);

  return (
    <>
      {stored.restored === undefined && error === null ? null : (
        <Suspense>
          <Notices restored={stored.restored} discard={stored.discard} error={error} />
        </Suspense>
      )}
      <div ref={form} className={style.columns}>
        <RuleForm
          draft={draft}
          change={change}
          leave={(field) => setLeft((before) => new Set([...before, field]))}
          faults={faults}
          judged={judged}
          fixed={edited !== undefined}
          template={template}
        />
        <div className={`${style.column} ${style.sticky}`}>
          <Suspense fallback={<Loading />}>
            <Preview
              query={judged.preview}
              range={range}
              setRange={setRange}
              asked={draft.expr.trim() !== ""}
              alerting={draft.kind === "alert"}
              moveThreshold={(value) => change({ expr: withThreshold(draft.expr, value) })}
            />
          </Suspense>
        </div>
      </div>
      <div className={style.footer}>
        <span className={style.help}>{t("rules.form.keys")}</span>
        <Button variant="default" onClick={go}>
          {t("action.cancel")}
        </Button>
        <Button onClick={() => void save()}>{t("rules.form.save")}</Button>
      </div>
      {asking === null ? null : (
        <Ask
          asking={asking}
          draft={draft}
          tried={judged.preview.data}
          close={() => setAsking(null)}
          done={() => {
            stored.forget();
            saved(draft);
          }}
        />
      )}
      {leaving ? (
        <Suspense>
          <LeaveDialog
            stay={() => setLeaving(false)}
            keep={leave}
            discard={() => {
              stored.discard();
              leave();
            }}
          />
        </Suspense>
      ) : null}
    </>
  );
}

interface AskProps {
  asking: RuleChange;
  draft: RuleDraft;
  tried: Tried | undefined;
  close: () => void;
  done: () => void;
}

/** The dry run, with what it means in words and how many alerts it would raise now. */
function Ask({ asking, draft, tried, close, done }: AskProps) {
  const { t } = useTranslation();
  const { name, group, kind } = draft;
  const { before, after, documents, write } = asking;
  const effect = kind === "alert" && tried ? [t("rules.words.firing_now", { count: tried.firing_now })] : [];
  return (
    <ApplyDialog
      title={t(before ? "rules.form.saving_change" : "rules.form.saving_new", { name })}
      documents={documents}
      words={[...ruleWords(t, before, after, group), ...effect]}
      write={write}
      said={t(before ? "rules.changed" : "rules.added", { name })}
      close={close}
      done={done}
    />
  );
}

/** The first field that needs attention gets the focus. */
function focusOn(form: HTMLElement | null, field: Field | undefined, draft: RuleDraft) {
  const simple = draft.mode === "simple" && draft.kind === "alert";
  const id = simple && field === "expr" && draft.expr !== "" ? "threshold" : field;
  const selector = field === "expr" && !simple ? "[data-promql]" : `#rule-${id ?? "summary"}`;
  form?.querySelector<HTMLElement>(selector)?.focus();
}
