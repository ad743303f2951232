/** A policy: for whom it is, its lines, who gets the rest; and who would be told if it were saved. */
import { Checkbox, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Objects } from "../../api/objects";
import { useScope } from "../../app/useScope";
import { Fold } from "../../parts/Fold";
import { Editor } from "../../parts/form/Editor";
import { MatchersInput, ObjectSelect, ObjectsSelect } from "../../parts/form/inputs";
import { Row } from "../../parts/form/Row";
import { useFields } from "../../parts/form/useFields";
import { PolicyLines } from "./PolicyLines";
import { policyDocument, policyDraft, policyFaults } from "./policy";
import { TimingFields } from "./timing";
import { Who } from "./Who";

interface PolicyFormProps {
  existing: Objects["policy"] | undefined;
  close: (name?: string) => void;
}

export function PolicyForm({ existing, close }: PolicyFormProps) {
  const { t } = useTranslation();
  const { project } = useScope();
  const [start] = useState(() => policyDraft(existing, project));
  const fields = useFields(start, policyFaults);
  const { draft, set, field, faults } = fields;
  const document = policyDocument(draft, existing);
  const sound = Object.values(faults).every((fault) => fault === undefined);
  return (
    <Editor
      kind="policy"
      existing={existing}
      fields={fields}
      document={document}
      close={close}
      preview={
        <Fold title={t("routes.who.unsaved")} open>
          {sound ? (
            <Who changes={[document]} start={{ project: draft.projects[0] ?? "" }} />
          ) : (
            <Text size="sm" c="dimmed">
              {t("routes.who.not_yet")}
            </Text>
          )}
        </Fold>
      }
    >
      <Row>
        <ObjectsSelect
          kind="project"
          label={t("routes.policy.projects")}
          placeholder={t("routes.policy.all_projects")}
          value={draft.projects}
          change={(projects) => set({ projects })}
          field={field("projects")}
        />
        <ObjectsSelect
          kind="department"
          label={t("routes.policy.departments")}
          value={draft.departments}
          change={(departments) => set({ departments })}
          field={field("departments")}
        />
      </Row>
      <PolicyLines lines={draft.lines} change={(lines) => set({ lines })} error={field("lines").error} />
      <ObjectSelect
        kind="receiver"
        label={t("routes.policy.receiver")}
        value={draft.receiver}
        change={(receiver) => set({ receiver })}
        field={field("receiver", t("routes.policy.receiver_help"))}
      />
      <Row>
        <ObjectsSelect
          kind="time-interval"
          label={t("routes.active")}
          value={draft.active_time_intervals}
          change={(active_time_intervals) => set({ active_time_intervals })}
          field={field("active_time_intervals", t("routes.active_help"))}
          placeholder={t("routes.always")}
        />
        <ObjectsSelect
          kind="time-interval"
          label={t("routes.mute")}
          value={draft.mute_time_intervals}
          change={(mute_time_intervals) => set({ mute_time_intervals })}
          field={field("mute_time_intervals", t("routes.mute_help"))}
        />
      </Row>
      <Fold
        title={t("routes.more")}
        open={draft.matchers.length > 0 || draft.continue || draft.order !== "100"}
      >
        <MatchersInput
          label={t("routes.matchers")}
          value={draft.matchers}
          change={(matchers) => set({ matchers })}
          field={field("matchers")}
        />
        <TextInput
          {...field("order", t("routes.order_help"))}
          label={t("routes.order")}
          value={draft.order}
          inputMode="numeric"
          w={180}
          my="md"
          onChange={({ currentTarget: { value } }) => set({ order: value.trim() })}
        />
        <Checkbox
          label={t("routes.continue")}
          checked={draft.continue}
          onChange={(event) => set({ continue: event.currentTarget.checked })}
        />
      </Fold>
      <TimingFields fields={fields} />
    </Editor>
  );
}
