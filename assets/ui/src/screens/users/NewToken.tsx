/** A new API token, which is shown once. */
import { Button, Group, Select, Stack, TextInput } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { makeToken } from "../../api/accounts";
import { Dialog } from "../../parts/Dialog";
import { useFields } from "../../parts/form/useFields";
import { ProblemBox } from "../../parts/Problem";
import { check, nothing } from "./draft";
import { Grant } from "./Grant";
import { Shown } from "./Shown";

const DAY_MS = 86_400_000;
/** Days; 0 = it never ends. */
const lives = { month: 30, quarter: 90, year: 365, never: 0 } as const;
type Life = keyof typeof lives;

export function NewToken({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [life, setLife] = useState<Life>("quarter");
  const { draft, set, field, settle } = useFields(nothing, check);
  const { name, title, role, scope } = draft;
  const make = useMutation({
    mutationFn: () => {
      const days = lives[life];
      const expires = new Date(Date.now() + days * DAY_MS).toISOString();
      return makeToken({ name, title: title.trim(), role, scope, ...(days > 0 ? { expires } : {}) });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["tokens"] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (settle()) make.mutate();
  };
  return (
    <Dialog opened title={t("users.token.add_title")} close={close} size={560}>
      {make.data ? (
        <Shown text={t("users.token.made", { name })} secret={make.data.token} close={close} />
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack gap="sm">
            {make.error ? <ProblemBox error={make.error} /> : null}
            <TextInput
              {...field("name", t("users.token.name_help"))}
              label={t("users.column.name")}
              value={name}
              withAsterisk
              data-autofocus
              autoComplete="off"
              onChange={({ currentTarget: { value } }) => set({ name: value.trim() })}
            />
            <TextInput
              {...field("title")}
              label={t("users.token.what_for")}
              value={title}
              onChange={({ currentTarget: { value } }) => set({ title: value })}
            />
            <Grant role={role} scope={scope} change={set} field={field("scope")} />
            <Select
              label={t("users.token.life.title")}
              data={(Object.keys(lives) as Life[]).map((value) => ({
                value,
                label: t(`users.token.life.${value}`),
              }))}
              value={life}
              allowDeselect={false}
              onChange={(value) => setLife((value ?? "quarter") as Life)}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {t("action.cancel")}
              </Button>
              <Button type="submit" loading={make.isPending} leftSection={<IconKey size={16} aria-hidden />}>
                {t("users.token.add")}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
