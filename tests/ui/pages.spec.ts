import { expect, expectAccessible, expectNoSidewaysScroll, picture, test } from "./portal";

interface Screen {
  name: string;
  path: string;
  /** Its `h1`, which is also in the page's title. */
  title: string;
  /** Shown once the screen has its data. */
  ready: RegExp | string;
}

const screens: Screen[] = [
  { name: "overview", path: "/", title: "Overview", ready: "Needs attention" },
  { name: "targets", path: "/targets", title: "Targets", ready: "Last scrape" },
  { name: "target-new", path: "/targets/new", title: "Targets", ready: "Review the change" },
  { name: "alerts", path: "/alerts", title: "Alerts", ready: /No alert is firing|Severity/ },
  { name: "cluster", path: "/system/cluster", title: "Cluster", ready: "Components" },
  { name: "history", path: "/system/history", title: "History", ready: "Revision" },
  { name: "missing", path: "/no/such/page", title: "Page not found", ready: "Go to the overview" },
];

for (const [colorScheme, device, width, height] of [
  ["light", "desktop", 1280, 800],
  ["dark", "desktop", 1280, 800],
  ["light", "phone", 360, 740],
] as const) {
    test.describe(`${colorScheme}, ${device}`, () => {
      test.use({ colorScheme, viewport: { width, height } });

      for (const screen of screens) {
        test(`${screen.name} is accessible and fits (${colorScheme}, ${device})`, async ({ page }) => {
          await page.goto(screen.path);
          await expect(page.getByText(screen.ready).filter({ visible: true }).first()).toBeVisible();
          await expect(page).toHaveTitle(new RegExp(`^${screen.title} · .*Watchkeep$`));
          await expectNoSidewaysScroll(page);
          await expectAccessible(page);
          await picture(page, `${screen.name}-${colorScheme}-${device}`);
        });
      }

      test(`drawers are accessible (${colorScheme}, ${device})`, async ({ page, api }) => {
        const targets = await (await api.get("/api/v1/targets?limit=1")).json();
        const history = await (await api.get("/api/v1/history?limit=1")).json();
        const status = await (await api.get("/api/v1/status")).json();
        const alerts = await (await api.get("/api/v1/alerts?limit=1")).json();
        const [component] = status.components;
        const drawers = [
          ["target", `/targets/${targets.items[0].name}`, "Declared"],
          ["revision", `/system/history/${history.items[0].revision}`, "Revert this change"],
          ["log", `/system/cluster/${component.node}/${component.name}`, `Log of ${component.name}`],
          ...alerts.items.map((alert: { fingerprint: string }) => [
            "alert",
            `/alerts/${alert.fingerprint}`,
            "Who was told",
          ]),
        ];
        for (const [name, path, ready] of drawers) {
          await page.goto(path);
          const dialog = page.getByRole("dialog");
          await expect(dialog.getByText(ready).first()).toBeVisible();
          await expectAccessible(page);
          await picture(page, `${name}-${colorScheme}-${device}`);
          await page.keyboard.press("Escape");
          await expect(dialog).toBeHidden();
        }
      });
    });
}

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
