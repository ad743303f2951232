/**
 * The texts beside the core ones: one file `locales/LANGUAGE/AREA.json` each, loaded together with
 * the screens that name it. Its keys begin with the area: `t("cluster.title")`.
 */
import type cluster from "../locales/en/cluster.json";
import type rules from "../locales/en/rules.json";

export interface Areas {
  cluster: typeof cluster;
  rules: typeof rules;
}

export type Area = keyof Areas;
