/** Addresses of accounts and the audit. */
import { createRoute } from "@tanstack/react-router";
import { root } from "./root";
import { screen } from "./screen";
import * as search from "./search";

interface AuditSearch {
  q?: string | undefined;
  actor?: string | undefined;
  verb?: string | undefined;
  outcome?: string | undefined;
  kind?: string | undefined;
  name?: string | undefined;
}
interface UsersSearch {
  tab?: UsersTab | undefined;
}

const outcomes = ["done", "refused"] as const;
const usersTabs = ["tokens", "roles", "sign_in"] as const;
export type UsersTab = (typeof usersTabs)[number];

const audit = createRoute({
  getParentRoute: () => root,
  path: "/system/audit",
  validateSearch: (raw: search.Raw): AuditSearch => ({
    q: search.text(raw.q),
    actor: search.text(raw.actor),
    verb: search.text(raw.verb),
    outcome: search.oneOf(outcomes, raw.outcome),
    kind: search.text(raw.kind),
    name: search.text(raw.name),
  }),
  component: screen(() => import("../screens/audit/Audit"), "Audit", "audit", "history"),
});
const record = createRoute({
  getParentRoute: () => audit,
  path: "$seq",
  component: screen(() => import("../screens/audit/AuditOne"), "AuditOne", "audit", "history"),
});
const account = createRoute({
  getParentRoute: () => root,
  path: "/account",
  component: screen(() => import("../screens/account/Account"), "Account", "account"),
});
const users = createRoute({
  getParentRoute: () => root,
  path: "/system/users",
  validateSearch: (raw: search.Raw): UsersSearch => ({ tab: search.oneOf(usersTabs, raw.tab) }),
  component: screen(() => import("../screens/users/Users"), "Users", "users", "account", "channels"),
});
const user = createRoute({
  getParentRoute: () => users,
  path: "$name",
  component: screen(() => import("../screens/users/UserOne"), "UserOne", "users", "account"),
});
const roleOne = () => import("../screens/users/RoleOne");
const roleNew = createRoute({
  getParentRoute: () => users,
  path: "new/role",
  component: screen(roleOne, "RoleOne", "users"),
});
const role = createRoute({
  getParentRoute: () => users,
  path: "role/$name",
  component: screen(roleOne, "RoleOne", "users"),
});

export const systemRoutes = [
  audit.addChildren([record]),
  account,
  users.addChildren([user, roleNew, role]),
] as const;
