/** Fields beside each other where there is room, below each other where there is none. */
import type { ReactNode } from "react";
import style from "./Row.module.css";

export function Row({ children }: { children: ReactNode }) {
  return <div className={style.row}>{children}</div>;
}
