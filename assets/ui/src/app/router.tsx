/** Every address of the portal. Screens are loaded when they are first needed. */
import { createRoute, createRouter } from "@tanstack/react-router";
import { firstAlerts, scopeOf } from "../api/queries";
import type { Grouping } from "../screens/alerts/group";
import { boot } from "./boot";
import { projectRoutes } from "./projectRoutes";
import { queryClient } from "./queryClient";
import { root } from "./root";
import { ruleRoutes } from "./ruleRoutes";
import { screen } from "./screen";
import * as search from "./search";
import { systemRoutes } from "./systemRoutes";
import { told } from "./told";

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: screen(() => import("../screens/home/Home"), "Home", "projects"),
});

interface TargetSearch {
  q?: string | undefined;
  state?: string | undefined;
  job?: string | undefined;
}
interface AlertSearch {
  q?: string | undefined;
  state?: string | undefined;
  severity?: string | undefined;
  group?: Grouping | undefined;
}
interface HistorySearch {
  q?: string | undefined;
  kind?: string | undefined;
  name?: string | undefined;
  by?: string | undefined;
  before?: string | undefined;
  /** Two revisions to compare, the newer one first. */
  rev?: string | undefined;
  against?: string | undefined;
}

const healths = ["down", "unknown", "up"] as const;
const targets = createRoute({
  getParentRoute: () => root,
  path: "/targets",
  validateSearch: (raw: search.Raw): TargetSearch => ({
    q: search.text(raw.q),
    state: search.someOf(healths, raw.state),
    job: search.text(raw.job),
  }),
  component: screen(() => import("../screens/targets/Targets"), "Targets", "targets"),
});
const targetMany = createRoute({
  getParentRoute: () => root,
  path: "/targets/add",
  component: screen(() => import("../screens/targets/TargetMany"), "TargetMany", "targets"),
});
const targetNew = createRoute({
  getParentRoute: () => targets,
  path: "new",
  component: screen(() => import("../screens/targets/TargetNew"), "TargetNew", "targets"),
});
const targetOne = createRoute({
  getParentRoute: () => targets,
  path: "$name",
  component: screen(() => import("../screens/targets/TargetOne"), "TargetOne", "targets"),
});

const alertStates = ["firing", "pending", "silenced", "inhibited"] as const;
const groupings = ["project", "alertname", "none"] as const;
const alerts = createRoute({
  getParentRoute: () => root,
  path: "/alerts",
  validateSearch: (raw: search.Raw): AlertSearch => ({
    q: search.text(raw.q),
    state: search.someOf(alertStates, raw.state),
    severity: search.text(raw.severity),
    group: search.oneOf(groupings, raw.group),
  }),
  // Asked for while the screen is still on its way, on the hand's first approach already.
  beforeLoad: ({ search, cause }) => {
    if (cause !== "stay") void queryClient.prefetchQuery(firstAlerts(scopeOf(search), search));
  },
  component: screen(() => import("../screens/alerts/Alerts"), "Alerts"),
});
const alertOne = createRoute({
  getParentRoute: () => alerts,
  path: "$fingerprint",
  component: screen(() => import("../screens/alerts/AlertOne"), "AlertOne"),
});

const cluster = createRoute({
  getParentRoute: () => root,
  path: "/system/cluster",
  component: screen(() => import("../screens/cluster/Cluster"), "Cluster", "cluster"),
});
const log = createRoute({
  getParentRoute: () => cluster,
  path: "$node/$component",
  component: screen(() => import("../screens/cluster/Log"), "Log", "cluster"),
});

const history = createRoute({
  getParentRoute: () => root,
  path: "/system/history",
  validateSearch: (raw: search.Raw): HistorySearch => ({
    q: search.text(raw.q),
    kind: search.text(raw.kind),
    name: search.text(raw.name),
    by: search.text(raw.by),
    before: search.text(raw.before),
    rev: search.text(raw.rev),
    against: search.text(raw.against),
  }),
  component: screen(() => import("../screens/history/History"), "History", "history"),
});
const revision = createRoute({
  getParentRoute: () => history,
  path: "$revision",
  component: screen(() => import("../screens/history/Revision"), "Revision", "history"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    targets.addChildren([targetNew, targetOne]),
    targetMany,
    alerts.addChildren([alertOne]),
    cluster.addChildren([log]),
    history.addChildren([revision]),
    ...projectRoutes,
    ...ruleRoutes,
    ...systemRoutes,
    ...told,
  ]),
  basepath: boot.prefix === "" ? "/" : boot.prefix,
  parseSearch: search.parse,
  stringifySearch: search.stringify,
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
