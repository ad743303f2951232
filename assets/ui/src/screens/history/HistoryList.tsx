/** The list of changes; one revision may have changed many objects. */
import { Checkbox } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { HistoryEntry } from "../../api/types";
import { Ago } from "../../parts/Ago";
import { Chip } from "../../parts/Chip";
import { useKindWords } from "../../parts/kindWords";
import { Table } from "../../parts/Table";
import { ActionChip } from "./ActionChip";
import { isOwn } from "./actor";
import style from "./History.module.css";

interface HistoryListProps {
  items: HistoryEntry[];
  busy: boolean;
  /** Revisions to compare. */
  chosen: readonly string[];
  toggle: (revision: string) => void;
}

export function HistoryList({ items, busy, chosen, toggle }: HistoryListProps) {
  const { t } = useTranslation();
  const { word } = useKindWords();
  return (
    <Table
      label={t("history.title")}
      busy={busy}
      head={
        <tr>
          <th>{t("history.column.compare")}</th>
          <th>{t("history.column.revision")}</th>
          <th>{t("history.column.when")}</th>
          <th>{t("history.column.who")}</th>
          <th>{t("history.column.action")}</th>
          <th>{t("history.column.object")}</th>
          <th data-wide>{t("history.column.why")}</th>
        </tr>
      }
    >
      {items.map((entry, at) => (
        <tr key={`${entry.revision} ${entry.kind} ${entry.name}`}>
          <td>
            {items[at - 1]?.revision === entry.revision ? null : (
              <Checkbox
                size="xs"
                aria-label={t("history.choose", { revision: entry.revision })}
                checked={chosen.includes(entry.revision)}
                onChange={() => toggle(entry.revision)}
              />
            )}
          </td>
          <td>
            <Link
              to="/system/history/$revision"
              params={{ revision: entry.revision }}
              search={true}
              className={style.link}
            >
              {entry.revision}
            </Link>
          </td>
          <td data-quiet data-nowrap>
            <Ago at={entry.at} />
          </td>
          <td>
            {isOwn(entry.actor) ? (
              <Chip tone="warning" icon={IconArrowBackUp} text={t("history.by_itself")} title={entry.actor} />
            ) : (
              entry.actor
            )}
          </td>
          <td>
            <ActionChip action={entry.action} />
          </td>
          <td data-nowrap>
            <span className={style.kind}>{word(entry.kind)}</span> <b>{entry.name}</b>
          </td>
          <td data-wide data-quiet>
            {entry.why}
          </td>
        </tr>
      ))}
    </Table>
  );
}
