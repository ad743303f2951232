/** The pages that belong to no other spec, in every look; and what holds on every page. */
import type { APIRequestContext } from "@playwright/test";
import { lookAt } from "./looks";
import { expect, test } from "./portal";

async function ask(api: APIRequestContext, path: string) {
  return (await api.get(`/api/v1/${path}`)).json();
}

/** The demo always has one that fires, after a while. */
async function someAlert(api: APIRequestContext): Promise<string> {
  const first = async () => (await ask(api, "alerts?limit=1")).items[0]?.fingerprint;
  await expect.poll(first, { timeout: 60_000 }).toBeDefined();
  return `/alerts/${await first()}`;
}

async function someLog(api: APIRequestContext): Promise<string> {
  const [component] = (await ask(api, "status")).components;
  return `/system/cluster/${component.node}/${component.name}`;
}

lookAt([
  { name: "overview", path: "/", en: "Overview", zh: "总览" },
  { name: "target-new", path: "/targets/new", en: "Targets", zh: "采集目标", drawer: true },
  {
    name: "target",
    path: async (api) => `/targets/${(await ask(api, "targets?limit=1")).items[0].name}`,
    en: "Targets",
    zh: "采集目标",
    drawer: true,
  },
  { name: "alert", path: someAlert, en: "Alerts", zh: "告警", drawer: true },
  {
    name: "revision",
    path: async (api) => `/system/history/${(await ask(api, "history?limit=1")).items[0].revision}`,
    en: "History",
    zh: "配置历史",
    drawer: true,
  },
  { name: "cluster", path: "/system/cluster", en: "Cluster", zh: "集群" },
  { name: "log", path: someLog, en: "Cluster", zh: "集群", drawer: true },
  { name: "missing", path: "/no/such/page", en: "Page not found", zh: "页面不存在" },
]);

test("the first stop of the keyboard skips the navigation", async ({ page }) => {
  await page.goto("/targets");
  await expect(page.getByRole("heading", { name: "Targets", level: 1 })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
});

test("navigation moves the focus to the new page's heading and keeps the scope", async ({ page, api }) => {
  const { items } = await (await api.get("/api/v1/projects?limit=1")).json();
  const project: string = items[0].name;
  await page.goto(`/?project=${project}`);
  await page.getByRole("navigation").getByRole("link", { name: "Targets" }).click();
  await expect(page.getByRole("heading", { name: "Targets", level: 1 })).toBeFocused();
  await expect(page).toHaveURL(new RegExp(`/targets\\?project=${project}$`));
});

test("every file of the portal is compressed, and the hashed ones may be kept for ever", async ({ page, place }) => {
  const seen: { url: string; encoding: string | undefined; cache: string | undefined; bytes: number }[] = [];
  page.on("response", async (response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.startsWith("/assets/")) return;
    const { "content-encoding": encoding, "cache-control": cache } = response.headers();
    const { responseBodySize: bytes } = await response.request().sizes();
    seen.push({ url: pathname, encoding, cache, bytes });
  });
  await page.goto("/");
  await expect(page.getByText("Needs attention")).toBeVisible();
  await page.waitForLoadState("load");
  expect(seen.length).toBeGreaterThan(3);
  for (const file of seen) {
    expect(file.cache, file.url).toContain("immutable");
    if (file.bytes > 1024) expect(file.encoding, file.url).toMatch(/^(br|gzip)$/);
  }
  const missing = await page.request.get(`${place.url}/assets/gone-00000000.js`);
  expect(missing.status()).toBe(404);
});
