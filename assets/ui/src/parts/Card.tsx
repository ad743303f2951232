/** A titled area. `flush` leaves out the padding, for tables. */
import type { ReactNode } from "react";
import style from "./Card.module.css";

interface CardProps {
  title?: string;
  note?: ReactNode;
  action?: ReactNode;
  flush?: boolean;
  children: ReactNode;
}

export function Card({ title, note, action, flush = false, children }: CardProps) {
  return (
    <div className={style.card}>
      {title ? (
        <div className={style.head}>
          <h2 className={style.title}>{title}</h2>
          {note ? <span className={style.note}>{note}</span> : null}
          {action ? <span className={style.action}>{action}</span> : null}
        </div>
      ) : null}
      <div className={flush ? undefined : style.body}>{children}</div>
    </div>
  );
}
