/**
 * The texts beside the core ones: one file `locales/LANGUAGE/AREA.json` each, loaded together with
 * the screens that name it. Its keys begin with the area: `t("cluster.title")`.
 */
import type account from "../locales/en/account.json";
import type audit from "../locales/en/audit.json";
import type channels from "../locales/en/channels.json";
import type cluster from "../locales/en/cluster.json";
import type factor from "../locales/en/factor.json";
import type history from "../locales/en/history.json";
import type notifications from "../locales/en/notifications.json";
import type people from "../locales/en/people.json";
import type projects from "../locales/en/projects.json";
import type routes from "../locales/en/routes.json";
import type rules from "../locales/en/rules.json";
import type silences from "../locales/en/silences.json";
import type targets from "../locales/en/targets.json";
import type users from "../locales/en/users.json";

export interface Areas {
  account: typeof account;
  audit: typeof audit;
  channels: typeof channels;
  cluster: typeof cluster;
  factor: typeof factor;
  history: typeof history;
  rules: typeof rules;
  targets: typeof targets;
  notifications: typeof notifications;
  people: typeof people;
  projects: typeof projects;
  routes: typeof routes;
  silences: typeof silences;
  users: typeof users;
}

export type Area = keyof Areas;
