/**
 * Signing in at a real OpenID provider's page, on a node of its own with TLS, as it is by default.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, expect, type Page } from "@playwright/test";
import { expectAccessible, picture } from "./portal";

const address = "127.0.33.1";
const origin = `https://${address}:8420`;
const callback = `${origin}/api/v1/session/oidc/callback`;

interface Home {
  issuer: string;
  /** Of the account `admin`. */
  password: string;
}

const test = base.extend<object, { home: Home }>({
  home: [
    async ({ playwright }, use) => {
      const program = process.env.WATCHKEEP_TEST_BIN;
      if (!program) throw new Error("WATCHKEEP_TEST_BIN names no program: run scripts/ui-test");
      const dir = mkdtempSync(join(tmpdir(), "watchkeep-oidc-"));
      const port = await freePort();
      const issuer = `http://127.0.0.1:${port}`;
      const provider = spawn(process.execPath, ["../../tests/ui/provider.mjs", String(port), callback]);
      const flags = ["--data-dir", join(dir, "data"), "--key-file", join(dir, "secret.key")];
      // It would write its own address over that of the portal under test.
      const env = { ...process.env, WATCHKEEP_READY_FILE: undefined };
      const node = spawn(program, ["up", ...flags, "--listen", address, "--advertise", address], { env });
      const [said, log] = [heard(provider), heard(node)];
      try {
        await expect.poll(() => said(), { timeout: 30_000 }).toContain("ready");
        const file = join(dir, "data/initial-admin-password");
        await expect.poll(() => existsSync(file) && log().includes("watchkeep is ready"), { timeout: 60_000 }).toBe(true);
        const api = await playwright.request.newContext({
          baseURL: origin,
          ignoreHTTPSErrors: true,
          extraHTTPHeaders: { "X-WK-Request": "1", Origin: origin },
        });
        const ask = async (method: string, path: string, data: unknown) => {
          const answer = await api.fetch(path, { method, data: data as object });
          expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
        };
        const password = readFileSync(file, "utf8").trim();
        await ask("POST", "/api/v1/session", { user: "admin", password });
        await ask("PUT", "/api/v1/projects/shop", { spec: { title: "Shop" } });
        await ask("PUT", "/api/v1/projects/bank", { spec: { title: "Bank" } });
        await ask("PUT", "/api/v1/secrets/oidc", { spec: {} });
        await ask("POST", "/api/v1/secrets/oidc/value", { value: "the secret of the client" });
        const grants = [{ group: "shop-developers", role: "developer", scope: ['project="shop"'] }];
        const oidc = { title: "Example ID", issuer, client_id: "watchkeep", client_secret: "oidc", grants };
        const spec = {
          outgoing: { allow: [`127.0.0.1:${port}`] },
          sign_in: { contact: "Olga of operations", oidc },
        };
        await ask("PUT", "/api/v1/settings/default", { spec });
        await api.dispose();
        await use({ issuer, password });
      } finally {
        await ended(node);
        await ended(provider);
        rmSync(dir, { recursive: true, force: true });
      }
    },
    { scope: "worker" },
  ],
});

test.use({ ignoreHTTPSErrors: true, baseURL: origin, storageState: { cookies: [], origins: [] } });

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function heard(child: ChildProcess): () => string {
  let text = "";
  child.stdout?.on("data", (part) => (text += part));
  child.stderr?.on("data", (part) => (text += part));
  return () => text;
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}

/** At the provider's own page: name, password, consent. */
async function signInThere(page: Page, home: Home, name: string) {
  await expect(page).toHaveURL(new RegExp(`^${home.issuer}/`));
  await page.locator("input[name=login]").fill(name);
  await page.locator("input[name=password]").fill("anything");
  await page.locator("button[type=submit]").click();
  await page.getByRole("button", { name: "Continue" }).click();
}

