/** An inhibition: while some alerts fire, others are held back. */
import { TagsInput, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Objects } from "../../api/objects";
import { Editor } from "../../parts/form/Editor";
import { MatchersInput } from "../../parts/form/inputs";
import { areMatchers, first, isName } from "../../parts/form/rules";
import { type Faults, useFields } from "../../parts/form/useFields";

interface Draft {
  name: string;
  title: string;
  source: string[];
  target: string[];
  equal: string[];
}

function faultsOf(draft: Draft): Faults<Draft> {
  return {
    name: first([draft.name !== "", "required"], [isName(draft.name), "name"]),
    source: first([draft.source.length > 0, "required"], [areMatchers(draft.source), "matcher"]),
    target: first([draft.target.length > 0, "required"], [areMatchers(draft.target), "matcher"]),
  };
}

interface InhibitionFormProps {
  existing: Objects["inhibition"] | undefined;
  close: (name?: string) => void;
}

export function InhibitionForm({ existing, close }: InhibitionFormProps) {
  const { t } = useTranslation();
  const spec = existing?.spec;
  const [start] = useState<Draft>(() => ({
    name: existing?.name ?? "",
    title: spec?.title ?? "",
    source: spec?.source_matchers ?? [],
    target: spec?.target_matchers ?? [],
    equal: spec?.equal ?? (existing ? [] : ["project", "instance"]),
  }));
  const fields = useFields(start, faultsOf);
  const { draft, set, field } = fields;
  return (
    <Editor
      kind="inhibition"
      existing={existing}
      fields={fields}
      document={{
        kind: "inhibition",
        name: draft.name,
        labels: existing?.labels ?? {},
        spec: {
          ...(draft.title.trim() === "" ? {} : { title: draft.title.trim() }),
          source_matchers: draft.source,
          target_matchers: draft.target,
          ...(draft.equal.length === 0 ? {} : { equal: draft.equal }),
        },
      }}
      close={close}
    >
      <Text size="sm" c="dimmed">
        {t("routes.inhibition.about")}
      </Text>
      <MatchersInput
        label={t("routes.inhibition.source")}
        value={draft.source}
        change={(source) => set({ source })}
        field={field("source")}
        required
      />
      <MatchersInput
        label={t("routes.inhibition.target")}
        value={draft.target}
        change={(target) => set({ target })}
        field={field("target")}
        required
      />
      <TagsInput
        {...field("equal", t("routes.inhibition.equal_help"))}
        label={t("routes.inhibition.equal")}
        value={draft.equal}
        onChange={(equal) => set({ equal })}
        splitChars={[",", " ", "\n"]}
        acceptValueOnBlur
      />
    </Editor>
  );
}
