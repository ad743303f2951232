/** The drawer of one revision: everything it changed, and the way back from all or one of it. */
import { Alert, Group, Text } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { revision } from "../../api/queries";
import type { HistoryEntry } from "../../api/types";
import { useMayChangeSome } from "../../app/session";
import { Ago } from "../../parts/Ago";
import { Diff } from "../../parts/Diff";
import { Facts } from "../../parts/Facts";
import { useKindWords } from "../../parts/kindWords";
import { Loading } from "../../parts/Loading";
import { TextLink } from "../../parts/links";
import { Panel } from "../../parts/Panel";
import { Stale } from "../../parts/Stale";
import { ActionChip } from "./ActionChip";
import { isOwn } from "./actor";
import style from "./History.module.css";
import { Revert } from "./Revert";

const route = getRouteApi("/system/history/$revision");
/** So many diffs are drawn; an import may have thousands. */
const DRAWN = 100;

export function Revision() {
  const { t } = useTranslation();
  const { revision: id } = route.useParams();
  const navigate = useNavigate();
  const query = useQuery(revision(id));
  const close = () => void navigate({ to: "/system/history", search: true });
  return (
    <Panel title={t("history.revision", { revision: id })} close={close} size={760}>
      <Stale query={query} title={t("history.failed")} />
      {query.data === undefined ? (
        query.error ? null : (
          <Loading />
        )
      ) : (
        <Details id={id} entries={query.data.items} close={close} />
      )}
    </Panel>
  );
}

interface DetailsProps {
  id: string;
  entries: HistoryEntry[];
  close: () => void;
}

function Details({ id, entries, close }: DetailsProps) {
  const { t } = useTranslation();
  const { word, within } = useKindWords();
  const may = useMayChangeSome();
  const [first] = entries;
  if (first === undefined) return <Text c="dimmed">{t("history.none")}</Text>;
  const several = entries.length > 1;
  const own = isOwn(first.actor);
  const undone = own ? /^revision (\d+)\b/.exec(first.why)?.[1] : undefined;
  return (
    <>
      {own ? (
        <Alert
          mb="md"
          color="yellow"
          variant="outline"
          icon={<IconArrowBackUp aria-hidden />}
          title={t("history.undone_by_itself")}
        >
          {first.why}
          {undone ? (
            <>
              {" "}
              <TextLink to="/system/history/$revision" params={{ revision: undone }} search={true} size="sm">
                {t("history.undone_look", { revision: undone })}
              </TextLink>
            </>
          ) : null}
        </Alert>
      ) : null}
      <Facts
        facts={[
          [t("history.column.when"), <Ago key="when" at={first.at} focusable />],
          [t("history.column.who"), first.actor],
          // Said above already.
          ...(own
            ? []
            : ([[t("history.column.why"), first.why || t("history.no_why")]] as [string, string][])),
        ]}
      />
      {may ? (
        <Group mt="md">
          <Revert what={{ revision: id }} label={t(own ? "history.again" : "history.revert")} done={close} />
        </Group>
      ) : null}
      {entries.slice(0, DRAWN).map((entry) => (
        <div key={`${entry.kind} ${entry.name}`}>
          <div className={style.head}>
            <ActionChip action={entry.action} />
            <span className={style.kind}>{word(entry.kind)}</span>
            <b>{entry.name}</b>
            {may && several ? (
              <Revert
                what={{ revision: id, object: { kind: entry.kind, name: entry.name } }}
                label={t("history.revert_one")}
                done={close}
                size="compact-sm"
                ml="auto"
              />
            ) : null}
          </div>
          <Diff text={entry.diff} label={t("review.diff", { object: within(entry.kind, entry.name) })} />
        </div>
      ))}
      {entries.length > DRAWN ? (
        <Text size="sm" c="dimmed" mt="md">
          {t("review.more", { count: entries.length - DRAWN })}
        </Text>
      ) : null}
    </>
  );
}
