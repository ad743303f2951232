/**
 * Editor for PromQL: highlighting, completion from the running Prometheus, errors as one types.
 * Large, so only ever loaded lazily. Tab leaves it, as everywhere else.
 */
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, placeholder as placeholderText } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { PromQLExtension } from "@prometheus-io/codemirror-promql";
import { useEffect, useRef } from "react";
import { boot } from "../app/boot";
import style from "./PromqlEditor.module.css";
import { prometheusWords } from "./prometheusWords";

export interface PromqlEditorProps {
  value: string;
  change: (value: string) => void;
  label: string;
  placeholder?: string;
  invalid?: boolean;
  /** Id of the text that says what is wrong or what to do. */
  describedBy?: string;
  leave?: () => void;
}

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--wk-unknown)" },
  { tag: tags.operator, color: "var(--wk-muted)" },
  { tag: tags.modifier, color: "var(--wk-unknown)" },
  { tag: [tags.number, tags.special(tags.number)], color: "var(--wk-warning)" },
  { tag: tags.string, color: "var(--wk-ok)" },
  { tag: tags.labelName, color: "var(--wk-info)" },
  { tag: tags.function(tags.variableName), color: "var(--wk-accent)" },
  { tag: tags.invalid, color: "var(--wk-critical)" },
  { tag: tags.comment, color: "var(--wk-muted)" },
]);

const theme = EditorView.theme({
  "&": { fontSize: "13.5px", backgroundColor: "transparent", color: "var(--wk-ink)" },
  "&.cm-focused": { outline: "none" },
  ".cm-content": {
    fontFamily: "var(--mantine-font-family-monospace)",
    padding: "9px 0",
    caretColor: "var(--wk-ink)",
  },
  ".cm-line": { padding: "0 11px" },
  ".cm-placeholder": { color: "var(--mantine-color-placeholder)" },
  ".cm-cursor": { borderLeftColor: "var(--wk-ink)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--wk-accent-soft)", color: "inherit" },
  ".cm-tooltip": {
    backgroundColor: "var(--wk-surface)",
    border: "1px solid var(--wk-line)",
    borderRadius: "8px",
    color: "var(--wk-ink)",
    overflow: "hidden",
  },
  ".cm-tooltip-autocomplete ul li": { padding: "3px 10px !important" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    backgroundColor: "var(--wk-accent-soft)",
    color: "var(--wk-ink)",
  },
  ".cm-completionDetail": { color: "var(--wk-muted)", fontStyle: "normal" },
  ".cm-completionMatchedText": { textDecoration: "none", color: "var(--wk-accent)", fontWeight: "650" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--wk-critical)" },
});

export default function PromqlEditor(props: PromqlEditorProps) {
  const { value, label, placeholder = "", invalid = false, describedBy } = props;
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; the effects below follow the props
  useEffect(() => {
    if (place.current === null) return;
    const promql = new PromQLExtension().setComplete({ remote: prometheusWords });
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          EditorView.cspNonce.of(boot.nonce),
          history(),
          bracketMatching(),
          closeBrackets(),
          autocompletion(),
          EditorView.lineWrapping,
          placeholderText(placeholder),
          EditorView.contentAttributes.of({ "aria-label": label, "data-promql": "" }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.change(update.state.doc.toString());
          }),
          EditorView.domEventHandlers({ blur: () => latest.current.leave?.() }),
          // mod+Enter belongs to the page.
          keymap.of([
            ...closeBracketsKeymap,
            ...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"),
            ...historyKeymap,
            ...completionKeymap,
          ]),
          promql.asExtension(),
          syntaxHighlighting(colours),
          theme,
        ],
      }),
    });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
    };
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (editor === null || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    const content = view.current?.contentDOM;
    content?.setAttribute("aria-invalid", String(invalid));
    if (describedBy) content?.setAttribute("aria-describedby", describedBy);
  }, [invalid, describedBy]);

  return <div ref={place} className={style.editor} data-invalid={invalid || undefined} />;
}
