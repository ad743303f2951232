/** Many targets at once: paste or choose a file, see every row, correct the bad ones, apply the good. */
import { Button, FileButton, Group, Textarea, TextInput } from "@mantine/core";
import { IconDownload, IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { TFunction } from "i18next";
import { type DragEvent, useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { projects, scrapeJobs } from "../../api/queries";
import { useScope } from "../../app/useScope";
import { ApplyDialog } from "../../parts/ApplyDialog";
import { Card } from "../../parts/Card";
import { download } from "../../parts/download";
import { Page } from "../../parts/Page";
import { documentsOfRows, rowsOf, type Usual } from "./many";
import { RowTable } from "./RowTable";
import style from "./Targets.module.css";

const example =
  "address,port,job,project,rack\ndb01.example,9104,mysql,payments,a1\nweb[01-20].example,9100,node,web-shop,\n";

export function TargetMany() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const scope = useScope();
  const jobs = (useQuery(scrapeJobs()).data?.items ?? []).map((job) => job.name);
  const known = (useQuery(projects()).data?.items ?? []).map((project) => project.name);
  const [usual, setUsual] = useState<Usual>({ job: "node", project: scope.project ?? "", port: "9100" });
  const [text, setText] = useState("");
  const [asking, setAsking] = useState(false);
  const settled = useDeferredValue(text);
  const rows = useMemo(() => rowsOf(settled, usual), [settled, usual]);
  const bad = rows.filter((row) => row.fault !== undefined);
  const documents = useMemo(
    () => (asking ? documentsOfRows(rows, { jobs, projects: known }) : []),
    [asking, rows, jobs, known],
  );
  const addresses = rows.reduce((sum, row) => (row.fault ? sum : sum + row.addresses.length), 0);
  const good = rows.length - bad.length;

  const correct = (line: number, raw: string) =>
    setText((before) =>
      before
        .split(/\r?\n/)
        .map((each, at) => (at + 1 === line ? raw : each))
        .join("\n"),
    );
  const drop = (event: DragEvent) => {
    event.preventDefault();
    void event.dataTransfer.files[0]?.text().then(setText);
  };
  const done = () => {
    setAsking(false);
    if (bad.length === 0) return void navigate({ to: "/targets" });
    setText(bad.map((row) => row.raw).join("\n"));
  };

  return (
    <Page title={t("targets.many.title")} lead={t("targets.many.lead")}>
      <Card>
        <div className={style.usual}>
          <TextInput
            label={t("targets.form.job")}
            description={t("targets.many.usual")}
            list="many-job"
            value={usual.job}
            onChange={(event) => setUsual({ ...usual, job: event.currentTarget.value.trim() })}
          />
          <datalist id="many-job">
            {jobs.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          <TextInput
            label={t("dimension.project")}
            description={t("targets.many.usual")}
            list="many-project"
            value={usual.project}
            onChange={(event) => setUsual({ ...usual, project: event.currentTarget.value.trim() })}
          />
          <datalist id="many-project">
            {known.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          <TextInput
            label={t("targets.many.port")}
            description={t("targets.many.port_help")}
            inputMode="numeric"
            value={usual.port}
            onChange={(event) => setUsual({ ...usual, port: event.currentTarget.value.trim() })}
          />
        </div>
        <Textarea
          mt="md"
          label={t("targets.many.text")}
          description={t("targets.many.text_help")}
          placeholder={"10.0.0.5:9100\ndb[01-20].lan rack=a1\n10.0.0.0/28"}
          autosize
          minRows={6}
          maxRows={14}
          spellCheck={false}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onDrop={drop}
          onDragOver={(event) => event.preventDefault()}
          data-autofocus
        />
        <Group mt="xs" gap="xs">
          <FileButton
            accept=".csv,.tsv,.txt,text/csv,text/plain"
            onChange={(file) => void file?.text().then(setText)}
          >
            {(props) => (
              <Button
                {...props}
                size="compact-sm"
                variant="default"
                leftSection={<IconUpload size={14} aria-hidden />}
              >
                {t("targets.many.choose")}
              </Button>
            )}
          </FileButton>
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconDownload size={14} aria-hidden />}
            onClick={() => download("targets.csv", example, "text/csv")}
          >
            {t("targets.many.example")}
          </Button>
        </Group>
      </Card>
      {rows.length === 0 ? null : (
        <Card
          title={t("targets.many.rows", { count: rows.length })}
          note={[
            t("targets.many.good", { count: addresses }),
            bad.length > 0 ? t("targets.many.bad", { count: bad.length }) : "",
          ].join(" ")}
          flush
        >
          <RowTable rows={rows} correct={correct} />
        </Card>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={() => void navigate({ to: "/targets" })}>
          {t("action.cancel")}
        </Button>
        <Button disabled={good === 0} onClick={() => setAsking(true)}>
          {t("targets.many.review", { count: good })}
        </Button>
      </Group>
      {asking ? (
        <ApplyDialog
          title={t("targets.many.applying", { count: good })}
          documents={documents}
          words={wordsOf(t, documents, bad.length)}
          said={t("targets.many.done", { count: good })}
          close={() => setAsking(false)}
          done={done}
        />
      ) : null}
    </Page>
  );
}

function wordsOf(t: TFunction, documents: { kind: string; name: string }[], bad: number): string[] {
  const of = (kind: string) => documents.filter((each) => each.kind === kind);
  const [fresh, jobs] = [of("project"), of("scrape-job")];
  const names = (list: { name: string }[]) => list.map((each) => each.name).join(", ");
  return [
    t("targets.many.word_targets", { count: of("target").length }),
    ...(fresh.length > 0 ? [t("targets.many.word_projects", { names: names(fresh) })] : []),
    ...(jobs.length > 0 ? [t("targets.many.word_jobs", { names: names(jobs) })] : []),
    ...(bad > 0 ? [t("targets.many.word_bad", { count: bad })] : []),
  ];
}
