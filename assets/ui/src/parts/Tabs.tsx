/** Views of one screen, each with its own address. */
import type { ReactNode } from "react";
import style from "./Tabs.module.css";

export function Tabs({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav className={style.tabs} aria-label={label}>
      {children}
    </nav>
  );
}

/** Class of the links inside. */
export const tab = style.tab ?? "";
