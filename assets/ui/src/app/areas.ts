/**
 * The texts beside the core ones: one file `locales/LANGUAGE/AREA.json` each, loaded together with
 * the screens that name it. Its keys begin with the area: `t("cluster.title")`.
 */
import type cluster from "../locales/en/cluster.json";

export interface Areas {
  cluster: typeof cluster;
}

export type Area = keyof Areas;
