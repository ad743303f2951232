/** The drawer of a policy, time interval, inhibition or expert route: new, or as it is. */
import { useNavigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Missing } from "../../app/Missing";
import { ObjectPanel } from "../../parts/form/ObjectPanel";
import { InhibitionForm } from "./InhibitionForm";
import { IntervalForm } from "./IntervalForm";
import { PolicyForm } from "./PolicyForm";
import { RouteForm } from "./RouteForm";
import { type RoutesTab, routesTabs } from "./tabs";

const tabs: Record<string, RoutesTab> = {
  policy: "policies",
  "time-interval": "intervals",
  inhibition: "inhibitions",
  route: "routes",
};

const routesTab = (tab: unknown) => routesTabs.find((each) => each === tab);

export function RoutesObject() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { kind = "", name } = useParams({ strict: false });
  const tab = tabs[kind];
  if (tab === undefined) return <Missing />;
  const leave = (done?: string) =>
    void navigate({
      to: "/routes",
      // A new one shows up in its list.
      search: (before) => ({
        ...before,
        tab: done !== undefined && name === undefined ? tab : routesTab(before.tab),
      }),
    });
  const panel = { name, title: t(`routes.new.${tab}`), close: () => leave(), size: 760 };
  switch (kind) {
    case "policy":
      return (
        <ObjectPanel key={name} kind="policy" {...panel}>
          {(existing) => <PolicyForm existing={existing} close={leave} />}
        </ObjectPanel>
      );
    case "time-interval":
      return (
        <ObjectPanel key={name} kind="time-interval" {...panel}>
          {(existing) => <IntervalForm existing={existing} close={leave} />}
        </ObjectPanel>
      );
    case "inhibition":
      return (
        <ObjectPanel key={name} kind="inhibition" {...panel}>
          {(existing) => <InhibitionForm existing={existing} close={leave} />}
        </ObjectPanel>
      );
    default:
      return (
        <ObjectPanel key={name} kind="route" {...panel}>
          {(existing) => <RouteForm existing={existing} close={leave} />}
        </ObjectPanel>
      );
  }
}
