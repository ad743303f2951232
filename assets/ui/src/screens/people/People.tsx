/** Who can be told: teams with their members, contacts, and receivers with their channels. */
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi, Link, Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMayChange } from "../../app/session";
import { ButtonLink } from "../../parts/links";
import { Page } from "../../parts/Page";
import { Tabs, tab as tabClass } from "../../parts/Tabs";
import { Contacts } from "./Contacts";
import { Receivers } from "./Receivers";
import { Teams } from "./Teams";

const route = getRouteApi("/people");
const kinds = { teams: "team", contacts: "contact", receivers: "receiver" } as const;

export function People() {
  const { t } = useTranslation();
  const { tab } = route.useSearch();
  const tabs = [undefined, "contacts", "receivers"] as const;
  const shown = tab ?? "teams";
  const may = useMayChange(kinds[shown]);
  return (
    <Page
      title={t("people.title")}
      lead={t("people.lead")}
      actions={
        may ? (
          <ButtonLink
            to="/people/$kind"
            params={{ kind: kinds[shown] }}
            search={true}
            leftSection={<IconPlus size={16} aria-hidden />}
          >
            {t(`people.new.${shown}`)}
          </ButtonLink>
        ) : null
      }
    >
      <Tabs label={t("people.title")}>
        {tabs.map((each) => (
          <Link
            key={each ?? "teams"}
            to="/people"
            search={(before) => ({ ...before, tab: each })}
            className={tabClass}
            // Without it the first tab, which has no word in the address, is always current.
            activeOptions={{ explicitUndefined: true }}
          >
            {t(`people.tab.${each ?? "teams"}`)}
          </Link>
        ))}
      </Tabs>
      {shown === "teams" ? <Teams /> : null}
      {shown === "contacts" ? <Contacts /> : null}
      {shown === "receivers" ? <Receivers /> : null}
      <Outlet />
    </Page>
  );
}
