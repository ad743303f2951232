/** Who holds a role, in one line. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { tokens, users } from "../../api/accounts";
import { objects } from "../../api/objects";
import { holders } from "./holders";

/** So many are named, the others are counted. */
const NAMED = 6;

export function Holders({ role }: { role: string }) {
  const { t } = useTranslation();
  const accounts = useQuery(users()).data?.items;
  const programs = useQuery(tokens()).data?.items;
  const settings = useQuery(objects("settings")).data?.items;
  if (!accounts || !programs || !settings) return null;
  const all = holders(role, { users: accounts, tokens: programs, settings: settings[0] });
  if (all.length === 0) return t("users.roles.nobody");
  const named = all.slice(0, NAMED).map(({ what, name }) => t(`users.roles.holder.${what}`, { name }));
  const rest = all.length - named.length;
  return [...named, ...(rest > 0 ? [t("users.roles.others", { count: rest })] : [])].join(", ");
}
