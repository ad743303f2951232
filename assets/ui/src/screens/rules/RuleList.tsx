/** The list of rules; only what is in sight exists. */

import { IconRepeat } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { observedRules } from "../../api/rules";
import type { ObservedRule } from "../../api/types";
import { Ago } from "../../parts/Ago";
import { Chip, SeverityChip } from "../../parts/Chip";
import { LongTable } from "../../parts/LongTable";
import { duration } from "../../parts/number";
import cells from "../../parts/Table.module.css";
import { RuleStateChip } from "./RuleStateChip";
import style from "./Rules.module.css";
import { ToldCell } from "./ToldCell";
import type { RuleSelection } from "./useRuleSelection";

/** Columns where there is room for all, without that of the selection. */
const ALL = 7;

interface RuleListProps {
  page: (offset: number) => ReturnType<typeof observedRules>;
  size: number;
  total: number;
  busy: boolean;
  /** None: nothing can be selected. */
  selection: RuleSelection | undefined;
}

export function RuleList({ page, size, total, busy, selection }: RuleListProps) {
  const { t } = useTranslation();
  return (
    <LongTable
      label={t("rules.title")}
      page={page}
      size={size}
      total={total}
      busy={busy}
      height={54}
      keyOf={(rule: ObservedRule) => `${rule.group} ${rule.index}`}
      columns={[
        ...(selection
          ? [
              {
                key: "select",
                head: <span className={cells.unseen}>{t("rules.bulk.title.select")}</span>,
                width: "42px",
              },
            ]
          : []),
        { key: "state", head: t("rules.column.state"), width: "128px" },
        { key: "rule", head: t("rules.column.rule"), width: "auto" },
        { key: "severity", head: t("rules.column.severity"), width: "130px", wide: true },
        { key: "told", head: t("rules.column.told"), width: "17%", wide: true },
        { key: "fired", head: t("rules.column.fired_short"), width: "100px", wide: true, number: true },
        { key: "evaluated", head: t("rules.column.evaluated"), width: "124px", wide: true },
        { key: "changed", head: t("rules.column.changed"), width: "112px", wide: true },
      ]}
      row={(rule, _, shown) => <Cells rule={rule} selection={selection} narrow={shown < ALL} />}
    />
  );
}

interface CellsProps {
  rule: ObservedRule;
  selection: RuleSelection | undefined;
  /** The wide columns are hidden. */
  narrow: boolean;
}

function Cells({ rule, selection, narrow }: CellsProps) {
  const { t } = useTranslation();
  const alerting = rule.kind === "alerting";
  return (
    <>
      {selection ? (
        <td>
          <input
            type="checkbox"
            className={cells.check}
            aria-label={t("rules.bulk.select", { name: rule.rule })}
            checked={selection.has(rule)}
            onChange={() => selection.toggle(rule)}
          />
        </td>
      ) : null}
      <td>
        {alerting || rule.disabled ? (
          <RuleStateChip state={rule.state} />
        ) : (
          <span>{t("rules.kind.record")}</span>
        )}
      </td>
      <td>
        <Link
          to="/rules/$group/$rule"
          params={{ group: rule.group, rule: String(rule.index) }}
          className={cells.link}
        >
          {rule.rule}
        </Link>
        <span className={cells.sub}>
          {rule.last_error ? (
            <span className={style.bad}>{rule.last_error}</span>
          ) : (
            `${rule.group} · ${rule.project}`
          )}
        </span>
        {narrow && alerting ? <SeverityChip severity={rule.severity} /> : null}
      </td>
      <td data-wide>{alerting ? <SeverityChip severity={rule.severity} /> : null}</td>
      <td data-wide data-quiet>
        {alerting ? <ToldCell rule={rule} /> : null}
      </td>
      <td data-wide data-number>
        {alerting ? t("rules.fired", { week: rule.fired_7d, month: rule.fired_30d }) : null}
        {rule.noisy ? <Chip tone="warning" icon={IconRepeat} text={t("rules.noisy")} /> : null}
      </td>
      <td data-wide data-quiet>
        <Ago at={rule.last_evaluation} />
        <span className={cells.sub}>
          {rule.evaluation_seconds == null
            ? null
            : t("rules.took", { time: shortTime(rule.evaluation_seconds) })}
        </span>
      </td>
      <td data-wide data-quiet>
        {rule.updated ? <Ago at={rule.updated} /> : null}
        <span className={cells.sub}>{rule.by}</span>
      </td>
    </>
  );
}

function shortTime(seconds: number): string {
  return seconds < 1 ? `${Math.max(Math.round(seconds * 1000), 1)} ms` : duration(seconds);
}
