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
  const [draft, setDraft] = useState(start);
  const [left, setLeft] = useState<ReadonlySet<Field>>(new Set());
  const [named, setNamed] = useState(fixedName);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [review, setReview] = useState<{ plan: Plan; documents: Declared[] } | null>(null);
  const form = useRef<HTMLFormElement>(null);

  const faults = faultsOf(draft);
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const leave = (field: Field) => setLeft((before) => new Set([...before, field]));
  const errorOf = (field: Field) => {
    const fault = left.has(field) ? faults[field] : undefined;
    return fault === undefined ? undefined : t(`targets.invalid.${fault}`);
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
      form.current?.querySelector<HTMLInputElement>(`[name="${first}"]`)?.focus();
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
          name="addresses"
          label={t("targets.form.addresses")}
          description={t("targets.form.addresses_help")}
          placeholder={draft.addresses.length === 0 ? t("targets.form.addresses_example") : ""}
          splitChars={[",", " ", "\n", "\t", ";"]}
          value={draft.addresses}
          onChange={setAddresses}
          onBlur={() => leave("addresses")}
          error={errorOf("addresses")}
          acceptValueOnBlur
          data-autofocus
          withAsterisk
        />
        <Choice
          name="job"
          label={t("targets.form.job")}
          help={t("targets.form.job_help")}
          fresh={t("targets.form.job_new")}
          value={draft.job}
          known={jobs}
          error={errorOf("job")}
          change={(job) => set({ job })}
          leave={() => leave("job")}
        />
        <Choice
          name="project"
          label={t("dimension.project")}
          help={t("targets.form.project_help")}
          fresh={t("targets.form.project_new")}
          value={draft.project}
          known={known}
          error={errorOf("project")}
          change={(project) => set({ project })}
          leave={() => leave("project")}
        />
        <TextInput
          name="name"
          label={t("targets.form.name")}
          description={t("targets.form.name_help")}
          value={draft.name}
          readOnly={fixedName}
          onChange={(event) => {
            setNamed(true);
            set({ name: event.currentTarget.value });
          }}
          onBlur={() => leave("name")}
          error={errorOf("name")}
          withAsterisk
        />
        <TagsInput
          name="labels"
          label={t("targets.form.labels")}
          description={t("targets.form.labels_help")}
          placeholder={draft.labels.length === 0 ? t("targets.form.labels_example") : ""}
          splitChars={[",", "\n", "\t"]}
          value={draft.labels}
          onChange={(labels) => set({ labels })}
          onBlur={() => leave("labels")}
          error={errorOf("labels")}
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
  help: string;
  /** Said when the value does not exist yet. */
  fresh: string;
  value: string;
  known: string[];
  error: string | undefined;
  change: (value: string) => void;
  leave: () => void;
}

/** One of what exists, or a new one, said plainly. */
function Choice({ name, label, help, fresh, value, known, error, change, leave }: ChoiceProps) {
  const isNew = value !== "" && error === undefined && !known.includes(value);
  return (
    <div>
      <Autocomplete
        name={name}
        label={label}
        description={help}
        data={known}
        value={value}
        onChange={change}
        onBlur={leave}
        error={error}
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
