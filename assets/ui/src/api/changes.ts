/** What the portal changes. Every function throws `Problem` and changes nothing when refused. */
import { call } from "./http";
import type { Labels, Plan } from "./types";

/** What a client declares. */
export interface Declared<Spec = unknown> {
  kind: string;
  name: string;
  labels?: Labels;
  spec: Spec;
}

/** What a write did; `revision` leads to its undo. */
export interface Done {
  revision: string | undefined;
}

/** What a batch would do, and what speaks against it. Nothing is written. */
export function plan(documents: Declared[]): Promise<Plan> {
  return call<Plan>("POST", "/api/v1/apply", { params: { dry_run: true }, body: documents });
}

/** Writes a batch, all or nothing. */
export function apply(documents: Declared[]): Promise<Done> {
  return write("POST", "/api/v1/apply", { body: documents });
}

/** Replaces one object, if it still is at `revision`. */
export function replace(plural: string, document: Declared, revision: string): Promise<Done> {
  return write("PUT", `/api/v1/${plural}/${encodeURIComponent(document.name)}`, {
    body: document,
    headers: { "If-Match": `"${revision}"` },
  });
}

/** Removes one object, if it still is as it was shown. */
export function remove(plural: string, object: { name: string; revision: string }): Promise<Done> {
  return write("DELETE", `/api/v1/${plural}/${encodeURIComponent(object.name)}`, {
    headers: { "If-Match": `"${object.revision}"` },
  });
}

/** Undoes one revision by a new one. */
export function revert(revision: string): Promise<Done> {
  return write("POST", `/api/v1/history/${encodeURIComponent(revision)}/revert`, {});
}

async function write(
  method: string,
  path: string,
  options: { body?: unknown; headers?: Record<string, string> },
): Promise<Done> {
  let revision: string | undefined;
  await call<unknown>(method, path, { ...options, seen: (headers) => (revision = indexOf(headers)) });
  return { revision };
}

function indexOf(headers: Headers): string | undefined {
  return headers.get("X-WK-Index") ?? undefined;
}
