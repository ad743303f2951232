/**
 * Keys of one letter. A screen says which it has; `?` lists them. They never fire while somebody
 * types or while a dialog is open, and can be switched off.
 */
import { useEffect, useRef, useSyncExternalStore } from "react";

export interface Key {
  /** As `KeyboardEvent.key` gives it. */
  key: string;
  /** What it does, in the reader's language. */
  text: string;
  act: () => void;
}

const OFF = "wk-keys-off";
const sets = new Set<{ keys: readonly Key[] }>();
const watchers = new Set<() => void>();
let listed: readonly Key[] = [];

function list(): void {
  listed = [...sets].flatMap(({ keys }) => keys);
  for (const watcher of watchers) watcher();
}

/** These keys work while the caller is on the page. */
export function useKeys(keys: readonly Key[]): void {
  const set = useRef({ keys });
  set.current.keys = keys;
  useEffect(() => {
    const own = set.current;
    sets.add(own);
    list();
    return () => {
      sets.delete(own);
      list();
    };
  }, []);
}

/** All keys that work right now, with what they do. */
export function useListedKeys(): readonly Key[] {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => listed,
  );
}

export const areKeysOff = () => localStorage.getItem(OFF) !== null;

export function switchKeys(on: boolean): void {
  if (on) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "1");
}

/** What is typed into, or open above the page, has its keys to itself. */
function isBusy(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  if (element?.closest?.("input, textarea, select, [contenteditable=true], [role=menu], [role=listbox]"))
    return true;
  return document.querySelector("[role=dialog]") !== null;
}

/** Listens for the whole page; returns how to stop. */
export function listen(): () => void {
  let prefix = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const take = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (areKeysOff() || isBusy(event.target)) return;
    const wanted = prefix + event.key;
    const all = [...sets].flatMap(({ keys }) => keys).reverse();
    prefix = "";
    clearTimeout(timer);
    const found = all.find(({ key }) => key === wanted);
    if (found) {
      event.preventDefault();
      found.act();
    } else if (all.some(({ key }) => key.startsWith(`${event.key} `))) {
      prefix = `${event.key} `;
      timer = setTimeout(() => {
        prefix = "";
      }, 1500);
    }
  };
  document.addEventListener("keydown", take);
  return () => document.removeEventListener("keydown", take);
}
