/** How a rule does now: its state, each series of it, the last hours, whom it tells. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { observedRules, preview } from "../../api/rules";
import type { ActiveSeries, ObservedRule, PreviewRange, RuleGroup } from "../../api/types";
import { Ago } from "../../parts/Ago";
import { Card } from "../../parts/Card";
import { SeverityChip } from "../../parts/Chip";
import { Facts } from "../../parts/Facts";
import { LabelChips } from "../../parts/Labels";
import { humanNumber } from "../../parts/number";
import panel from "../../parts/Panel.module.css";
import { Stale } from "../../parts/Stale";
import { Table } from "../../parts/Table";
import cells from "../../parts/Table.module.css";
import { Preview } from "./Preview";
import { RuleStateChip } from "./RuleStateChip";
import style from "./Rules.module.css";
import { WhoGets } from "./WhoGets";

/** Said of the rule already, or the same for all of a project. */
const told = "alertname severity cluster project department owner system module environment job".split(" ");
/** So many series are listed; the rest is on the alerts page. */
const LISTED = 100;

export function RuleNow({ group, index }: { group: RuleGroup; index: number }) {
  const { t } = useTranslation();
  const rule = group.spec.rules[index];
  const [range, setRange] = useState<PreviewRange>("24h");
  const query = useQuery(observedRules({}, { group: group.name, limit: 1000 }));
  const seen = query.data?.items.find((each) => each.group === group.name && each.index === index);
  const alerting = rule?.alert != null;
  const tried = useQuery(
    preview({
      project: group.spec.project,
      expr: rule?.expr ?? "",
      for: rule?.for ?? "",
      keep_firing_for: rule?.keep_firing_for ?? "",
      range,
    }),
  );
  const labels = useMemo(
    () => ({
      ...tried.data?.series[0]?.labels,
      ...group.spec.labels,
      ...rule?.labels,
      alertname: rule?.alert ?? "",
      project: group.spec.project,
    }),
    [tried.data, group, rule],
  );
  if (rule === undefined) return null;
  return (
    <>
      <Stale query={query} title={t("rules.failed")} />
      <div className={style.columns}>
        <div className={style.column}>
          <Card title={t("rules.tab.now")}>
            <StateFacts seen={seen} alerting={alerting} severity={rule.labels?.severity ?? ""} />
            <h3 className={panel.section}>{t("rules.condition.expression")}</h3>
            <pre className={style.code}>{rule.expr}</pre>
          </Card>
          {seen && seen.active.length > 0 ? (
            <Card title={t("rules.active", { count: seen.active.length })} flush>
              <ActiveTable active={seen.active.slice(0, LISTED)} />
            </Card>
          ) : null}
          {alerting ? (
            <Card title={t("rules.form.who")}>
              <WhoGets labels={labels} project={group.spec.project} />
            </Card>
          ) : null}
        </div>
        <Preview query={tried} range={range} setRange={setRange} asked alerting={alerting} />
      </div>
    </>
  );
}

interface StateFactsProps {
  seen: ObservedRule | undefined;
  alerting: boolean;
  severity: string;
}

function StateFacts({ seen, alerting, severity }: StateFactsProps) {
  const { t } = useTranslation();
  // A rule that is only just there has no state yet, whatever is assumed of it.
  if (seen === undefined || !seen.last_evaluation) return <p className={style.help}>{t("rules.not_seen")}</p>;
  return (
    <>
      {seen.last_error ? (
        <p className={style.error} role="alert">
          {seen.last_error}
        </p>
      ) : null}
      <Facts
        facts={[
          ...(alerting
            ? ([
                [t("rules.column.state"), <RuleStateChip key="state" state={seen.state} />],
                [t("rules.column.severity"), <SeverityChip key="severity" severity={severity} />],
                [t("rules.column.fired"), t("rules.fired", { week: seen.fired_7d, month: seen.fired_30d })],
              ] as [string, ReactNode][])
            : []),
          [t("rules.column.evaluated"), <Ago key="evaluated" at={seen.last_evaluation} focusable />],
          ...(seen.by ? ([[t("resource.by"), seen.by]] as [string, ReactNode][]) : []),
        ]}
      />
    </>
  );
}

function ActiveTable({ active }: { active: ActiveSeries[] }) {
  const { t } = useTranslation();
  return (
    <Table
      label={t("rules.tab.now")}
      head={
        <tr>
          <th>{t("rules.column.state")}</th>
          <th>{t("rules.column.series")}</th>
          <th>{t("rules.column.since")}</th>
          <th data-number>{t("rules.column.value")}</th>
        </tr>
      }
    >
      {active.map((each) => (
        <tr key={each.fingerprint}>
          <td>
            <Link to="/alerts/$fingerprint" params={{ fingerprint: each.fingerprint }} className={cells.link}>
              <RuleStateChip state={each.state} />
            </Link>
          </td>
          <td>
            <LabelChips labels={each.labels} without={told} most={4} />
          </td>
          <td data-quiet data-nowrap>
            <Ago at={each.active_at} />
          </td>
          <td data-number>{humanNumber(each.value)}</td>
        </tr>
      ))}
    </Table>
  );
}
