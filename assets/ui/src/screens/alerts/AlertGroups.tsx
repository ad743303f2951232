/** Alerts in groups that can be folded. Only the rows in sight exist. */
import { UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Alert, Receipts } from "../../api/types";
import { SeverityChip } from "../../parts/Chip";
import { ListTable } from "../../parts/LongTable";
import { AlertCells, ROW_HEIGHT, type Selection, useColumns } from "./AlertCells";
import style from "./Alerts.module.css";
import { type AlertGroup, type Grouping, grouped, type Line, linesOf } from "./group";

interface AlertGroupsProps {
  alerts: Alert[];
  by: Grouping;
  selection: Selection;
  receipts: Receipts | undefined;
  busy: boolean;
}

export function AlertGroups({ alerts, by, selection, receipts, busy }: AlertGroupsProps) {
  const { t } = useTranslation();
  const columns = useColumns();
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const fold = (key: string) =>
    setFolded(
      (before) => new Set(before.has(key) ? [...before].filter((each) => each !== key) : [...before, key]),
    );
  return (
    <ListTable
      label={t("alerts.title")}
      columns={columns}
      items={linesOf(grouped(alerts, by), by !== "none", folded)}
      keyOf={keyOf}
      rowClass={(line) => ("group" in line ? style.group : undefined)}
      height={ROW_HEIGHT}
      busy={busy}
      row={(line, _, spanned) =>
        "group" in line ? (
          <Head
            group={line.group}
            columns={spanned}
            folded={folded.has(line.group.key)}
            fold={() => fold(line.group.key)}
          />
        ) : (
          <AlertCells
            alert={line.alert}
            selection={selection}
            receipts={receipts}
            narrow={spanned < columns.length}
          />
        )
      }
    />
  );
}

const keyOf = (line: Line) => ("group" in line ? `group ${line.group.key}` : line.alert.fingerprint);

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
