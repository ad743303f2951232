/** Accounts and tokens, one's own sessions and password, and the audit of all of it. */
import { expect, expectAccessible, expectNoSidewaysScroll, picture, test } from "./portal";

const stem = `acc-${Date.now().toString(36)}`;

test.afterAll(async ({ playwright, place, signedIn }) => {
  const api = await playwright.request.newContext({
    baseURL: place.url,
    storageState: signedIn,
    extraHTTPHeaders: { "X-WK-Request": "1", Origin: new URL(place.url).origin },
  });
  await api.delete(`/api/v1/users/${stem}`);
  await api.delete(`/api/v1/tokens/${stem}`);
  await api.delete(`/api/v1/projects/${stem}`);
  await api.dispose();
});

test("an account is added, confined, disabled and deleted, and each of it is recorded", async ({ page, api }) => {
  const project = { kind: "project", name: stem, spec: {} };
  expect((await api.put(`/api/v1/projects/${stem}`, { data: project })).ok()).toBe(true);
  await page.goto("/system/users");
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await picture(page, "users");
  await page.getByRole("button", { name: "Add an account" }).click();
  const dialog = page.getByRole("dialog", { name: "New account" });
  await dialog.getByRole("textbox", { name: "Name", exact: true }).fill("Not A Name");
  await dialog.getByRole("button", { name: "Add an account" }).click();
  await expect(dialog.getByRole("textbox", { name: "Name", exact: true })).toHaveAttribute("aria-invalid", "true");
  await dialog.getByRole("textbox", { name: "Name", exact: true }).fill(stem);
  await dialog.locator('[id$="-scope"]').fill(`project=${stem}`);
  await dialog.locator('[id$="-scope"]').press("Enter");
  await expect(dialog.getByText(`Selects 1 project: ${stem}`)).toBeVisible();
  await expectAccessible(page);
  await picture(page, "user-new");
  await dialog.getByRole("button", { name: "Add an account" }).click();
  const password = await dialog.locator("code").innerText();
  expect(password.length).toBeGreaterThan(15);
  await dialog.getByRole("button", { name: "Done" }).click();

  const made = await (await api.get(`/api/v1/users/${stem}`)).json();
  expect(made.spec.scope).toEqual([`project="${stem}"`]);
  await page.getByRole("link", { name: stem }).click();
  const drawer = page.getByRole("dialog", { name: stem });
  await expectAccessible(page);
  await picture(page, "user");
  const elsewhere = drawer.getByRole("group", { name: "Further roles elsewhere" });
  await elsewhere.getByRole("button", { name: "Add a role elsewhere" }).click();
  await elsewhere.getByRole("combobox", { name: "Role" }).click();
  await page.getByRole("option", { name: "Operator" }).click();
  await drawer.getByRole("button", { name: "Save" }).click();
  await expect(elsewhere.getByText("Say where: without a scope it would hold everywhere.")).toBeVisible();
  await elsewhere.locator('input[id*="-also-"]').fill(`project=${stem}-2`);
  await elsewhere.locator('input[id*="-also-"]').press("Enter");
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await picture(page, "user-elsewhere");
  await drawer.getByRole("button", { name: "Save" }).click();
  const also = async () => (await (await api.get(`/api/v1/users/${stem}`)).json()).spec.also;
  await expect.poll(also).toEqual([{ role: "operator", scope: [`project="${stem}-2"`] }]);
  await expect(page.getByRole("row").filter({ hasText: stem }).getByText(`Besides: Operator for project="${stem}-2"`)).toBeVisible();
  await drawer.getByRole("button", { name: `Remove the role Operator for project="${stem}-2"` }).click();
  await drawer.getByRole("button", { name: "Save" }).click();
  await expect.poll(also).toEqual([]);
  await drawer.getByLabel("Disabled").check();
  await drawer.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("row").filter({ hasText: stem }).getByText("Disabled")).toBeVisible();
  await drawer.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("button", { name: `Delete ${stem}` }).click();
  await expect(page.getByRole("link", { name: stem })).toBeHidden();

  const records = await (await api.get(`/api/v1/audit?q=${stem}`)).json();
  const verbs = records.items.map((record: { verb: string }) => record.verb);
  expect(verbs).toEqual(["change", "change", "change", "change", "password-set", "change", "change"]);
  expect(JSON.stringify(records)).not.toContain(password);
});

test("a token is made, shown once and revoked", async ({ page }) => {
  await page.goto("/system/users?tab=tokens");
  await page.getByRole("button", { name: "Make a token" }).click();
  const dialog = page.getByRole("dialog", { name: "New API token" });
  await dialog.getByRole("textbox", { name: "Name", exact: true }).fill(stem);
  await dialog.getByRole("button", { name: "Make a token" }).click();
  await expect(dialog.locator("code")).toContainText(`.${stem}.`);
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Done" }).click();
  const row = page.getByRole("row").filter({ hasText: stem });
  await expect(row.getByText("never")).toBeVisible();
  await picture(page, "tokens");
  await row.getByRole("button", { name: `Revoke ${stem}` }).click();
  await expect(row).toBeHidden();
});

test("one's sessions are seen and ended, and the password is not changed by a wrong one", async ({
  page,
  place,
  playwright,
  tolerated,
}) => {
  tolerated.push(/status of 403/);
  const other = await playwright.request.newContext({ baseURL: place.url, userAgent: `${stem}-client` });
  const signed = await other.post("/api/v1/session", {
    data: { user: place.user, password: place.password },
    headers: { "X-WK-Request": "1", Origin: new URL(place.url).origin },
  });
  expect(signed.status()).toBe(201);
  await page.goto("/account");
  const row = page.getByRole("row").filter({ hasText: `${stem}-client` });
  await expect(row).toBeVisible();
  await expect(page.getByText("This one")).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await picture(page, "account");
  await row.getByRole("button", { name: /^End the session/ }).click();
  await expect(row).toBeHidden();
  expect((await other.get("/api/v1/session")).status()).toBe(401);

  await page.getByRole("textbox", { name: "Password until now" }).fill("not the password");
  await page.getByRole("textbox", { name: "New password", exact: true }).fill("a new long password");
  await page.getByRole("textbox", { name: "New password, again" }).fill("another long password");
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(page.getByText("The two are not the same.")).toBeVisible();
  await page.getByRole("textbox", { name: "New password, again" }).fill("a new long password");
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(page.getByText("That is not the password until now.")).toBeVisible();
  await other.dispose();
});

test("the audit is filtered, opened with what changed, and verified", async ({ page, api }) => {
  for (const title of ["First", "Second"]) {
    const document = { kind: "project", name: stem, spec: { title } };
    expect((await api.put(`/api/v1/projects/${stem}`, { data: document })).ok()).toBe(true);
  }
  await page.goto(`/system/audit?q=${stem}&kind=project`);
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await picture(page, "audit");
  await page.getByRole("row").nth(1).getByRole("link").click();
  const drawer = page.getByRole("dialog", { name: /^Record/ });
  await expect(drawer.getByText("+  title: Second")).toBeVisible();
  await expect(drawer.getByText("-  title: First")).toBeVisible();
  await expectAccessible(page);
  await picture(page, "audit-record");
  await drawer.getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Verify" }).click();
  await expect(page.getByText(/The chain holds: \d+ records fit/)).toBeVisible();
  await expectAccessible(page);
  await picture(page, "audit-verified");
});
