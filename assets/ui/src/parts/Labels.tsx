/** A few labels of a set, and how many more there are. */
import { Tooltip } from "@mantine/core";
import type { Labels } from "../api/types";
import style from "./Labels.module.css";

interface LabelChipsProps {
  labels: Labels;
  /** Shown elsewhere in the same row. */
  without?: readonly string[];
  /** At most this many chips. */
  most?: number;
}

export function LabelChips({ labels, without = [], most = 3 }: LabelChipsProps) {
  const pairs = Object.entries(labels).filter(([name]) => !without.includes(name));
  const rest = pairs.slice(most);
  return (
    <span className={style.labels}>
      {pairs.slice(0, most).map(([name, value]) => (
        <LabelChip key={name} name={name} value={value} />
      ))}
      {rest.length > 0 ? (
        <Tooltip multiline label={rest.map(([name, value]) => `${name}="${value}"`).join("\n")}>
          <span className={style.more}>{`+${rest.length}`}</span>
        </Tooltip>
      ) : null}
    </span>
  );
}

export function LabelChip({ name, value }: { name: string; value: string }) {
  return (
    <code className={style.label}>
      <span className={style.name}>{name}</span>
      {`=${value}`}
    </code>
  );
}
