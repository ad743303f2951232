/** Who may sign in, and which programs may ask: accounts and API tokens. */
import { Button } from "@mantine/core";
import { IconKey, IconUserPlus } from "@tabler/icons-react";
import { getRouteApi, Link, Outlet } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Page } from "../../parts/Page";
import { Tabs, tab } from "../../parts/Tabs";
import { Accounts } from "./Accounts";
import { NewToken } from "./NewToken";
import { NewUser } from "./NewUser";
import { Tokens } from "./Tokens";

const route = getRouteApi("/system/users");

export function Users() {
  const { t } = useTranslation();
  const { tab: shown = "accounts" } = route.useSearch();
  const [asked, setAsked] = useState<"user" | "token" | null>(null);
  const close = () => setAsked(null);
  return (
    <Page
      title={t("users.title")}
      lead={t("users.lead")}
      actions={
        shown === "accounts" ? (
          <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => setAsked("user")}>
            {t("users.add")}
          </Button>
        ) : (
          <Button leftSection={<IconKey size={16} aria-hidden />} onClick={() => setAsked("token")}>
            {t("users.token.add")}
          </Button>
        )
      }
    >
      <Tabs label={t("users.title")}>
        <Link
          to="/system/users"
          search={{}}
          className={tab}
          activeOptions={{ includeSearch: true, exact: true }}
        >
          {t("users.tab.accounts")}
        </Link>
        <Link to="/system/users" search={{ tab: "tokens" }} className={tab}>
          {t("users.tab.tokens")}
        </Link>
      </Tabs>
      {shown === "accounts" ? <Accounts /> : <Tokens />}
      {asked === "user" ? <NewUser close={close} /> : null}
      {asked === "token" ? <NewToken close={close} /> : null}
      <Outlet />
    </Page>
  );
}
