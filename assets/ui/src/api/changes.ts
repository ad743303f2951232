/** What the portal changes. Every function throws `Problem` and changes nothing when refused. */
import { call, type Params } from "./http";
import type { Labels, Plan, TestResult } from "./types";

/** What a client wants gone. */
export interface Removed {
  kind: string;
  name: string;
  delete: true;
  /** Refused when the object is at another revision. */
  if_match?: string;
}

/** What a client declares. */
export interface Declared<Spec = unknown> {
  kind: string;
  name: string;
  labels?: Labels;
  /** Refused when the object is at another revision. */
  if_match?: string;
  spec: Spec;
}

/** What a write did; `revision` leads to its undo. */
export interface Done {
  revision: string | undefined;
}

/** What a batch would do, and what speaks against it. Nothing is written. */
export function plan(documents: (Declared | Removed)[]): Promise<Plan> {
  return call<Plan>("POST", "/api/v1/apply", { params: { dry_run: true }, body: documents });
}

/** Writes a batch, all or nothing; `why` is kept in the history. */
export function apply(documents: (Declared | Removed)[], why = ""): Promise<Done> {
  return write("POST", "/api/v1/apply", { body: documents, headers: reason(why) });
}

/** Replaces one object, if it still is at `revision`. */
export function replace(plural: string, document: Declared, revision: string, why = ""): Promise<Done> {
  return write("PUT", `/api/v1/${plural}/${encodeURIComponent(document.name)}`, {
    body: document,
    headers: { "If-Match": `"${revision}"`, ...reason(why) },
  });
}

/** Makes one object, if there is none of that name. */
export function create(plural: string, document: Declared, why = ""): Promise<Done> {
  return write("PUT", `/api/v1/${plural}/${encodeURIComponent(document.name)}`, {
    body: document,
    headers: { "If-None-Match": "*", ...reason(why) },
  });
}

/** Removes one object, if it still is as it was shown. */
export function remove(plural: string, object: { name: string; revision: string }): Promise<Done> {
  return write("DELETE", `/api/v1/${plural}/${encodeURIComponent(object.name)}`, {
    headers: { "If-Match": `"${object.revision}"` },
  });
}

/** What of a revision is undone: all of it, or what it did to one object. */
export interface Reverted {
  revision: string;
  object?: { kind: string; name: string };
  /** Also where an object changed again since; those later changes are lost. */
  force?: boolean;
}

/** Undoes a revision, or a part of it, by a new one. */
export function revert(what: Reverted, why = ""): Promise<Done> {
  return write("POST", pathOf(what), { params: paramsOf(what), headers: reason(why) });
}

/** What undoing would do. Nothing is written. */
export function foreseeRevert(what: Reverted): Promise<Plan> {
  return call<Plan>("POST", pathOf(what), { params: { ...paramsOf(what), dry_run: true } });
}

function pathOf({ revision }: Reverted): string {
  return `/api/v1/history/${encodeURIComponent(revision)}/revert`;
}

function paramsOf({ object, force }: Reverted): Params {
  return { ...object, force: force || undefined };
}

async function write(
  method: string,
  path: string,
  options: { body?: unknown; params?: Params; headers?: Record<string, string> },
): Promise<Done> {
  let revision: string | undefined;
  await call<unknown>(method, path, { ...options, seen: (headers) => (revision = indexOf(headers)) });
  return { revision };
}

/** Headers are ASCII: the reason goes percent-encoded. */
function reason(why: string): Record<string, string> {
  return why === "" ? {} : { "X-WK-Why": encodeURIComponent(why) };
}

function indexOf(headers: Headers): string | undefined {
  return headers.get("X-WK-Index") ?? undefined;
}

/** Sends a real message to a receiver or over a channel, and tells what the other side answered. */
export async function sendTest(plural: "receivers" | "channels", name: string): Promise<TestResult[]> {
  const path = `/api/v1/${plural}/${encodeURIComponent(name)}/test`;
  return (await call<{ results: TestResult[] }>("POST", path)).results;
}

/** Somebody has seen it: it is not listed any longer. */
export function dismissFault(code: string, object: string): Promise<void> {
  return call("POST", `/api/v1/faults/${encodeURIComponent(code)}/dismiss`, { body: { object } });
}
