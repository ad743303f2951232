/** A new machine: a token for it, and the lines to run there. */
import { Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { makeJoinToken } from "../../api/members";
import type { Member } from "../../api/types";
import { Dialog } from "../../parts/Dialog";
import { ProblemBox } from "../../parts/Problem";
import { Shown } from "../../parts/Shown";
import { isAddress, joinCommand } from "./member";

const HOUR_S = 3_600;
const lives = { hour: HOUR_S, day: 24 * HOUR_S, week: 7 * 24 * HOUR_S } as const;
type Life = keyof typeof lives;

interface AddMachineProps {
  members: readonly Member[];
  /** Whose place it takes. */
  instead: Member | undefined;
  close: () => void;
}

export function AddMachine({ members, instead, close }: AddMachineProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [address, setAddress] = useState(instead?.address ?? "");
  const [wrong, setWrong] = useState(false);
  const [life, setLife] = useState<Life>("day");
  const token = useMutation({
    mutationFn: () => makeJoinToken(lives[life], 1),
    onSettled: () => queries.invalidateQueries({ queryKey: ["join-tokens"] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWrong(!isAddress(address.trim()));
    if (isAddress(address.trim())) token.mutate();
  };
  return (
    <Dialog
      opened
      title={
        instead ? t("cluster.members.replace_title", { name: instead.name }) : t("cluster.members.add_title")
      }
      close={close}
      size={680}
    >
      {token.data ? (
        <Shown
          text={t("cluster.members.run")}
          secret={joinCommand(members, address.trim(), token.data.token)}
          note={t("cluster.members.then")}
          close={close}
        />
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack gap="sm">
            <Text size="sm">{t(instead ? "cluster.members.replace_text" : "cluster.members.add_text")}</Text>
            {token.error ? <ProblemBox error={token.error} /> : null}
            <TextInput
              label={t("cluster.members.new_address")}
              description={t("cluster.members.new_address_help")}
              value={address}
              error={wrong ? t("cluster.members.new_address_wrong") : undefined}
              withAsterisk
              data-autofocus
              onChange={({ currentTarget: { value } }) => setAddress(value)}
            />
            <Select
              label={t("cluster.members.life.title")}
              data={(Object.keys(lives) as Life[]).map((value) => ({
                value,
                label: t(`cluster.members.life.${value}`),
              }))}
              value={life}
              allowDeselect={false}
              onChange={(value) => setLife((value ?? "day") as Life)}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {t("action.cancel")}
              </Button>
              <Button type="submit" loading={token.isPending} leftSection={<IconKey size={16} aria-hidden />}>
                {t("cluster.members.make_token")}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
