/** One rule test: its text, its verdict, and saving it. */
import { Button, Group, Stack, Textarea, TextInput } from "@mantine/core";
import { IconCircleCheck, IconCircleX, IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { create, type Declared, type Removed, replace } from "../../api/changes";
import { runTests } from "../../api/rules";
import type { Rule, RuleGroup, RuleTest, Tested } from "../../api/types";
import { ApplyDialog } from "../../parts/ApplyDialog";
import { Card } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { ProblemBox } from "../../parts/Problem";
import style from "./Rules.module.css";
import { readTest, skeleton, testText } from "./testText";

interface TestEditorProps {
  /** Nothing for a new one. */
  test: RuleTest | undefined;
  group: RuleGroup;
  rule: Rule;
  close: () => void;
}

export default function TestEditor({ test, group, rule, close }: TestEditorProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(test?.name ?? `${group.name}-test`);
  const [text, setText] = useState(() => (test ? testText(test.spec) : skeleton(rule, group)));
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<Tested | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [asking, setAsking] = useState<Declared | Removed | null>(null);
  const read = readTest(text, test?.spec.rule_groups ?? [group.name], test?.spec.title ?? "");
  const fault = "spec" in read ? undefined : read;

  const run = async () => {
    if (!("spec" in read)) return;
    setBusy(true);
    setError(null);
    setResult(null);
    try {
      setResult(await runTests(read.spec));
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const declared = (): Declared | undefined =>
    "spec" in read
      ? { kind: "rule-test", name, ...(test ? { labels: test.labels } : {}), spec: read.spec }
      : undefined;
  const write = (why: string) => {
    const document = declared() as Declared;
    return test ? replace("rule-tests", document, test.revision, why) : create("rule-tests", document, why);
  };

  return (
    <Card title={test ? test.spec.title || test.name : t("rules.test.new")}>
      <Stack gap="sm">
        {test ? null : (
          <TextInput
            label={t("rules.test.name")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
        <Textarea
          label={t("rules.test.text")}
          description={t("rules.test.text_help")}
          autosize
          minRows={10}
          maxRows={26}
          spellCheck={false}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
          value={text}
          error={
            fault === undefined
              ? undefined
              : fault.line
                ? t("rules.test.line", { line: fault.line, fault: fault.fault })
                : t("rules.test.empty")
          }
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {error === null ? null : <ProblemBox error={error} title={t("rules.test.not_run")} />}
        {result === null ? null : <Verdict result={result} />}
        <Group justify="flex-end">
          {test ? (
            <Button
              variant="default"
              mr="auto"
              onClick={() => setAsking({ kind: "rule-test", name: test.name, delete: true })}
            >
              {t("action.delete")}
            </Button>
          ) : null}
          <Button variant="default" onClick={close}>
            {t("action.close")}
          </Button>
          <Button
            variant="default"
            loading={busy}
            disabled={fault !== undefined}
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            onClick={() => void run()}
          >
            {t("rules.test.run")}
          </Button>
          <Button disabled={fault !== undefined} onClick={() => setAsking(declared() ?? null)}>
            {t("rules.form.save")}
          </Button>
        </Group>
      </Stack>
      {asking === null ? null : (
        <ApplyDialog
          title={t("delete" in asking ? "rules.test.deleting" : "rules.test.saving", { name: asking.name })}
          documents={[asking]}
          said={t("delete" in asking ? "rules.test.deleted" : "rules.test.saved", { name: asking.name })}
          {...("delete" in asking ? {} : { write })}
          close={() => setAsking(null)}
          done={close}
        />
      )}
    </Card>
  );
}

function Verdict({ result }: { result: Tested }) {
  const { t } = useTranslation();
  return (
    <div role="status">
      <Chip
        tone={result.passed ? "ok" : "critical"}
        icon={result.passed ? IconCircleCheck : IconCircleX}
        text={t(result.passed ? "rules.test.passed" : "rules.test.failed")}
      />
      {result.output === "" || result.passed ? null : <pre className={style.code}>{result.output}</pre>}
    </div>
  );
}
