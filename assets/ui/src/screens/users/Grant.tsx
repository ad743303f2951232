/** What somebody may do, and where: a role, matchers, and the projects that they select now. */
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { projects } from "../../api/queries";
import { MatchersInput } from "../../parts/form/inputs";
import type { FieldProps } from "../../parts/form/useFields";
import { RoleSelect } from "./RoleSelect";
import { selected } from "./selected";

interface GrantProps {
  role: string;
  scope: string[];
  change: (grant: { role?: string; scope?: string[] }) => void;
  field: FieldProps;
}

export function Grant({ role, scope, change, field }: GrantProps) {
  const { t } = useTranslation();
  return (
    <>
      <RoleSelect value={role} change={(role) => change({ role })} />
      <MatchersInput
        label={t("users.scope")}
        value={scope}
        change={(matchers) => change({ scope: matchers })}
        field={field}
      />
      <Selected scope={scope} />
    </>
  );
}

function Selected({ scope }: { scope: readonly string[] }) {
  const { t } = useTranslation();
  const { data } = useQuery(projects());
  if (data === undefined) return null;
  const names = selected(data.items, scope);
  const text =
    scope.length === 0
      ? t("users.everywhere")
      : names === undefined
        ? t("users.unreadable")
        : names.length === 0
          ? t("users.selects_none")
          : t("users.selects", { count: names.length, names: names.join(", ") });
  return (
    <Text size="sm" c="dimmed" role="status" mt={-6}>
      {text}
    </Text>
  );
}
