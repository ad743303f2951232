/** What the form of signing in holds, and the settings that it makes. */
import type { Objects } from "../../api/objects";
import type { components } from "../../api/schema";
import { first } from "../../parts/form/rules";
import type { Faults } from "../../parts/form/useFields";
import type { GrantRow } from "./GrantRows";
import { testOf } from "./selected";

type Declared = Objects["settings"]["spec"]["sign_in"];
/** As it is sent: what is left out is as it comes. */
export type SignIn = Omit<Declared, "session_hours"> & Partial<Pick<Declared, "session_hours">>;
type Oidc = components["schemas"]["OidcSettings"];
type Ldap = components["schemas"]["LdapSettings"];

export interface GroupDraft extends GrantRow {
  group: string;
}

export interface OidcDraft {
  title: string;
  issuer: string;
  client_id: string;
  client_secret: string;
  scopes: string[];
  name_claim: string;
  groups_claim: string;
  ca: string;
  public_url: string;
  grants: GroupDraft[];
}

export interface LdapDraft {
  url: string;
  ca: string;
  bind_dn: string;
  bind_password: string;
  base: string;
  user_attribute: string;
  filter: string;
  group_attribute: string;
  group_base: string;
  grants: GroupDraft[];
}

const rows = (grants: Oidc["grants"] = []): GroupDraft[] =>
  grants.map(({ group, role, scope = [] }, row) => ({ row, group, role, scope }));

export const oidcDraft = (oidc: Oidc | null | undefined): OidcDraft => ({
  title: oidc?.title ?? "",
  issuer: oidc?.issuer ?? "",
  client_id: oidc?.client_id ?? "",
  client_secret: oidc?.client_secret ?? "",
  scopes: oidc?.scopes ?? ["openid", "profile", "email"],
  name_claim: oidc?.name_claim ?? "preferred_username",
  groups_claim: oidc?.groups_claim ?? "groups",
  ca: oidc?.ca ?? "",
  public_url: oidc?.public_url ?? "",
  grants: rows(oidc?.grants),
});

export const ldapDraft = (ldap: Ldap | null | undefined): LdapDraft => ({
  url: ldap?.url ?? "",
  ca: ldap?.ca ?? "",
  bind_dn: ldap?.bind_dn ?? "",
  bind_password: ldap?.bind_password ?? "",
  base: ldap?.base ?? "",
  user_attribute: ldap?.user_attribute ?? "uid",
  filter: ldap?.filter ?? "",
  group_attribute: ldap?.group_attribute ?? "memberOf",
  group_base: ldap?.group_base ?? "",
  grants: rows(ldap?.grants),
});

/** What is empty is left out. */
function made<Spec>(draft: OidcDraft | LdapDraft): Spec {
  const texts = Object.entries(draft).map(([name, value]) => [
    name,
    typeof value === "string" ? value.trim() : value,
  ]);
  const grants = draft.grants.map(({ group, role, scope }) => ({
    group: group.trim(),
    role,
    ...(scope.length === 0 ? {} : { scope }),
  }));
  return { ...Object.fromEntries(texts.filter(([, value]) => value !== "")), grants } as Spec;
}

export const oidcOf = (draft: OidcDraft): Oidc => made(draft);
export const ldapOf = (draft: LdapDraft): Ldap => made(draft);

const needed = (text: string) => first([text.trim() !== "", "required"]);
const groupFault = (grants: readonly GroupDraft[]) =>
  first(
    [grants.every(({ group }) => group.trim() !== ""), "required"],
    [grants.every(({ scope }) => scope.every((text) => testOf(text) !== undefined)), "matcher"],
  );
const speaks = (text: string, ...schemes: string[]) =>
  URL.canParse(text) && schemes.includes(new URL(text).protocol);

export const oidcFaults = (draft: OidcDraft): Faults<OidcDraft> => ({
  issuer: first([draft.issuer !== "", "required"], [speaks(draft.issuer, "https:", "http:"), "url"]),
  client_id: needed(draft.client_id),
  name_claim: needed(draft.name_claim),
  groups_claim: needed(draft.groups_claim),
  public_url: first([draft.public_url === "" || speaks(draft.public_url, "https:", "http:"), "url"]),
  grants: groupFault(draft.grants),
});

export const ldapFaults = (draft: LdapDraft): Faults<LdapDraft> => ({
  url: first([draft.url !== "", "required"], [speaks(draft.url, "ldaps:", "ldap:"), "directory"]),
  base: needed(draft.base),
  bind_dn: draft.bind_password === "" ? undefined : needed(draft.bind_dn),
  bind_password: draft.bind_dn.trim() === "" ? undefined : needed(draft.bind_password),
  user_attribute: needed(draft.user_attribute),
  group_attribute: needed(draft.group_attribute),
  grants: groupFault(draft.grants),
});

/** Whether somebody who came in by a provider may be nobody, or no admin, once this is saved. */
export function losesOwn(user: string, before: SignIn | undefined, after: SignIn): boolean {
  const [by, name] = user.split("/");
  if (name === undefined) return false;
  const admits = (grants: Oidc["grants"] = []) =>
    grants.some(({ role, scope = [] }) => role === "admin" && scope.length === 0);
  if (by === "oidc") return after.oidc?.issuer !== before?.oidc?.issuer || !admits(after.oidc?.grants);
  return by === "ldap" && (after.ldap?.url !== before?.ldap?.url || !admits(after.ldap?.grants));
}
