/** What people call roles and scopes, and what a role may do. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { objects, titleOf } from "../../api/objects";
import { useKindWords } from "../../parts/kindWords";

/** Lowest first. */
export const builtIn = ["viewer", "developer", "operator", "admin"] as const;

export function useGrantWords() {
  const { t, i18n } = useTranslation();
  const { word } = useKindWords();
  const declared = useQuery(objects("role")).data?.items ?? [];
  const builtInOf = (name: string) => builtIn.find((role) => role === name);
  const list = (texts: string[]) => new Intl.ListFormat(i18n.language).format(texts);
  return {
    /** Names of all there are. */
    roles: [...builtIn, ...declared.map(({ name }) => name)] as string[],
    /** A role that is not known is called as the API does. */
    role: (name: string) => {
      const known = builtInOf(name);
      const own = declared.find((role) => role.name === name);
      return known ? t(`role.${known}`) : own ? titleOf(own) : name;
    },
    can: (name: string) => {
      const known = builtInOf(name);
      if (known) return t(`users.roles.can.${known}`);
      const own = declared.find((role) => role.name === name)?.spec;
      if (own === undefined) return t("users.roles.unknown");
      const kinds = (own.write ?? []).map((kind) => word(kind).toLocaleLowerCase(i18n.language));
      const base = t(`users.roles.can.${own.base}`);
      return kinds.length === 0 ? base : t("users.roles.more", { base, kinds: list(kinds) });
    },
    scope: (matchers: readonly string[] | undefined) =>
      matchers === undefined || matchers.length === 0 ? t("users.everywhere") : matchers.join(", "),
  };
}
