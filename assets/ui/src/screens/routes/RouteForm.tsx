/** An expert route: one branch of Alertmanager's tree as it is written there. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Declared } from "../../api/changes";
import type { Objects } from "../../api/objects";
import { useMayChangeShared } from "../../app/session";
import { Fold } from "../../parts/Fold";
import { Editor } from "../../parts/form/Editor";
import { MatchersInput } from "../../parts/form/inputs";
import { OwnerField, useOwner } from "../../parts/form/OwnerField";
import { ownerFault } from "../../parts/form/rules";
import { useFields } from "../../parts/form/useFields";
import { ReceiverSelect } from "../people/ReceiverSelect";
import { OrderFields, TimesFields } from "./BranchFields";
import { type Branch, branchFaults, branchOf, branchSpec } from "./branch";
import { TimingFields } from "./timing";
import { Who } from "./Who";

interface Draft extends Branch {
  project: string;
}

function documentOf(draft: Draft, existing: Objects["route"] | undefined): Declared {
  const spec = { ...branchSpec(draft), ...(draft.project === "" ? {} : { project: draft.project }) };
  return { kind: "route", name: draft.name, labels: existing?.labels ?? {}, spec };
}

interface RouteFormProps {
  existing: Objects["route"] | undefined;
  close: (name?: string) => void;
}

export function RouteForm({ existing, close }: RouteFormProps) {
  const { t } = useTranslation();
  const [owner, shared] = [useOwner("route"), useMayChangeShared("route")];
  const [start] = useState<Draft>(() => ({
    ...branchOf(existing),
    project: existing ? (existing.spec.project ?? "") : owner,
  }));
  const fields = useFields<Draft>(start, (draft) => ({
    ...branchFaults(draft),
    project: ownerFault(draft, shared),
  }));
  const { draft, set, field, faults } = fields;
  const document = documentOf(draft, existing);
  const sound = Object.values(faults).every((fault) => fault === undefined);
  return (
    <Editor
      kind="route"
      existing={existing}
      fields={fields}
      document={document}
      close={close}
      preview={
        sound ? (
          <Fold title={t("routes.who.unsaved")}>
            <Who changes={[document]} start={{ project: draft.project }} />
          </Fold>
        ) : null
      }
    >
      <OwnerField
        kind="route"
        value={draft.project}
        change={(project) => set({ project })}
        field={field}
        help={t("routes.route.project_help")}
      />
      <MatchersInput
        label={t("routes.matchers")}
        value={draft.matchers}
        change={(matchers) => set({ matchers })}
        field={field("matchers")}
      />
      <ReceiverSelect
        label={t("routes.policy.line_receiver")}
        value={draft.receiver}
        change={(receiver) => set({ receiver })}
        field={field("receiver")}
      />
      <TimesFields times={draft} change={set} field={field} />
      <OrderFields fields={fields} />
      <TimingFields fields={fields} />
    </Editor>
  );
}
