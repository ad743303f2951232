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
  const expanded = document.activeElement?.getAttribute("aria-expanded") === "true";
  return expanded || document.querySelector('[role="dialog"], .cm-tooltip-autocomplete') !== null;
}
