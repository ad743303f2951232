/** An LDAP directory. */
import { Stack, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Fold } from "../../parts/Fold";
import { Row } from "../../parts/form/Row";
import type { Fields } from "../../parts/form/useFields";
import { SecretField } from "../channels/SecretField";
import { Certificates } from "./Certificates";
import { Groups } from "./Groups";
import { type LdapDraft, ldapOf } from "./signInDraft";
import { TryProvider } from "./TryProvider";

type Name = "url" | "bind_dn" | "base" | "user_attribute" | "filter" | "group_attribute" | "group_base";

export function LdapFields({ fields }: { fields: Fields<LdapDraft> }) {
  const { t } = useTranslation();
  const { draft, set, field } = fields;
  const text = (name: Name, needed = false) => (
    <TextInput
      {...field(name, t(`users.sign_in.ldap.${name}_help`))}
      label={t(`users.sign_in.ldap.${name}`)}
      value={draft[name]}
      withAsterisk={needed}
      autoComplete="off"
      onChange={({ currentTarget: { value } }) => set({ [name]: value })}
    />
  );
  return (
    <Stack gap="md" mt="md">
      <Row>
        {text("url", true)}
        {text("base", true)}
      </Row>
      <Row>
        {text("bind_dn")}
        <SecretField
          label={t("users.sign_in.ldap.bind_password")}
          project=""
          suggestion="ldap-reader"
          value={draft.bind_password}
          change={(bind_password) => set({ bind_password })}
          field={field("bind_password", t("users.sign_in.ldap.bind_password_help"))}
        />
      </Row>
      <Groups grants={draft.grants} change={(grants) => set({ grants })} field={field("grants")} />
      <Fold title={t("users.sign_in.further")}>
        <Stack gap="md">
          <Row>
            {text("user_attribute", true)}
            {text("filter")}
          </Row>
          <Row>
            {text("group_attribute", true)}
            {text("group_base")}
          </Row>
          <Certificates
            field={field("ca", t("users.sign_in.ca_help"))}
            value={draft.ca}
            change={(ca) => set({ ca })}
          />
        </Stack>
      </Fold>
      <TryProvider settings={{ ldap: ldapOf(draft) }} settle={fields.settle} />
    </Stack>
  );
}
