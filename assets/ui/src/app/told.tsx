/** Addresses of who is told: routing, people, channels, silences, notifications. */
import { createRoute } from "@tanstack/react-router";
import { type RoutesTab, routesTabs } from "../screens/routes/tabs";
import { root } from "./root";
import { screen } from "./screen";
import * as search from "./search";

interface RoutesSearch {
  tab?: RoutesTab | undefined;
}
interface PeopleSearch {
  tab?: PeopleTab | undefined;
}
interface SilencesSearch {
  q?: string | undefined;
  state?: string | undefined;
}
interface SilenceNewSearch {
  /** Matchers, one a line. */
  m?: string | undefined;
  /** `30m`, `2h`, `1d` or `tomorrow`. */
  d?: string | undefined;
  /** Name of a silence to begin with. */
  from?: string | undefined;
}
interface NotificationsSearch {
  state?: string | undefined;
  receiver?: string | undefined;
  channel?: string | undefined;
  fingerprint?: string | undefined;
  before?: string | undefined;
}
interface ChannelNewSearch {
  type?: "mail" | "webhook" | undefined;
}

const peopleTabs = ["contacts", "receivers"] as const;
export type PeopleTab = (typeof peopleTabs)[number];
const silenceStates = ["active", "pending", "expired"] as const;
const receiptStates = ["pending", "delivered", "accepted", "failed", "merged"] as const;

const routes = createRoute({
  getParentRoute: () => root,
  path: "/routes",
  validateSearch: (raw: search.Raw): RoutesSearch => ({ tab: search.oneOf(routesTabs, raw.tab) }),
  component: screen(() => import("../screens/routes/Routes"), "Routes", "routes"),
});
const routesObject = () => import("../screens/routes/RoutesObject");
const routesNew = createRoute({
  getParentRoute: () => routes,
  path: "$kind",
  component: screen(routesObject, "RoutesObject", "routes", "people", "channels"),
});
const routesOne = createRoute({
  getParentRoute: () => routes,
  path: "$kind/$name",
  component: screen(routesObject, "RoutesObject", "routes", "people", "channels"),
});

const people = createRoute({
  getParentRoute: () => root,
  path: "/people",
  validateSearch: (raw: search.Raw): PeopleSearch => ({ tab: search.oneOf(peopleTabs, raw.tab) }),
  component: screen(() => import("../screens/people/People"), "People", "people"),
});
const peopleObject = () => import("../screens/people/PeopleObject");
const peopleNew = createRoute({
  getParentRoute: () => people,
  path: "$kind",
  component: screen(peopleObject, "PeopleObject", "people", "channels"),
});
const peopleOne = createRoute({
  getParentRoute: () => people,
  path: "$kind/$name",
  component: screen(peopleObject, "PeopleObject", "people", "channels"),
});

const channels = createRoute({
  getParentRoute: () => root,
  path: "/channels",
  component: screen(() => import("../screens/channels/Channels"), "Channels", "channels"),
});
const channelNew = createRoute({
  getParentRoute: () => channels,
  path: "new",
  validateSearch: (raw: search.Raw): ChannelNewSearch => ({
    type: search.oneOf(["mail", "webhook"] as const, raw.type),
  }),
  component: screen(() => import("../screens/channels/ChannelNew"), "ChannelNew", "channels"),
});
const channelOne = createRoute({
  getParentRoute: () => channels,
  path: "$name",
  component: screen(() => import("../screens/channels/ChannelOne"), "ChannelOne", "channels"),
});

const silences = createRoute({
  getParentRoute: () => root,
  path: "/silences",
  validateSearch: (raw: search.Raw): SilencesSearch => ({
    q: search.text(raw.q),
    state: search.someOf(silenceStates, raw.state),
  }),
  component: screen(() => import("../screens/silences/Silences"), "Silences", "silences"),
});
const silenceNew = createRoute({
  getParentRoute: () => silences,
  path: "new",
  validateSearch: (raw: search.Raw): SilenceNewSearch => ({
    m: search.long(raw.m),
    d: search.text(raw.d),
    from: search.text(raw.from),
  }),
  component: screen(() => import("../screens/silences/SilenceNew"), "SilenceNew", "silences"),
});
const silenceOne = createRoute({
  getParentRoute: () => silences,
  path: "$name",
  component: screen(() => import("../screens/silences/SilenceOne"), "SilenceOne", "silences"),
});

const notifications = createRoute({
  getParentRoute: () => root,
  path: "/notifications",
  validateSearch: (raw: search.Raw): NotificationsSearch => ({
    state: search.someOf(receiptStates, raw.state),
    receiver: search.text(raw.receiver),
    channel: search.text(raw.channel),
    fingerprint: search.text(raw.fingerprint),
    before: search.text(raw.before),
  }),
  component: screen(() => import("../screens/notifications/Notifications"), "Notifications", "notifications"),
});
const notificationOne = createRoute({
  getParentRoute: () => notifications,
  path: "$id",
  component: screen(
    () => import("../screens/notifications/NotificationOne"),
    "NotificationOne",
    "notifications",
  ),
});

export const told = [
  routes.addChildren([routesNew, routesOne]),
  people.addChildren([peopleNew, peopleOne]),
  channels.addChildren([channelNew, channelOne]),
  silences.addChildren([silenceNew, silenceOne]),
  notifications.addChildren([notificationOne]),
] as const;
