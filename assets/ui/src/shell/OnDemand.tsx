/** A button whose menu is loaded when somebody reaches for it: the first page does without. */
import {
  type ComponentType,
  cloneElement,
  type LazyExoticComponent,
  type ReactElement,
  Suspense,
  useState,
} from "react";

export interface Opened {
  /** The button, to hang the menu on. */
  button: ReactElement<Pressed>;
}

interface Pressed {
  onClick?: () => void;
  onMouseEnter?: () => void;
  onFocus?: () => void;
  "aria-haspopup"?: "menu" | "dialog";
}

interface OnDemandProps extends Opened {
  kind: "menu" | "dialog";
  load: () => Promise<unknown>;
  /** Shows itself open. */
  content: LazyExoticComponent<ComponentType<Opened>>;
}

export function OnDemand({ button, kind, load, content: Content }: OnDemandProps) {
  const [asked, setAsked] = useState(false);
  if (asked) {
    return (
      <Suspense fallback={button}>
        <Content button={button} />
      </Suspense>
    );
  }
  return cloneElement(button, {
    "aria-haspopup": kind,
    onClick: () => setAsked(true),
    onMouseEnter: () => void load(),
    onFocus: () => void load(),
  });
}
