/** A new account with a random password, which is shown once. */
import { Button, Group, Stack, TextInput } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { setPassword } from "../../api/accounts";
import { create } from "../../api/changes";
import { Dialog } from "../../parts/Dialog";
import { useFields } from "../../parts/form/useFields";
import { ProblemBox } from "../../parts/Problem";
import { check, nothing } from "./draft";
import { Grant } from "./Grant";
import { Shown } from "./Shown";

export function NewUser({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { draft, set, field, settle } = useFields(nothing, check);
  const { name, title, role, scope } = draft;
  const add = useMutation({
    mutationFn: async () => {
      await create("users", { kind: "user", name, spec: { title: title.trim(), role, scope } });
      return setPassword(name, {});
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["users"] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (settle()) add.mutate();
  };
  return (
    <Dialog opened title={t("users.add_title")} close={close} size={560}>
      {add.data ? (
        <Shown text={t("users.made", { name })} secret={add.data.password} close={close} />
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack gap="sm">
            {add.error ? <ProblemBox error={add.error} /> : null}
            <TextInput
              {...field("name", t("users.name_help"))}
              label={t("users.column.name")}
              value={name}
              withAsterisk
              data-autofocus
              autoComplete="off"
              onChange={({ currentTarget: { value } }) => set({ name: value.trim() })}
            />
            <TextInput
              {...field("title")}
              label={t("users.full_name")}
              value={title}
              onChange={({ currentTarget: { value } }) => set({ title: value })}
            />
            <Grant role={role} scope={scope} change={set} field={field("scope")} />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {t("action.cancel")}
              </Button>
              <Button
                type="submit"
                loading={add.isPending}
                leftSection={<IconUserPlus size={16} aria-hidden />}
              >
                {t("users.add")}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
