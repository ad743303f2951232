/** A role: one of the built-in ones, or a declared one; below it what it may do. */
import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useGrantWords } from "./grantWords";

interface RoleSelectProps {
  value: string;
  change: (role: string) => void;
  /** Without what it may do, where there is no room. */
  short?: boolean;
}

export function RoleSelect({ value, change, short = false }: RoleSelectProps) {
  const { t } = useTranslation();
  const words = useGrantWords();
  const names = words.roles.includes(value) ? words.roles : [...words.roles, value];
  return (
    <Select
      label={t("users.role")}
      data={names.map((name) => ({ value: name, label: words.role(name) }))}
      value={value}
      allowDeselect={false}
      inputWrapperOrder={["label", "input", "description"]}
      description={short ? undefined : words.can(value)}
      onChange={(name) => change(name ?? value)}
    />
  );
}
