/** What people call what is recorded. */
import { useTranslation } from "react-i18next";

export const verbs = [
  "change",
  "revert",
  "sign-in",
  "sign-out",
  "session-end",
  "password-set",
  "factor-set",
  "factor-remove",
  "token-make",
  "token-revoke",
  "token-new-address",
  "secret-set",
  "join-token-make",
  "join-token-revoke",
  "member-join",
  "member-remove",
  "bundle-add",
  "snapshot-save",
  "audit-export",
  "audit-prune",
  "fault-dismiss",
  "form",
  "restore",
  "recover",
  "request",
] as const;

/** A verb that is not known is called as the API does. */
export function useVerbWords(): (verb: string) => string {
  const { t } = useTranslation();
  return (verb) => {
    const known = verbs.find((each) => each === verb);
    return known === undefined ? verb : t(`audit.verb.${known}`);
  };
}
