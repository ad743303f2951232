/** Who holds a role: accounts, tokens, and groups of other sign-ins. */
import type { Objects } from "../../api/objects";
import type { Token, User } from "../../api/types";

export interface Holder {
  what: "user" | "token" | "group";
  name: string;
}

interface All {
  users: readonly User[];
  tokens: readonly Token[];
  settings: Objects["settings"] | undefined;
}

export function holders(role: string, { users, tokens, settings }: All): Holder[] {
  const { oidc, ldap } = settings?.spec.sign_in ?? {};
  const groups = [...(oidc?.grants ?? []), ...(ldap?.grants ?? [])];
  const holds = ({ spec }: User) =>
    spec.role === role || (spec.also ?? []).some((grant) => grant.role === role);
  return [
    ...users.filter(holds).map(({ name }) => ({ what: "user" as const, name })),
    ...tokens.filter(({ spec }) => spec.role === role).map(({ name }) => ({ what: "token" as const, name })),
    ...[...new Set(groups.filter((grant) => grant.role === role).map(({ group }) => group))].map((name) => ({
      what: "group" as const,
      name,
    })),
  ];
}
