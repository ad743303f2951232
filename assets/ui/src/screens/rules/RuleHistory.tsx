/** What happened to a rule: its alerts coming and going, and who changed it. */

import { Button } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { history } from "../../api/queries";
import { alertHistory } from "../../api/rules";
import type { HistoryEntry, RuleState, Transition } from "../../api/types";
import { Ago } from "../../parts/Ago";
import { Card } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { Diff } from "../../parts/Diff";
import { Empty } from "../../parts/Empty";
import { Fold } from "../../parts/Fold";
import { LabelChips } from "../../parts/Labels";
import { Loading } from "../../parts/Loading";
import { humanNumber } from "../../parts/number";
import { Stale } from "../../parts/Stale";
import { Table } from "../../parts/Table";
import cells from "../../parts/Table.module.css";
import { RuleStateChip } from "./RuleStateChip";
import style from "./Rules.module.css";

const SIZE = 50;

export function RuleHistory({ group, alert }: { group: string; alert: string }) {
  const { t } = useTranslation();
  return (
    <div className={style.columns}>
      <Card title={t("rules.history.states")} flush>
        <States group={group} alert={alert} />
      </Card>
      <Card title={t("rules.history.changes")}>
        <Changes group={group} />
      </Card>
    </div>
  );
}

function States({ group, alert }: { group: string; alert: string }) {
  const { t } = useTranslation();
  const [limit, setLimit] = useState(SIZE);
  const query = useQuery(alertHistory({ group, alert, limit }));
  const items = query.data?.items ?? [];
  return (
    <>
      <Stale query={query} title={t("rules.history.failed")} />
      {query.data === undefined ? (
        query.error ? null : (
          <Loading />
        )
      ) : items.length === 0 ? (
        <Empty title={t("rules.history.none")} text={t("rules.history.none_text")} />
      ) : (
        <Table
          label={t("rules.history.states")}
          busy={query.isPlaceholderData}
          head={
            <tr>
              <th>{t("rules.column.when")}</th>
              <th>{t("rules.column.state")}</th>
              <th>{t("rules.column.series")}</th>
              <th data-number>{t("rules.column.value")}</th>
            </tr>
          }
        >
          {items.map((each) => (
            <tr key={each.id}>
              <td data-nowrap>
                <Ago at={each.at} />
              </td>
              <td>
                <StateOf transition={each} />
              </td>
              <td>
                <LabelChips labels={each.labels} without={["alertname", "severity", "project"]} most={3} />
              </td>
              <td data-number>{humanNumber(each.value)}</td>
            </tr>
          ))}
        </Table>
      )}
      {query.data?.next ? (
        <Button m="sm" size="compact-sm" variant="default" onClick={() => setLimit(limit + 100)}>
          {t("rules.history.older")}
        </Button>
      ) : null}
    </>
  );
}

function StateOf({ transition }: { transition: Transition }) {
  const { t } = useTranslation();
  if (transition.state === "firing" || transition.state === "pending")
    return <RuleStateChip state={transition.state as RuleState} />;
  const back = transition.from_state === "pending" ? "inactive" : "resolved";
  return <Chip tone="ok" icon={IconCircleCheck} text={t(`rules.state.${back}`)} />;
}

function Changes({ group }: { group: string }) {
  const { t } = useTranslation();
  const query = useQuery(history({ kind: "rule-group", name: group }));
  return (
    <>
      <Stale query={query} title={t("rules.history.failed")} />
      {(query.data?.items ?? []).map((entry) => (
        <Change key={entry.revision} entry={entry} />
      ))}
    </>
  );
}

function Change({ entry }: { entry: HistoryEntry }) {
  const { t } = useTranslation();
  return (
    <div className={style.change}>
      <Link to="/system/history/$revision" params={{ revision: entry.revision }} className={cells.link}>
        {t("rules.history.revision", { revision: entry.revision })}
      </Link>{" "}
      {entry.actor} <Ago at={entry.at} focusable />
      <span className={style.path}>{entry.why}</span>
      <Fold title={t("rules.history.diff")}>
        <Diff text={entry.diff} label={t("rules.history.revision", { revision: entry.revision })} />
      </Fold>
    </div>
  );
}
