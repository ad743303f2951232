/** What somebody typed and did not save, kept by the server: one for each kind of object. */
import { call, get } from "./http";
import type { components } from "./schema";

/** `undefined` when nothing is kept. */
export async function readDraft<Content>(kind: string): Promise<Content | undefined> {
  const kept = await get<components["schemas"]["Draft"] | undefined>(path(kind));
  return kept?.content as Content | undefined;
}

/** Takes the place of the one before. `last`: also while the page goes away. */
export function keepDraft(kind: string, name: string, content: unknown, last = false): Promise<void> {
  return call("PUT", path(kind), { body: { name, content }, last, quiet: true });
}

export function forgetDraft(kind: string): Promise<void> {
  return call("DELETE", path(kind), { quiet: true });
}

const path = (kind: string) => `/api/v1/drafts/${encodeURIComponent(kind)}`;
