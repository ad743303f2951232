/** "Who would be told?": labels and a time go in, the way through the tree comes out, in words. */
import { Select, Stack, TagsInput, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Declared, Removed } from "../../api/changes";
import { explain } from "../../api/told";
import type { Labels } from "../../api/types";
import { useScope } from "../../app/useScope";
import { ObjectSelect } from "../../parts/form/inputs";
import { Row } from "../../parts/form/Row";
import { Loading } from "../../parts/Loading";
import { ProblemBox } from "../../parts/Problem";
import { Answer } from "./Answer";

interface WhoProps {
  /** Unsaved changes that count as if they were saved. */
  changes?: (Declared | Removed)[];
  /** What to ask about at first. */
  start?: Labels;
}

const severities = ["critical", "warning", "info"] as const;

export function Who({ changes, start = {} }: WhoProps) {
  const { t } = useTranslation();
  const scope = useScope();
  const [project, setProject] = useState(start.project ?? scope.project ?? "");
  const [severity, setSeverity] = useState(start.severity ?? "critical");
  const [others, setOthers] = useState<string[]>([]);
  const [at, setAt] = useState("");
  const labels = labelsOf(project, severity, others);
  const asked = {
    labels,
    ...(at === "" ? {} : { at: new Date(at).toISOString() }),
    ...(changes ? { changes } : {}),
  };
  const [question] = useDebouncedValue(JSON.stringify(asked), 300);
  const query = useQuery({ ...explain(JSON.parse(question)), placeholderData: keepPreviousData });
  return (
    <Stack gap="sm">
      <Row>
        <ObjectSelect
          kind="project"
          label={t("dimension.project")}
          value={project}
          change={setProject}
          placeholder={t("routes.who.any_project")}
          optional
        />
        <Select
          label={t("alerts.column.severity")}
          data={severities.map((value) => ({ value, label: t(`severity.${value}`) }))}
          value={severity}
          onChange={(value) => setSeverity(value ?? "critical")}
          allowDeselect={false}
        />
      </Row>
      <Row>
        <TagsInput
          label={t("routes.who.labels")}
          placeholder={others.length === 0 ? t("routes.who.labels_example") : ""}
          value={others}
          onChange={(texts) => setOthers(texts.filter((text) => /^[A-Za-z_]\w*=/.test(text)))}
          splitChars={[",", "\n"]}
          acceptValueOnBlur
        />
        <TextInput
          type="datetime-local"
          label={t("routes.who.at")}
          value={at}
          onChange={(event) => setAt(event.currentTarget.value)}
        />
      </Row>
      {query.error ? (
        <ProblemBox error={query.error} title={t("routes.who.failed")} />
      ) : query.data === undefined ? (
        <Loading rows={3} />
      ) : (
        <Answer answer={query.data} />
      )}
    </Stack>
  );
}

function labelsOf(project: string, severity: string, others: readonly string[]): Labels {
  const pairs = others.map((text) => {
    const at = text.indexOf("=");
    return [
      text.slice(0, at).trim(),
      text
        .slice(at + 1)
        .trim()
        .replace(/^"(.*)"$/, "$1"),
    ];
  });
  return { ...(project === "" ? {} : { project }), severity, ...Object.fromEntries(pairs) };
}
