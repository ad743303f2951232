/** Declared roles: made in the form, given to an account, and what its holder may do from then on. */
import { lookAt } from "./looks";
import { expect, expectAccessible, expectNoSidewaysScroll, picture, test } from "./portal";

const stem = `role-${Date.now().toString(36)}`;
const person = stem.replace("role", "holder");
const seen = "looked-at";

test.beforeAll(async ({ playwright, place, signedIn }) => {
  const api = await playwright.request.newContext({
    baseURL: place.url,
    storageState: signedIn,
    extraHTTPHeaders: { "X-WK-Request": "1", Origin: new URL(place.url).origin },
  });
  const spec = { title: "Looked at", base: "viewer", write: ["silence", "time-interval"] };
  expect((await api.put(`/api/v1/roles/${seen}`, { data: { spec } })).ok()).toBe(true);
  expect((await api.put(`/api/v1/users/${person}`, { data: { spec: { role: "viewer" } } })).ok()).toBe(true);
  await api.dispose();
});

test.afterAll(async ({ playwright, place, signedIn }) => {
  const api = await playwright.request.newContext({
    baseURL: place.url,
    storageState: signedIn,
    extraHTTPHeaders: { "X-WK-Request": "1", Origin: new URL(place.url).origin },
  });
  await api.delete(`/api/v1/users/${person}`);
  await api.delete(`/api/v1/roles/${stem}`);
  await api.delete(`/api/v1/roles/${seen}`);
  await api.dispose();
});

const heading = { en: "Accounts & access", zh: "账号与权限" };
lookAt([
  { name: "users", path: "/system/users", ...heading },
  { name: "user", path: "/system/users/admin", ...heading, drawer: true },
  { name: "tokens", path: "/system/users?tab=tokens", ...heading },
  { name: "roles", path: "/system/users?tab=roles", ...heading },
  { name: "role", path: `/system/users/role/${seen}?tab=roles`, ...heading, drawer: true },
  { name: "role-new", path: "/system/users/new/role?tab=roles", ...heading, drawer: true },
  { name: "sign-in-settings", path: "/system/users?tab=sign_in", ...heading },
  { name: "account", path: "/account", en: "My account", zh: "我的账号" },
  { name: "audit", path: "/system/audit", en: "Audit", zh: "审计" },
]);

test("a role is made, given to somebody, counts at once, and cannot go while it is held", async ({
  page,
  api,
  place,
  playwright,
}) => {
  const { password } = await (await api.post(`/api/v1/users/${person}/password`, { data: {} })).json();
  const holder = await playwright.request.newContext({
    baseURL: place.url,
    storageState: { cookies: [], origins: [] },
    extraHTTPHeaders: { "X-WK-Request": "1", Origin: new URL(place.url).origin },
  });
  expect((await holder.post("/api/v1/session", { data: { user: person, password } })).status()).toBe(201);
  const data = { kind: "department", name: stem, spec: {} };
  const write = async () => (await holder.post("/api/v1/apply?dry_run=true", { data })).status();
  expect(await write()).toBe(403);

  await page.goto("/system/users?tab=roles");
  await expect(page.getByRole("row").filter({ hasText: "Administrator" })).toContainText("Built in");
  await page.getByRole("link", { name: "Add a role" }).click();
  const drawer = page.getByRole("dialog", { name: "New role" });
  const name = drawer.getByRole("textbox", { name: "Name", exact: true });
  await drawer.getByRole("textbox", { name: "Title" }).fill(stem);
  await name.fill("admin");
  await drawer.getByRole("button", { name: "Review the change" }).click();
  await expect(drawer.getByText("That is the name of a built-in role.")).toBeVisible();
  await name.fill(stem);
  const kinds = drawer.getByRole("combobox", { name: "May also change" });
  await kinds.click();
  await expect(drawer.getByRole("option", { name: "Account", exact: true })).toHaveCount(0);
  await drawer.getByRole("option", { name: "Department" }).click();
  await page.keyboard.press("Escape");
  await expectAccessible(page);
  await drawer.getByRole("button", { name: "Review the change" }).click();
  const review = page.getByRole("dialog", { name: /role-/ }).last();
  await expect(review.getByText("+  - department")).toBeVisible();
  await review.getByRole("button", { name: "Apply" }).click();
  const row = page.getByRole("row").filter({ hasText: stem });
  await expect(row).toContainText("Changes also: department.");
  await expect(row).toContainText("nobody");
  await expectNoSidewaysScroll(page);
  await picture(page, "roles-made");

  await page.getByRole("link", { name: "Accounts", exact: true }).click();
  await page.getByRole("link", { name: person }).click();
  const account = page.getByRole("dialog", { name: person });
  await account.getByRole("combobox", { name: "Role" }).click();
  await account.getByRole("option", { name: stem }).click();
  await expect(account.getByText(/Changes also: department/)).toBeVisible();
  await account.getByRole("button", { name: "Save" }).click();
  await expect.poll(write, { timeout: 10_000 }).toBe(200);
  await account.getByRole("button", { name: "Close" }).click();

  await page.getByRole("link", { name: "Roles", exact: true }).click();
  await expect(row).toContainText(person);
  await row.getByRole("link").click();
  const held = page.getByRole("dialog", { name: stem });
  await held.getByRole("button", { name: "Delete" }).click();
  const refused = page.getByRole("dialog", { name: /Delete/ });
  await expect(refused.getByRole("alert")).toContainText(stem);
  await expect(refused.getByRole("button", { name: "Apply" })).toBeDisabled();
  await refused.getByRole("button", { name: "Cancel" }).click();
  const chip = held.getByText("Department", { exact: true }).locator("..").getByRole("button", { includeHidden: true });
  await chip.click();
  await held.getByRole("button", { name: "Review the change" }).click();
  await page.getByRole("button", { name: "Apply" }).click();
  await expect.poll(write, { timeout: 10_000 }).toBe(403);
  await holder.dispose();
});
