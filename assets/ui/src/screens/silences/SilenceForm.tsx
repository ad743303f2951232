/** Which alerts, how long, why; and what that hides right now. */
import { Button, Group, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Declared, Done } from "../../api/changes";
import { ApplyDialog } from "../../parts/ApplyDialog";
import { MatchersInput, ObjectSelect } from "../../parts/form/inputs";
import { Row } from "../../parts/form/Row";
import { useFields } from "../../parts/form/useFields";
import { parseMatcher, writeMatcher } from "../../parts/matchers";
import { absolute } from "../../parts/time";
import style from "./Silences.module.css";
import {
  documentOf,
  endOf,
  faultsOf,
  type Length,
  lengths,
  readable,
  type SilenceDraft,
  whatOf,
} from "./silence";
import { WouldHide } from "./WouldHide";

interface SilenceFormProps {
  name: string;
  start: SilenceDraft;
  title: string;
  /** Said when it is done. */
  said: "silences.made" | "silences.changed";
  write: (document: Declared, why: string) => Promise<Done>;
  close: () => void;
}

export function SilenceForm({ name, start, title, said, write, close }: SilenceFormProps) {
  const { t, i18n } = useTranslation();
  const fields = useFields(start, faultsOf);
  const { draft, set, field } = fields;
  const [asked, setAsked] = useState<Declared | null>(null);
  const [matchers] = useDebouncedValue(draft.matchers, 250);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (fields.settle()) setAsked(documentOf(name, draft, Date.now()));
  };
  const project = draft.matchers
    .map(parseMatcher)
    .find((each) => each?.name === "project" && each.op === "=")?.value;
  const choose = (chosen: string) => {
    const others = draft.matchers.filter((text) => parseMatcher(text)?.name !== "project");
    const own = chosen === "" ? [] : [writeMatcher({ name: "project", op: "=", value: chosen })];
    set({ matchers: [...own, ...others] });
  };
  const end = endOf(draft, Date.now());
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <ObjectSelect
          kind="project"
          label={t("silences.form.project")}
          value={project ?? ""}
          change={choose}
          placeholder={t("silences.form.any_project")}
          optional
        />
        <MatchersInput
          label={t("silences.form.matchers")}
          value={draft.matchers}
          change={(next) => set({ matchers: next })}
          field={field("matchers")}
          required
        />
        <WouldHide matchers={readable(matchers)} />
        <div>
          <Text size="sm" fw={500} mb={4} id="silence-length">
            {t("silences.form.length")}
          </Text>
          <SegmentedControl
            className={style.length}
            aria-labelledby="silence-length"
            value={draft.length}
            onChange={(length) => set({ length: length as Length })}
            data={lengths.map((value) => ({ value, label: t(`silences.length.${value}`) }))}
          />
          {draft.length === "custom" || !(end > 0) ? null : (
            <Text size="xs" c="dimmed" mt={4}>
              {t("silences.form.until", { end: absolute(end, i18n.language) })}
            </Text>
          )}
        </div>
        {draft.length === "custom" ? (
          <Row>
            <TextInput
              {...field("starts", t("silences.form.starts_help"))}
              type="datetime-local"
              label={t("silences.form.starts")}
              value={draft.starts}
              onChange={({ currentTarget: { value } }) => set({ starts: value })}
            />
            <TextInput
              {...field("ends", t("silences.form.ends_help"))}
              type="datetime-local"
              label={t("silences.form.ends")}
              value={draft.ends}
              onChange={({ currentTarget: { value } }) => set({ ends: value })}
              withAsterisk
            />
          </Row>
        ) : null}
        <TextInput
          {...field("comment", t("silences.form.comment_help"))}
          label={t("silences.form.comment")}
          value={draft.comment}
          onChange={({ currentTarget: { value } }) => set({ comment: value })}
          data-autofocus
          withAsterisk
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t("action.cancel")}
          </Button>
          <Button type="submit">{t("form.review")}</Button>
        </Group>
      </Stack>
      {asked ? (
        <ApplyDialog
          title={title}
          documents={[asked]}
          said={t(said, { what: whatOf(readable(draft.matchers)) })}
          write={(why) => write(asked, why)}
          close={() => setAsked(null)}
          done={close}
        />
      ) : null}
    </form>
  );
}
