/** Who may sign in and how, which programs may ask, and what roles there are. */
import { Button } from "@mantine/core";
import { IconKey, IconPlus, IconUserPlus } from "@tabler/icons-react";
import { getRouteApi, Link, Outlet } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Loading } from "../../parts/Loading";
import { ButtonLink } from "../../parts/links";
import { Page } from "../../parts/Page";
import { Tabs, tab as tabClass } from "../../parts/Tabs";
import { Accounts } from "./Accounts";
import { NewHolder } from "./NewHolder";
import { Roles } from "./Roles";
import { Tokens } from "./Tokens";

const SignIn = lazy(() => import("./SignIn"));
const route = getRouteApi("/system/users");
const tabs = [undefined, "tokens", "roles", "sign_in"] as const;

export function Users() {
  const { t } = useTranslation();
  const { tab: shown } = route.useSearch();
  const [asked, setAsked] = useState<"user" | "token" | null>(null);
  return (
    <Page
      title={t("users.title")}
      lead={t("users.lead")}
      actions={
        shown === undefined ? (
          <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => setAsked("user")}>
            {t("users.add")}
          </Button>
        ) : shown === "tokens" ? (
          <Button leftSection={<IconKey size={16} aria-hidden />} onClick={() => setAsked("token")}>
            {t("users.token.add")}
          </Button>
        ) : shown === "roles" ? (
          <ButtonLink
            to="/system/users/new/role"
            search={true}
            leftSection={<IconPlus size={16} aria-hidden />}
          >
            {t("users.roles.add")}
          </ButtonLink>
        ) : null
      }
    >
      <Tabs label={t("users.title")}>
        {tabs.map((each) => (
          <Link
            key={each ?? "accounts"}
            to="/system/users"
            search={(before) => ({ ...before, tab: each })}
            className={tabClass}
            // Without it the first tab, which has no word in the address, is always current.
            activeOptions={{ explicitUndefined: true }}
          >
            {t(`users.tab.${each ?? "accounts"}`)}
          </Link>
        ))}
      </Tabs>
      {shown === undefined ? <Accounts /> : null}
      {shown === "tokens" ? <Tokens /> : null}
      {shown === "roles" ? <Roles /> : null}
      {shown === "sign_in" ? (
        <Suspense fallback={<Loading />}>
          <SignIn />
        </Suspense>
      ) : null}
      {asked === null ? null : <NewHolder what={asked} close={() => setAsked(null)} />}
      <Outlet />
    </Page>
  );
}