test("a developer signs in at the provider's page and sees the one project of the group", async ({
  page,
  context,
  home,
}) => {
  await page.goto("/targets?q=a");
  const button = page.getByRole("link", { name: "Example ID" });
  await expect(button).toBeVisible();
  await expectAccessible(page);
  await picture(page, "signin-oidc");
  await button.click();
  await signInThere(page, home, "dora");
  await expect(page.getByRole("heading", { name: "Targets", level: 1 })).toBeVisible();
  await expect(page).toHaveURL(`${origin}/targets?q=a`);

  const me = await (await page.request.get("/api/v1/session")).json();
  expect(me).toMatchObject({ user: "oidc/dora", title: "dora at the provider", role: "developer", projects: ["shop"] });
  const projects = await (await page.request.get("/api/v1/projects")).json();
  expect(projects.items.map((project: { name: string }) => project.name)).toEqual(["shop"]);
  const cookies = (await context.cookies(origin)).map((cookie) => cookie.name);
  expect(cookies).toContain("__Host-wk");
  expect(cookies).not.toContain("__Host-wk-oidc");

  await page.getByRole("button", { name: /^Account of/ }).click();
  await expect(page.getByRole("menuitem", { name: "Sign out there, too" })).toBeVisible();
  await expect(page.getByRole("menuitem", { name: "Two-step sign-in" })).toBeHidden();
  await page.getByRole("menuitem", { name: "Sign out", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
  expect((await page.request.get("/api/v1/session")).status()).toBe(401);
});

test("somebody without a mapped group is told whom to ask", async ({ page, home }) => {
  await page.goto("/");
  await page.getByRole("link", { name: "Example ID" }).click();
  await signInThere(page, home, "victor");
  await expect(page.getByRole("alert")).toContainText("Ask Olga of operations.");
  await expectAccessible(page);
  await picture(page, "signin-no-role");
  expect((await page.request.get("/api/v1/session")).status()).toBe(401);
});

test("an answer to another sign-in than the one this browser began last signs nobody in", async ({
  page,
  context,
  home,
}) => {
  const begin = () => page.request.get("/api/v1/session/oidc", { maxRedirects: 0 });
  for (const spoil of [() => context.clearCookies({ name: "__Host-wk-oidc" }), begin]) {
    await context.clearCookies();
    await page.goto("/");
    await page.getByRole("link", { name: "Example ID" }).click();
    await expect(page).toHaveURL(new RegExp(`^${home.issuer}/`));
    await spoil();
    await signInThere(page, home, "dora");
    await expect(page.getByRole("alert")).toContainText("was not finished");
    expect((await page.request.get("/api/v1/session")).status()).toBe(401);
  }
});

test("an admin declares the provider in the form, tries it, and somebody of the group signs in", async ({
  page,
  context,
  home,
}) => {
  test.setTimeout(180_000);
  await page.goto("/system/users?tab=sign_in");
  await page.getByLabel("User").fill("admin");
  await page.getByRole("textbox", { name: "Password" }).fill(home.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  const offer = page.getByLabel("People can sign in through an OpenID provider");
  await expect(offer).toBeChecked();
  const review = async (said: string) => {
    await page.getByRole("button", { name: "Review the change" }).click();
    const dialog = page.getByRole("dialog", { name: "Change how people sign in" });
    await expect(dialog.getByText(said)).toBeVisible();
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Apply" }).click();
    await expect(dialog).toBeHidden();
  };
  await offer.uncheck();
  await review("-    issuer:");
  await expect(offer).not.toBeChecked();

  await offer.check();
  await page.getByRole("button", { name: "Try it" }).click();
  await expect(page.getByText("This is needed.").first()).toBeVisible();
  const issuer = page.getByRole("textbox", { name: "Issuer" });
  await issuer.fill(`${home.issuer}/`);
  await page.getByRole("textbox", { name: "Text of the button" }).fill("Staff");
  await page.getByRole("textbox", { name: "Client ID" }).fill("watchkeep");
  await page.getByRole("combobox", { name: "Client secret" }).click();
  await page.getByRole("option", { name: "oidc" }).click();
  const tried = page.getByRole("listitem").filter({ hasText: "What the provider says of itself" });
  await page.getByRole("button", { name: "Try it" }).click();
  await expect(tried).toContainText("Does not work");
  await expect(tried).toContainText("it says that it is");
  await issuer.fill(home.issuer);
  await expect(tried).toBeHidden();
  await page.getByRole("button", { name: "Try it" }).click();
  await expect(tried).toContainText("Works");
  await expect(page.getByRole("listitem").filter({ hasText: "The value of the secret" })).toContainText("Works");
  await expect(page.getByText("nobody could sign in this way")).toBeVisible();
  await page.getByRole("button", { name: "Add a group" }).click();
  await page.getByRole("textbox", { name: "Group", exact: true }).fill("chess");
  await page.getByRole("combobox", { name: "Role" }).click();
  await page.getByRole("option", { name: "Operator" }).click();
  const scope = page.locator('[id$="-grants-0"]');
  await scope.fill("project=bank");
  await scope.press("Enter");
  await expectAccessible(page);
  await picture(page, "sign-in-filled");
  await review("+    - group: chess");

  await context.clearCookies();
  await page.goto("/");
  await page.getByRole("link", { name: "Staff" }).click();
  await signInThere(page, home, "victor");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const me = await (await page.request.get("/api/v1/session")).json();
  expect(me).toMatchObject({ user: "oidc/victor", role: "operator", projects: ["bank"] });
});
