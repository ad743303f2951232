/** A contact: a person and where to reach them. */
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Objects } from "../../api/objects";
import { Editor } from "../../parts/form/Editor";
import { first, isMail, isName } from "../../parts/form/rules";
import { type Faults, useFields } from "../../parts/form/useFields";

interface Draft {
  name: string;
  title: string;
  mail: string;
  phone: string;
}

const faultsOf = ({ name, mail }: Draft): Faults<Draft> => ({
  name: first([name !== "", "required"], [isName(name), "name"]),
  mail: first([mail === "" || isMail(mail), "mail"]),
});

interface ContactFormProps {
  existing: Objects["contact"] | undefined;
  close: () => void;
}

export function ContactForm({ existing, close }: ContactFormProps) {
  const { t } = useTranslation();
  const spec = existing?.spec;
  const [start] = useState<Draft>(() => ({
    name: existing?.name ?? "",
    title: spec?.title ?? "",
    mail: spec?.mail ?? "",
    phone: spec?.phone ?? "",
  }));
  const fields = useFields(start, faultsOf);
  const { draft, set, field } = fields;
  const said = { title: draft.title.trim(), mail: draft.mail, phone: draft.phone };
  return (
    <Editor
      kind="contact"
      existing={existing}
      fields={fields}
      document={{
        kind: "contact",
        name: draft.name,
        labels: existing?.labels ?? {},
        spec: Object.fromEntries(Object.entries(said).filter(([, value]) => value !== "")),
      }}
      close={close}
    >
      <TextInput
        {...field("mail", t("people.contact.mail_help"))}
        type="email"
        label={t("people.contact.mail")}
        value={draft.mail}
        onChange={({ currentTarget: { value } }) => set({ mail: value.trim() })}
      />
      <TextInput
        {...field("phone", t("people.contact.phone_help"))}
        type="tel"
        label={t("people.contact.phone")}
        value={draft.phone}
        onChange={({ currentTarget: { value } }) => set({ phone: value.trim() })}
      />
    </Editor>
  );
}
