import { afterEach, describe, expect, it, vi } from "vitest";
import { call, isTransient, onSignedOut, type Problem } from "./http";

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  const fake = vi.fn<typeof fetch>(async () => new Response(JSON.stringify(body), { status, headers }));
  vi.stubGlobal("fetch", fake);
  return fake;
}
afterEach(() => vi.unstubAllGlobals());

const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as Problem,
  );

describe("a call of the API", () => {
  it("marks every change as coming from the portal, and no read", async () => {
    const fake = answer(200, {});
    await call("PUT", "/api/v1/targets/a", { body: {} });
    await call("GET", "/api/v1/targets/a");
    const [put, get] = fake.mock.calls.map(([, init]) => init?.headers as Record<string, string>);
    expect(put).toMatchObject({ "X-WK-Request": "1", "Content-Type": "application/json" });
    expect(get).not.toHaveProperty("X-WK-Request");
  });

  it("leaves out parameters that are not set", async () => {
    const fake = answer(200, {});
    await call("GET", "/api/v1/targets", { params: { q: "", state: undefined, limit: 0, job: "a b" } });
    const url = new URL(String(fake.mock.calls[0]?.[0]));
    expect(url.search).toBe("?limit=0&job=a+b");
  });

  it("throws what the server said, with everything a person needs", async () => {
    const errors = [{ path: "target/a/spec/job", code: "WK-1010", message: "there is no scrape-job x" }];
    answer(422, { code: "WK-2010", detail: "1 problem", hint: "Correct it.", errors, request_id: "r1" });
    const problem = await caught(call("PUT", "/api/v1/targets/a", { body: {} }));
    expect(problem).toMatchObject({
      status: 422,
      code: "WK-2010",
      hint: "Correct it.",
      requestId: "r1",
      errors,
    });
    expect(isTransient(problem)).toBe(false);
  });

  it("survives an error that is no problem document", async () => {
    vi.stubGlobal("fetch", async () => new Response("<html>bad gateway</html>", { status: 502 }));
    const problem = await caught(call("GET", "/api/v1/status"));
    expect(problem).toMatchObject({ status: 502, errors: [] });
    expect(isTransient(problem)).toBe(true);
  });

  it("tells no answer from a refusal", async () => {
    vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("network")));
    const problem = await caught(call("GET", "/api/v1/status"));
    expect(problem?.unreachable).toBe(true);
    expect(isTransient(problem)).toBe(true);
  });

  it("reports a session that ended, except where that is the question", async () => {
    const ended = vi.fn();
    const stop = onSignedOut(ended);
    answer(401, { code: "WK-2020" });
    await caught(call("POST", "/api/v1/session", { body: {}, quiet: true }));
    expect(ended).not.toHaveBeenCalled();
    await caught(call("GET", "/api/v1/status"));
    expect(ended).toHaveBeenCalledOnce();
    stop();
  });
});
