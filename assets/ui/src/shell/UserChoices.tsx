/** What an account can do about itself. */
import { Menu, Text } from "@mantine/core";
import { IconCertificate, IconLogout } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { address } from "../api/http";
import { useSession } from "../app/session";
import type { Opened } from "./OnDemand";

export default function UserChoices({ button }: Opened) {
  const { t } = useTranslation();
  const { session, signOut } = useSession();
  if (session === null) return null;
  const declared = session.declared_roles;
  const roles = declared.length > 0 ? declared : [t(`role.${session.role}`)];
  return (
    <Menu position="bottom-end" width={220} defaultOpened>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        <Text px="sm" pt="xs" fw={600} size="sm">
          {session.title || session.user}
        </Text>
        <Text px="sm" pb="xs" size="xs" c="dimmed">
          {[...roles, ...(session.everywhere ? [] : session.projects)].join(" · ")}
        </Text>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconCertificate size={16} />}
          component="a"
          href={address("/licences.txt")}
          target="_blank"
          rel="noreferrer"
        >
          {t("shell.licences")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          {t("shell.signout")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
