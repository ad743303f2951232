/** Declared objects that are few enough to be read at once: who is told, and how. */
import { queryOptions } from "@tanstack/react-query";
import { get } from "./http";
import type { components } from "./schema";

type Schemas = components["schemas"];

/** What the API gives for each kind, and the path it is under. */
export interface Objects {
  team: Schemas["TeamResource"];
  contact: Schemas["ContactResource"];
  receiver: Schemas["ReceiverResource"];
  channel: Schemas["ChannelResource"];
  policy: Schemas["PolicyResource"];
  route: Schemas["RouteResource"];
  "time-interval": Schemas["TimeIntervalResource"];
  inhibition: Schemas["InhibitionResource"];
  silence: Schemas["SilenceResource"];
  secret: Schemas["SecretResource"];
  project: Schemas["ProjectResource"];
  department: Schemas["DepartmentResource"];
  role: Schemas["RoleResource"];
  settings: Schemas["SettingsResource"];
}
export type ObjectKind = keyof Objects;

export const plurals: Record<ObjectKind, string> = {
  team: "teams",
  contact: "contacts",
  receiver: "receivers",
  channel: "channels",
  policy: "policies",
  route: "routes",
  "time-interval": "time-intervals",
  inhibition: "inhibitions",
  silence: "silences",
  secret: "secrets",
  project: "projects",
  department: "departments",
  role: "roles",
  settings: "settings",
};

export type Spec<Kind extends ObjectKind> = Objects[Kind]["spec"];

/** The API gives so many at most. */
const LIMIT = 1000;

/** All objects of a kind, by name. */
export const objects = <Kind extends ObjectKind>(kind: Kind) =>
  queryOptions({
    queryKey: [plurals[kind], "all"],
    queryFn: ({ signal }) =>
      get<{ items: Objects[Kind][]; total: number }>(`/api/v1/${plurals[kind]}`, { limit: LIMIT }, signal),
    staleTime: 30_000,
  });

/** One object, as it is now. */
export const object = <Kind extends ObjectKind>(kind: Kind, name: string) =>
  queryOptions({
    queryKey: [plurals[kind], "one", name],
    queryFn: ({ signal }) =>
      get<Objects[Kind]>(`/api/v1/${plurals[kind]}/${encodeURIComponent(name)}`, {}, signal),
  });

/** What people call it. */
export function titleOf(object: { name: string; spec: unknown }): string {
  const { title } = object.spec as { title?: string };
  return title || object.name;
}
