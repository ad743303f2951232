/** The difference between the configuration after two revisions. */
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { comparison } from "../../api/queries";
import { Ago } from "../../parts/Ago";
import { Diff } from "../../parts/Diff";
import { Empty } from "../../parts/Empty";
import { useKindWords } from "../../parts/kindWords";
import { Loading } from "../../parts/Loading";
import { Panel } from "../../parts/Panel";
import { Stale } from "../../parts/Stale";
import { ActionChip } from "./ActionChip";
import style from "./History.module.css";

interface CompareProps {
  /** The newer one. */
  revision: string;
  against: string;
  close: () => void;
}

export function Compare({ revision, against, close }: CompareProps) {
  const { t } = useTranslation();
  const { word, within } = useKindWords();
  const query = useQuery(comparison(revision, against));
  return (
    <Panel title={t("history.compared", { revision, against })} close={close} size={760}>
      <Stale query={query} title={t("history.failed")} />
      {query.data === undefined ? (
        query.error ? null : (
          <Loading />
        )
      ) : query.data.items.length === 0 ? (
        <Empty title={t("history.same")} text={t("history.same_text")} />
      ) : (
        <>
          <Text size="sm" c="dimmed">
            {t("history.differ", { count: query.data.items.length })}
          </Text>
          {query.data.items.map((entry) => (
            <div key={`${entry.kind} ${entry.name}`}>
              <div className={style.head}>
                <ActionChip action={entry.action} />
                <span className={style.kind}>{word(entry.kind)}</span>
                <b>{entry.name}</b>
                <span className={style.kind}>
                  {entry.actor} <Ago at={entry.at} />
                </span>
              </div>
              <Diff text={entry.diff} label={t("review.diff", { object: within(entry.kind, entry.name) })} />
            </div>
          ))}
        </>
      )}
    </Panel>
  );
}
