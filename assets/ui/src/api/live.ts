/**
 * Live updates: one event stream, open while the tab is visible. Events only say what changed;
 * the queries about it are asked again, at most once a second.
 */
import type { QueryClient } from "@tanstack/react-query";
import { address } from "./http";

export type LiveState = "live" | "connecting" | "lost";

export interface Live {
  state: LiveState;
  /** When the stream was last open, in milliseconds since the epoch. */
  heard: number;
}

/** Attempts after which the connection counts as lost; the queries' own polling goes on. */
const PATIENCE = 3;
const RETRY_MS = 3_000;
const BURST_MS = 1_000;
/** Topics whose events also change what other queries show. */
const alsoAbout: Record<string, readonly string[]> = {
  receipts: ["alerts", "overview"],
  silences: ["alerts", "overview"],
  "rule-groups": ["rules", "overview"],
  alerts: ["rules", "overview"],
  targets: ["overview"],
  projects: ["overview"],
  departments: ["overview"],
};

export class LiveStream {
  private live: Live = { state: "connecting", heard: Date.now() };
  private readonly watchers = new Set<() => void>();
  private source: EventSource | undefined;
  private failures = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private burst: ReturnType<typeof setTimeout> | undefined;
  private readonly topics = new Set<string>();

  constructor(private readonly queries: QueryClient) {}

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };
  readonly current = (): Live => this.live;

  /** Opens the stream and follows the tab's visibility; returns how to stop. */
  start(): () => void {
    const follow = () => (document.hidden ? this.close() : this.resume());
    document.addEventListener("visibilitychange", follow);
    follow();
    return () => {
      document.removeEventListener("visibilitychange", follow);
      this.close();
    };
  }

  /** Asks for a connection at once, for instance because somebody pressed Retry. */
  resume(): void {
    this.close();
    this.open();
  }

  private open(): void {
    const source = new EventSource(address("/api/v1/events"));
    this.source = source;
    source.onopen = () => {
      if (this.failures > 0) void this.queries.invalidateQueries();
      this.failures = 0;
      this.set("live");
    };
    source.onmessage = (event) => this.take(event);
    source.addEventListener("change", (event) => this.take(event));
    source.onerror = () => {
      // The browser's own retry ends for good on an HTTP error, so it is never relied on.
      this.close();
      this.failures += 1;
      this.set(this.failures >= PATIENCE ? "lost" : "connecting");
      this.retry = setTimeout(() => this.open(), RETRY_MS);
    };
  }

  private close(): void {
    this.source?.close();
    this.source = undefined;
    clearTimeout(this.retry);
  }

  private take(event: MessageEvent<string>): void {
    this.set("live");
    for (const topic of topicsOf(event.data)) {
      this.topics.add(topic);
      for (const other of alsoAbout[topic] ?? []) this.topics.add(other);
    }
    this.burst ??= setTimeout(() => this.flush(), BURST_MS);
  }

  private flush(): void {
    this.burst = undefined;
    const all = this.topics.has("*");
    const topics = new Set(this.topics);
    this.topics.clear();
    void this.queries.invalidateQueries({
      predicate: ({ queryKey }) => all || topics.has(String(queryKey[0])),
    });
  }

  private set(state: LiveState): void {
    this.live = { state, heard: state === "live" ? Date.now() : this.live.heard };
    for (const watcher of this.watchers) watcher();
  }
}

/** Topics of one event; `*` (everything) for one that cannot be read. */
export function topicsOf(data: string): string[] {
  try {
    const { topics, index } = JSON.parse(data) as { topics?: unknown; index?: unknown };
    // What has an index was written to the log, and so to the history.
    if (Array.isArray(topics)) return [...topics.map(String), ...(index == null ? [] : ["history"])];
  } catch {
    // Falls through: better one refetch too many than a page that is silently old.
  }
  return ["*"];
}
