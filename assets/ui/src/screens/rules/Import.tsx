/** A Prometheus rule file becomes rule groups of a project: paste or choose it, look, apply. */
import { Button, FileButton, Group, Select, Stack, Textarea } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../../api/http";
import { projects } from "../../api/queries";
import { importRules } from "../../api/rules";
import type { Plan } from "../../api/types";
import { useScope } from "../../app/useScope";
import { Panel } from "../../parts/Panel";
import { PlanView } from "../../parts/PlanView";
import { ProblemBox } from "../../parts/Problem";
import { useUndo } from "../../parts/useUndo";

export function Import() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const scope = useScope();
  const undo = useUndo();
  const known = useQuery(projects()).data?.items ?? [];
  const [project, setProject] = useState(scope.project ?? "");
  const [yaml, setYaml] = useState("");
  const [plan, setPlan] = useState<Plan | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const close = () => void navigate({ to: "/rules", search: true });

  const ask = async (dryRun: boolean) => {
    setBusy(true);
    setError(null);
    try {
      const answer = await importRules(project, yaml, dryRun);
      if (dryRun) return setPlan(answer);
      undo(t("rules.import.done", { count: answer.changes.length }), { revision: answer.index ?? undefined });
      close();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const edit = (text: string) => {
    setYaml(text);
    setPlan(null);
  };
  const good =
    plan !== null && plan.errors.length === 0 && plan.changes.some((each) => each.action !== "unchanged");
  const place = error instanceof Problem ? error.errors.find((each) => each.line) : undefined;

  return (
    <Panel title={t("rules.import.title")} close={close} size={820}>
      <Stack gap="md">
        <Select
          label={t("dimension.project")}
          description={t("rules.import.project_help")}
          searchable
          data={known.map((each) => ({ value: each.name, label: each.spec.title || each.name }))}
          value={project === "" ? null : project}
          onChange={(value) => {
            setProject(value ?? "");
            setPlan(null);
          }}
          withAsterisk
        />
        <div>
          <Group justify="flex-end" mb={4}>
            <FileButton accept=".yml,.yaml,text/yaml" onChange={(file) => void file?.text().then(edit)}>
              {(props) => (
                <Button
                  {...props}
                  size="compact-sm"
                  variant="default"
                  leftSection={<IconUpload size={14} aria-hidden />}
                >
                  {t("rules.import.choose")}
                </Button>
              )}
            </FileButton>
          </Group>
          <Textarea
            label={t("rules.import.text")}
            placeholder={"groups:\n  - name: disks\n    rules:\n      - alert: DiskFull\n        expr: …"}
            autosize
            minRows={8}
            maxRows={22}
            spellCheck={false}
            data-autofocus
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
            value={yaml}
            error={
              place ? t("rules.import.place", { line: place.line, column: place.column ?? 1 }) : undefined
            }
            onChange={(event) => edit(event.currentTarget.value)}
          />
        </div>
        {error === null ? null : <ProblemBox error={error} title={t("rules.import.refused")} />}
        {plan === null ? null : <PlanView plan={plan} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t("action.cancel")}
          </Button>
          {good ? (
            <Button key="apply" loading={busy} onClick={() => void ask(false)}>
              {t("review.apply")}
            </Button>
          ) : (
            <Button
              key="review"
              loading={busy}
              disabled={project === "" || yaml.trim() === ""}
              onClick={() => void ask(true)}
            >
              {t("rules.import.review")}
            </Button>
          )}
        </Group>
      </Stack>
    </Panel>
  );
}
