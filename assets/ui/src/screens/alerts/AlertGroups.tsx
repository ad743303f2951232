/** Alerts in groups that can be folded. Only the rows in sight exist. */
import { UnstyledButton } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { SeverityChip } from "../../parts/Chip";
import table from "../../parts/Table.module.css";
import { AlertCells, type Selection, useColumns } from "./AlertCells";
import style from "./Alerts.module.css";
import { type AlertGroup, type Grouping, grouped, type Line, linesOf } from "./group";

interface AlertGroupsProps {
  alerts: Alert[];
  by: Grouping;
  selection: Selection;
  busy: boolean;
}

const HEIGHT = 52;

export function AlertGroups({ alerts, by, selection, busy }: AlertGroupsProps) {
  const { t } = useTranslation();
  const columns = useColumns();
  const narrow = useMediaQuery("(max-width: 60em)");
  // Hidden ones must not be spanned: that would make a column of its own.
  const spanned = columns.filter(({ wide }) => !(narrow && wide)).length;
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const fold = (key: string) =>
    setFolded(
      (before) => new Set(before.has(key) ? [...before].filter((each) => each !== key) : [...before, key]),
    );
  const lines = linesOf(grouped(alerts, by), by !== "none", folded);
  const scroller = useRef<HTMLElement>(null);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => HEIGHT,
    getItemKey: (at) => keyOf(lines[at]),
    overscan: 12,
  });
  const shown = rows.getVirtualItems();
  const after = rows.getTotalSize() - (shown.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section ref={scroller} className={table.long} aria-label={t("alerts.title")} tabIndex={0}>
      <table
        className={table.table}
        data-fixed
        aria-rowcount={lines.length + 1}
        aria-busy={busy || undefined}
      >
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ key, head, width, wide }) => (
              <th key={key} style={{ width }} data-wide={wide || undefined}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Spacer height={shown.at(0)?.start ?? 0} columns={spanned} />
          {shown.map(({ index, key }) => {
            const line = lines[index];
            return (
              <tr
                key={key}
                ref={rows.measureElement}
                data-index={index}
                aria-rowindex={index + 2}
                className={line && "group" in line ? style.group : undefined}
              >
                {line === undefined ? null : "group" in line ? (
                  <Head
                    group={line.group}
                    columns={spanned}
                    folded={folded.has(line.group.key)}
                    fold={() => fold(line.group.key)}
                  />
                ) : (
                  <AlertCells alert={line.alert} selection={selection} />
                )}
              </tr>
            );
          })}
          <Spacer height={after} columns={spanned} />
        </tbody>
      </table>
    </section>
  );
}

const keyOf = (line: Line | undefined) =>
  line === undefined ? "" : "group" in line ? `group ${line.group.key}` : line.alert.fingerprint;

function Spacer({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden data-spacer>
      <td colSpan={columns} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}

interface HeadProps {
  group: AlertGroup;
  columns: number;
  folded: boolean;
  fold: () => void;
}

function Head({ group, columns, folded, fold }: HeadProps) {
  const { t } = useTranslation();
  const Arrow = folded ? IconChevronRight : IconChevronDown;
  return (
    <td colSpan={columns}>
      <UnstyledButton className={style.fold} aria-expanded={!folded} onClick={fold}>
        <Arrow size={16} aria-hidden />
        <SeverityChip severity={group.severity} />
        <span>{group.key === "" ? t("alerts.group_rest") : group.key}</span>
        <span className={style.count}>{t("alerts.count", { count: group.alerts.length })}</span>
      </UnstyledButton>
    </td>
  );
}
