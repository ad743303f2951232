/** The drawer of one record: everything it says, and what it changed. */
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { oneRecord } from "../../api/audit";
import { revision } from "../../api/queries";
import type { AuditRecord } from "../../api/types";
import { Ago } from "../../parts/Ago";
import { Diff } from "../../parts/Diff";
import { Facts } from "../../parts/Facts";
import { useKindWords } from "../../parts/kindWords";
import { Loading } from "../../parts/Loading";
import { TextLink } from "../../parts/links";
import { Panel } from "../../parts/Panel";
import { Stale } from "../../parts/Stale";
import style from "./Audit.module.css";
import { OutcomeChip } from "./OutcomeChip";
import { useSubject } from "./subject";
import { useVerbWords } from "./verbWords";

const route = getRouteApi("/system/audit/$seq");
/** So many diffs are drawn; an import may have thousands. */
const DRAWN = 50;

export function AuditOne() {
  const { t } = useTranslation();
  const { seq } = route.useParams();
  const navigate = useNavigate();
  const query = useQuery(oneRecord(seq));
  const close = () => void navigate({ to: "/system/audit", search: true });
  return (
    <Panel title={t("audit.record", { seq })} close={close} size={760}>
      <Stale query={query} title={t("audit.failed")} />
      {query.data === undefined ? (
        query.error ? null : (
          <Loading />
        )
      ) : query.data === null ? (
        <Text c="dimmed">{t("audit.gone")}</Text>
      ) : (
        <Details record={query.data} />
      )}
    </Panel>
  );
}

function Details({ record }: { record: AuditRecord }) {
  const { t } = useTranslation();
  const verb = useVerbWords();
  const subject = useSubject();
  const given: [string, string | null | undefined][] = [
    [t("audit.column.why"), record.why],
    [t("audit.column.from"), record.from],
    [t("audit.via"), record.via],
    [t("audit.agent"), record.agent],
    [t("audit.route"), record.route],
    [t("audit.code"), record.code],
    [t("audit.request"), record.request],
  ];
  return (
    <>
      <Facts
        facts={[
          [t("audit.column.when"), <Ago key="when" at={record.at} focusable />],
          ...(record.last
            ? ([[t("audit.last"), <Ago key="last" at={record.last} focusable />]] as [string, ReactNode][])
            : []),
          [t("audit.column.who"), record.actor === "" ? t("audit.nobody") : record.actor],
          [t("audit.column.what"), verb(record.verb)],
          [t("audit.column.about"), subject(record)],
          [t("audit.column.outcome"), <OutcomeChip key="outcome" record={record} />],
          ...given.filter((fact): fact is [string, string] => Boolean(fact[1])),
          [
            t("audit.hash"),
            <code key="hash" className={style.hash}>
              {record.hash}
            </code>,
          ],
        ]}
      />
      {record.revision ? <Changes record={record} revision={record.revision} /> : null}
    </>
  );
}

/** Before and after, as the history has it. */
function Changes({ record, revision: id }: { record: AuditRecord; revision: string }) {
  const { t } = useTranslation();
  const { word, within } = useKindWords();
  const query = useQuery({ ...revision(id), retry: false });
  if (query.error) {
    return (
      <>
        <Text size="sm" c="dimmed" mt="lg">
          {t("audit.not_kept")}
        </Text>
        <ul>
          {record.objects.map(({ kind, name }) => (
            <li key={`${kind} ${name}`}>
              {word(kind)} {name}
            </li>
          ))}
        </ul>
      </>
    );
  }
  if (query.data === undefined) return <Loading />;
  return (
    <>
      {query.data.items.slice(0, DRAWN).map((entry) => (
        <div key={`${entry.kind} ${entry.name}`}>
          <div className={style.head}>
            <span className={style.quiet}>{t(`history.action.${entry.action}`)}</span>
            {word(entry.kind)} <b>{entry.name}</b>
          </div>
          <Diff text={entry.diff} label={t("review.diff", { object: within(entry.kind, entry.name) })} />
        </div>
      ))}
      <Text size="sm" mt="md">
        <TextLink to="/system/history/$revision" params={{ revision: id }}>
          {t("audit.in_history", { revision: id })}
        </TextLink>
      </Text>
    </>
  );
}
