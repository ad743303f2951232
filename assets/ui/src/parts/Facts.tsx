/** Names and values of one thing. */
import type { ReactNode } from "react";
import style from "./Facts.module.css";

export function Facts({ facts }: { facts: readonly [string, ReactNode][] }) {
  return (
    <dl className={style.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
