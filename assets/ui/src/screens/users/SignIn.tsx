/** How people sign in besides with accounts of this site: `settings.sign_in` as a form. */
import { Alert, Button, Checkbox, Group, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { create, replace } from "../../api/changes";
import { type Objects, objects } from "../../api/objects";
import { useSession } from "../../app/session";
import { ApplyDialog } from "../../parts/ApplyDialog";
import { Card } from "../../parts/Card";
import { useFields } from "../../parts/form/useFields";
import { Loading } from "../../parts/Loading";
import { Stale } from "../../parts/Stale";
import { LdapFields } from "./LdapFields";
import { OidcFields } from "./OidcFields";
import {
  ldapDraft,
  ldapFaults,
  ldapOf,
  losesOwn,
  oidcDraft,
  oidcFaults,
  oidcOf,
  type SignIn as Settings,
} from "./signInDraft";

/** Where nothing is declared. */
const USUAL_HOURS = 12;

export default function SignIn() {
  const { t } = useTranslation();
  const query = useQuery(objects("settings"));
  const settings = query.data?.items[0];
  return (
    <>
      <Stale query={query} title={t("users.sign_in.failed")} />
      {query.data ? (
        // Another revision is another form: nothing of the old one may be saved over it.
        <SignInForm key={settings?.revision} existing={settings} />
      ) : query.error ? null : (
        <Loading />
      )}
    </>
  );
}

function SignInForm({ existing }: { existing: Objects["settings"] | undefined }) {
  const { t } = useTranslation();
  const user = useSession().session?.user ?? "";
  const declared = existing?.spec.sign_in;
  const [contact, setContact] = useState(declared?.contact ?? "");
  const [hours, setHours] = useState(String(declared?.session_hours ?? USUAL_HOURS));
  const [by, setBy] = useState({ oidc: Boolean(declared?.oidc), ldap: Boolean(declared?.ldap) });
  const oidc = useFields(oidcDraft(declared?.oidc), oidcFaults);
  const ldap = useFields(ldapDraft(declared?.ldap), ldapFaults);
  const [asked, setAsked] = useState(false);
  const wanted: Settings = {
    ...(contact.trim() === "" ? {} : { contact: contact.trim() }),
    session_hours: Number(hours) || USUAL_HOURS,
    ...(by.oidc ? { oidc: oidcOf(oidc.draft) } : {}),
    ...(by.ldap ? { ldap: ldapOf(ldap.draft) } : {}),
  };
  const document = {
    kind: "settings",
    name: "default",
    labels: existing?.labels ?? {},
    spec: { ...existing?.spec, sign_in: wanted },
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if ((!by.oidc || oidc.settle()) && (!by.ldap || ldap.settle())) setAsked(true);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Text size="sm">{t("users.sign_in.lead")}</Text>
        <Card title={t("users.sign_in.oidc.heading")}>
          <Checkbox
            label={t("users.sign_in.oidc.offer")}
            checked={by.oidc}
            onChange={({ currentTarget: { checked } }) => setBy({ ...by, oidc: checked })}
          />
          {by.oidc ? <OidcFields fields={oidc} /> : null}
        </Card>
        <Card title={t("users.sign_in.ldap.heading")}>
          <Checkbox
            label={t("users.sign_in.ldap.offer")}
            checked={by.ldap}
            onChange={({ currentTarget: { checked } }) => setBy({ ...by, ldap: checked })}
          />
          {by.ldap ? <LdapFields fields={ldap} /> : null}
        </Card>
        <Card title={t("users.sign_in.lasting")}>
          <TextInput
            type="number"
            label={t("users.sign_in.hours")}
            description={t("users.sign_in.hours_help")}
            value={hours}
            min={1}
            max={168}
            required
            onChange={({ currentTarget: { value } }) => setHours(value)}
          />
        </Card>
        <Card title={t("users.sign_in.nobody")}>
          <TextInput
            label={t("users.sign_in.contact")}
            description={t("users.sign_in.contact_help")}
            value={contact}
            maxLength={200}
            onChange={({ currentTarget: { value } }) => setContact(value)}
          />
        </Card>
        {losesOwn(user, declared, wanted) ? (
          <Alert color="yellow" variant="outline" role="alert" title={t("users.sign_in.own_title")}>
            {t("users.sign_in.own")}
          </Alert>
        ) : null}
        <Group justify="flex-end">
          <Button type="submit">{t("form.review")}</Button>
        </Group>
      </Stack>
      {asked ? (
        <ApplyDialog
          title={t("users.sign_in.save_title")}
          documents={[document]}
          said={t("users.sign_in.saved")}
          write={(why) =>
            existing
              ? replace("settings", document, existing.revision, why)
              : create("settings", document, why)
          }
          close={() => setAsked(false)}
          done={() => setAsked(false)}
        />
      ) : null}
    </form>
  );
}
