/** What people call roles and scopes. */
import { useTranslation } from "react-i18next";
import type { Role } from "../../api/types";

const roles: readonly Role[] = ["viewer", "developer", "operator", "admin"];

export function useGrantWords() {
  const { t } = useTranslation();
  return {
    /** A role that is not known is called as the API does. */
    role: (name: string) => {
      const known = roles.find((role) => role === name);
      return known === undefined ? name : t(`role.${known}`);
    },
    scope: (matchers: readonly string[] | undefined) =>
      matchers === undefined || matchers.length === 0 ? t("users.everywhere") : matchers.join(", "),
  };
}
