/** Every row of a pasted text with what became of it; a bad one is corrected in its place. */
import { TextInput } from "@mantine/core";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Chip } from "../../parts/Chip";
import { LabelChips } from "../../parts/Labels";
import { ListTable } from "../../parts/LongTable";
import type { Row } from "./many";
import style from "./Targets.module.css";

interface RowTableProps {
  rows: readonly Row[];
  correct: (line: number, raw: string) => void;
}

export function RowTable({ rows, correct }: RowTableProps) {
  const { t } = useTranslation();
  // The bad ones first: they need somebody.
  const sorted = useMemo(
    () => [...rows].sort((a, b) => Number(b.fault !== undefined) - Number(a.fault !== undefined)),
    [rows],
  );
  return (
    <ListTable
      label={t("targets.many.rows", { count: rows.length })}
      items={sorted}
      height={46}
      keyOf={(row) => String(row.line)}
      columns={[
        { key: "line", head: t("targets.many.column.line"), width: "70px", number: true },
        { key: "state", head: t("targets.column.state"), width: "150px" },
        { key: "addresses", head: t("targets.column.address"), width: "auto" },
        { key: "job", head: t("targets.column.job"), width: "120px", wide: true },
        { key: "project", head: t("dimension.project"), width: "140px", wide: true },
        { key: "labels", head: t("targets.column.labels"), width: "220px", wide: true },
      ]}
      row={(row) => (
        <>
          <td data-number data-quiet>
            {row.line}
          </td>
          <td>
            {row.fault === undefined ? (
              <Chip tone="ok" icon={IconCircleCheck} text={t("targets.many.ok")} />
            ) : (
              <Chip tone="critical" icon={IconCircleX} text={t("targets.many.wrong")} />
            )}
          </td>
          <td>
            {row.fault === undefined ? (
              <>
                {row.addresses[0]}
                {row.addresses.length > 1 ? (
                  <span className={style.name}>
                    {t("targets.many.addresses", { count: row.addresses.length, last: row.addresses.at(-1) })}
                  </span>
                ) : null}
              </>
            ) : (
              <TextInput
                size="xs"
                aria-label={t("targets.many.correct", { line: row.line })}
                value={row.raw}
                onChange={(event) => correct(row.line, event.currentTarget.value)}
                error={t(`targets.many.fault.${row.fault}`)}
              />
            )}
          </td>
          <td data-wide>{row.job}</td>
          <td data-wide>{row.project}</td>
          <td data-wide>
            <LabelChips labels={row.labels} most={2} />
          </td>
        </>
      )}
    />
  );
}
