/** The scope of the address bar, the same object as long as it does not change. */
import { useSearch } from "@tanstack/react-router";
import { type Scope, scopeOf } from "../api/queries";

export function useScope(): Scope {
  return useSearch({ strict: false, structuralSharing: true, select: (search) => scopeOf(search as Scope) });
}
