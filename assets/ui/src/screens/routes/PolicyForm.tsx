/** A policy: for whom it is, its lines, who gets the rest; and who would be told if it were saved. */
import { Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Objects } from "../../api/objects";
import { useScope } from "../../app/useScope";
import { Fold } from "../../parts/Fold";
import { Editor } from "../../parts/form/Editor";
import { MatchersInput, ObjectsSelect } from "../../parts/form/inputs";
import { useOwner } from "../../parts/form/OwnerField";
import { Row } from "../../parts/form/Row";
import { useFields } from "../../parts/form/useFields";
import { ReceiverSelect } from "../people/ReceiverSelect";
import { OrderFields, TimesFields } from "./BranchFields";
import { hasOrder } from "./branch";
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
  const owner = useOwner("policy");
  const [start] = useState(() => policyDraft(existing, project ?? (owner === "" ? undefined : owner)));
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
      <PolicyLines lines={draft.lines} change={(lines) => set({ lines })} field={field("lines")} />
      <ReceiverSelect
        label={t("routes.policy.receiver")}
        value={draft.receiver}
        change={(receiver) => set({ receiver })}
        field={field("receiver", t("routes.policy.receiver_help"))}
      />
      <TimesFields times={draft} change={set} field={field} />
      <Fold title={t("routes.more")} open={draft.matchers.length > 0 || draft.continue || hasOrder(draft)}>
        <MatchersInput
          label={t("routes.matchers")}
          value={draft.matchers}
          change={(matchers) => set({ matchers })}
          field={field("matchers")}
        />
        <OrderFields fields={fields} />
      </Fold>
      <TimingFields fields={fields} />
    </Editor>
  );
}
