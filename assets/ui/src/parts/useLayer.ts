/**
 * What lies open above the page, the last one on top. Escape closes only that one: a question over
 * a form must not take the form with it. What had the focus before gets it back.
 */
import { useEffect, useRef } from "react";

const layers: symbol[] = [];
/** Closing may unmount the top one before the listeners below it hear of the same key. */
const taken = new WeakSet<KeyboardEvent>();

/** While `opened`: Escape closes, if nothing lies above. Without `close` it does nothing. */
export function useLayer(opened: boolean, close: (() => void) | undefined): void {
  const latest = useRef(close);
  latest.current = close;
  const before = useRef<Element | null>(null);
  // While it renders: what is inside takes the focus before any effect runs.
  if (opened && before.current === null) before.current = document.activeElement;

  useEffect(() => {
    if (!opened) return;
    const layer = Symbol("layer");
    layers.push(layer);
    const hear = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.isComposing || taken.has(event)) return;
      if (layers.at(-1) !== layer || hasOwnEscape(event.target)) return;
      taken.add(event);
      latest.current?.();
    };
    window.addEventListener("keydown", hear, { capture: true });
    return () => {
      layers.splice(layers.indexOf(layer), 1);
      window.removeEventListener("keydown", hear, { capture: true });
      const from = before.current;
      before.current = null;
      setTimeout(() => giveBack(from));
    };
  }, [opened]);
}

/** An open list of choices has this key to itself. */
function hasOwnEscape(target: EventTarget | null): boolean {
  return (target as Element | null)?.getAttribute?.("data-mantine-stop-propagation") === "true";
}

/** To where it was; where that is gone, to what is open now. Nobody loses it who has it already. */
function giveBack(from: Element | null): void {
  if (document.activeElement !== null && document.activeElement !== document.body) return;
  const open = [...document.querySelectorAll("[role=dialog]")].at(-1);
  const to = from?.isConnected && from !== document.body ? from : open;
  (to as HTMLElement | undefined)?.focus({ preventScroll: true });
}
