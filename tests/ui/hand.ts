/** Two hands that walk the portal the same way: one points and types, the other has only keys. */
import { expect, type Locator, type Page } from "@playwright/test";

export interface Hand {
  /** To a screen: by its entry in the navigation, or by `g` and its letter. */
  visit(screen: string, letter: string): Promise<void>;
  /** A button, link or tab. */
  press(what: Locator): Promise<void>;
  /** Types into a field, in place of what is in it. */
  fill(field: Locator, text: string): Promise<void>;
  /** Takes the choice of a field by typing a part of it. */
  choose(field: Locator, text: string, option: Locator): Promise<void>;
  /** One of a few that lie beside each other. */
  switchTo(group: Locator, name: string): Promise<void>;
}

interface Counts {
  pointer: number;
  keys: number;
}

/** Counts what reaches the page; a load of the page starts anew. */
export async function counting(page: Page): Promise<() => Promise<Counts>> {
  await page.addInitScript(() => {
    const counted = { pointer: 0, keys: 0 };
    Object.assign(window, { counted });
    window.addEventListener("pointerdown", () => (counted.pointer += 1), true);
    window.addEventListener("keydown", () => (counted.keys += 1), true);
  });
  return () => page.evaluate(() => (window as unknown as { counted: Counts }).counted);
}

const hasFocus = (what: Locator) => what.evaluate((element) => element === document.activeElement);

export function pointer(page: Page): Hand {
  const aim = async (field: Locator) => {
    // What has the focus already needs no click.
    if (!(await hasFocus(field))) await field.click();
  };
  return {
    visit: async (screen) => page.getByRole("navigation").getByRole("link", { name: screen }).click(),
    press: (what) => what.click(),
    fill: async (field, text) => {
      await aim(field);
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.type(text);
    },
    choose: async (field, text, option) => {
      await aim(field);
      await page.keyboard.type(text);
      await option.click();
    },
    switchTo: (group, name) => group.getByText(name, { exact: true }).click(),
  };
}

/** Stops of the tab key before a place counts as out of reach. */
const FAR = 90;

export function keyboard(page: Page): Hand {
  const reach = async (what: Locator) => {
    await expect(what).toBeAttached();
    for (let step = 0; step < FAR; step += 1) {
      if (await hasFocus(what)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`the keyboard never reaches ${what}`);
  };
  return {
    visit: async (_, letter) => {
      await page.keyboard.press("g");
      await page.keyboard.press(letter);
    },
    press: async (what) => {
      await expect(what).toBeEnabled();
      await reach(what);
      await page.keyboard.press("Enter");
    },
    fill: async (field, text) => {
      await reach(field);
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.type(text);
    },
    choose: async (field, text, option) => {
      await reach(field);
      await page.keyboard.type(text);
      await expect(option).toBeVisible();
      const at = (await option.getAttribute("id")) ?? "";
      for (let step = 0; step < FAR; step += 1) {
        if ((await field.getAttribute("aria-activedescendant")) === at) break;
        await page.keyboard.press("ArrowDown");
      }
      await page.keyboard.press("Enter");
    },
    switchTo: async (group, name) => {
      await reach(group.getByRole("radio", { checked: true }));
      for (let step = 0; step < 9; step += 1) {
        if (await group.getByRole("radio", { name, exact: true }).isChecked()) return;
        await page.keyboard.press("ArrowRight");
      }
      throw new Error(`the arrow keys never reach ${name}`);
    },
  };
}
