/** A new account or API token. Its password, or the token itself, is random and shown once. */
import { Button, Group, Select, Stack, TextInput } from "@mantine/core";
import { IconKey, IconUserPlus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { makeToken, setPassword } from "../../api/accounts";
import { create } from "../../api/changes";
import { Dialog } from "../../parts/Dialog";
import { useFields } from "../../parts/form/useFields";
import { ProblemBox } from "../../parts/Problem";
import { Shown } from "../../parts/Shown";
import { check, nothing } from "./draft";
import { Grant } from "./Grant";

const DAY_MS = 86_400_000;
/** Days; 0 = it never ends. */
const lives = { month: 30, quarter: 90, year: 365, never: 0 } as const;
type Life = keyof typeof lives;

/** The texts of both, under `users`. */
const words = {
  user: {
    title: "users.add_title",
    made: "users.made",
    name: "users.name_help",
    label: "users.full_name",
    add: "users.add",
    icon: IconUserPlus,
  },
  token: {
    title: "users.token.add_title",
    made: "users.token.made",
    name: "users.token.name_help",
    label: "users.token.what_for",
    add: "users.token.add",
    icon: IconKey,
  },
} as const;

export function NewHolder({ what, close }: { what: "user" | "token"; close: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [life, setLife] = useState<Life>("quarter");
  const { draft, set, field, settle } = useFields(nothing, check);
  const { name, role, scope } = draft;
  const text = words[what];
  const add = useMutation({
    /** The secret. */
    mutationFn: async () => {
      const grant = { title: draft.title.trim(), role, scope };
      if (what === "token") return (await makeToken({ name, ...grant, ...until(life) })).token;
      await create("users", { kind: "user", name, spec: grant });
      return (await setPassword(name, {}))?.password;
    },
    onSettled: () => queries.invalidateQueries({ queryKey: [`${what}s`] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (settle()) add.mutate();
  };
  return (
    <Dialog opened title={t(text.title)} close={close} size={560}>
      {add.data ? (
        <Shown
          text={t(text.made, { name })}
          secret={add.data}
          note={t(what === "user" ? "users.once" : "users.token.once")}
          close={close}
        />
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack gap="sm">
            {add.error ? <ProblemBox error={add.error} /> : null}
            <TextInput
              {...field("name", t(text.name))}
              label={t("users.column.name")}
              value={name}
              withAsterisk
              data-autofocus
              autoComplete="off"
              onChange={({ currentTarget: { value } }) => set({ name: value.trim() })}
            />
            <TextInput
              {...field("title")}
              label={t(text.label)}
              value={draft.title}
              onChange={({ currentTarget: { value } }) => set({ title: value })}
            />
            <Grant role={role} scope={scope} change={set} field={field("scope", t("users.scope_help"))} />
            {what === "token" ? <Life value={life} change={setLife} /> : null}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {t("action.cancel")}
              </Button>
              <Button type="submit" loading={add.isPending} leftSection={<text.icon size={16} aria-hidden />}>
                {t(text.add)}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}

function Life({ value, change }: { value: Life; change: (life: Life) => void }) {
  const { t } = useTranslation();
  return (
    <Select
      label={t("users.token.life.title")}
      data={(Object.keys(lives) as Life[]).map((value) => ({ value, label: t(`users.token.life.${value}`) }))}
      value={value}
      allowDeselect={false}
      onChange={(value) => change((value ?? "quarter") as Life)}
    />
  );
}

function until(life: Life): { expires?: string } {
  const days = lives[life];
  return days === 0 ? {} : { expires: new Date(Date.now() + days * DAY_MS).toISOString() };
}
