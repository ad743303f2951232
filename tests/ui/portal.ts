/**
 * The portal under test: a running demo (`WATCHKEEP_READY_FILE`, as `watchkeep demo --ready-file`
 * writes it) or any node (`WATCHKEEP_URL`, `WATCHKEEP_USER`, `WATCHKEEP_PASSWORD`).
 *
 * Every page watches itself: a console error, an uncaught exception, a violated content security
 * policy or a request to another origin fails the test that caused it.
 */
import { readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { type APIRequestContext, test as base, expect, type Page } from "@playwright/test";

export { expect };

export interface Place {
  url: string;
  user: string;
  password: string;
  /** Where the demo shows what was delivered. */
  inbox?: string;
}

function place(): Place {
  const { WATCHKEEP_READY_FILE, WATCHKEEP_URL, WATCHKEEP_USER, WATCHKEEP_PASSWORD } = process.env;
  if (WATCHKEEP_READY_FILE) {
    const ready = JSON.parse(readFileSync(WATCHKEEP_READY_FILE, "utf8"));
    return { url: ready.nodes[0].url, ...ready.admin, inbox: ready.inbox };
  }
  if (WATCHKEEP_URL && WATCHKEEP_USER && WATCHKEEP_PASSWORD) {
    return { url: WATCHKEEP_URL, user: WATCHKEEP_USER, password: WATCHKEEP_PASSWORD };
  }
  throw new Error("set WATCHKEEP_READY_FILE, or WATCHKEEP_URL, WATCHKEEP_USER and WATCHKEEP_PASSWORD");
}

interface Own {
  /** Errors that this test causes on purpose; the watch lets them pass. */
  tolerated: RegExp[];
  /** The API, signed in as the page is. */
  api: APIRequestContext;
}

interface Shared {
  place: Place;
  /** A file with the cookies of a signed-in administrator. */
  signedIn: string;
}

export const test = base.extend<Own, Shared>({
  place: [async ({}, use) => use(place()), { scope: "worker" }],

  signedIn: [
    async ({ playwright, place }, use, worker) => {
      const file = worker.project.outputDir + `/session-${worker.workerIndex}.json`;
      const context = await playwright.request.newContext({ baseURL: place.url });
      const answer = await context.post("/api/v1/session", {
        data: { user: place.user, password: place.password },
        headers: { "X-WK-Request": "1", Origin: new URL(place.url).origin },
      });
      expect(answer.status(), await answer.text()).toBe(201);
      await context.storageState({ path: file });
      await context.dispose();
      await use(file);
    },
    { scope: "worker" },
  ],

  baseURL: async ({ place }, use) => use(place.url),
  storageState: async ({ signedIn }, use) => use(signedIn),
  tolerated: async ({}, use) => use([]),

  page: async ({ page, place, tolerated }, use) => {
    const problems: string[] = [];
    watch(page, new URL(place.url).origin, (problem) => problems.push(problem));
    await use(page);
    const left = problems.filter((problem) => !tolerated.some((pattern) => pattern.test(problem)));
    expect(left, "console errors, exceptions, policy violations, foreign requests").toEqual([]);
  },

  api: async ({ playwright, place, signedIn }, use) => {
    const context = await playwright.request.newContext({
      baseURL: place.url,
      storageState: signedIn,
      extraHTTPHeaders: { "X-WK-Request": "1", Origin: new URL(place.url).origin },
    });
    await use(context);
    await context.dispose();
  },
});

function watch(page: Page, origin: string, report: (problem: string) => void) {
  page.on("console", (message) => {
    if (message.type() === "error") report(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => report(`exception: ${error.message}`));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith("data:")) report(`foreign request: ${url}`);
  });
}

/** Fails with the rule, the place and the reason of everything that axe finds. */
export async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  const found = violations.map((rule) => ({
    rule: rule.id,
    nodes: rule.nodes.map((node) => `${node.target.join(" ")}: ${node.failureSummary}`),
  }));
  expect(found).toEqual([]);
}

/** The page itself never scrolls sideways; wide tables do so within their own region. */
export async function expectNoSidewaysScroll(page: Page) {
  const [content, window] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(content).toBeLessThanOrEqual(window ?? 0);
}

/** A screenshot for people to look at; nothing is compared. */
export async function picture(page: Page, name: string) {
  await page.screenshot({ path: `../../tests/ui/results/${name}.png`, animations: "disabled" });
}
