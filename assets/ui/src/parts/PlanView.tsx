/** What a batch would do: in words, how the programs take it, then the diffs folded away. */
import { Alert, List, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Plan } from "../api/types";
import { Diff } from "./Diff";
import { Fold } from "./Fold";
import { useKindWords } from "./kindWords";
import { byEffect } from "./planWords";

/** So many objects are shown with their diff open. */
const OPEN = 3;
/** So many are named; the rest is counted. */
const NAMED = 12;

export function PlanView({ plan, words }: { plan: Plan; words?: readonly string[] }) {
  const { t } = useTranslation();
  const { called, within } = useKindWords();
  const changes = plan.changes.filter((change) => change.action !== "unchanged");
  const named =
    words ??
    changes.slice(0, NAMED).map((change) =>
      t(`review.${change.action as "create" | "update" | "delete"}`, {
        object: called(change.kind, change.name),
      }),
    );
  const rest = words === undefined ? changes.length - named.length : 0;
  return (
    <Stack gap="sm">
      <Refused plan={plan} />
      {changes.length + plan.errors.length === 0 ? <Text c="dimmed">{t("review.nothing")}</Text> : null}
      {named.length > 0 && changes.length > 0 ? (
        <List size="sm">
          {named.map((line) => (
            <List.Item key={line}>{line}</List.Item>
          ))}
          {rest > 0 ? <List.Item>{t("review.more", { count: rest })}</List.Item> : null}
        </List>
      ) : null}
      <Effects plan={plan} />
      {changes.length > 0 ? (
        <Fold title={t("review.objects", { count: changes.length })} open={changes.length <= OPEN}>
          {changes.slice(0, 100).map((change) => (
            <Diff
              key={`${change.kind}/${change.name}`}
              text={change.diff}
              label={t("review.planned", { object: within(change.kind, change.name) })}
            />
          ))}
        </Fold>
      ) : null}
      <Files plan={plan} />
    </Stack>
  );
}

function Refused({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  if (plan.errors.length === 0) return null;
  return (
    <Alert color="red" variant="outline" role="alert" title={t("review.refused")}>
      <List size="sm">
        {plan.errors.slice(0, 50).map((each) => (
          <List.Item key={`${each.path} ${each.message}`}>
            <code>{each.path}</code> {each.message}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

/** How the running programs take it, and what could not be checked. */
function Effects({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  if (plan.affected.length + plan.warnings.length === 0) return null;
  return (
    <List size="sm" c="dimmed">
      {byEffect(plan.affected).map(({ component, effect, nodes }) => (
        <List.Item key={`${component} ${effect}`}>
          {t(`review.effect.${effect}`, { component })}{" "}
          {nodes.length > 0 ? t("review.on_nodes", { nodes: nodes.join(", ") }) : null}
        </List.Item>
      ))}
      {plan.warnings.map((warning) => (
        <List.Item key={warning} c="var(--wk-warning)">
          {warning}
        </List.Item>
      ))}
    </List>
  );
}

/** The rendered files, for experts. */
function Files({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const files = plan.affected.flatMap(({ node, node_name, component, files }) =>
    files.map((file) => ({
      key: `${node} ${component} ${file.path}`,
      title: t("review.file", { node: node_name, component, path: file.path }),
      diff: file.diff,
    })),
  );
  if (files.length === 0) return null;
  return (
    <Fold title={t("review.files", { count: files.length })}>
      {files.map(({ key, title, diff }) => (
        <div key={key}>
          <Text size="xs" c="dimmed" mb={4}>
            {title}
          </Text>
          {diff === "" ? null : <Diff text={diff} label={title} />}
        </div>
      ))}
    </Fold>
  );
}
