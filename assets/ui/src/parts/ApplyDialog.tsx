/**
 * The one way to change configuration: what would happen, in words, then as diffs; a reason if
 * wanted; and the button that does it. Nothing is written before that button, and what was
 * refused stays on screen.
 */
import { lazy, Suspense } from "react";
import type { Declared, Done, Removed } from "../api/changes";
import type { Plan } from "../api/types";

const ApplyBody = lazy(() => import("./ApplyBody"));

export interface ApplyDialogProps {
  title: string;
  /** Declared objects, and those that go. */
  documents: (Declared | Removed)[];
  /** What changes, in the user's words; without them the objects are named. */
  words?: readonly string[];
  /** Said when it is done, with the way back. */
  said: string;
  /** Foresees otherwise than as one batch: a revert, for instance. */
  foresee?: () => Promise<Plan>;
  /** Writes otherwise than as one batch: with the revision that was read, for instance. */
  write?: (why: string) => Promise<Done>;
  close: () => void;
  done: (done: Done) => void;
}

export function ApplyDialog(props: ApplyDialogProps) {
  return (
    <Suspense>
      <ApplyBody {...props} />
    </Suspense>
  );
}
