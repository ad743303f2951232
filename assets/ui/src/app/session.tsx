/**
 * Who is signed in. Three states: nobody (the sign-in page), somebody, and somebody whose session
 * ended (the page stays, sign-in comes over it, nothing typed is lost).
 */
import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import { call, onSignedOut } from "../api/http";
import type { Role, Session } from "../api/types";
import { boot } from "./boot";
import { known, prefer } from "./i18n";

interface SessionState {
  session: Session | null;
  /** The session ended while the portal was open. */
  expired: boolean;
  signIn: (user: string, password: string, totp?: string) => Promise<void>;
  signOut: () => Promise<void>;
  /** Changes what the page knows of the account; the server has been told already. */
  change: (change: Partial<Session>) => void;
}

const Context = createContext<SessionState | null>(null);

export function SessionProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [session, setSession] = useState(boot.session);
  const [expired, setExpired] = useState(false);

  useEffect(() => onSignedOut(() => setExpired(true)), []);

  // What the account chose counts in every browser.
  const chosen = session?.language;
  useEffect(() => {
    if (chosen) void prefer(known(chosen));
  }, [chosen]);

  const signIn = useCallback(
    async (user: string, password: string, totp?: string) => {
      const body = { user, password, ...(totp ? { totp } : {}) };
      const made = await call<Session>("POST", "/api/v1/session", { body, quiet: true });
      setSession((before) => {
        // Another account must not see what the first one had loaded.
        if (before && before.user !== made.user) queries.clear();
        return made;
      });
      setExpired(false);
      await queries.invalidateQueries();
    },
    [queries],
  );

  const signOut = useCallback(async () => {
    await call("DELETE", "/api/v1/session", { quiet: true });
    queries.clear();
    setSession(null);
    setExpired(false);
  }, [queries]);

  const change = useCallback(
    (change: Partial<Session>) => setSession((before) => before && { ...before, ...change }),
    [],
  );

  const state = useMemo(
    () => ({ session, expired: expired && session !== null, signIn, signOut, change }),
    [session, expired, signIn, signOut, change],
  );
  return <Context.Provider value={state}>{children}</Context.Provider>;
}

export function useSession(): SessionState {
  const state = useContext(Context);
  if (state === null) throw new Error("useSession outside SessionProvider");
  return state;
}

const ranks: Record<Role, number> = { none: -1, viewer: 0, developer: 1, operator: 2, admin: 3 };

/** Whether it may do what concerns everybody and needs `role`. Only for what is offered: the server decides. */
export function useMayEverywhere(role: Role): boolean {
  const { session } = useSession();
  const held = session?.everywhere;
  return held != null && ranks[held] >= ranks[role];
}

/** Whether it may change objects of a kind (`rule-group`) that belong to projects, somewhere at least. */
export function useMayChange(kind: string): boolean {
  return useSession().session?.changes.includes(kind) ?? false;
}

/** Whether it may also change those of the kind that belong to nobody. */
export function useMayChangeShared(kind: string): boolean {
  return useSession().session?.changes_shared.includes(kind) ?? false;
}

/** Whose an object is, as its spec says. */
interface Owned {
  project?: string | null;
  projects?: string[];
  departments?: string[];
}

/** Whether it may change an object with this spec. Within a scope everything that is seen and owned is one's own. */
export function useMayChangeThis(kind: string, spec: object | undefined): boolean {
  const [own, shared] = [useMayChange(kind), useMayChangeShared(kind)];
  const { project, projects = [], departments = [] } = (spec ?? {}) as Owned;
  const owned = Boolean(project) || (projects.length > 0 && departments.length === 0);
  return shared || (own && owned);
}

/** Whether it may change anything at all. */
export function useMayChangeSome(): boolean {
  return (useSession().session?.changes.length ?? 0) > 0;
}
