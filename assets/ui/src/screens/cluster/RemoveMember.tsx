/** Taking a node out: what is lost with it, then doing it. */
import { Button, Group, List, Stack, Text } from "@mantine/core";
import { IconUserMinus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { removeMember } from "../../api/members";
import type { Member, Status } from "../../api/types";
import { Dialog } from "../../parts/Dialog";
import { ProblemBox } from "../../parts/Problem";
import { isSilent, lossOf } from "./member";

interface RemoveMemberProps {
  member: Member;
  members: readonly Member[];
  status: Status;
  close: () => void;
}

export function RemoveMember({ member, members, status, close }: RemoveMemberProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const removal = useMutation({
    mutationFn: () => removeMember(member.id),
    onSuccess: close,
    onSettled: () => queries.invalidateQueries({ queryKey: ["members"] }),
  });
  const { name } = member;
  const { stay, spare, programs, records } = lossOf(member, members, status);
  const here = URL.canParse(member.url) && new URL(member.url).host === window.location.host;
  return (
    <Dialog opened title={t("cluster.members.remove_title", { name })} close={close} size={560}>
      <Stack gap="sm">
        {removal.error ? <ProblemBox error={removal.error} /> : null}
        <Text size="sm">{t("cluster.members.lost.lead")}</Text>
        <List size="sm" spacing={6}>
          <List.Item>
            {t("cluster.members.lost.stay", { count: stay })}{" "}
            {spare === 0 ? t("cluster.spare_none") : t("cluster.spare", { count: spare })}
          </List.Item>
          {programs.length > 0 ? (
            <List.Item>{t("cluster.members.lost.programs", { programs: programs.join(", ") })}</List.Item>
          ) : null}
          {records ? <List.Item>{t("cluster.members.lost.records", { name })}</List.Item> : null}
          <List.Item>{t("cluster.members.lost.back")}</List.Item>
          {isSilent(member) ? <List.Item>{t("cluster.members.lost.silent")}</List.Item> : null}
          {here ? <List.Item>{t("cluster.members.lost.here")}</List.Item> : null}
        </List>
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={close}>
            {t("action.cancel")}
          </Button>
          <Button
            color="red"
            loading={removal.isPending}
            leftSection={<IconUserMinus size={16} aria-hidden />}
            onClick={() => removal.mutate()}
          >
            {t("cluster.members.remove_of", { name })}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
