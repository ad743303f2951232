/** Who is told of what: the tree in words, and everything that it is made of. */
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi, Link, Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMayChange, useMayEverywhere } from "../../app/session";
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
  // The tree is everybody's: who looks after some projects sees what it is made of for those.
  const whole = useMayEverywhere("viewer");
  const all = [undefined, "policies", "intervals", "inhibitions", "routes"] as const;
  const tabs = whole ? all : all.filter((each) => each !== undefined && each !== "inhibitions");
  const shown = tab ?? (whole ? undefined : "policies");
  const kind = kinds[shown ?? "policies"];
  const may = useMayChange(kind);
  return (
    <Page
      title={t("routes.title")}
      lead={t("routes.lead")}
      actions={
        may ? (
          <ButtonLink
            to="/routes/$kind"
            params={{ kind }}
            search={true}
            leftSection={<IconPlus size={16} aria-hidden />}
          >
            {t(`routes.new.${shown ?? "policies"}`)}
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
      {shown === undefined ? <Told /> : null}
      {shown === "policies" ? <Policies /> : null}
      {shown === "intervals" ? <Intervals /> : null}
      {shown === "inhibitions" ? <Inhibitions /> : null}
      {shown === "routes" ? <ExpertRoutes /> : null}
      <Outlet />
    </Page>
  );
}
