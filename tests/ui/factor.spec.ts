/** A second factor, from the picture for the app to the sign-in that asks for it. */
import { createHmac } from "node:crypto";
import { expect, expectAccessible, picture, test } from "./portal";

const user = "factor-owner";
const password = "a password with two steps";

/** What an authenticator app shows for the step `ahead` from now (RFC 6238). */
function code(secret: string, ahead: number): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const tag = createHmac("sha1", key).update(step).digest();
  const at = (tag.at(-1) ?? 0) & 15;
  return String((tag.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

test.describe("two-step sign-in", () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  test.beforeAll(async ({ playwright, place, signedIn }) => {
    const admin = await playwright.request.newContext({
      baseURL: place.url,
      storageState: signedIn,
      extraHTTPHeaders: { "X-WK-Request": "1", Origin: new URL(place.url).origin },
    });
    await admin.delete(`/api/v1/users/${user}`);
    expect((await admin.put(`/api/v1/users/${user}`, { data: { spec: { role: "viewer" } } })).status()).toBe(201);
    const set = await admin.post(`/api/v1/users/${user}/password`, { data: { password } });
    expect(set.status(), await set.text()).toBe(204);
    await admin.dispose();
  });

  test("is turned on with an app, asked for, and turned off", async ({ page, tolerated }) => {
    tolerated.push(/status of 40[13]/);
    const signIn = async () => {
      await page.getByLabel("User").fill(user);
      await page.getByRole("textbox", { name: "Password" }).fill(password);
      await page.getByRole("button", { name: "Sign in" }).click();
    };
    const openDialog = async () => {
      await page.getByRole("button", { name: /^Account of/ }).click();
      await page.getByRole("menuitem", { name: "Two-step sign-in" }).click();
      const dialog = page.getByRole("dialog", { name: "Two-step sign-in" });
      await dialog.getByRole("textbox", { name: "Your password" }).fill(password);
      return dialog;
    };
    await page.goto("/targets");
    await signIn();
    const dialog = await openDialog();
    await dialog.getByRole("button", { name: "Set up" }).click();
    await expect(dialog.getByRole("img", { name: "QR code for the authenticator app" })).toBeVisible();
    const secret = (await dialog.getByText(/^[A-Z2-7]{32}$/).textContent()) ?? "";
    await expectAccessible(page);
    await picture(page, "factor-on");
    await dialog.getByLabel("Code").fill("000000");
    await dialog.getByRole("button", { name: "Turn on" }).click();
    await expect(dialog.getByRole("alert")).toContainText("wrong");
    await dialog.getByLabel("Code").fill(code(secret, -1));
    await dialog.getByRole("button", { name: "Turn on" }).click();
    await expect(dialog).toBeHidden();

    await page.getByRole("button", { name: /^Account of/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
    await signIn();
    await expect(page.getByLabel("Code")).toBeFocused();
    await expectAccessible(page);
    await picture(page, "signin-code");
    await page.getByLabel("Code").fill("000000");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("alert")).toContainText("wrong");
    await page.getByLabel("Code").fill(code(secret, 0));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Targets", level: 1 })).toBeVisible();

    const off = await openDialog();
    await off.getByLabel("Code").fill(code(secret, 1));
    await off.getByRole("button", { name: "Turn off" }).click();
    await expect(off).toBeHidden();
  });
});
