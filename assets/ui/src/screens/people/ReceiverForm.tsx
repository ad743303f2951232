/** A receiver: the channels that get every notification sent to it. */
import { Group } from "@mantine/core";
import { lazy, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Objects, titleOf } from "../../api/objects";
import { useMayChange, useMayChangeShared } from "../../app/session";
import { AddInline } from "../../parts/form/AddInline";
import { Editor } from "../../parts/form/Editor";
import { ObjectsSelect } from "../../parts/form/inputs";
import { OwnerField, useOwner } from "../../parts/form/OwnerField";
import { first, isName, ownerFault } from "../../parts/form/rules";
import { type Faults, useFields } from "../../parts/form/useFields";
import { TextLink } from "../../parts/links";
import { TestButton } from "../../parts/TestButton";

const ChannelForm = lazy(async () => ({ default: (await import("../channels/ChannelForm")).ChannelForm }));

interface Draft {
  name: string;
  title: string;
  /** None = it is shared. */
  project: string;
  channels: string[];
}

const faultsOf = ({ name, channels }: Draft): Faults<Draft> => ({
  name: first([name !== "", "required"], [isName(name), "name"]),
  channels: first([channels.length > 0, "required"]),
});

interface ReceiverFormProps {
  existing: Objects["receiver"] | undefined;
  /** Gets the name of what is there now. */
  close: (name?: string) => void;
}

export function ReceiverForm({ existing, close }: ReceiverFormProps) {
  const { t } = useTranslation();
  const [owner, shared] = [useOwner("receiver"), useMayChangeShared("receiver")];
  const [start] = useState<Draft>(() => ({
    name: existing?.name ?? "",
    title: existing?.spec.title ?? "",
    project: existing ? (existing.spec.project ?? "") : owner,
    channels: existing?.spec.channels ?? [],
  }));
  const fields = useFields<Draft>(start, (draft) => ({
    ...faultsOf(draft),
    project: ownerFault(draft, shared),
  }));
  const { draft, set, field } = fields;
  const may = useMayChange("channel");
  return (
    <Editor
      kind="receiver"
      existing={existing}
      fields={fields}
      document={{
        kind: "receiver",
        name: draft.name,
        labels: existing?.labels ?? {},
        spec: {
          ...(draft.title.trim() === "" ? {} : { title: draft.title.trim() }),
          ...(draft.project === "" ? {} : { project: draft.project }),
          channels: draft.channels,
        },
      }}
      close={close}
    >
      <OwnerField
        kind="receiver"
        value={draft.project}
        change={(project) => set({ project })}
        field={field}
      />
      <ObjectsSelect
        kind="channel"
        label={t("people.receiver.channels")}
        value={draft.channels}
        change={(channels) => set({ channels })}
        field={field("channels", t("people.receiver.channels_help"))}
        placeholder={t("form.choose")}
        required
      />
      <Group gap="md">
        {may ? (
          <AddInline
            text={t("channels.new")}
            added={(name) => set({ channels: [...draft.channels, name] })}
            form={(done) => <ChannelForm close={done} />}
          />
        ) : null}
        {existing ? (
          <>
            <TestButton kind="receiver" name={existing.name} title={titleOf(existing)} spec={existing.spec} />
            <TextLink size="sm" to="/notifications" search={{ receiver: existing.name }}>
              {t("people.receiver.receipts")}
            </TextLink>
          </>
        ) : null}
      </Group>
    </Editor>
  );
}
