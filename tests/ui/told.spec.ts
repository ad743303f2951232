/** Routes, people, channels, silences, notifications: every page as it is, and the ways through them. */
import type { APIRequestContext, Page } from "@playwright/test";
import { lookAt } from "./looks";
import { expect, expectAccessible, picture, test } from "./portal";

const screens = [
  { name: "routes", path: "/routes", en: "Routes & policies", zh: "路由与策略" },
  { name: "policies", path: "/routes?tab=policies", en: "Routes & policies", zh: "路由与策略" },
  { name: "intervals", path: "/routes?tab=intervals", en: "Routes & policies", zh: "路由与策略" },
  { name: "inhibitions", path: "/routes?tab=inhibitions", en: "Routes & policies", zh: "路由与策略" },
  { name: "expert-routes", path: "/routes?tab=routes", en: "Routes & policies", zh: "路由与策略" },
  { name: "policy-new", path: "/routes/policy", en: "Routes & policies", zh: "路由与策略" },
  { name: "interval-new", path: "/routes/time-interval", en: "Routes & policies", zh: "路由与策略" },
  { name: "teams", path: "/people", en: "Receivers & teams", zh: "接收人与团队" },
  { name: "contacts", path: "/people?tab=contacts", en: "Receivers & teams", zh: "接收人与团队" },
  { name: "receivers", path: "/people?tab=receivers", en: "Receivers & teams", zh: "接收人与团队" },
  { name: "channels", path: "/channels", en: "Channels", zh: "通知渠道" },
  { name: "channel-mail", path: "/channels/new", en: "Channels", zh: "通知渠道" },
  { name: "channel-webhook", path: "/channels/new?type=webhook", en: "Channels", zh: "通知渠道" },
  { name: "silences", path: "/silences", en: "Silences", zh: "静默" },
  { name: "silence-new", path: "/silences/new", en: "Silences", zh: "静默" },
  { name: "notifications", path: "/notifications", en: "Notifications", zh: "通知回执" },
  { name: "alerts", path: "/alerts", en: "Alerts", zh: "告警" },
] as const;

lookAt(screens);

/** What a test declared; gone after it, the last first. */
const declared: [string, string][] = [];
test.afterEach(async ({ api }) => {
  for (const [plural, name] of declared.splice(0).reverse()) await api.delete(`/api/v1/${plural}/${name}`);
});

function fresh(plural: string, stem: string): string {
  const name = `${stem}-${Date.now().toString(36)}`;
  declared.push([plural, name]);
  return name;
}

/** From the form through the dry run to the store. */
async function save(page: Page) {
  await page.getByRole("button", { name: "Review the change" }).click();
  const dialog = page.getByRole("dialog").filter({ has: page.getByRole("button", { name: "Apply" }) });
  await expect(dialog.getByRole("button", { name: "Apply" })).toBeEnabled();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Apply" }).click();
}

test("a policy says who would be told before it is saved, and can be undone", async ({ page, api }) => {
  const name = fresh("policies", "ui-policy");
  const [receiver] = (await (await api.get("/api/v1/receivers?limit=1")).json()).items;
  const [project] = (await (await api.get("/api/v1/projects?limit=1")).json()).items;
  await page.goto("/routes");
  await page.getByRole("link", { name: "Add policy" }).click();
  await page.getByLabel("Title").fill(name);
  await expect(page.getByLabel("Name")).toHaveValue(name);
  await page.getByRole("combobox", { name: "Projects" }).click();
  await page.getByRole("option", { name: project.spec.title || project.name }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("combobox", { name: "Receiver of the rest" }).click();
  await page.getByRole("option", { name: receiver.spec.title || receiver.name, exact: true }).click();
  // A route of the sample may take these alerts first: the answer follows the order.
  await page.getByRole("button", { name: "Other conditions and order" }).click();
  await page.getByRole("textbox", { name: "Order" }).fill("-1");
  await expect(page.getByText(`Policy ${name}`)).toBeVisible();
  await picture(page, "policy-unsaved");
  await save(page);
  await expect(page.getByText(`Policy ${name} was saved.`)).toBeVisible();
  await expect.poll(async () => (await api.get(`/api/v1/policies/${name}`)).status()).toBe(200);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText(`Taken back: Policy ${name} was saved.`)).toBeVisible();
  await expect.poll(async () => (await api.get(`/api/v1/policies/${name}`)).status()).toBe(404);
});

