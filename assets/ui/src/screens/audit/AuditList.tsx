/** The records in a table; each opens beside it. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { AuditRecord } from "../../api/types";
import { Ago } from "../../parts/Ago";
import { Table } from "../../parts/Table";
import style from "./Audit.module.css";
import { OutcomeChip } from "./OutcomeChip";
import { useSubject } from "./subject";
import { useVerbWords } from "./verbWords";

export function AuditList({ items }: { items: readonly AuditRecord[] }) {
  const { t } = useTranslation();
  const word = useVerbWords();
  const subject = useSubject();
  return (
    <Table
      label={t("audit.title")}
      head={
        <tr>
          <th data-number>{t("audit.column.seq")}</th>
          <th>{t("audit.column.when")}</th>
          <th>{t("audit.column.who")}</th>
          <th>{t("audit.column.what")}</th>
          <th>{t("audit.column.about")}</th>
          <th>{t("audit.column.outcome")}</th>
          <th data-wide>{t("audit.column.from")}</th>
        </tr>
      }
    >
      {items.map((record) => (
        <tr key={record.seq}>
          <td data-number>
            <Link
              to="/system/audit/$seq"
              params={{ seq: String(record.seq) }}
              search={true}
              className={style.link}
            >
              {record.seq}
            </Link>
          </td>
          <td data-quiet data-nowrap>
            <Ago at={record.at} />
          </td>
          <td className={style.who}>
            {record.actor === "" ? <i className={style.quiet}>{t("audit.nobody")}</i> : record.actor}
          </td>
          <td data-nowrap>{word(record.verb)}</td>
          <td className={style.about}>{subject(record)}</td>
          <td data-nowrap>
            <OutcomeChip record={record} />
          </td>
          <td data-wide data-quiet>
            {record.from}
          </td>
        </tr>
      ))}
    </Table>
  );
}
