/** The root of every address: the shell around it, the scope in its search. */
import { createRootRoute, retainSearchParams } from "@tanstack/react-router";
import { scopeKeys } from "../api/queries";
import { Shell } from "../shell/Shell";
import { Missing } from "./Missing";
import * as search from "./search";

export const root = createRootRoute({
  component: Shell,
  notFoundComponent: Missing,
  validateSearch: search.scope,
  search: { middlewares: [retainSearchParams([...scopeKeys])] },
});
