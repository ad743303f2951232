import { expect, test } from "vitest";
import { ldapDraft, ldapFaults, ldapOf, losesOwn, oidcDraft, oidcFaults, oidcOf } from "./signInDraft";

const oidc = {
  issuer: "https://id.example",
  client_id: "watchkeep",
  scopes: ["openid"],
  name_claim: "preferred_username",
  groups_claim: "groups",
  grants: [
    { group: "root", role: "admin" },
    { group: "shop", role: "developer", scope: ['project="shop"'] },
  ],
};
const ldap = {
  url: "ldaps://dir.example",
  base: "dc=example",
  user_attribute: "uid",
  group_attribute: "memberOf",
  filter: "(objectClass=person)",
  grants: [],
};

test("what is declared comes out of the form as it went in", () => {
  expect(oidcOf(oidcDraft(oidc))).toEqual(oidc);
  expect(ldapOf(ldapDraft(ldap))).toEqual(ldap);
});

test("what is missing is said before the server is asked", () => {
  expect(oidcFaults(oidcDraft(oidc))).toMatchObject({
    issuer: undefined,
    client_id: undefined,
    grants: undefined,
  });
  expect(oidcFaults(oidcDraft(null))).toMatchObject({ issuer: "required", client_id: "required" });
  const row = { row: 0, group: " ", role: "viewer", scope: [] };
  expect(oidcFaults({ ...oidcDraft(oidc), grants: [row] }).grants).toBe("required");
  expect(oidcFaults({ ...oidcDraft(oidc), grants: [{ ...row, group: "a", scope: ["x"] }] }).grants).toBe(
    "matcher",
  );
  expect(ldapFaults({ ...ldapDraft(ldap), url: "https://dir.example" }).url).toBe("directory");
  // A name alone proves nothing, a password alone is nobody's.
  expect(ldapFaults({ ...ldapDraft(ldap), bind_dn: "cn=reader" }).bind_password).toBe("required");
  expect(ldapFaults({ ...ldapDraft(ldap), bind_password: "reader" }).bind_dn).toBe("required");
});

test("who came in by a provider is warned before the way is closed", () => {
  const before = { oidc, ldap };
  expect(losesOwn("oidc/ann", before, { oidc })).toBe(false);
  expect(losesOwn("oidc/ann", before, { ldap })).toBe(true);
  expect(losesOwn("oidc/ann", before, { oidc: { ...oidc, issuer: "https://other.example" } })).toBe(true);
  expect(losesOwn("oidc/ann", before, { oidc: { ...oidc, grants: oidc.grants.slice(1) } })).toBe(true);
  expect(losesOwn("ldap/ann", before, { oidc })).toBe(true);
  expect(losesOwn("root", before, {})).toBe(false);
});
