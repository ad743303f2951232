/** The drawer of one revision: everything it changed, and the way back. */
import { Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { revert } from "../../api/changes";
import { revision } from "../../api/queries";
import type { HistoryEntry } from "../../api/types";
import { useMay } from "../../app/session";
import { Ago } from "../../parts/Ago";
import { Dialog } from "../../parts/Dialog";
import { Diff } from "../../parts/Diff";
import { Facts } from "../../parts/Facts";
import { Loading } from "../../parts/Loading";
import { Panel } from "../../parts/Panel";
import { ProblemBox } from "../../parts/Problem";
import { Stale } from "../../parts/Stale";
import { useUndo } from "../../parts/useUndo";
import { ActionChip } from "./ActionChip";
import style from "./History.module.css";

const route = getRouteApi("/system/history/$revision");

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
  const may = useMay("operator");
  const [first] = entries;
  if (first === undefined) return <Text c="dimmed">{t("history.none")}</Text>;
  return (
    <>
      <Facts
        facts={[
          [t("history.column.when"), <Ago key="when" at={first.at} focusable />],
          [t("history.column.who"), first.actor],
          [t("history.column.why"), first.why || t("history.no_why")],
        ]}
      />
      {entries.map((entry) => (
        <div key={`${entry.kind} ${entry.name}`}>
          <div className={style.head}>
            <ActionChip action={entry.action} />
            <span className={style.kind}>{entry.kind}</span>
            <b>{entry.name}</b>
          </div>
          <Diff text={entry.diff} label={t("review.diff", { object: `${entry.kind} ${entry.name}` })} />
        </div>
      ))}
      {may ? <Revert id={id} close={close} /> : null}
    </>
  );
}

function Revert({ id, close: leave }: { id: string; close: () => void }) {
  const { t } = useTranslation();
  const [asked, { open, close }] = useDisclosure(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const undo = useUndo();

  const act = async () => {
    setBusy(true);
    setError(null);
    try {
      undo(t("history.reverted", { revision: id }), await revert(id));
      leave();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };

  return (
    <Group mt="lg">
      <Button variant="default" leftSection={<IconArrowBackUp size={16} aria-hidden />} onClick={open}>
        {t("history.revert")}
      </Button>
      <Dialog opened={asked} close={close} title={t("history.revert_title", { revision: id })}>
        <Stack>
          {error === null ? null : <ProblemBox error={error} title={t("history.revert_failed")} />}
          <Text size="sm">{t("history.revert_text")}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              {t("action.cancel")}
            </Button>
            <Button loading={busy} onClick={() => void act()}>
              {t("history.revert")}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </Group>
  );
}
