/** What can be done with the selected rules: all of it in one change, undone as one. */
import { Alert, Button, Group, Select, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Declared, Removed } from "../../api/changes";
import { ruleGroups } from "../../api/rules";
import type { RuleGroup } from "../../api/types";
import { ApplyDialog } from "../../parts/ApplyDialog";
import { ProblemBox } from "../../parts/Problem";
import { type BulkAct, bulkChange, type Picked } from "./bulk";

interface BulkBarProps {
  picked: readonly Picked[];
  clear: () => void;
}

interface Asked {
  act: BulkAct;
  target: string | undefined;
  documents: (Declared | Removed)[];
}

/** So many are named; the rest is counted. */
const NAMED = 12;
/** So many fit on a toast. */
const SAID = 3;

export function BulkBar({ picked, clear }: BulkBarProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [groups, setGroups] = useState<RuleGroup[] | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [gone, setGone] = useState(false);

  /** As they are now: the change is refused when they move on until it is applied. */
  const read = async () => {
    setError(null);
    setGone(false);
    try {
      return (await queries.fetchQuery({ ...ruleGroups(), staleTime: 0 })).items;
    } catch (problem) {
      setError(problem);
      return undefined;
    }
  };
  const ask = async (act: BulkAct, target?: string) => {
    const now = await read();
    if (now === undefined) return;
    const documents = bulkChange(now, picked, act, target);
    setGroups(null);
    if (documents === undefined) setGone(true);
    else setAsked({ act, target, documents });
  };
  const move = async () => setGroups((await read()) ?? null);

  return (
    <Alert color="blue" variant="light" py="xs">
      <Group gap="sm">
        <span role="status">{t("rules.bulk.selected", { count: picked.length })}</span>
        {(["enable", "disable", "delete"] as const).map((act) => (
          <Button key={act} size="xs" variant="default" onClick={() => void ask(act)}>
            {t(`rules.bulk.${act}`)}
          </Button>
        ))}
        {groups === null ? (
          <Button size="xs" variant="default" onClick={() => void move()}>
            {t("rules.bulk.move")}
          </Button>
        ) : (
          <Select
            size="xs"
            aria-label={t("rules.bulk.move_to")}
            placeholder={t("rules.bulk.move_to")}
            data={groups.map(({ name }) => name)}
            value={null}
            onChange={(name) => (name === null ? undefined : void ask("move", name))}
            searchable
            defaultDropdownOpened
            data-autofocus
          />
        )}
        <Button size="xs" variant="default" leftSection={<IconX size={15} aria-hidden />} onClick={clear}>
          {t("rules.bulk.clear")}
        </Button>
      </Group>
      {gone ? (
        <Text size="sm" mt="xs" role="alert">
          {t("rules.bulk.gone")}
        </Text>
      ) : null}
      {error === null ? null : <ProblemBox error={error} title={t("rules.failed")} />}
      {asked === null ? null : (
        <Ask asked={asked} picked={picked} close={() => setAsked(null)} done={clear} />
      )}
    </Alert>
  );
}

interface AskProps {
  asked: Asked;
  picked: readonly Picked[];
  close: () => void;
  done: () => void;
}

function Ask({ asked, picked, close, done }: AskProps) {
  const { t } = useTranslation();
  const { act, target = "", documents } = asked;
  const words = picked
    .slice(0, NAMED)
    .map(({ rule, group }) => t(`rules.bulk.words.${act}`, { name: rule, group, to: target }));
  const rest = picked.length - words.length;
  const names = picked.slice(0, SAID).map(({ rule }) => rule);
  if (picked.length > names.length) names.push("…");
  return (
    <ApplyDialog
      title={t(`rules.bulk.title.${act}`)}
      documents={documents}
      words={rest > 0 ? [...words, t("rules.bulk.more", { count: rest })] : words}
      said={t(`rules.bulk.done.${act}`, { count: picked.length, names: names.join(", ") })}
      close={close}
      done={done}
    />
  );
}
