/** The cluster's members: who they are, letting a machine in, and what a removal would cost. */
import { expect, expectAccessible, picture, test } from "./portal";

test("every member says its part, how far it is, and the same state as the others", async ({ page, api }) => {
  const { items } = await (await api.get("/api/v1/members")).json();
  await page.goto("/system/cluster");
  const list = page.getByRole("region", { name: "Members" });
  await expect(list.getByRole("row")).toHaveCount(items.length + 1);
  await expect(list.getByText("Leader", { exact: true })).toHaveCount(1);
  for (const { name, address } of items) {
    const row = list.getByRole("row").filter({ hasText: name });
    await expect(row).toContainText(address);
    await expect(row).toContainText(/[0-9a-f]{10} @ \d+/);
  }
  await expect(page.getByText("with different data")).toBeHidden();
  await picture(page, "members");
});

test("by keyboard: a token for a new machine, with what to run there; then it is revoked", async ({ page, api }) => {
  const address = "192.0.2.77";
  await page.goto("/system/cluster");
  const add = page.getByRole("button", { name: "Add a machine" });
  await expect(add).toBeVisible();
  await add.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Add a machine" });
  const field = dialog.getByLabel("Address of the new machine");
  await expect(field).toBeFocused();
  await page.keyboard.type("not; an address");
  await page.keyboard.press("Enter");
  await expect(dialog.getByText(/^An address is/)).toBeVisible();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(address);
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  const command = dialog.locator("pre");
  await expect(command).toContainText("watchkeep up --cluster ");
  await expect(command).toContainText(`,${address} --token-file node.token`);
  const [, token = ""] = /END'\n(.*)\nEND/.exec((await command.textContent()) ?? "") ?? [];
  expect(token).toMatch(/^wk1\./);
  await expectAccessible(page);
  await picture(page, "member-added");
  await expect(dialog.getByRole("button", { name: "Done" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  // What is shown from now on has no secret in it.
  const { items } = await (await api.get("/api/v1/join-tokens")).json();
  const made = items.find(({ id }: { id: string }) => token.includes(`.${id}.`));
  expect(made?.state).toBe("valid");
  expect(JSON.stringify(items)).not.toContain(token);
  await page.getByRole("button", { name: /tokens? for joining/ }).click();
  await page.getByRole("button", { name: `Revoke token ${made.id}` }).click();
  await expect(page.getByRole("button", { name: `Revoke token ${made.id}` })).toBeHidden();
});

test("a removal says what is lost, and nothing happens before it is confirmed", async ({ page, api }) => {
  const members = async () => (await (await api.get("/api/v1/members")).json()).items;
  const [{ name }] = await members();
  await page.goto("/system/cluster");
  await page.getByRole("button", { name: `Remove ${name}` }).click();
  const dialog = page.getByRole("dialog", { name: `Remove ${name} from the cluster?` });
  await expect(dialog.getByText("Its copy of the data: 2 nodes keep one.")).toBeVisible();
  await expect(dialog.getByText("No further node can be lost")).toBeVisible();
  await expect(dialog.getByText(/^What runs on it stops: .*alertmanager/)).toBeVisible();
  await expect(dialog.getByText("only as a new node")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await expectAccessible(page);
  await picture(page, "member-removal");
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  for (const member of await members()) expect(member.state).toBe("settled");
});

test("a removal that would end the cluster is refused, and the page says why", async ({ page, tolerated }) => {
  tolerated.push(/status of 409/);
  await page.goto("/system/cluster");
  await page.route("**/api/v1/members/*", (route) =>
    route.fulfill({
      status: 409,
      contentType: "application/problem+json",
      body: JSON.stringify({ status: 409, code: "WK-2036", title: "Conflict", detail: "without it there is no quorum" }),
    }),
  );
  await page.getByRole("button", { name: /^Remove / }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: /^Remove / }).click();
  await expect(page.getByRole("dialog").getByText("WK-2036")).toBeVisible();
});
