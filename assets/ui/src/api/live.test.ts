import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LiveStream, topicsOf } from "./live";

/** An EventSource in the hands of the test. */
class FakeSource extends EventTarget {
  static all: FakeSource[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  constructor(readonly url: string) {
    super();
    FakeSource.all.push(this);
  }
  close() {
    this.closed = true;
  }
  say(topics: string[], index: string | null = "7") {
    this.dispatchEvent(new MessageEvent("change", { data: JSON.stringify({ topics, index }) }));
  }
}
const newest = () => FakeSource.all.at(-1) as FakeSource;

beforeEach(() => {
  vi.useFakeTimers();
  FakeSource.all = [];
  vi.stubGlobal("EventSource", FakeSource);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function started() {
  const queries = new QueryClient();
  for (const key of ["targets", "alerts", "status", "history"]) queries.setQueryData([key], {});
  const stream = new LiveStream(queries);
  const stop = stream.start();
  const stale = () =>
    queries
      .getQueryCache()
      .getAll()
      .filter((query) => query.state.isInvalidated)
      .map((query) => query.queryKey[0]);
  return { stream, stop, stale };
}

describe("the event stream", () => {
  it("asks again for what an event is about, and for nothing else", () => {
    const { stale, stop } = started();
    newest().onopen?.();
    newest().say(["targets"]);
    expect(stale()).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(stale().sort()).toEqual(["history", "targets"]);
    stop();
  });

  it("takes a burst together", () => {
    const { stale, stop } = started();
    newest().say(["targets"]);
    vi.advanceTimersByTime(900);
    newest().say(["receipts"], null);
    vi.advanceTimersByTime(100);
    expect(stale().sort()).toEqual(["alerts", "history", "targets"]);
    stop();
  });

  it("is lost after three failures, comes back by itself, and then asks for everything", () => {
    const { stream, stale, stop } = started();
    newest().onopen?.();
    expect(stream.current().state).toBe("live");
    for (const state of ["connecting", "connecting", "lost"]) {
      newest().onerror?.();
      expect(newest().closed).toBe(true);
      expect(stream.current().state).toBe(state);
      vi.advanceTimersByTime(3_000);
    }
    expect(FakeSource.all).toHaveLength(4);
    newest().onopen?.();
    expect(stream.current().state).toBe("live");
    expect(stale()).toHaveLength(4);
    stop();
    expect(newest().closed).toBe(true);
  });

  it("takes what it cannot read for a change of everything", () => {
    expect(topicsOf("not json")).toEqual(["*"]);
    expect(topicsOf('{"topics":"x"}')).toEqual(["*"]);
    expect(topicsOf('{"topics":["status"],"index":null}')).toEqual(["status"]);
  });
});
