/** Who is told of what: the tree in words, and everything that it is made of. */
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi, Link, Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay } from "../../app/session";
import { ButtonLink } from "../../parts/links";
import { Page } from "../../parts/Page";
import { Tabs, tab as tabClass } from "../../parts/Tabs";
import { ExpertRoutes } from "./ExpertRoutes";
import { Inhibitions } from "./Inhibitions";
import { Intervals } from "./Intervals";
import { Policies } from "./Policies";
import { Told } from "./Told";
import type { RoutesTab } from "./tabs";

const route = getRouteApi("/routes");
/** The kind that a tab is about. */
const kinds: Record<RoutesTab, string> = {
  policies: "policy",
  intervals: "time-interval",
  inhibitions: "inhibition",
  routes: "route",
};

export function Routes() {
  const { t } = useTranslation();
  const { tab } = route.useSearch();
  const may = useMay("operator");
  const tabs = [undefined, "policies", "intervals", "inhibitions", "routes"] as const;
  return (
    <Page
      title={t("routes.title")}
      lead={t("routes.lead")}
      actions={
        may ? (
          <ButtonLink
            to="/routes/$kind"
            params={{ kind: kinds[tab ?? "policies"] }}
            search={true}
            leftSection={<IconPlus size={16} aria-hidden />}
          >
            {t(`routes.new.${tab ?? "policies"}`)}
          </ButtonLink>
        ) : null
      }
    >
      <Tabs label={t("routes.title")}>
        {tabs.map((each) => (
          <Link
            key={each ?? "tree"}
            to="/routes"
            search={(before) => ({ ...before, tab: each })}
            className={tabClass}
            // Without it the first tab, which has no word in the address, is always current.
            activeOptions={{ explicitUndefined: true }}
            activeProps={{}}
          >
            {t(`routes.tab.${each ?? "tree"}`)}
          </Link>
        ))}
      </Tabs>
      {tab === undefined ? <Told /> : null}
      {tab === "policies" ? <Policies /> : null}
      {tab === "intervals" ? <Intervals /> : null}
      {tab === "inhibitions" ? <Inhibitions /> : null}
      {tab === "routes" ? <ExpertRoutes /> : null}
      <Outlet />
    </Page>
  );
}
