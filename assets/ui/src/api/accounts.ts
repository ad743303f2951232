/** Accounts, their passwords and sessions, and API tokens. */
import { queryOptions } from "@tanstack/react-query";
import { call, get } from "./http";
import type { MadePassword, MadeToken, SessionLine, SignInChecked, Token, TokenUse, User } from "./types";

/** The API gives so many at most. */
const LIMIT = 1000;

/** One's own sessions; of another account, or `*`, for administrators. */
export const sessions = (user?: string) =>
  queryOptions({
    queryKey: ["sessions", user ?? ""],
    queryFn: ({ signal }) => get<{ items: SessionLine[] }>("/api/v1/sessions", { user }, signal),
  });

export function endSession(id: string): Promise<void> {
  return call("DELETE", `/api/v1/sessions/${encodeURIComponent(id)}`);
}

/** Ends all but the one that asks; of another account all. */
export function endSessions(user?: string): Promise<{ n_ended: number }> {
  return call("DELETE", "/api/v1/sessions", { params: { user } });
}

export const users = () =>
  queryOptions({
    queryKey: ["users"],
    queryFn: ({ signal }) => get<{ items: User[] }>("/api/v1/users", { limit: LIMIT }, signal),
  });

/** One's own needs the one until now; no new one = a random one, which is answered. */
export function setPassword(
  user: string,
  body: { password?: string; current?: string },
): Promise<MadePassword | undefined> {
  return call("POST", `/api/v1/users/${encodeURIComponent(user)}/password`, { body });
}

export const tokens = () =>
  queryOptions({
    queryKey: ["tokens"],
    queryFn: ({ signal }) => get<{ items: Token[] }>("/api/v1/tokens", { limit: LIMIT }, signal),
  });

export const tokenUses = () =>
  queryOptions({
    queryKey: ["token-uses"],
    queryFn: ({ signal }) => get<{ items: TokenUse[] }>("/api/v1/token-uses", {}, signal),
  });

export interface NewToken {
  name: string;
  title: string;
  role: string;
  scope: string[];
  /** RFC 3339. */
  expires?: string;
}

/** The answer is the only time the token is shown. */
export function makeToken(body: NewToken): Promise<MadeToken> {
  return call("POST", "/api/v1/tokens", { body });
}

export function revokeToken(name: string): Promise<void> {
  return call("DELETE", `/api/v1/tokens/${encodeURIComponent(name)}`);
}

/** Asks the providers of these settings, saved or not. Nothing is written. */
export function checkSignIn(settings: unknown): Promise<SignInChecked> {
  return call("POST", "/api/v1/sign-in/check", { body: settings });
}
