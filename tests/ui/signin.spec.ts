import { expect, expectAccessible, picture, test } from "./portal";

test.describe("signing in", () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  for (const colorScheme of ["light", "dark"] as const) {
    test.describe(colorScheme, () => {
      test.use({ colorScheme });
      test(`the sign-in page is accessible (${colorScheme})`, async ({ page }) => {
        await page.goto("/");
        await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
        await expectAccessible(page);
        await picture(page, `signin-${colorScheme}`);
      });
    });
  }

  test("a wrong password says so and leaves the name in place", async ({ page, place, tolerated }) => {
    tolerated.push(/status of 401/);
    await page.goto("/targets");
    await page.getByLabel("User").fill(place.user);
    await page.getByRole("textbox", { name: "Password" }).fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert")).toContainText("do not belong together");
    await expect(page.getByLabel("User")).toHaveValue(place.user);
    await expectAccessible(page);
  });

  test("by keyboard alone, it leads to the page that was asked for, and out again", async ({ page, place }) => {
    await page.goto("/targets");
    await page.getByLabel("User").focus();
    await page.keyboard.type(place.user);
    await page.keyboard.press("Tab");
    await page.keyboard.type(place.password);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Targets", level: 1 })).toBeVisible();
    await expect(page).toHaveURL(/\/targets$/);

    await page.getByRole("button", { name: /^Account of/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
    const answer = await page.request.get("/api/v1/session");
    expect(answer.status()).toBe(401);
  });

  test("a session that ended asks for the password over the page, which then goes on", async ({
    page,
    place,
    tolerated,
  }) => {
    tolerated.push(/status of 401/);
    await page.goto("/targets?q=no-such-target");
    const signIn = async () => {
      await page.getByRole("textbox", { name: "Password" }).fill(place.password);
      await page.getByRole("button", { name: "Sign in" }).click();
    };
    await page.getByLabel("User").fill(place.user);
    await signIn();
    await expect(page.getByText("No target matches")).toBeVisible();

    await page.context().clearCookies();
    const dialog = page.getByRole("dialog", { name: "Your session ended" });
    await expect(dialog).toBeVisible({ timeout: 30_000 });
    await expectAccessible(page);
    await signIn();
    await expect(dialog).toBeHidden();
    await expect(page.getByText("No target matches")).toBeVisible();
    await expect(page.getByLabel("Search targets")).toHaveValue("no-such-target");
  });
});
