/** A change that takes targets down: Watchkeep undoes it, says so once, and is told that it was seen. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { APIRequestContext } from "@playwright/test";
import { expect, expectAccessible, picture, test } from "./portal";

const name = `undone-${Date.now().toString(36)}`;
/** The least that may fall for a change to count as harm is three. */
const TARGETS = 4;
const exporters: Server[] = [];

/** Something to scrape, which has no other page than its metrics. */
async function exporter(): Promise<string> {
  const server = createServer((request, answer) => {
    answer.writeHead(request.url === "/metrics" ? 200 : 404, { "Content-Type": "text/plain; version=0.0.4" });
    answer.end("it_is_there 1\n");
  });
  exporters.push(server);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function put(api: APIRequestContext, plural: string, kind: string, spec: unknown): Promise<string> {
  const answer = await api.put(`/api/v1/${plural}/${name}`, { data: { kind, name, spec } });
  expect(answer.ok(), await answer.text()).toBe(true);
  return answer.headers()["x-wk-index"] ?? "";
}

/** The targets were up for a while, in the eyes of Prometheus. */
async function wellForAWhile(api: APIRequestContext) {
  const query = encodeURIComponent(`count(up{job="${name}"} offset 15s == 1)`);
  await expect
    .poll(
      async () => {
        const answer = await (await api.get(`/prometheus/api/v1/query?query=${query}`)).json();
        return answer.data?.result?.[0]?.value?.[1];
      },
      { timeout: 120_000 },
    )
    .toBe(String(TARGETS));
}

test.afterEach(async ({ api }) => {
  // In one change: a job that goes right after its targets looks as if it took them down.
  const gone = ["target", "scrape-job"].map((kind) => ({ kind, name, delete: true }));
  await api.post("/api/v1/apply", { data: gone });
  for (const server of exporters.splice(0)) server.close();
});

test("the undone revision is shown with its reason, and its fault dismissed", async ({ page, api }) => {
  test.setTimeout(300_000);
  const job = { scrape_interval: "5s", scrape_timeout: "3s" };
  await put(api, "scrape-jobs", "scrape-job", job);
  const [project] = (await (await api.get("/api/v1/projects?limit=1")).json()).items;
  const targets = await Promise.all(Array.from({ length: TARGETS }, exporter));
  await put(api, "targets", "target", { job: name, project: project.name, targets });
  await wellForAWhile(api);
  const harm = await put(api, "scrape-jobs", "scrape-job", { ...job, metrics_path: "/gone" });

  await page.goto(`/system/history?kind=scrape-job&name=${name}`);
  const undone = page.getByRole("row").filter({ hasText: "Undone by itself" });
  await expect(undone).toBeVisible({ timeout: 120_000 });
  await expectAccessible(page);
  await undone.getByRole("link").first().click();
  const drawer = page.getByRole("dialog", { name: /^Revision/ });
  await expect(drawer.getByText("Watchkeep undid this by itself")).toBeVisible();
  await expect(drawer.getByText(new RegExp(`^revision ${harm}\\b`))).toBeVisible();
  await expect(drawer.getByText("-  metrics_path: /gone")).toBeVisible();
  await expectAccessible(page);
  await picture(page, "revision-undone");
  await drawer.getByRole("link", { name: `Look at revision ${harm}` }).click();
  await expect(page.getByRole("dialog", { name: `Revision ${harm}` })).toBeVisible();

  await page.goto("/system/cluster");
  const fault = page.getByRole("row").filter({ hasText: "WK-3018" }).filter({ hasText: name });
  await expect(fault).toBeVisible();
  await picture(page, "fault-undone");
  await fault.getByRole("button", { name: "Seen, dismiss" }).click();
  await expect(fault).toBeHidden();
  const { faults } = await (await api.get("/api/v1/status")).json();
  const left = faults.filter((each: { code: string; object: string }) => each.object.endsWith(name));
  expect(left).toEqual([]);
});
