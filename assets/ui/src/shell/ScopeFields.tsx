/** The four selects of the scope picker; loaded when it is first opened. */
import { Button, Group, Popover, Select, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { cloneElement } from "react";
import { useTranslation } from "react-i18next";
import { isScoped, projects, type Scope, scopeKeys } from "../api/queries";
import type { Project } from "../api/types";
import { useScope } from "../app/useScope";
import type { Opened } from "./OnDemand";

type Dimension = (typeof scopeKeys)[number];

export default function ScopeFields({ button }: Opened) {
  const { t } = useTranslation();
  const [open, { toggle, close }] = useDisclosure(true);
  return (
    <Popover
      opened={open}
      onChange={toggle}
      position="bottom-start"
      width={320}
      trapFocus
      returnFocus
      shadow="md"
    >
      <Popover.Target>{cloneElement(button, { onClick: toggle })}</Popover.Target>
      <Popover.Dropdown aria-label={t("scope.about")}>
        <Fields close={close} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Fields({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const scope = useScope();
  const navigate = useNavigate();
  const all = useQuery(projects()).data?.items ?? [];
  const set = (change: Scope) =>
    void navigate({ to: ".", search: (before) => ({ ...before, ...change, page: undefined }) });
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
          data={valuesOf(key, all, scope)}
          value={scope[key] ?? null}
          onChange={(value) => set({ [key]: value ?? undefined })}
          searchable
          clearable
          clearButtonProps={{ "aria-label": t("action.clear") }}
          nothingFoundMessage={t("scope.nothing")}
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
