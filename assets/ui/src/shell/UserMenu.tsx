/** Who is signed in, and the way out. */
import { Avatar, Menu, Text, UnstyledButton } from "@mantine/core";
import { IconCertificate, IconLogout } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { address } from "../api/http";
import { useSession } from "../app/session";

export function UserMenu() {
  const { t } = useTranslation();
  const { session, signOut } = useSession();
  if (session === null) return null;
  const name = session.title || session.user;
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <UnstyledButton aria-label={t("shell.account", { name })}>
          <Avatar size={34} radius="xl" variant="filled" color="blue.9">
            {name.slice(0, 2).toUpperCase()}
          </Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Text px="sm" pt="xs" fw={600} size="sm">
          {name}
        </Text>
        <Text px="sm" pb="xs" size="xs" c="dimmed">
          {t(`role.${session.role}`)}
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
