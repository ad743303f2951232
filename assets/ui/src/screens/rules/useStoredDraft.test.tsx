import { act, renderHook, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useStoredDraft } from "./useStoredDraft";

interface Form {
  name: string;
}
const start: Form = { name: "" };
const of = { kind: "rule-group", object: "hosts" };

/** What the server keeps, and what it was asked. */
let kept: unknown;
let asked: string[];

beforeEach(() => {
  kept = undefined;
  asked = [];
  localStorage.clear();
  vi.stubGlobal("fetch", async (_: string, { method = "GET", body }: RequestInit) => {
    asked.push(method);
    if (method === "PUT") kept = JSON.parse(String(body));
    if (method === "DELETE") kept = undefined;
    const text = method === "GET" && kept ? JSON.stringify({ kind: of.kind, at: "", ...kept }) : null;
    return new Response(text, { status: text === null ? 204 : 200 });
  });
});
afterEach(() => vi.unstubAllGlobals());

test("what was typed elsewhere comes back here", async () => {
  kept = { name: "hosts", content: { key: "rule:a", draft: { name: "Elsewhere" }, at: Date.now() } };
  const { result } = renderHook(() => useStoredDraft("rule:a", start, of));
  await waitFor(() => expect(result.current.draft.name).toBe("Elsewhere"));
  expect(result.current.restored).toBeGreaterThan(0);
});

test("another object's draft stays away", async () => {
  kept = { name: "other", content: { key: "rule:b", draft: { name: "Other" }, at: Date.now() } };
  const { result } = renderHook(() => useStoredDraft("rule:a", start, of));
  await waitFor(() => expect(asked).toEqual(["GET"]));
  expect(result.current.draft.name).toBe("");
});

test("leaving keeps it on the server, saving forgets it", async () => {
  const first = renderHook(() => useStoredDraft("rule:a", start, of));
  act(() => first.result.current.change({ name: "Half" }));
  first.unmount();
  await waitFor(() => expect(kept).toMatchObject({ name: "hosts", content: { draft: { name: "Half" } } }));
  const second = renderHook(() => useStoredDraft("rule:a", start, of));
  await waitFor(() => expect(asked.filter((method) => method === "GET")).toHaveLength(2));
  expect(second.result.current.draft.name).toBe("Half");
  act(() => second.result.current.forget());
  await waitFor(() => expect(kept).toBeUndefined());
});
