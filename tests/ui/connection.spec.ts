import { expect, expectAccessible, picture, test } from "./portal";

test("a node that stops answering is named, with its age, and the page recovers", async ({ page, tolerated }) => {
  tolerated.push(/ERR_FAILED|ERR_CONNECTION|Failed to load resource/);
  await page.goto("/targets");
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  const rows = page.getByRole("table").getByRole("row");
  const before = await rows.count();

  await page.route("**/api/**", (route) => route.abort());
  // The open stream is not a request any more: a reload of the stream is forced by hiding the tab.
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  const banner = page.getByRole("alert").filter({ hasText: "This node stopped answering" });
  await expect(banner).toBeVisible({ timeout: 40_000 });
  await expect(page.getByText("Not live")).toBeVisible();
  await expect(page.getByText("The node does not answer.").first()).toBeVisible({ timeout: 30_000 });
  expect(await rows.count()).toBe(before);
  await expectAccessible(page);
  await picture(page, "connection-lost");

  await page.unroute("**/api/**");
  await banner.getByRole("button", { name: "Try again" }).click();
  await expect(banner).toBeHidden();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
});
