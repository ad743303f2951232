/** A webhook channel: an address that takes notifications as JSON. */
import { TagsInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Objects } from "../../api/objects";
import { useMayChangeShared } from "../../app/session";
import { Editor } from "../../parts/form/Editor";
import { OwnerField, useOwner } from "../../parts/form/OwnerField";
import { ownerFault } from "../../parts/form/rules";
import { useFields } from "../../parts/form/useFields";
import { type WebhookDraft, webhookDocument, webhookDraft, webhookFaults } from "./channel";
import { SendingFields } from "./SendingFields";

interface WebhookFormProps {
  existing: Objects["channel"] | undefined;
  close: (name?: string) => void;
}

export function WebhookForm({ existing, close }: WebhookFormProps) {
  const { t } = useTranslation();
  const [owner, shared] = [useOwner("channel"), useMayChangeShared("channel")];
  const [start] = useState(() => webhookDraft(existing, owner));
  const fields = useFields<WebhookDraft>(start, (draft) => ({
    ...webhookFaults(draft),
    project: ownerFault(draft, shared),
  }));
  const { draft, set, field } = fields;
  return (
    <Editor
      kind="channel"
      existing={existing}
      fields={fields}
      document={webhookDocument(draft, existing)}
      close={close}
    >
      <OwnerField kind="channel" value={draft.project} change={(project) => set({ project })} field={field} />
      <TextInput
        {...field("url", t("channels.webhook.url_help"))}
        label={t("channels.webhook.url")}
        value={draft.url}
        onChange={({ currentTarget: { value } }) => set({ url: value.trim() })}
        withAsterisk
      />
      <TagsInput
        {...field("headers", t("channels.webhook.headers_help"))}
        label={t("channels.webhook.headers")}
        placeholder={draft.headers.length === 0 ? t("channels.webhook.headers_example") : ""}
        value={draft.headers}
        onChange={(headers) => set({ headers: headers.filter((line) => /^[\w-]+\s*:/.test(line)) })}
        splitChars={["\n"]}
        acceptValueOnBlur
      />
      <SendingFields fields={fields} />
    </Editor>
  );
}
