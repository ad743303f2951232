import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, expect } from "@playwright/test";

/**
 * A node of its own with TLS on the public port, as it is by default: its certificate is from the
 * CA that it made itself, which no browser knows.
 */
const address = "127.0.31.1";
const origin = `https://${address}:8420`;
/** The cookie by which a browser that has signed in before is known. */
const KNOWN_BROWSER = "__Host-wk-device";

interface Home {
  password: string;
  log: () => string;
}

const test = base.extend<object, { node: Home }>({
  node: [
    async ({}, use) => {
      const program = process.env.WATCHKEEP_TEST_BIN;
      if (!program) throw new Error("WATCHKEEP_TEST_BIN names no program: run scripts/ui-test");
      const home = mkdtempSync(join(tmpdir(), "watchkeep-tls-"));
      let log = "";
      const flags = ["--data-dir", join(home, "data"), "--key-file", join(home, "secret.key")];
      // It would write its own address over that of the portal under test.
      const env = { ...process.env, WATCHKEEP_READY_FILE: undefined };
      const child = spawn(program, ["up", ...flags, "--listen", address, "--advertise", address], { env });
      child.stderr.on("data", (text) => (log += text));
      child.stdout.on("data", (text) => (log += text));
      try {
        const file = join(home, "data/initial-admin-password");
        await expect.poll(() => existsSync(file) && log.includes("watchkeep is ready"), { timeout: 60_000 }).toBe(true);
        await use({ password: readFileSync(file, "utf8").trim(), log: () => log });
      } finally {
        await ended(child);
        rmSync(home, { recursive: true, force: true });
      }
    },
    { scope: "worker" },
  ],
});

test.use({ ignoreHTTPSErrors: true, baseURL: origin, storageState: { cookies: [], origins: [] } });

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}

test("plain HTTP on the TLS port leads to the same page under https", async ({ node, playwright, page }) => {
  expect(node.password).not.toBe("");
  const plain = await playwright.request.newContext();
  const answer = await plain.get(`http://${address}:8420/targets?q=a`, { maxRedirects: 0 });
  expect(answer.status()).toBe(308);
  expect(answer.headers().location).toBe(`${origin}/targets?q=a`);
  await plain.dispose();

  await page.goto(`http://${address}:8420/targets`);
  await expect(page).toHaveURL(`${origin}/targets`);
  await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
});

test("signing in over TLS gives a cookie that only this host over TLS gets back", async ({ node, page, context }) => {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith("data:")) problems.push(request.url());
  });
  await page.goto("/targets");
  await page.getByLabel("User").fill("admin");
  await page.getByRole("textbox", { name: "Password" }).fill(node.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Targets", level: 1 })).toBeVisible();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();

  const cookies = await context.cookies();
  expect(cookies.map((cookie) => cookie.name).sort()).toEqual(["__Host-wk", KNOWN_BROWSER]);
  for (const cookie of cookies) {
    expect(cookie).toMatchObject({ path: "/", domain: address, secure: true, httpOnly: true, sameSite: "Lax" });
  }
  expect(await page.evaluate(() => document.cookie)).toBe("");

  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
  // The session ends; that this browser has signed in before is kept, for tries of its own.
  expect((await context.cookies()).map((cookie) => cookie.name)).toEqual([KNOWN_BROWSER]);
  expect(problems).toEqual([]);
});

test("the certificate is for this address and signed by the cluster's own CA", async ({ node, page }) => {
  expect(node.password).not.toBe("");
  const answer = await page.goto("/");
  const details = await answer?.securityDetails();
  expect(details?.issuer).toContain("Watchkeep");
  expect(details?.protocol).toMatch(/TLS 1\.[23]/);
});
