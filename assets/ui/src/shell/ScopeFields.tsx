/** The four selects of the scope picker; loaded when it is first opened. */
import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { isScoped, type Scope, scopeKeys } from "../api/queries";
import type { Project } from "../api/types";

type Dimension = (typeof scopeKeys)[number];

interface ScopeFieldsProps {
  scope: Scope;
  projects: readonly Project[];
  set: (change: Scope) => void;
  close: () => void;
}

export default function ScopeFields({ scope, projects, set, close }: ScopeFieldsProps) {
  const { t } = useTranslation();
  const clear = () => {
    set(Object.fromEntries(scopeKeys.map((key) => [key, undefined])));
    close();
  };
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t("scope.about")}
      </Text>
      {scopeKeys.map((key) => (
        <Select
          key={key}
          label={t(`dimension.${key}`)}
          placeholder={t("scope.any")}
          data={valuesOf(key, projects, scope)}
          value={scope[key] ?? null}
          onChange={(value) => set({ [key]: value ?? undefined })}
          searchable
          clearable
          clearButtonProps={{ "aria-label": t("action.clear") }}
          nothingFoundMessage={t("scope.nothing")}
          comboboxProps={{ withinPortal: false }}
        />
      ))}
      <Group justify="space-between">
        <Button size="xs" variant="subtle" onClick={clear} disabled={!isScoped(scope)}>
          {t("scope.clear")}
        </Button>
        <Button size="xs" onClick={close}>
          {t("action.done")}
        </Button>
      </Group>
    </Stack>
  );
}

/** What one dimension can be, given the others; what is chosen is always among it. */
export function valuesOf(key: Dimension, all: readonly Project[], scope: Scope): string[] {
  const value = (project: Project, of: Dimension) => (of === "project" ? project.name : project.spec[of]);
  const fits = (project: Project) =>
    scopeKeys.every(
      (other) => other === key || scope[other] === undefined || value(project, other) === scope[other],
    );
  const values = new Set(all.filter(fits).map((project) => value(project, key)));
  values.add(scope[key]);
  return [...values].filter((each) => each != null).sort();
}
