/** A team: who is in it, and who is told of its projects' alerts. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Objects } from "../../api/objects";
import { Editor } from "../../parts/form/Editor";
import { ObjectsSelect } from "../../parts/form/inputs";
import { first, isName } from "../../parts/form/rules";
import { type Faults, useFields } from "../../parts/form/useFields";
import { ReceiverSelect } from "./ReceiverSelect";

interface Draft {
  name: string;
  title: string;
  members: string[];
  receiver: string;
}

const faultsOf = ({ name }: Draft): Faults<Draft> => ({
  name: first([name !== "", "required"], [isName(name), "name"]),
});

interface TeamFormProps {
  existing: Objects["team"] | undefined;
  close: () => void;
}

export function TeamForm({ existing, close }: TeamFormProps) {
  const { t } = useTranslation();
  const spec = existing?.spec;
  const [start] = useState<Draft>(() => ({
    name: existing?.name ?? "",
    title: spec?.title ?? "",
    members: spec?.members ?? [],
    receiver: spec?.receiver ?? "",
  }));
  const fields = useFields(start, faultsOf);
  const { draft, set, field } = fields;
  return (
    <Editor
      kind="team"
      existing={existing}
      fields={fields}
      document={{
        kind: "team",
        name: draft.name,
        labels: existing?.labels ?? {},
        spec: {
          ...(draft.title.trim() === "" ? {} : { title: draft.title.trim() }),
          ...(draft.members.length === 0 ? {} : { members: draft.members }),
          ...(draft.receiver === "" ? {} : { receiver: draft.receiver }),
        },
      }}
      close={close}
    >
      <ObjectsSelect
        kind="contact"
        label={t("people.team.members")}
        value={draft.members}
        change={(members) => set({ members })}
        field={field("members", t("people.team.members_help"))}
      />
      <ReceiverSelect
        label={t("people.team.receiver")}
        value={draft.receiver}
        change={(receiver) => set({ receiver })}
        field={field("receiver", t("people.team.receiver_help"))}
        optional
      />
    </Editor>
  );
}
