/** Says that this node stopped answering, since when, and which others there are. */
import { Alert, Anchor, Button, Group } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { members } from "../api/queries";
import { Ago } from "../parts/Ago";
import { useLive } from "./live";

export function Connection() {
  const { t } = useTranslation();
  const { state, heard, retry } = useLive();
  // Asked while all is well, so that it is known when it is needed.
  const { data } = useQuery(members());
  if (state !== "lost") return null;
  const others = (data?.items ?? []).filter((member) => !member.gone && !isHere(member.url));
  return (
    <Alert
      mb="md"
      color="red"
      variant="outline"
      role="alert"
      icon={<IconPlugConnectedX aria-hidden />}
      title={t("live.lost")}
    >
      {t("live.since")} <Ago at={new Date(heard).toISOString()} focusable />
      <Group gap="md" mt="xs">
        <Button size="xs" variant="default" onClick={retry}>
          {t("action.retry")}
        </Button>
        {others.map((member) => (
          <Anchor key={member.id} size="sm" href={member.url}>
            {t("live.other", { name: member.name })}
          </Anchor>
        ))}
      </Group>
    </Alert>
  );
}

function isHere(url: string): boolean {
  return URL.canParse(url) && new URL(url).origin === window.location.origin;
}
