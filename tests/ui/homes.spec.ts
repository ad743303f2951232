/** The first page of managers, developers and operations, and the pages of projects. */
import { readFile } from "node:fs/promises";
import type { APIRequestContext } from "@playwright/test";
import { lookAt } from "./looks";
import { expect, expectAccessible, picture, test } from "./portal";

const SHOP = "web-shop";
const home = (view: string | null) => async (api: APIRequestContext) => {
  const put = await api.put("/api/v1/session/home", { data: { home: view } });
  expect(put.status(), await put.text()).toBe(204);
  return "/";
};

test.afterEach(async ({ api }) => void (await home(null)(api)));

lookAt([
  { name: "home-manager", path: home("manager"), en: "Overview", zh: "总览" },
  { name: "home-developer", path: home("developer"), en: "Overview", zh: "总览" },
  { name: "home-operations", path: home("operations"), en: "Overview", zh: "总览" },
  { name: "projects", path: "/projects", en: "Projects", zh: "项目" },
  { name: "project", path: `/projects/${SHOP}`, en: "Web shop", zh: "Web shop" },
  { name: "project-targets", path: `/projects/${SHOP}?tab=targets`, en: "Web shop", zh: "Web shop" },
  { name: "project-alerts", path: `/projects/${SHOP}?tab=alerts`, en: "Web shop", zh: "Web shop" },
  { name: "project-rules", path: `/projects/${SHOP}?tab=rules`, en: "Web shop", zh: "Web shop" },
  { name: "project-people", path: `/projects/${SHOP}?tab=people`, en: "Web shop", zh: "Web shop" },
]);

test("an account's first page is its choice, and stays it in another browser", async ({ page, browser, signedIn, place }) => {
  await page.goto("/");
  const choice = page.getByRole("group", { name: "What this page is about" });
  await expect(choice.getByRole("button", { name: "Operations" })).toHaveAttribute("aria-pressed", "true");
  const kept = page.waitForResponse((answer) => answer.url().endsWith("/api/v1/session/home"));
  await choice.getByRole("button", { name: "Departments" }).click();
  await expect(page.getByRole("heading", { name: "Departments", level: 2 })).toBeVisible();
  expect((await kept).status()).toBe(204);

  const other = await browser.newContext({ storageState: signedIn, baseURL: place.url });
  const elsewhere = await other.newPage();
  await elsewhere.goto("/");
  await expect(elsewhere.getByRole("heading", { name: "Departments", level: 2 })).toBeVisible();
  await other.close();
});

test("a manager unfolds a department with the keyboard and takes the report along", async ({ page, api }) => {
  await page.goto(await home("manager")(api));
  const retail = page.getByRole("button", { name: "Retail", exact: true });
  const shop = page.getByRole("table").getByRole("link", { name: "Web shop" });
  await expect(retail).toHaveAttribute("aria-expanded", "true");
  await expect(shop).toBeVisible();
  await retail.focus();
  await page.keyboard.press("Enter");
  await expect(retail).toHaveAttribute("aria-expanded", "false");
  await expect(shop).toBeHidden();
  // Paper cannot be unfolded.
  await page.emulateMedia({ media: "print" });
  await expect(shop).toBeVisible();
  await expect(page.getByRole("button", { name: "Print" })).toBeHidden();
  await picture(page, "home-manager-print");
  await page.emulateMedia({ media: "screen" });

  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as CSV" }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toMatch(/^watchkeep-\d{4}-\d\d-\d\d\.csv$/);
  const lines = (await readFile(await file.path(), "utf8")).trim().split("\r\n");
  const { items } = await (await api.get("/api/v1/projects?limit=1000")).json();
  expect(lines).toHaveLength(items.length + 1);
  expect(lines[0]).toContain("Department,Project,Name,Owner");
  expect(lines.find((line) => line.includes(`,${SHOP},`))).toContain("Retail,Web shop");
});

test("a new project says what is left to do, and tells in a sentence when its target is down", async ({ page, api }) => {
  test.setTimeout(180_000);
  const name = `home-${Date.now().toString(36)}`;
  const put = async (path: string, spec: object) => {
    const answer = await api.put(`/api/v1/${path}`, { data: { spec } });
    expect(answer.ok(), await answer.text()).toBe(true);
  };
  await put(`projects/${name}`, { title: "Brand new" });
  try {
    await page.goto(`/projects/${name}`);
    await expect(page.getByRole("heading", { name: "Brand new", level: 1 })).toBeVisible();
    await expect(page.getByRole("status").filter({ hasText: "Nothing is watched yet" })).toBeVisible();
    const steps = page.getByRole("listitem").filter({ has: page.getByRole("img", { name: /^(Done|To do)$/ }) });
    await expect(steps).toHaveCount(3);
    const targets = steps.filter({ hasText: "Targets" });
    await expect(targets.getByRole("img", { name: "To do" })).toBeVisible();
    await expect(targets.getByRole("link", { name: "Add a target" })).toHaveAttribute("href", new RegExp(`project=${name}`));
    await expectAccessible(page);
    await picture(page, "project-empty");

    // Nobody answers there; the page learns of it by itself.
    await put(`targets/${name}`, { job: "node", project: name, targets: ["127.0.0.11:9"] });
    await expect(targets.getByRole("img", { name: "Done" })).toBeVisible();
    await expect(page.getByRole("status").filter({ hasText: "Its only target is down." })).toBeVisible({ timeout: 60_000 });
    await expectAccessible(page);
    await picture(page, "project-down");
    await page.keyboard.press("g");
    await page.keyboard.press("j");
    await expect(page.getByRole("heading", { name: "Projects", level: 1 })).toBeFocused();
    await page.getByRole("button", { name: /^Critical/ }).click();
    await expect(page).toHaveURL(/\/projects\?state=critical$/);
    const rows = page.getByRole("region", { name: "Projects" }).getByRole("link");
    await expect(rows.filter({ hasText: "Brand new" })).toBeVisible();
    await expect(rows.filter({ hasText: "Web shop" })).toHaveCount(0);
  } finally {
    await api.delete(`/api/v1/targets/${name}`);
    await api.delete(`/api/v1/projects/${name}`);
  }
});

test("a project that is not there is not told from one that may not be seen", async ({ page }) => {
  await page.goto("/projects/no-such-one");
  await expect(page.getByText("There is no such project")).toBeVisible();
  await page.getByRole("link", { name: "All projects" }).click();
  await expect(page.getByRole("heading", { name: "Projects", level: 1 })).toBeVisible();
});
