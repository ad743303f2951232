/** Which project an object belongs to. Who may not change what is shared chooses one of theirs. */
import { useTranslation } from "react-i18next";
import { useMayChangeShared, useSession } from "../../app/session";
import { ObjectSelect } from "./inputs";
import type { FieldProps } from "./useFields";

/** The project of something new: the only one there is, where it must have one. */
export function useOwner(kind: string): string {
  const { session } = useSession();
  const shared = useMayChangeShared(kind);
  const [only, ...others] = session?.projects ?? [];
  return shared || only === undefined || others.length > 0 ? "" : only;
}

interface OwnerFieldProps {
  kind: "channel" | "receiver" | "time-interval" | "route";
  value: string;
  change: (project: string) => void;
  field: (name: "project", help?: string) => FieldProps;
  /** What it means, where it is said otherwise. */
  help?: string;
}

export function OwnerField({ kind, value, change, field, help }: OwnerFieldProps) {
  const { t } = useTranslation();
  const shared = useMayChangeShared(kind);
  const only = useOwner(kind);
  return (
    <ObjectSelect
      kind="project"
      label={t("form.owner")}
      value={value}
      change={change}
      field={field("project", help ?? t(shared ? "form.owner_help" : "form.owner_own"))}
      optional={shared}
      fixed={only !== "" && only === value}
      placeholder={shared ? t("form.owner_shared") : t("form.choose")}
    />
  );
}
