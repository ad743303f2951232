/** Escape leaves a form, unless it is needed by something nearer: a list, a dialog, an editor's help. */
import { useEffect, useRef } from "react";

export function useLeaving(leave: () => void): void {
  const latest = useRef(leave);
  latest.current = leave;
  useEffect(() => {
    // Before anybody else has closed what Escape is for.
    const hear = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.isComposing || busy()) return;
      latest.current();
    };
    window.addEventListener("keydown", hear, true);
    return () => window.removeEventListener("keydown", hear, true);
  }, []);
}

function busy(): boolean {
  const focused = document.activeElement;
  // In the editor Escape ends a selection, a completion, a search; one leaves it by Tab.
  if (focused?.getAttribute("aria-expanded") === "true" || focused?.closest(".cm-editor")) return true;
  return document.querySelector('[role="dialog"]') !== null;
}
