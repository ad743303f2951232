/** Machines that come and go: the tokens that let them in, and taking one out. */
import { queryOptions } from "@tanstack/react-query";
import { call, get } from "./http";
import type { JoinToken, MadeJoinToken } from "./types";

/** What is left of them; the tokens themselves are shown once. Administrators only. */
export const joinTokens = () =>
  queryOptions({
    queryKey: ["join-tokens"],
    queryFn: ({ signal }) => get<{ items: JoinToken[] }>("/api/v1/join-tokens", {}, signal),
  });

/** Lets so many machines in, for so many seconds. The answer is the only time the token is shown. */
export function makeJoinToken(expires_in_s: number, uses: number): Promise<MadeJoinToken> {
  return call("POST", "/api/v1/join-tokens", { body: { role: "node", expires_in_s, uses } });
}

export function revokeJoinToken(id: string): Promise<void> {
  return call("DELETE", `/api/v1/join-tokens/${encodeURIComponent(id)}`);
}

/** Begins to take a node out for good; the list of members shows how far it is. */
export function removeMember(id: string): Promise<void> {
  return call("DELETE", `/api/v1/members/${encodeURIComponent(id)}`);
}
