/**
 * The texts beside the core ones: one file `locales/LANGUAGE/AREA.json` each, loaded together with
 * the screens that name it. Its keys begin with the area: `t("cluster.title")`.
 */
import type channels from "../locales/en/channels.json";
import type cluster from "../locales/en/cluster.json";
import type factor from "../locales/en/factor.json";
import type history from "../locales/en/history.json";
import type notifications from "../locales/en/notifications.json";
import type people from "../locales/en/people.json";
import type routes from "../locales/en/routes.json";
import type rules from "../locales/en/rules.json";
import type silences from "../locales/en/silences.json";
import type targets from "../locales/en/targets.json";

export interface Areas {
  channels: typeof channels;
  cluster: typeof cluster;
  factor: typeof factor;
  history: typeof history;
  rules: typeof rules;
  targets: typeof targets;
  notifications: typeof notifications;
  people: typeof people;
  routes: typeof routes;
  silences: typeof silences;
}

export type Area = keyof Areas;
