/** The usual rules as cards; the chosen one's numbers as fields. */
import { Group, TextInput, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ruleTemplates } from "../../api/rules";
import type { Rule, RuleTemplate } from "../../api/types";
import { fillTemplate } from "./fillText";
import style from "./Rules.module.css";

interface TemplatesProps {
  /** Words to look for. */
  search: string;
  /** Chosen by its address, for instance. */
  first?: string | undefined;
  take: (rule: Rule) => void;
}

export function Templates({ search, first, take }: TemplatesProps) {
  const { t, i18n } = useTranslation();
  const { data } = useQuery(ruleTemplates());
  const [chosen, setChosen] = useState<{ id: string; values: Record<string, string> } | null>(
    first === undefined ? null : { id: first, values: {} },
  );
  const say = (texts: Record<string, string>) => texts[i18n.language.split("-")[0] ?? "en"] ?? texts.en ?? "";
  const shown = (data?.items ?? []).filter((each) => matches(each, search));
  const template = data?.items.find((each) => each.id === chosen?.id);

  const choose = (picked: RuleTemplate, values: Record<string, string>) => {
    setChosen({ id: picked.id, values });
    const whole = Object.fromEntries(
      picked.params.map(({ name, default: usual }) => [name, values[name] || usual]),
    );
    take(fillTemplate(picked.rule, whole));
  };

  if (data === undefined) return null;
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: buttons that belong together, not fields */}
      <div className={style.cards} role="group" aria-label={t("rules.template.all")}>
        {shown.map((each) => (
          <UnstyledButton
            key={each.id}
            className={style.card}
            aria-pressed={each.id === chosen?.id}
            onClick={() => choose(each, {})}
          >
            <span className={style.cardTitle}>{say(each.title)}</span>
            <span className={style.cardAbout}>{say(each.about)}</span>
          </UnstyledButton>
        ))}
      </div>
      {template && template.params.length > 0 ? (
        <Group gap="sm" mt="sm" align="flex-end">
          {template.params.map((param) => (
            <TextInput
              key={param.name}
              w={150}
              label={say(param.title)}
              value={chosen?.values[param.name] ?? param.default}
              rightSection={param.unit === "" ? null : <small>{param.unit}</small>}
              rightSectionWidth={46}
              onChange={(event) =>
                choose(template, { ...chosen?.values, [param.name]: event.currentTarget.value })
              }
            />
          ))}
        </Group>
      ) : null}
    </>
  );
}

/** Every word of the search occurs somewhere in it, in either language. */
function matches(template: RuleTemplate, search: string): boolean {
  const text = [
    template.id,
    template.group,
    ...Object.values(template.title),
    ...Object.values(template.about),
  ]
    .concat(template.metrics)
    .join(" ")
    .toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
