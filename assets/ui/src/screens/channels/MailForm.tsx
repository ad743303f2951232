/** A mail channel: the server, the sender, the recipients. */
import { Select, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Objects } from "../../api/objects";
import { languages } from "../../app/i18n";
import { useMayChangeShared } from "../../app/session";
import { Fold } from "../../parts/Fold";
import { Editor } from "../../parts/form/Editor";
import { ObjectsSelect } from "../../parts/form/inputs";
import { OwnerField, useOwner } from "../../parts/form/OwnerField";
import { Row } from "../../parts/form/Row";
import { ownerFault } from "../../parts/form/rules";
import { useFields } from "../../parts/form/useFields";
import { type MailDraft, mailDocument, mailDraft, mailFaults } from "./channel";
import { SecretField } from "./SecretField";
import { SendingFields } from "./SendingFields";

interface MailFormProps {
  existing: Objects["channel"] | undefined;
  close: (name?: string) => void;
}

const ports: Record<MailDraft["tls"], string> = { starttls: "587", tls: "465", none: "25" };

export function MailForm({ existing, close }: MailFormProps) {
  const { t } = useTranslation();
  const [owner, shared] = [useOwner("channel"), useMayChangeShared("channel")];
  const [start] = useState(() => mailDraft(existing, owner));
  const fields = useFields<MailDraft>(start, (draft) => ({
    ...mailFaults(draft),
    project: ownerFault(draft, shared),
  }));
  const { draft, set, field } = fields;
  const secure = (tls: MailDraft["tls"]) =>
    // Another protection is spoken on another port, unless somebody chose one.
    set(Object.values(ports).includes(draft.port) ? { tls, port: ports[tls] } : { tls });
  return (
    <Editor
      kind="channel"
      existing={existing}
      fields={fields}
      document={mailDocument(draft, existing)}
      close={close}
    >
      <OwnerField kind="channel" value={draft.project} change={(project) => set({ project })} field={field} />
      <Row>
        <TextInput
          {...field("host", t("channels.mail.host_help"))}
          label={t("channels.mail.host")}
          value={draft.host}
          onChange={({ currentTarget: { value } }) => set({ host: value.trim() })}
          withAsterisk
        />
        <Select
          {...field("tls")}
          label={t("channels.mail.tls")}
          data={(["starttls", "tls", "none"] as const).map((value) => ({
            value,
            label: t(`channels.mail.protection.${value}`),
          }))}
          value={draft.tls}
          onChange={(value) => secure((value ?? "starttls") as MailDraft["tls"])}
          allowDeselect={false}
        />
        <TextInput
          {...field("port")}
          label={t("channels.mail.port")}
          value={draft.port}
          inputMode="numeric"
          onChange={({ currentTarget: { value } }) => set({ port: value.trim() })}
        />
      </Row>
      <TextInput
        {...field("username", t("channels.mail.username_help"))}
        label={t("channels.mail.username")}
        value={draft.username}
        autoComplete="off"
        onChange={({ currentTarget: { value } }) => set({ username: value.trim() })}
      />
      {draft.username === "" ? null : (
        <SecretField
          label={t("channels.mail.password")}
          project={draft.project}
          suggestion={`${draft.name || "mail"}-password`}
          value={draft.password_secret}
          change={(password_secret) => set({ password_secret })}
          field={field("password_secret", t("channels.secret.help"))}
        />
      )}
      <TextInput
        {...field("from", t("channels.mail.from_help"))}
        label={t("channels.mail.from")}
        value={draft.from}
        onChange={({ currentTarget: { value } }) => set({ from: value })}
        withAsterisk
      />
      <ObjectsSelect
        kind="contact"
        label={t("channels.mail.contacts")}
        value={draft.contacts}
        change={(contacts) => set({ contacts })}
        field={field("contacts", t("channels.mail.contacts_help"))}
      />
      <TagsInput
        {...field("to", t("channels.mail.to_help"))}
        label={t("channels.mail.to")}
        value={draft.to}
        onChange={(to) => set({ to })}
        splitChars={[",", ";", " ", "\n"]}
        acceptValueOnBlur
      />
      <Select
        {...field("language", t("channels.mail.language_help"))}
        label={t("channels.mail.language")}
        data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
        value={draft.language}
        onChange={(value) => set({ language: (value ?? "en") as MailDraft["language"] })}
        allowDeselect={false}
        w={240}
      />
      {draft.tls === "none" ? null : (
        <Fold title={t("channels.mail.ca_title")} open={draft.ca !== ""}>
          <Textarea
            {...field("ca", t("channels.mail.ca_help"))}
            label={t("channels.mail.ca")}
            value={draft.ca}
            onChange={({ currentTarget: { value } }) => set({ ca: value })}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
            autosize
            minRows={3}
            maxRows={12}
          />
        </Fold>
      )}
      <SendingFields fields={fields} />
    </Editor>
  );
}
