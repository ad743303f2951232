import type { APIRequestContext, Page } from "@playwright/test";
import { expect, expectAccessible, picture, test } from "./portal";

interface Seen {
  name: string;
  address: string;
  job: string;
  project: string;
  state: string;
  labels: Record<string, string>;
}

/** What this file declared; gone after each test, however it ended. */
const declared: string[] = [];
test.afterEach(async ({ api }) => {
  for (const name of declared.splice(0)) await api.delete(`/api/v1/targets/${name}`);
});

/** A name that nobody has, given back after the test. */
function fresh(stem: string): string {
  const name = `${stem}-${Date.now().toString(36)}`;
  declared.push(name);
  return name;
}

async function observed(api: APIRequestContext): Promise<Seen[]> {
  const answer = await api.get("/api/v1/observed/targets?limit=200");
  expect(answer.ok(), await answer.text()).toBe(true);
  return (await answer.json()).items;
}

/** Another spelling of the address of a host that is scraped: its exporter answers, and no target
 * has it yet. The node's own exporter asks for a password. */
function otherSpelling(address: string): string {
  return process.env.WATCHKEEP_TARGET ?? `[::ffff:${address.replace(":", "]:")}`;
}

/** A target that is up: its scrape job and project are known to work. */
async function oneUp(api: APIRequestContext): Promise<Seen> {
  let found: Seen | undefined;
  await expect
    .poll(async () => (found = (await observed(api)).find((target) => target.state === "up")), { timeout: 60_000 })
    .toBeTruthy();
  return found as Seen;
}

async function fill(page: Page, target: Omit<Seen, "labels">, name: string, label: string) {
  const form = page.getByRole("dialog", { name: "Add target" });
  await form.getByRole("combobox", { name: "Addresses" }).fill(target.address);
  await form.getByRole("combobox", { name: "Addresses" }).press("Enter");
  await form.getByRole("combobox", { name: "Scrape job" }).fill(target.job);
  await form.getByRole("combobox", { name: "Project" }).fill(target.project);
  await form.getByLabel("Name").fill(name);
  await form.getByRole("combobox", { name: "Labels" }).fill(label);
  await form.getByRole("combobox", { name: "Labels" }).press("Enter");
  await form.getByRole("button", { name: "Review the change" }).click();
  return form;
}

test("a target is added, seen scraped, deleted, and brought back", async ({ page, api }) => {
  const up = await oneUp(api);
  const like = { ...up, address: otherSpelling(up.address) };
  const name = fresh("portal");

  await page.goto("/targets");
  await page.getByRole("link", { name: "Add target" }).click();
  const form = await fill(page, like, name, `via=${name}`);
  await expect(form.getByText(`Target ${name} is created.`)).toBeVisible();
  await expect(form.getByRole("group", { name: `Changes of target ${name}` })).toContainText(like.address);
  await expectAccessible(page);
  await picture(page, "target-review");
  await form.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText(`Target ${name} was added.`)).toBeVisible();
  await expect(page.getByRole("dialog", { name })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();

  await page.getByLabel("Search targets").fill(name);
  const row = page.getByRole("row").filter({ hasText: name });
  await expect(row).toBeVisible();
  await expect(row.getByText("Up")).toBeVisible({ timeout: 75_000 });
  await expect(row).toContainText(like.project);
  await picture(page, "target-scraped");

  await row.getByRole("link", { name: like.address }).click();
  const drawer = page.getByRole("dialog", { name });
  await expect(drawer.getByText(`via=${name}`).first()).toBeVisible();
  // Up with this label: it is this target that Prometheus scrapes, not another of that address.
  const [own] = (await observed(api)).filter((target) => target.name === name);
  expect(own).toMatchObject({ state: "up", address: like.address, labels: { via: name, project: like.project } });
  await drawer.getByRole("button", { name: "Delete" }).click();
  const question = page.getByRole("dialog", { name: `Delete target ${name}?` });
  await expectAccessible(page);
  await question.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText(`Target ${name} was deleted.`)).toBeVisible();
  await expect(page.getByText("No target matches")).toBeVisible();

  const toast = page.getByRole("alert").filter({ hasText: "was deleted" });
  await toast.getByRole("button", { name: "Undo" }).click();
  await expect(row).toBeVisible();
  const removed = await api.delete(`/api/v1/targets/${name}`);
  expect(removed.ok()).toBe(true);
  await expect(row).toBeHidden();
});

test("what somebody else changes shows up by itself", async ({ page, api }) => {
  const up = await oneUp(api);
  const like = { ...up, address: otherSpelling(up.address) };
  const name = fresh("other");
  await page.goto(`/targets?q=${name}`);
  await expect(page.getByText("No target matches")).toBeVisible();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();

  const spec = { job: like.job, project: like.project, targets: [like.address], labels: { via: name } };
  const made = await api.put(`/api/v1/targets/${name}`, { data: { kind: "target", name, spec } });
  expect(made.ok(), await made.text()).toBe(true);
  // Polling comes every ten seconds; a loaded machine needs a moment for the rest.
  await expect(page.getByRole("row").filter({ hasText: name })).toBeVisible({ timeout: 9_000 });
  expect((await api.delete(`/api/v1/targets/${name}`)).ok()).toBe(true);
  await expect(page.getByText("No target matches")).toBeVisible({ timeout: 9_000 });
});

test("a form says what is wrong beside the field before it asks the server", async ({ page }) => {
  await page.goto("/targets/new");
  const form = page.getByRole("dialog", { name: "Add target" });
  await form.getByRole("button", { name: "Review the change" }).click();
  await expect(form.getByText("Give at least one address.")).toBeVisible();
  await expect(form.getByRole("combobox", { name: "Addresses" })).toBeFocused();
  await form.getByRole("combobox", { name: "Addresses" }).fill("http://10.0.0.5/metrics");
  await form.getByRole("combobox", { name: "Addresses" }).press("Enter");
  await expect(form.getByText("An address is host:port")).toBeVisible();
  await expectAccessible(page);
});

test("what the server refuses is shown with its place, and nothing is written", async ({ page, api, tolerated }) => {
  tolerated.push(/status of 4\d\d/);
  const like = await oneUp(api);
  const name = fresh("refused");
  await page.goto("/targets/new");
  // The project's own dimension must not be overridden.
  const form = await fill(page, like, name, "project=somebody-else");
  await expect(form.getByRole("alert")).toContainText(/labels/);
  await picture(page, "target-refused");
  expect((await api.get(`/api/v1/targets/${name}`)).status()).toBe(404);
});

test("the scope filters the list, stands in the address, and survives a reload", async ({ page, api }) => {
  const { items } = await (await api.get("/api/v1/projects?limit=500")).json();
  const owned = (await observed(api)).map((target) => target.project);
  const project = items.find((each: { name: string }) => owned.includes(each.name));
  await page.goto("/targets");
  await page.getByRole("button", { name: /^Scope/ }).click();
  await page.getByRole("dialog").getByLabel("Project", { exact: true }).first().click();
  await page.getByRole("option", { name: project.name, exact: true }).click();
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page).toHaveURL(new RegExp(`project=${project.name}`));
  await page.reload();
  const rows = page.getByRole("table").getByRole("row");
  await expect(rows.nth(1)).toContainText(project.name);
  const shown = await rows.count();
  for (let at = 1; at < shown; at += 1) await expect(rows.nth(at)).toContainText(project.name);
  await expectAccessible(page);
  await picture(page, "targets-scoped");
});
