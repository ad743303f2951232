/** The state of a form: what is in it, what is wrong with it, and which fields were left already. */
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Fault } from "./rules";

export type Faults<Draft> = { [Field in keyof Draft & string]?: Fault | undefined };

/** An error takes the place of the help: nothing moves under the pointer. */
const ORDER: ("label" | "description" | "error" | "input")[] = ["label", "description", "error", "input"];

export interface FieldProps {
  id: string;
  description?: string;
  error?: string;
  inputWrapperOrder: typeof ORDER;
  onBlur: () => void;
}

export interface Fields<Draft> {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  faults: Faults<Draft>;
  /** What an input needs besides its value; errors show once the field was left. */
  field: (name: keyof Draft & string, help?: string) => FieldProps;
  /** Shows every error and says whether there is none. */
  settle: () => boolean;
}

export function useFields<Draft extends object>(
  start: Draft,
  check: (draft: Draft) => Faults<Draft>,
): Fields<Draft> {
  const { t } = useTranslation();
  // Forms may lie over forms: the same field of each has its own id.
  const form = useId();
  const [draft, setDraft] = useState(start);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const faults = check(draft);
  const bad = (Object.keys(faults) as (keyof Draft & string)[]).filter((name) => faults[name]);

  const field = (name: keyof Draft & string, help?: string): FieldProps => {
    const fault = left.has(name) ? faults[name] : undefined;
    return {
      id: `${form}-${name}`,
      inputWrapperOrder: ORDER,
      onBlur: () => setLeft((before) => new Set([...before, name])),
      ...(fault ? { error: t(`form.invalid.${fault}`) } : help ? { description: help } : {}),
    };
  };
  const settle = () => {
    setLeft(new Set(Object.keys(draft)));
    if (bad.length === 0) return true;
    document.querySelector<HTMLElement>(bad.map((name) => `[id="${form}-${name}"]`).join(","))?.focus();
    return false;
  };
  return {
    draft,
    set: (change) => setDraft((before) => ({ ...before, ...change })),
    faults,
    field,
    settle,
  };
}
