/** What members of which group may do: one row each. */
import { ActionIcon, Button, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { MatchersInput } from "../../parts/form/inputs";
import type { FieldProps } from "../../parts/form/useFields";
import { RoleSelect } from "./RoleSelect";
import type { GroupDraft } from "./signInDraft";
import style from "./Users.module.css";

interface GroupsProps {
  grants: GroupDraft[];
  change: (grants: GroupDraft[]) => void;
  field: FieldProps;
}

export function Groups({ grants, change, field: { id, error, onBlur } }: GroupsProps) {
  const { t } = useTranslation();
  const set = (row: number, part: Partial<GroupDraft>) =>
    change(grants.map((grant) => (grant.row === row ? { ...grant, ...part } : grant)));
  const add = () => {
    const row = 1 + Math.max(-1, ...grants.map((grant) => grant.row));
    change([...grants, { row, group: "", role: "viewer", scope: [] }]);
  };
  return (
    <fieldset className={style.groups} aria-label={t("users.sign_in.groups")} id={id} tabIndex={-1}>
      <div>
        <Text fw={600} size="sm">
          {t("users.sign_in.groups")}
        </Text>
        <Text size="xs" c={grants.length === 0 ? "var(--wk-warning)" : "dimmed"}>
          {t(grants.length === 0 ? "users.sign_in.groups_none" : "users.sign_in.groups_help")}
        </Text>
      </div>
      {grants.map(({ row, group, role, scope }) => (
        <div key={row} className={style.group}>
          <TextInput
            label={t("users.sign_in.group")}
            value={group}
            error={error && group.trim() === "" ? t("form.invalid.required") : undefined}
            onBlur={onBlur}
            onChange={({ currentTarget: { value } }) => set(row, { group: value })}
          />
          <RoleSelect short value={role} change={(role) => set(row, { role })} />
          <MatchersInput
            label={t("users.scope")}
            value={scope}
            change={(scope) => set(row, { scope })}
            field={{ id: `${id}-${row}`, description: "", inputWrapperOrder: ["label", "input"], onBlur }}
          />
          <ActionIcon
            className={style.drop ?? ""}
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t("users.sign_in.drop", { group })}
            onClick={() => change(grants.filter((grant) => grant.row !== row))}
          >
            <IconTrash size={17} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      {error ? (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {error}
        </Text>
      ) : null}
      <Button
        variant="default"
        size="xs"
        style={{ justifySelf: "start" }}
        leftSection={<IconPlus size={15} aria-hidden />}
        onClick={add}
      >
        {t("users.sign_in.add_group")}
      </Button>
    </fieldset>
  );
}
