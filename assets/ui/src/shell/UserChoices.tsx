/** What an account can do about itself. */
import { Menu, Text } from "@mantine/core";
import { IconCertificate, IconDeviceMobile, IconLogout, IconUser } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { address } from "../api/http";
import { texts } from "../app/i18n";
import { useSession } from "../app/session";
import type { Opened } from "./OnDemand";

const SecondFactor = lazy(async () => {
  const [module] = await Promise.all([import("../screens/account/SecondFactor"), texts("factor")]);
  return module;
});

export default function UserChoices({ button }: Opened) {
  const { t } = useTranslation();
  const [factor, setFactor] = useState(false);
  const { session, signOut } = useSession();
  const navigate = useNavigate();
  if (session === null) return null;
  // Names of accounts of this site have no slash; others have their second factor elsewhere.
  const own = !session.user.includes("/");
  const declared = session.declared_roles;
  const roles = declared.length > 0 ? declared : [t(`role.${session.role}`)];
  const provider = session.sign_out_url;
  const leave = async (url: string) => {
    await signOut();
    window.location.assign(url);
  };
  return (
    <>
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
          {own ? (
            <Menu.Item leftSection={<IconUser size={16} />} onClick={() => void navigate({ to: "/account" })}>
              {t("shell.own")}
            </Menu.Item>
          ) : null}
          <Menu.Item
            leftSection={<IconCertificate size={16} />}
            component="a"
            href={address("/licences.txt")}
            target="_blank"
            rel="noreferrer"
          >
            {t("shell.licences")}
          </Menu.Item>
          {own ? (
            <Menu.Item leftSection={<IconDeviceMobile size={16} />} onClick={() => setFactor(true)}>
              {t("shell.factor")}
            </Menu.Item>
          ) : null}
          <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
            {t("shell.signout")}
          </Menu.Item>
          {provider ? (
            <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void leave(provider)}>
              {t("shell.signout_provider")}
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {factor ? (
        <Suspense fallback={null}>
          <SecondFactor close={() => setFactor(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
