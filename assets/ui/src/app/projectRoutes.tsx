/** Addresses of the projects. */
import { createRoute } from "@tanstack/react-router";
import { type ProjectTab, projectSorts, projectStates, projectTabs } from "../screens/projects/tabs";
import { root } from "./root";
import { screen } from "./screen";
import * as search from "./search";

interface ProjectsSearch {
  q?: string | undefined;
  state?: string | undefined;
  sort?: (typeof projectSorts)[number] | undefined;
}
interface ProjectSearch {
  tab?: ProjectTab | undefined;
}

const projects = createRoute({
  getParentRoute: () => root,
  path: "/projects",
  validateSearch: (raw: search.Raw): ProjectsSearch => ({
    q: search.text(raw.q),
    state: search.someOf(projectStates, raw.state),
    sort: search.oneOf(projectSorts, raw.sort),
  }),
  component: screen(() => import("../screens/projects/Projects"), "Projects", "projects"),
});
const projectOne = createRoute({
  getParentRoute: () => root,
  path: "/projects/$id",
  validateSearch: (raw: search.Raw): ProjectSearch => ({ tab: search.oneOf(projectTabs, raw.tab) }),
  component: screen(
    () => import("../screens/projects/ProjectOne"),
    "ProjectOne",
    "projects",
    "routes",
    "rules",
    "targets",
  ),
});

export const projectRoutes = [projects, projectOne] as const;
