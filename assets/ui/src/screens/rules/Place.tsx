/** Whose rule it is, what it is called, and where it is kept. */
import { Autocomplete, Select, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { projects } from "../../api/queries";
import { ruleGroups } from "../../api/rules";
import { Fold } from "../../parts/Fold";
import type { Field, RuleDraft } from "./draft";
import { examples } from "./examples";
import style from "./Rules.module.css";

interface PlaceProps {
  draft: RuleDraft;
  change: (part: Partial<RuleDraft>) => void;
  leave: (field: Field) => void;
  /** In words, by field; empty for what is well. */
  faults: Partial<Record<Field, string>>;
  /** An existing rule stays in its group. */
  fixed: boolean;
}

export function Owner({ draft, change, leave, faults, fixed }: PlaceProps) {
  const { t } = useTranslation();
  const known = useQuery(projects()).data?.items ?? [];
  const groups = useQuery(ruleGroups()).data?.items ?? [];
  const settle = (project: string | null) => {
    const first = groups.find((group) => group.spec.project === project)?.name;
    change({ project: project ?? "", ...(fixed ? {} : { group: first ?? project ?? "" }) });
  };
  return (
    <div className={style.pairs}>
      <Select
        id="rule-project"
        label={t("dimension.project")}
        placeholder={t("rules.form.project_example")}
        searchable
        readOnly={fixed}
        nothingFoundMessage={t("scope.nothing")}
        data={known.map((project) => ({ value: project.name, label: project.spec.title || project.name }))}
        value={draft.project === "" ? null : draft.project}
        onChange={settle}
        onBlur={() => leave("project")}
        error={faults.project}
        withAsterisk
      />
      <TextInput
        id="rule-name"
        label={t(draft.kind === "record" ? "rules.form.record" : "rules.form.name")}
        placeholder={draft.kind === "record" ? examples.record : examples.name}
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
        onBlur={() => leave("name")}
        error={faults.name}
        withAsterisk
      />
    </div>
  );
}

export function More({ draft, change, leave, faults, fixed }: PlaceProps) {
  const { t } = useTranslation();
  const groups = useQuery(ruleGroups()).data?.items ?? [];
  const own = groups.filter((group) => group.spec.project === draft.project).map((group) => group.name);
  const isNew = draft.group !== "" && !groups.some((group) => group.name === draft.group);
  return (
    <Fold title={t("rules.form.more")} open={faults.group !== undefined || faults.labels !== undefined}>
      <div className={style.pairs}>
        <Autocomplete
          id="rule-group"
          label={t("rules.form.group")}
          description={t(isNew ? "rules.form.group_new" : "rules.form.group_help")}
          readOnly={fixed}
          data={own}
          value={draft.group}
          onChange={(group) => change({ group })}
          onBlur={() => leave("group")}
          error={faults.group}
        />
        <TextInput
          id="rule-keep"
          label={t("rules.form.keep")}
          description={t("rules.form.keep_help")}
          placeholder={examples.keep}
          disabled={draft.kind === "record"}
          value={draft.keep}
          onChange={(event) => change({ keep: event.currentTarget.value })}
          onBlur={() => leave("keep")}
          error={faults.keep}
        />
        {(["labels", "annotations"] as const).map((field) => (
          <Textarea
            key={field}
            id={`rule-${field}`}
            label={t(`rules.form.${field}`)}
            description={t(`rules.form.${field}_help`)}
            placeholder={examples.pair}
            disabled={field === "annotations" && draft.kind === "record"}
            autosize
            minRows={1}
            value={draft[field].join("\n")}
            onChange={(event) => change({ [field]: linesOf(event.currentTarget.value) })}
            onBlur={() => {
              change({ [field]: draft[field].filter((line) => line.trim() !== "") });
              leave(field);
            }}
            error={faults[field]}
          />
        ))}
      </div>
    </Fold>
  );
}

/** One pair a line; an empty last line while it is typed. */
function linesOf(text: string): string[] {
  return text === "" ? [] : text.split("\n");
}
