/** An OpenID Connect provider. */
import { Stack, TagsInput, Text, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { boot } from "../../app/boot";
import { CopyButton } from "../../parts/Copy";
import { Fold } from "../../parts/Fold";
import { Row } from "../../parts/form/Row";
import type { Fields } from "../../parts/form/useFields";
import { SecretField } from "../channels/SecretField";
import { Certificates } from "./Certificates";
import { Groups } from "./Groups";
import { type OidcDraft, oidcOf } from "./signInDraft";
import { TryProvider } from "./TryProvider";
import style from "./Users.module.css";

type Name = "title" | "issuer" | "client_id" | "name_claim" | "groups_claim" | "public_url";

export function OidcFields({ fields }: { fields: Fields<OidcDraft> }) {
  const { t } = useTranslation();
  const { draft, set, field } = fields;
  const text = (name: Name, needed = false) => (
    <TextInput
      {...field(name, t(`users.sign_in.oidc.${name}_help`))}
      label={t(`users.sign_in.oidc.${name}`)}
      value={draft[name]}
      withAsterisk={needed}
      autoComplete="off"
      onChange={({ currentTarget: { value } }) => set({ [name]: value })}
    />
  );
  const portal = draft.public_url.trim().replace(/\/+$/, "") || window.location.origin + boot.prefix;
  const callback = `${portal}/api/v1/session/oidc/callback`;
  return (
    <Stack gap="md" mt="md">
      <Row>
        {text("issuer", true)}
        {text("title")}
      </Row>
      <div className={style.callback}>
        <Text size="sm">{t("users.sign_in.oidc.callback")}</Text>
        <code>{callback}</code> <CopyButton value={callback} />
      </div>
      <Row>
        {text("client_id", true)}
        <SecretField
          label={t("users.sign_in.oidc.client_secret")}
          project=""
          suggestion="oidc-client"
          value={draft.client_secret}
          change={(client_secret) => set({ client_secret })}
          field={field("client_secret", t("users.sign_in.oidc.client_secret_help"))}
        />
      </Row>
      <Groups grants={draft.grants} change={(grants) => set({ grants })} field={field("grants")} />
      <Fold title={t("users.sign_in.further")}>
        <Stack gap="md">
          <Row>
            {text("name_claim", true)}
            {text("groups_claim", true)}
          </Row>
          <Row>
            <TagsInput
              {...field("scopes", t("users.sign_in.oidc.scopes_help"))}
              label={t("users.sign_in.oidc.scopes")}
              value={draft.scopes}
              splitChars={[",", " "]}
              acceptValueOnBlur
              onChange={(scopes) => set({ scopes })}
            />
            {text("public_url")}
          </Row>
          <Certificates
            field={field("ca", t("users.sign_in.ca_help"))}
            value={draft.ca}
            change={(ca) => set({ ca })}
          />
        </Stack>
      </Fold>
      <TryProvider settings={{ oidc: oidcOf(draft) }} settle={fields.settle} />
      <Text size="sm" c="dimmed">
        {t("users.sign_in.oidc.then")}
      </Text>
    </Stack>
  );
}
