/** What saving would change: in words, then as a diff; and the button that does it. */
import { Alert, Button, Group, List, Stack, Text } from "@mantine/core";
import { IconArrowLeft, IconCheck } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Declared, Done } from "../../api/changes";
import type { Plan } from "../../api/types";
import { Diff } from "../../parts/Diff";
import { useKindWords } from "../../parts/kindWords";
import { ProblemBox } from "../../parts/Problem";

interface ReviewProps {
  plan: Plan;
  documents: Declared[];
  /** A new target is meant: an existing one of that name must not be overwritten by mistake. */
  fresh: boolean;
  save: () => Promise<Done>;
  back: () => void;
}

export function Review({ plan, fresh, save, back }: ReviewProps) {
  const { t } = useTranslation();
  const { called, within } = useKindWords();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const taken =
    fresh && plan.changes.some((change) => change.kind === "target" && change.action !== "create");
  const changes = plan.changes.filter((change) => change.action !== "unchanged");

  const apply = async () => {
    setBusy(true);
    setError(null);
    try {
      await save();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };

  return (
    <Stack gap="md">
      {plan.errors.length > 0 ? null : <Text fw={600}>{t("review.title")}</Text>}
      {error === null ? null : <ProblemBox error={error} title={t("review.failed")} />}
      {taken ? (
        <Alert color="red" variant="outline" role="alert">
          {t("targets.taken")}
        </Alert>
      ) : null}
      {plan.errors.length > 0 ? (
        <Alert color="red" variant="outline" role="alert" title={t("review.refused")}>
          <List size="sm">
            {plan.errors.map((each) => (
              <List.Item key={`${each.path} ${each.message}`}>
                <code>{each.path}</code> {each.message}
              </List.Item>
            ))}
          </List>
        </Alert>
      ) : null}
      {changes.length + plan.errors.length === 0 ? <Text c="dimmed">{t("review.nothing")}</Text> : null}
      {changes.map((change) => (
        <div key={`${change.kind}/${change.name}`}>
          <Text size="sm" mb={6}>
            {t(`review.${change.action as "create" | "update" | "delete"}`, {
              object: called(change.kind, change.name),
            })}
          </Text>
          <Diff text={change.diff} label={t("review.diff", { object: within(change.kind, change.name) })} />
        </div>
      ))}
      <Effects plan={plan} />
      <Group justify="space-between">
        <Button variant="default" leftSection={<IconArrowLeft size={16} aria-hidden />} onClick={back}>
          {t("review.back")}
        </Button>
        <Button
          data-autofocus
          leftSection={<IconCheck size={16} aria-hidden />}
          loading={busy}
          disabled={taken || plan.errors.length > 0 || changes.length === 0}
          onClick={() => void apply()}
        >
          {t("review.apply")}
        </Button>
      </Group>
    </Stack>
  );
}

/** How the running programs take it, and what could not be checked. */
function Effects({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  if (plan.affected.length + plan.warnings.length === 0) return null;
  return (
    <List size="sm" c="dimmed">
      {plan.affected.map(({ node, node_name, component, effect }) => (
        <List.Item key={`${node}/${component}`}>
          {`${node_name} · ${t(`review.effect.${effect}`, { component })}`}
        </List.Item>
      ))}
      {plan.warnings.map((warning) => (
        <List.Item key={warning}>{warning}</List.Item>
      ))}
    </List>
  );
}
