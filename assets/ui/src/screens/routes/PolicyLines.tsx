/** The lines of a policy, tried from the top: these alerts, at these times, to this receiver. */
import { ActionIcon, Button, Checkbox, Group, Stack, TagsInput, Text, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { MatchersInput } from "../../parts/form/inputs";
import { Row } from "../../parts/form/Row";
import type { FieldProps } from "../../parts/form/useFields";
import { ReceiverSelect } from "../people/ReceiverSelect";
import { TimesFields } from "./BranchFields";
import { emptyLine, type Line } from "./policy";
import style from "./Routes.module.css";

interface PolicyLinesProps {
  lines: Line[];
  change: (lines: Line[]) => void;
  field: FieldProps;
}

export function PolicyLines({ lines, change, field: { id, error } }: PolicyLinesProps) {
  const { t } = useTranslation();
  const put = (id: number, line: Partial<Line>) =>
    change(lines.map((each) => (each.id === id ? { ...each, ...line } : each)));
  const move = (at: number, to: number) => {
    const next = [...lines];
    next.splice(to, 0, ...next.splice(at, 1));
    change(next);
  };
  return (
    <Stack gap="xs" role="group" aria-label={t("routes.policy.lines")} id={id} tabIndex={-1}>
      <Text size="sm" fw={500}>
        {t("routes.policy.lines")}
      </Text>
      <Text size="xs" c={error ? "var(--mantine-color-error)" : "dimmed"} role={error ? "alert" : undefined}>
        {error ?? t("routes.policy.lines_help")}
      </Text>
      {lines.map((line, at) => (
        <div key={line.id} className={style.line}>
          <div className={style.lineHead}>
            <span>{line.title || t("routes.policy.line", { number: at + 1 })}</span>
            <Group gap={2}>
              <Move label={t("routes.policy.up")} off={at === 0} act={() => move(at, at - 1)} up />
              <Move
                label={t("routes.policy.down")}
                off={at === lines.length - 1}
                act={() => move(at, at + 1)}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t("routes.policy.remove", { number: at + 1 })}
                onClick={() => change(lines.filter(({ id }) => id !== line.id))}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </Group>
          </div>
          <LineFields line={line} put={(next) => put(line.id, next)} />
        </div>
      ))}
      <Button
        variant="default"
        size="sm"
        style={{ alignSelf: "start" }}
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={() => change([...lines, emptyLine()])}
      >
        {t("routes.policy.add_line")}
      </Button>
    </Stack>
  );
}

function Move({
  label,
  off,
  act,
  up = false,
}: {
  label: string;
  off: boolean;
  act: () => void;
  up?: boolean;
}) {
  const Icon = up ? IconArrowUp : IconArrowDown;
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={label} disabled={off} onClick={act}>
      <Icon size={16} />
    </ActionIcon>
  );
}

function LineFields({ line, put }: { line: Line; put: (change: Partial<Line>) => void }) {
  const { t } = useTranslation();
  const field = (name: string, description: string): FieldProps => ({
    id: `line-${line.id}-${name}`,
    description,
    inputWrapperOrder: ["label", "description", "error", "input"],
    onBlur: () => {},
  });
  return (
    <Stack gap="sm">
      <Row>
        <TagsInput
          label={t("routes.policy.severities")}
          placeholder={line.severities.length === 0 ? t("routes.policy.all_severities") : ""}
          data={["critical", "warning", "info"]}
          value={line.severities}
          onChange={(severities) => put({ severities })}
          splitChars={[",", " "]}
          acceptValueOnBlur
        />
        <ReceiverSelect
          label={t("routes.policy.line_receiver")}
          value={line.receiver}
          change={(receiver) => put({ receiver })}
        />
      </Row>
      <TimesFields times={line} change={put} />
      <Row>
        <MatchersInput
          label={t("routes.matchers")}
          value={line.matchers}
          change={(matchers) => put({ matchers })}
          field={field("matchers", t("form.matchers_help"))}
        />
        <TextInput
          {...field("title", t("routes.policy.line_title_help"))}
          label={t("form.title")}
          value={line.title}
          onChange={({ currentTarget: { value } }) => put({ title: value })}
        />
      </Row>
      <Checkbox
        label={t("routes.policy.line_continue")}
        checked={line.continue}
        onChange={(event) => put({ continue: event.currentTarget.checked })}
      />
    </Stack>
  );
}
