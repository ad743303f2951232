/** A webhook channel: an address that takes notifications as JSON. */
import { TagsInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Objects } from "../../api/objects";
import { Editor } from "../../parts/form/Editor";
import { useFields } from "../../parts/form/useFields";
import { webhookDocument, webhookDraft, webhookFaults } from "./channel";
import { SendingFields } from "./SendingFields";

interface WebhookFormProps {
  existing: Objects["channel"] | undefined;
  close: (name?: string) => void;
}

export function WebhookForm({ existing, close }: WebhookFormProps) {
  const { t } = useTranslation();
  const [start] = useState(() => webhookDraft(existing));
  const fields = useFields(start, webhookFaults);
  const { draft, set, field } = fields;
  return (
    <Editor
      kind="channel"
      existing={existing}
      fields={fields}
      document={webhookDocument(draft, existing)}
      close={close}
    >
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
