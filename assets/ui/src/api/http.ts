/**
 * The one way to the server: JSON in and out below the base path, problem documents as
 * exceptions, the header that every change with a cookie needs.
 */
import type { FieldError, ProblemDocument } from "./types";

export type Params = Record<string, string | number | boolean | undefined | null>;

/** What the server refused, or why it could not be asked (`status` 0). */
export class Problem extends Error {
  readonly status: number;
  readonly code: string | undefined;
  readonly hint: string | undefined;
  readonly errors: FieldError[];
  readonly requestId: string | undefined;

  constructor(document: Partial<ProblemDocument> & { status: number }) {
    super(document.detail ?? document.title ?? "");
    this.name = "Problem";
    this.status = document.status;
    this.code = document.code;
    this.hint = document.hint;
    this.errors = document.errors ?? [];
    this.requestId = document.request_id;
  }

  /** The node did not answer at all. */
  get unreachable(): boolean {
    return this.status === 0;
  }
}

/** Asking again may help: no answer, or the server says it cannot for now. */
export function isTransient(error: unknown): boolean {
  return error instanceof Problem && (error.status === 0 || error.status >= 502);
}

const signedOut = new Set<() => void>();

/** Calls `listener` whenever the server no longer knows our session. */
export function onSignedOut(listener: () => void): () => void {
  signedOut.add(listener);
  return () => signedOut.delete(listener);
}

/** Absolute address of a path of the API, below whatever prefix the portal is served under. */
export function address(path: string, params: Params = {}): string {
  const url = new URL(path.replace(/^\//, ""), document.baseURI);
  for (const [key, value] of Object.entries(params)) {
    if (value !== undefined && value !== null && value !== "") url.searchParams.set(key, String(value));
  }
  return url.toString();
}

export interface Call {
  params?: Params;
  body?: unknown;
  /** Instead of `body`: a text as it is. */
  text?: { type: string; body: string };
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** A refused session is this call's own business (signing in, asking who we are). */
  quiet?: boolean;
  /** Goes out even while the page is left. */
  last?: boolean;
  /** Looks at the headers of a good answer. */
  seen?: (headers: Headers) => void;
}

/** One exchange in JSON. Throws `Problem`; an abandoned call throws what `fetch` throws. */
export async function call<Answer>(method: string, path: string, options: Call = {}): Promise<Answer> {
  const body = await exchange(method, path, options);
  return (body === "" ? undefined : JSON.parse(body)) as Answer;
}

async function exchange(method: string, path: string, options: Call): Promise<string> {
  const headers: Record<string, string> = { Accept: "application/json", ...options.headers };
  if (method !== "GET") headers["X-WK-Request"] = "1";
  const init: RequestInit = { method, headers, credentials: "same-origin", cache: "no-store" };
  if (options.signal) init.signal = options.signal;
  if (options.last) init.keepalive = true;
  if (options.body !== undefined) {
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(options.body);
  } else if (options.text) {
    headers["Content-Type"] = options.text.type;
    init.body = options.text.body;
  }
  const response = await reach(address(path, options.params), init);
  if (response.ok) {
    options.seen?.(response.headers);
    return response.text();
  }
  if (response.status === 401 && options.quiet !== true) for (const listener of signedOut) listener();
  throw await problemOf(response);
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Problem({ status: 0 });
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const document = (await response.json().catch(() => ({}))) as Partial<ProblemDocument>;
  return new Problem({ title: response.statusText, ...document, status: response.status });
}

export const get = <Answer>(path: string, params?: Params, signal?: AbortSignal) =>
  call<Answer>("GET", path, { ...(params ? { params } : {}), signal });

export const text = (path: string, params?: Params, signal?: AbortSignal) =>
  exchange("GET", path, { ...(params ? { params } : {}), signal, headers: { Accept: "text/plain" } });
