/** What members of which group may do: one row each. */
import { TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { FieldProps } from "../../parts/form/useFields";
import { GrantRows } from "./GrantRows";
import type { GroupDraft } from "./signInDraft";

interface GroupsProps {
  grants: GroupDraft[];
  change: (grants: GroupDraft[]) => void;
  field: FieldProps;
}

export function Groups({ grants, change, field }: GroupsProps) {
  const { t } = useTranslation();
  const none = grants.length === 0;
  return (
    <GrantRows
      title={t("users.sign_in.groups")}
      help={t(none ? "users.sign_in.groups_none" : "users.sign_in.groups_help")}
      warns={none}
      add={t("users.sign_in.add_group")}
      drop={({ group }) => t("users.sign_in.drop", { group })}
      fresh={{ group: "", role: "viewer", scope: [] }}
      rows={grants}
      change={change}
      field={field}
      first={({ group }, set) => (
        <TextInput
          label={t("users.sign_in.group")}
          value={group}
          error={field.error && group.trim() === "" ? t("form.invalid.required") : undefined}
          onBlur={field.onBlur}
          onChange={({ currentTarget: { value } }) => set({ group: value })}
        />
      )}
    />
  );
}
