/** A developer of one project signs in and sees, on every page, only that project. */
import { expect, expectAccessible, picture, test } from "./portal";

const OWN = "Web shop";
/** Names and addresses of the other projects of the demo. */
const OTHERS = /payments|sample-2|127\.0\.0\.12|sample-host-2|platform/i;

const pages = [
  ["/", "Overview"],
  ["/projects", "Projects"],
  ["/projects/web-shop", "Web shop"],
  ["/projects/web-shop?tab=targets", "Web shop"],
  ["/projects/web-shop?tab=alerts", "Web shop"],
  ["/projects/web-shop?tab=rules", "Web shop"],
  ["/projects/web-shop?tab=people", "Web shop"],
  ["/alerts", "Alerts"],
  ["/silences", "Silences"],
  ["/notifications", "Notifications"],
  ["/rules", "Rules"],
  ["/routes", "Routes & policies"],
  ["/channels", "Channels"],
  ["/people", "Receivers & teams"],
  ["/targets", "Targets"],
  ["/system/history", "History"],
] as const;

test.describe("somebody with a scope", () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  test("sees one project on every page, and is offered what can be done there", async ({ page, api }) => {
    test.setTimeout(240_000);
    const user = `dev-${Date.now().toString(36)}`;
    const spec = { title: "Dana", role: "developer", scope: ['project="web-shop"'] };
    const put = await api.put(`/api/v1/users/${user}`, { data: { spec } });
    expect(put.status(), await put.text()).toBe(201);
    const made = await api.post(`/api/v1/users/${user}/password`, { data: {} });
    const { password } = await made.json();

    await page.goto("/");
    await page.getByLabel("User").fill(user);
    await page.getByRole("textbox", { name: "Password" }).fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("heading", { name: "Overview", level: 1 })).toBeVisible();

    for (const [path, heading] of pages) {
      await page.goto(path);
      await expect(page.getByRole("heading", { name: heading, level: 1 })).toBeVisible();
      await expect(page.locator("[role=status][aria-label]").filter({ visible: true })).toHaveCount(0);
      await expect(page.getByRole("main")).not.toContainText(OTHERS);
      await expectAccessible(page);
      await picture(page, `scope${path.replace("?tab=", "-").replaceAll("/", "-")}`);
    }
    await page.goto("/");
    await expect(page.getByRole("main")).toContainText(OWN);
    // A developer begins with their own projects; the other two first pages tell no more.
    const choice = page.getByRole("group", { name: "What this page is about" });
    await expect(choice.getByRole("button", { name: "My projects" })).toHaveAttribute("aria-pressed", "true");
    for (const [view, head] of [
      ["Departments", "Departments"],
      ["Operations", "Projects"],
    ] as const) {
      await choice.getByRole("button", { name: view }).click();
      await expect(page.getByRole("heading", { name: head, level: 2 })).toBeVisible();
      await expect(page.getByRole("main")).toContainText(OWN);
      await expect(page.getByRole("main")).not.toContainText(OTHERS);
    }
    await page.goto("/projects/payments");
    await expect(page.getByText("There is no such project")).toBeVisible();
    const entries = page.getByRole("navigation");
    await expect(entries.getByRole("link", { name: "Cluster", exact: true })).toHaveCount(0);
    await page.getByRole("button", { name: /^Account of/ }).click();
    await expect(page.getByText("Developer · web-shop")).toBeVisible();
    await page.keyboard.press("Escape");

    // Who is told of the own project is theirs to say: it belongs to that project, and to no other.
    await page.goto("/channels/new?type=webhook");
    const owner = page.getByRole("combobox", { name: "Belongs to project" });
    await expect(owner).toHaveValue(OWN);
    await expect(owner).toHaveAttribute("readonly", "");
    await page.getByRole("textbox", { name: "Title" }).fill(`Chat ${user}`);
    await page.getByRole("textbox", { name: "Address" }).fill("https://chat.example.org/hook");
    await expectAccessible(page);
    await picture(page, "scope-channel-new");
    await page.getByRole("button", { name: "Review the change" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Apply" }).click();
    await expect(page.getByRole("link", { name: `Chat ${user}` })).toBeVisible();
    const channel = await api.get(`/api/v1/channels/chat-${user}`);
    expect((await channel.json()).spec.project).toBe("web-shop");

    await page.goto("/targets");
    await expect(page.getByText("127.0.0.11:9100")).toBeVisible();
    await page.goto("/rules");
    await expect(page.getByRole("link", { name: /New rule/ }).or(page.getByRole("button", { name: /New rule/ })).first()).toBeVisible();
  });
});
