/** What a record is about, in a few words. */
import { useTranslation } from "react-i18next";
import type { AuditRecord } from "../../api/types";
import { useKindWords } from "../../parts/kindWords";

export function useSubject(): (record: AuditRecord) => string {
  const { t } = useTranslation();
  const { called } = useKindWords();
  return ({ objects, n_objects, about, route }) => {
    const [first] = objects;
    if (first === undefined) return about ?? route ?? "";
    const named = called(first.kind, first.name);
    return n_objects > 1 ? t("audit.and_more", { first: named, count: n_objects - 1 }) : named;
  };
}
