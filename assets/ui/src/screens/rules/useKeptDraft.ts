/** Mirrors what is typed to the server, so that it is there in another browser, too. */
import { useEffect, useRef } from "react";
import { forgetDraft, keepDraft, readDraft } from "../../api/drafts";

export interface Kept<Draft> {
  /** What it is a draft of; another one's is left alone. */
  key: string;
  draft: Draft;
  /** Milliseconds since the epoch. */
  at: number;
}

/** Each write goes through the cluster: no more often than this. */
const EVERY_MS = 5_000;
/** While somebody types, it waits. */
const SETTLED_MS = 1_000;

interface KeptDraft<Draft> {
  kind: string;
  /** Name of the object; empty for a new one. */
  object: string;
  key: string;
  draft: Draft;
  dirty: boolean;
  /** Gets what the server had, once. */
  found: (kept: Kept<Draft>) => void;
}

/** Returns how to forget it. The server may fail: the browser's own copy is what is relied on. */
export function useKeptDraft<Draft>({
  kind,
  object,
  key,
  draft,
  dirty,
  found,
}: KeptDraft<Draft>): () => void {
  const waiting = useRef<Kept<Draft> | undefined>(undefined);
  const sent = useRef({ at: 0, any: false });
  const tell = useRef(found);
  tell.current = found;
  const send = (last: boolean) => {
    const content = waiting.current;
    if (content === undefined) return;
    waiting.current = undefined;
    sent.current = { at: Date.now(), any: true };
    keepDraft(kind, object, content, last).catch(() => {});
  };
  const newest = useRef(send);
  newest.current = send;

  useEffect(() => {
    let left = false;
    readDraft<Kept<Draft>>(kind)
      .then((kept) => {
        if (left || kept?.key !== key) return;
        sent.current.any = true;
        tell.current(kept);
      })
      .catch(() => {});
    return () => {
      left = true;
    };
  }, [kind, key]);

  useEffect(() => {
    if (!dirty) return;
    waiting.current = { key, draft, at: Date.now() };
    const wait = Math.max(SETTLED_MS, sent.current.at + EVERY_MS - Date.now());
    const timer = setTimeout(() => newest.current(false), wait);
    return () => clearTimeout(timer);
  }, [dirty, key, draft]);

  useEffect(() => {
    const go = () => newest.current(true);
    window.addEventListener("pagehide", go);
    return () => {
      window.removeEventListener("pagehide", go);
      go();
    };
  }, []);

  return () => {
    waiting.current = undefined;
    if (sent.current.any) forgetDraft(kind).catch(() => {});
    sent.current.any = false;
  };
}