test("hours drawn in a week become a time interval in its zone", async ({ page, api }) => {
  const name = fresh("time-intervals", "ui-hours");
  await page.goto("/routes/time-interval");
  await page.getByLabel("Title").fill(name);
  await page.getByRole("combobox", { name: "Time zone" }).fill("Asia/Shanghai");
  await page.getByRole("combobox", { name: "Time zone" }).blur();
  const nine = page.getByRole("button", { name: "Monday, 9 to 10 o'clock" });
  await nine.focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  await expect(nine).toHaveAttribute("aria-pressed", "true");
  await save(page);
  await expect(page.getByText(`Time interval ${name} was saved.`)).toBeVisible();
  const { spec } = await (await api.get(`/api/v1/time-intervals/${name}`)).json();
  expect(spec.time_intervals).toEqual([
    { times: [{ start_time: "09:00", end_time: "11:00" }], weekdays: ["monday"], location: "Asia/Shanghai" },
  ]);
});

test("a channel that nobody answers says so when it is tried, and the test is on record", async ({ page }) => {
  const name = fresh("channels", "ui-hook");
  await page.goto("/channels/new?type=webhook");
  await page.getByLabel("Title").fill(name);
  await page.getByLabel("Address").fill("http://192.0.2.1:9/nobody");
  await page.getByLabel("Give up after (seconds)").fill("1");
  await save(page);
  await expect(page).toHaveURL(new RegExp(`/channels/${name}$`));
  await page.getByRole("dialog").getByRole("button", { name: `Send a test through ${name}` }).click();
  const result = page.getByRole("dialog", { name: `Test of ${name}` });
  await expect(result.getByText(`${name} did not take it.`)).toBeVisible({ timeout: 20_000 });
  await expectAccessible(page);
  await picture(page, "channel-tested");
  await result.getByRole("button", { name: "Close" }).click();
  await page.getByRole("link", { name: "What it was told" }).click();
  await expect(page.getByRole("row").filter({ hasText: name }).getByText("Test")).toBeVisible();
});

/** Of a CA that signed nothing; valid for a hundred years. */
const CA = `-----BEGIN CERTIFICATE-----
MIIBhDCCASugAwIBAgIUWa+VATtbG6w02/HJ1onDm48XuQEwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMTWFpbCB0ZXN0IENBMCAXDTI2MTEyMjExMDAzOFoYDzIxMjYx
MDI5MTEwMDM4WjAXMRUwEwYDVQQDDAxNYWlsIHRlc3QgQ0EwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAAT0ovcxev9ECGQFffRvnRnkGPzHMSbL1Y6TP49NO3x/2Thy
p3GxCgASq7HFjWl8M2Nk8y8OBgBGWtWcRQyd1QF9o1MwUTAdBgNVHQ4EFgQUrjY1
PYiLhywr+CjmzJJ/yqwCYIYwHwYDVR0jBBgwFoAUrjY1PYiLhywr+CjmzJJ/yqwC
YIYwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiBJsnmZ3NAV5+lE
BhrknGXpxRJEtwzT5DrcFby8JgsZzgIgVozA7ef9w3Ce6ID90FbD9VBj+DzAc4fB
tLQJ+fES2LI=
-----END CERTIFICATE-----`;

test("a mail channel trusts a private CA, speaks a language, and keeps both", async ({ page, api }) => {
  const name = fresh("channels", "ui-mail");
  await page.goto("/channels/new?type=mail");
  const form = page.getByRole("dialog", { name: "Add channel" });
  await form.getByLabel("Title").fill(name);
  await form.getByLabel("Mail server").fill("mail.example.org");
  await form.getByLabel("Sender").fill("alerts@example.org");
  await form.getByRole("combobox", { name: "Other addresses" }).fill("li@example.org");
  await page.keyboard.press("Enter");
  await form.getByRole("combobox", { name: "Language" }).click();
  await page.getByRole("option", { name: "中文" }).click();
  await form.getByRole("button", { name: "A private certificate authority" }).click();
  await form.getByLabel("Certificates").fill("not a certificate");
  await form.getByRole("button", { name: "Review the change" }).click();
  const review = page.getByRole("dialog", { name: `Save channel ${name}?` });
  await expect(review.getByText("It cannot be saved like this")).toBeVisible();
  await expect(review.getByText(/\bca$/).first()).toBeVisible();
  await expect(review.getByRole("button", { name: "Apply" })).toBeDisabled();
  await expectAccessible(page);
  await review.getByRole("button", { name: "Cancel" }).click();
  await form.getByLabel("Certificates").fill(CA);
  await save(page);
  await expect(page.getByText(`Channel ${name} was saved.`)).toBeVisible();
  const { spec } = await (await api.get(`/api/v1/channels/${name}`)).json();
  expect([spec.language, spec.ca?.trim(), spec.to]).toEqual(["zh", CA, ["li@example.org"]]);

  // What was kept is what the form shows; without protection there is nothing to trust.
  await page.goto(`/channels/${name}`);
  const drawer = page.getByRole("dialog");
  await expect(drawer.getByRole("combobox", { name: "Language" })).toHaveValue("中文");
  await expect(drawer.getByLabel("Certificates")).toHaveValue(new RegExp("BEGIN CERTIFICATE"));
  await expectAccessible(page);
  await picture(page, "channel-mail-ca");
  await drawer.getByRole("combobox", { name: "Protection" }).click();
  await page.getByRole("option", { name: "None" }).click();
  await expect(drawer.getByLabel("Certificates")).toBeHidden();
});

