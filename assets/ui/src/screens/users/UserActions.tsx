/** A new password for somebody, and the end of an account. */
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconKey, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { setPassword } from "../../api/accounts";
import { remove } from "../../api/changes";
import type { User } from "../../api/types";
import { useSession } from "../../app/session";
import { Dialog } from "../../parts/Dialog";
import { ProblemBox } from "../../parts/Problem";
import { Shown } from "../../parts/Shown";

export function UserActions({ user, gone }: { user: User; gone: () => void }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<"reset" | "delete" | null>(null);
  const own = useSession().session?.user === user.name;
  if (own) {
    return (
      <Text size="sm" c="dimmed" my="md">
        {t("users.own")}
      </Text>
    );
  }
  const close = () => setAsked(null);
  return (
    <Group my="md">
      <Button
        variant="default"
        leftSection={<IconKey size={16} aria-hidden />}
        onClick={() => setAsked("reset")}
      >
        {t("users.reset")}
      </Button>
      <Button
        variant="default"
        leftSection={<IconTrash size={16} aria-hidden />}
        onClick={() => setAsked("delete")}
      >
        {t("users.delete")}
      </Button>
      {asked === "reset" ? <Reset user={user} close={close} /> : null}
      {asked === "delete" ? <Delete user={user} close={close} gone={gone} /> : null}
    </Group>
  );
}

function Reset({ user: { name }, close }: { user: User; close: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const reset = useMutation({
    mutationFn: () => setPassword(name, {}),
    onSettled: () => queries.invalidateQueries({ queryKey: ["sessions"] }),
  });
  return (
    <Dialog opened title={t("users.reset_title", { name })} close={close} size={520}>
      {reset.data ? (
        <Shown
          text={t("users.was_reset", { name })}
          secret={reset.data.password}
          note={t("users.once")}
          close={close}
        />
      ) : (
        <Stack gap="sm">
          {reset.error ? <ProblemBox error={reset.error} /> : null}
          <Text size="sm">{t("users.reset_text")}</Text>
          <Group justify="flex-end">
            <Button variant="default" data-autofocus onClick={close}>
              {t("action.cancel")}
            </Button>
            <Button loading={reset.isPending} onClick={() => reset.mutate()}>
              {t("users.reset")}
            </Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  );
}

function Delete({ user, close, gone }: { user: User; close: () => void; gone: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { name } = user;
  const removal = useMutation({
    mutationFn: () => remove("users", user),
    onSuccess: gone,
    onSettled: () => queries.invalidateQueries({ queryKey: ["users"] }),
  });
  return (
    <Dialog opened title={t("users.delete_title", { name })} close={close} size={520}>
      <Stack gap="sm">
        {removal.error ? <ProblemBox error={removal.error} /> : null}
        <Text size="sm">{t("users.delete_text")}</Text>
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={close}>
            {t("action.cancel")}
          </Button>
          <Button color="red" loading={removal.isPending} onClick={() => removal.mutate()}>
            {t("users.delete_of", { name })}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
