/** The fields of a target, then what saving would change, then saving. */
import { Alert, Autocomplete, Button, Group, Stack, TagsInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Declared, Done } from "../../api/changes";
import { plan } from "../../api/changes";
import { projects, scrapeJobs } from "../../api/queries";
import type { Plan } from "../../api/types";
import { ProblemBox } from "../../parts/Problem";
import { type Draft, documentsOf, type Field, faultsOf, nameFor } from "./draft";
import { Review } from "./Review";

/** An error takes the place of the help: a click on a button must not miss because a line appeared. */
const ORDER: ("label" | "description" | "error" | "input")[] = ["label", "description", "error", "input"];

interface Words {
  description?: string;
  error?: string;
}

interface TargetFormProps {
  start: Draft;
  /** Editing: the name stays. */
  fixedName?: boolean;
  save: (documents: Declared[]) => Promise<Done>;
  cancel: () => void;
}

export function TargetForm({ start, fixedName = false, save, cancel }: TargetFormProps) {
  const { t } = useTranslation();
  const jobs = (useQuery(scrapeJobs()).data?.items ?? []).map((job) => job.name);
  const known = (useQuery(projects()).data?.items ?? []).map((project) => project.name);
  const [typed, setDraft] = useState(start);
  const [chosen, setChosen] = useState<ReadonlySet<"job" | "project">>(new Set());
  const [left, setLeft] = useState<ReadonlySet<Field>>(new Set());
  const [named, setNamed] = useState(fixedName);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [review, setReview] = useState<{ plan: Plan; documents: Declared[] } | null>(null);
  const form = useRef<HTMLFormElement>(null);

  // Where there is only one to choose, it is chosen, until somebody says otherwise.
  const usual = (field: "job" | "project", names: string[]) =>
    typed[field] === "" && !chosen.has(field) && names.length === 1 ? (names[0] ?? "") : typed[field];
  const draft = { ...typed, job: usual("job", jobs), project: usual("project", known) };
  const faults = faultsOf(draft);
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const choose = (field: "job" | "project", value: string) => {
    setChosen((before) => new Set([...before, field]));
    set({ [field]: value });
  };
  const leave = (field: Field) => setLeft((before) => new Set([...before, field]));
  const words = (field: Field, help: string): Words => {
    const fault = left.has(field) ? faults[field] : undefined;
    return fault === undefined ? { description: help } : { error: t(`targets.invalid.${fault}`) };
  };

  const setAddresses = (addresses: string[]) =>
    set(named ? { addresses } : { addresses, name: nameFor(addresses[0] ?? "") });

  const check = async (event: FormEvent) => {
    event.preventDefault();
    const bad = Object.keys(faults) as Field[];
    if (bad.length > 0) {
      setLeft(new Set(bad));
      const first = (["addresses", "job", "project", "name", "labels"] as const).find(
        (field) => faults[field],
      );
      form.current?.querySelector<HTMLInputElement>(`#target-${first}`)?.focus();
      return;
    }
    setBusy(true);
    setError(null);
    try {
      const documents = documentsOf(draft, { jobs, projects: known });
      setReview({ plan: await plan(documents), documents });
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };

  if (review !== null) {
    return (
      <Review
        {...review}
        fresh={!fixedName}
        save={() => save(review.documents)}
        back={() => setReview(null)}
      />
    );
  }
  return (
    <form ref={form} onSubmit={(event) => void check(event)} noValidate>
      <Stack gap="md">
        {error === null ? null : <ProblemBox error={error} title={t("targets.check_failed")} />}
        <TagsInput
          id="target-addresses"
          label={t("targets.form.addresses")}
          {...words("addresses", t("targets.form.addresses_help"))}
          inputWrapperOrder={ORDER}
          placeholder={draft.addresses.length === 0 ? t("targets.form.addresses_example") : ""}
          splitChars={[",", " ", "\n", "\t", ";"]}
          value={draft.addresses}
          onChange={setAddresses}
          onBlur={() => leave("addresses")}
          acceptValueOnBlur
          data-autofocus
          withAsterisk
        />
        <Choice
          name="job"
          label={t("targets.form.job")}
          words={words("job", t("targets.form.job_help"))}
          fresh={t("targets.form.job_new")}
          value={draft.job}
          known={jobs}
          change={(job) => choose("job", job)}
          leave={() => leave("job")}
        />
        <Choice
          name="project"
          label={t("dimension.project")}
          words={words("project", t("targets.form.project_help"))}
          fresh={t("targets.form.project_new")}
          value={draft.project}
          known={known}
          change={(project) => choose("project", project)}
          leave={() => leave("project")}
        />
        <TextInput
          id="target-name"
          label={t("targets.form.name")}
          {...words("name", t("targets.form.name_help"))}
          inputWrapperOrder={ORDER}
          value={draft.name}
          readOnly={fixedName}
          onChange={(event) => {
            setNamed(true);
            set({ name: event.currentTarget.value });
          }}
          onBlur={() => leave("name")}
          withAsterisk
        />
        <TagsInput
          id="target-labels"
          label={t("targets.form.labels")}
          {...words("labels", t("targets.form.labels_help"))}
          inputWrapperOrder={ORDER}
          placeholder={draft.labels.length === 0 ? t("targets.form.labels_example") : ""}
          splitChars={[",", "\n", "\t"]}
          value={draft.labels}
          onChange={(labels) => set({ labels })}
          onBlur={() => leave("labels")}
          acceptValueOnBlur
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={cancel}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" loading={busy}>
            {t("targets.form.review")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ChoiceProps {
  name: Field;
  label: string;
  words: Words;
  /** Said when the value does not exist yet. */
  fresh: string;
  value: string;
  known: string[];
  change: (value: string) => void;
  leave: () => void;
}

/** One of what exists, or a new one, said plainly. */
function Choice({ name, label, words, fresh, value, known, change, leave }: ChoiceProps) {
  const isNew = value !== "" && words.error === undefined && !known.includes(value);
  return (
    <div>
      <Autocomplete
        id={`target-${name}`}
        label={label}
        {...words}
        inputWrapperOrder={ORDER}
        data={known}
        value={value}
        onChange={change}
        onBlur={leave}
        withAsterisk
      />
      {isNew ? (
        <Alert variant="light" color="blue" py={6} mt={6}>
          {fresh}
        </Alert>
      ) : null}
    </div>
  );
}
