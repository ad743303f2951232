/** What people call the kinds of objects. */
import { useTranslation } from "react-i18next";

/** Kinds of objects whose history is kept, as the API calls them. */
export const kinds = [
  "channel",
  "contact",
  "department",
  "inhibition",
  "policy",
  "project",
  "receiver",
  "role",
  "route",
  "rule-group",
  "rule-test",
  "scrape-job",
  "secret",
  "settings",
  "silence",
  "target",
  "team",
  "time-interval",
  "token",
  "user",
] as const;
export type Kind = (typeof kinds)[number];

interface KindWords {
  /** `Rule group`; a kind that is not known is called as the API does. */
  word: (kind: string) => string;
  /** `Rule group web`, to begin a sentence with. */
  called: (kind: string, name: string) => string;
  /** `rule group web`, within a sentence. */
  within: (kind: string, name: string) => string;
}

export function useKindWords(): KindWords {
  const { t, i18n } = useTranslation();
  const word = (kind: string) => {
    const known = kinds.find((each) => each === kind);
    return known === undefined ? kind : t(`kind.${known}`);
  };
  return {
    word,
    called: (kind, name) => `${word(kind)} ${name}`,
    within: (kind, name) => `${word(kind).toLocaleLowerCase(i18n.language)} ${name}`,
  };
}
