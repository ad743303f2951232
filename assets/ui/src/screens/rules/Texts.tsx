/** How bad it is and what people read, with the values of the worst series filled in. */
import { Group, SegmentedControl, Stack, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Labels } from "../../api/types";
import type { RuleDraft } from "./draft";
import { examples } from "./examples";
import { fillText } from "./fillText";
import style from "./Rules.module.css";

interface TextsProps {
  draft: RuleDraft;
  change: (part: Partial<RuleDraft>) => void;
  /** The worst current series, if there is any. */
  worst: { labels: Labels; value: number | null } | undefined;
  /** What is wrong with an annotation, by its name. */
  errors: Record<string, string>;
}

/** Alertmanager fills these in. */
export const slots = { label: "{{ $labels.instance }}", value: "{{ $value | humanize }}" };

const usual = ["critical", "warning", "info"];

export function Texts({ draft, change, worst, errors }: TextsProps) {
  const { t } = useTranslation();
  const severities = usual.includes(draft.severity) ? usual : [...usual, draft.severity];
  const filled = (text: string) =>
    worst && text.includes("{{") ? fillText(text, worst.labels, worst.value) : "";
  return (
    <Stack gap="sm">
      <div>
        <span className={style.label} id="rule-severity">
          {t("rules.form.severity")}
        </span>
        <SegmentedControl
          aria-labelledby="rule-severity"
          value={draft.severity}
          onChange={(severity) => change({ severity })}
          data={severities.map((value) => ({
            value,
            label: usual.includes(value) ? t(`severity.${value as "info"}`) : value || t("severity.none"),
          }))}
        />
      </div>
      <Textarea
        id="rule-summary"
        label={t("rules.form.summary")}
        placeholder={t("rules.form.summary_example", slots)}
        description={filled(draft.summary) || t("rules.form.summary_help", slots)}
        error={errors.summary}
        inputWrapperOrder={["label", "input", "description", "error"]}
        autosize
        minRows={1}
        value={draft.summary}
        onChange={(event) => change({ summary: event.currentTarget.value })}
      />
      <Textarea
        id="rule-description"
        label={t("rules.form.description")}
        description={filled(draft.description)}
        error={errors.description}
        inputWrapperOrder={["label", "input", "description", "error"]}
        autosize
        minRows={2}
        value={draft.description}
        onChange={(event) => change({ description: event.currentTarget.value })}
      />
      <Group grow>
        <TextInput
          id="rule-runbook"
          label={t("rules.form.runbook")}
          placeholder={examples.runbook}
          error={errors.runbook_url}
          value={draft.runbook}
          onChange={(event) => change({ runbook: event.currentTarget.value })}
        />
      </Group>
    </Stack>
  );
}