test("a silence: what it hides, longer, over, from matchers in the address", async ({ page, api }) => {
  const before = await names(api);
  await page.goto(`/silences/new?m=${encodeURIComponent('instance="nowhere:1"')}&d=30m`);
  await expect(page.getByText("Hides 0 alerts right now")).toBeVisible();
  await page.getByLabel("Reason").fill("moving the disk");
  await save(page);
  await expect(page.getByText('Silence of instance="nowhere:1" is in force.')).toBeVisible();
  const [name = ""] = (await names(api)).filter((each) => !before.includes(each));
  declared.push(["silences", name]);
  const row = page.getByRole("row").filter({ hasText: "nowhere:1" });
  await expect(row.getByText("Active")).toBeVisible();
  const first = await ends(api, name);
  await row.getByRole("button", { name: "Extend by one hour" }).click();
  await apply(page);
  await expect.poll(async () => (await ends(api, name)) - first).toBe(3_600_000);
  await picture(page, "silence-extended");
  await row.getByRole("button", { name: "End now" }).click();
  await apply(page);
  await expect(row).toBeHidden();
  await expect.poll(async () => (await ends(api, name)) <= Date.now() + 5_000).toBe(true);
});

async function apply(page: Page) {
  const button = page.getByRole("dialog").getByRole("button", { name: "Apply" });
  await expect(button).toBeEnabled();
  await button.click();
  await expect(page.getByRole("dialog")).toBeHidden();
}

async function names(api: APIRequestContext): Promise<string[]> {
  const { items } = await (await api.get("/api/v1/silences?limit=1000")).json();
  return items.map((silence: { name: string }) => silence.name);
}

async function ends(api: APIRequestContext, name: string): Promise<number> {
  return Date.parse((await (await api.get(`/api/v1/silences/${name}`)).json()).spec.endsAt);
}

test("by keyboard alone: to the alerts, down the list, a silence prefilled from one", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await expect(page).toHaveURL(/\/alerts$/);
  await expect(page.locator("a[data-row]").first()).toBeVisible();
  await page.keyboard.press("j");
  await expect(page.locator("a[data-row]").first()).toBeFocused();
  const name = await page.locator("a[data-row]").first().textContent();
  await page.keyboard.press("x");
  await expect(page.getByText("1 alert is selected")).toBeVisible();
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys of this screen" });
  await expect(keys.getByText("Next alert")).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(keys).toBeHidden();
  await page.keyboard.press("s");
  await expect(page).toHaveURL(/\/silences\/new/);
  await expect(page.getByText(`alertname="${name}"`)).toBeVisible();
  await picture(page, "silence-from-alert");
});

test("another language at once, again at the next visit, and in another browser", async ({ page, api, browser, place }) => {
  await page.goto("/silences");
  await page.getByRole("button", { name: "Language" }).click();
  const kept = page.waitForResponse((answer) => answer.url().endsWith("/api/v1/session/language"));
  await page.getByRole("menuitem", { name: "中文" }).click();
  expect((await kept).status()).toBe(204);
  await expect(page.getByRole("heading", { level: 1, name: "静默" })).toBeVisible();
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("lang", "zh");
  await expect(page.getByRole("heading", { level: 1, name: "静默" })).toBeVisible();
  // The account chose: another browser of the same account speaks it as well.
  const context = await browser.newContext({ baseURL: place.url, locale: "en-GB" });
  const { cookies } = await page.context().storageState();
  await context.addCookies(cookies.filter(({ name }) => name !== "wk_language"));
  const other = await context.newPage();
  await other.goto("/silences");
  await expect(other.getByRole("heading", { level: 1, name: "静默" })).toBeVisible();
  await context.close();
  await api.put("/api/v1/session/language", { data: { language: null } });
});
