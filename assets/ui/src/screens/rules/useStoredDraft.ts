/**
 * A form's content that survives a reload, a closed tab and an ended session: on this browser at
 * once, on the server a moment later.
 */
import { useCallback, useEffect, useRef, useState } from "react";
import { type Kept, useKeptDraft } from "./useKeptDraft";

export interface StoredDraft<Draft> {
  draft: Draft;
  /** When what is shown was typed, if it was brought back; else nothing. */
  restored: number | undefined;
  dirty: boolean;
  change: (part: Partial<Draft>) => void;
  /** Back to the start. */
  discard: () => void;
  /** Saved elsewhere: nothing is kept here any longer. */
  forget: () => void;
}

/** Of which object of which kind it is; `object` is empty for a new one. */
export interface DraftOf {
  kind: string;
  object: string;
}

export function useStoredDraft<Draft extends object>(
  key: string,
  start: Draft,
  { kind, object }: DraftOf,
): StoredDraft<Draft> {
  const name = `wk-draft:${key}`;
  const [own] = useState(() => read<Draft>(name));
  const [draft, setDraft] = useState<Draft>(own ? { ...start, ...own.draft } : start);
  const [restored, setRestored] = useState(own?.at);
  const [dirty, setDirty] = useState(own !== undefined);
  const typed = useRef(false);

  useEffect(() => {
    if (!dirty) return;
    try {
      localStorage.setItem(name, JSON.stringify({ key, draft, at: Date.now() } satisfies Kept<Draft>));
    } catch {
      // A full or forbidden storage costs the draft its safety, not its content.
    }
  }, [name, key, draft, dirty]);

  const found = (kept: Kept<Draft>) => {
    // What is typed here now, or was typed here later, is what counts.
    if (typed.current || (own?.at ?? 0) >= kept.at) return;
    setDraft({ ...start, ...kept.draft });
    setRestored(kept.at);
    setDirty(true);
  };
  const forgetKept = useRef(() => {});
  forgetKept.current = useKeptDraft({ kind, object, key, draft, dirty, found });

  const change = useCallback((part: Partial<Draft>) => {
    typed.current = true;
    setDraft((before) => ({ ...before, ...part }));
    setDirty(true);
  }, []);
  const forget = useCallback(() => {
    setDirty(false);
    setRestored(undefined);
    localStorage.removeItem(name);
    forgetKept.current();
  }, [name]);
  const discard = useCallback(() => {
    forget();
    setDraft(start);
  }, [forget, start]);
  return { draft, restored, dirty, change, discard, forget };
}

function read<Draft>(name: string): Kept<Draft> | undefined {
  try {
    const text = localStorage.getItem(name);
    return text === null ? undefined : (JSON.parse(text) as Kept<Draft>);
  } catch {
    return undefined;
  }
}
