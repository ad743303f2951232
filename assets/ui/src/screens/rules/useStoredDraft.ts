/** A form's content that survives a reload, a closed tab and an ended session, on this browser. */
import { useCallback, useEffect, useState } from "react";

interface Stored<Draft> {
  draft: Draft;
  /** Milliseconds since the epoch. */
  at: number;
}

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

export function useStoredDraft<Draft extends object>(key: string, start: Draft): StoredDraft<Draft> {
  const name = `wk-draft:${key}`;
  const [found] = useState(() => read<Draft>(name));
  const [draft, setDraft] = useState<Draft>(found ? { ...start, ...found.draft } : start);
  const [restored, setRestored] = useState(found?.at);
  const [dirty, setDirty] = useState(found !== undefined);

  useEffect(() => {
    if (!dirty) return;
    try {
      localStorage.setItem(name, JSON.stringify({ draft, at: Date.now() } satisfies Stored<Draft>));
    } catch {
      // A full or forbidden storage costs the draft its safety, not its content.
    }
  }, [name, draft, dirty]);

  const change = useCallback((part: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...part }));
    setDirty(true);
  }, []);
  const forget = useCallback(() => {
    setDirty(false);
    setRestored(undefined);
    localStorage.removeItem(name);
  }, [name]);
  const discard = useCallback(() => {
    forget();
    setDraft(start);
  }, [forget, start]);
  return { draft, restored, dirty, change, discard, forget };
}

function read<Draft>(name: string): Stored<Draft> | undefined {
  try {
    const text = localStorage.getItem(name);
    return text === null ? undefined : (JSON.parse(text) as Stored<Draft>);
  } catch {
    return undefined;
  }
}
