/** What an account may do, and where. */
import { Button, Checkbox, Group, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { replace } from "../../api/changes";
import type { User } from "../../api/types";
import { useSession } from "../../app/session";
import { useFields } from "../../parts/form/useFields";
import { ProblemBox } from "../../parts/Problem";
import { checkUser } from "./draft";
import { Grant } from "./Grant";
import { GrantRows } from "./GrantRows";
import { useGrantWords } from "./grantWords";

export function UserForm({ user }: { user: User }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const words = useGrantWords();
  const own = useSession().session?.user === user.name;
  const { name, spec, labels, revision } = user;
  const start = {
    name,
    title: spec.title ?? "",
    role: spec.role as string,
    scope: spec.scope ?? [],
    also: (spec.also ?? []).map((grant, row) => ({ row, ...grant })),
    disabled: spec.disabled ?? false,
  };
  const { draft, set, field, settle } = useFields(start, checkUser);
  const save = useMutation({
    mutationFn: () => {
      const { title, role, scope, disabled } = draft;
      const also = draft.also.map(({ row: _, ...grant }) => grant);
      const changed = { ...spec, title: title.trim(), role, scope, also, disabled };
      return replace("users", { kind: "user", name, labels: labels ?? {}, spec: changed }, revision);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["users"] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (settle()) save.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        {save.error ? <ProblemBox error={save.error} /> : null}
        <TextInput
          {...field("title")}
          label={t("users.full_name")}
          value={draft.title}
          onChange={({ currentTarget: { value } }) => set({ title: value })}
        />
        <Grant
          role={draft.role}
          scope={draft.scope}
          change={set}
          field={field("scope", t("users.scope_help"))}
        />
        <GrantRows
          title={t("users.elsewhere.title")}
          help={t("users.elsewhere.help")}
          add={t("users.elsewhere.add")}
          drop={(grant) =>
            t("users.elsewhere.drop", { role: words.role(grant.role), scope: grant.scope.join(", ") })
          }
          fresh={{ role: "viewer", scope: [] }}
          rows={draft.also}
          change={(also) => set({ also })}
          field={field("also")}
          somewhere
        />
        <Checkbox
          label={t("users.disable")}
          description={t(own ? "users.disable_own" : "users.disable_help")}
          checked={draft.disabled}
          disabled={own}
          onChange={({ currentTarget: { checked } }) => set({ disabled: checked })}
        />
        <Group>
          <Button type="submit" loading={save.isPending}>
            {t("users.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
