/** Who is signed in, and the way out. */
import { Avatar, UnstyledButton } from "@mantine/core";
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../app/session";
import { OnDemand } from "./OnDemand";

const load = () => import("./UserChoices");
const UserChoices = lazy(load);

export function UserMenu() {
  const { t } = useTranslation();
  const { session } = useSession();
  if (session === null) return null;
  const name = session.title || session.user;
  return (
    <OnDemand
      kind="menu"
      load={load}
      content={UserChoices}
      button={
        <UnstyledButton aria-label={t("shell.account", { name })}>
          <Avatar size={34} radius="xl" variant="filled" color="blue.9">
            {name.slice(0, 2).toUpperCase()}
          </Avatar>
        </UnstyledButton>
      }
    />
  );
}
