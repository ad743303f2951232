/** Every page in every look: schemes, languages, widths. */
import { execSync } from "node:child_process";
import type { APIRequestContext } from "@playwright/test";
import { expect, expectAccessible, expectNoSidewaysScroll, picture, test } from "./portal";

export interface Screen {
  name: string;
  /** May have to be asked for: the address of something that is there. */
  path: string | ((api: APIRequestContext) => Promise<string>);
  /** Its heading, by language. */
  en: string;
  zh: string;
  /** Something lies over the page. */
  drawer?: boolean;
}

const looks = (["light", "dark"] as const).flatMap((colorScheme) =>
  (["en", "zh"] as const).flatMap((language) =>
    ([1280, 360] as const).map((width) => ({ colorScheme, language, width })),
  ),
);
const turn = Number.parseInt(commit().slice(0, 6), 16);

/** A commit looks at one combination of each screen, a long run at all. */
const chosen = (at: number) =>
  process.env.WATCHKEEP_TEST_LONG ? looks : looks.filter((_, look) => look === (turn + at) % looks.length);

function commit(): string {
  try {
    return execSync("git rev-parse HEAD", { encoding: "utf8" });
  } catch {
    return "000000";
  }
}

/** Declares one test a screen and look: accessible, no wider than the window, in its language. */
export function lookAt(screens: readonly Screen[]) {
  for (const [at, screen] of screens.entries()) {
    for (const { colorScheme, language, width } of chosen(at)) {
      test.describe(() => {
        test.use({ colorScheme, viewport: { width, height: 800 }, locale: language === "zh" ? "zh-CN" : "en-GB" });
        test(`${screen.name} is accessible, fits and speaks (${colorScheme}, ${language}, ${width})`, async ({ page, api }) => {
          await page.goto(typeof screen.path === "string" ? screen.path : await screen.path(api));
          const heading = page.getByRole("heading", { level: 1, name: screen[language], includeHidden: true });
          await expect(heading).toBeAttached();
          await expect(page.locator("html")).toHaveAttribute("lang", language);
          await expect(page).toHaveTitle(new RegExp(`^${screen[language]} · .*Watchkeep$`));
          if (screen.drawer) await expect(page.getByRole("dialog").getByRole("heading").first()).toBeVisible();
          await expect(page.locator("[role=status][aria-label]").filter({ visible: true })).toHaveCount(0);
          await expectNoSidewaysScroll(page);
          await expectAccessible(page);
          await picture(page, `${screen.name}-${colorScheme}-${language}-${width}`);
        });
      });
    }
  }
}
