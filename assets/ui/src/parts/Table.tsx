/** A table that scrolls within its own named region, so that the page never does sideways. */
import type { ReactNode } from "react";
import style from "./Table.module.css";

interface TableProps {
  label: string;
  head: ReactNode;
  children: ReactNode;
  /** Old data is shown while new data is on its way. */
  busy?: boolean;
}

export function Table({ label, head, children, busy = false }: TableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={style.scroll} aria-label={label} tabIndex={0}>
      <table className={style.table} aria-busy={busy || undefined}>
        <thead>{head}</thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
