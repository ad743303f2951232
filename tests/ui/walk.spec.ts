/**
 * The way of an alert on three real nodes, from nothing to history: a target, a rule over it, whom
 * to tell, the alert, its receipt, a silence, and back. Once with a mouse, every click counted;
 * once with keys alone.
 */
import type { APIRequestContext, Page } from "@playwright/test";
import { counting, type Hand, keyboard, pointer } from "./hand";
import { expect, expectAccessible, picture, test } from "./portal";

/** What a hand may spend at most, by leg. */
const most = {
  target: 5,
  rule: 8,
  "route, receiver and channel": 12,
  "alert and receipt": 2,
  silence: 3,
  revert: 4,
} as const;
type Leg = keyof typeof most;

interface Walk {
  page: Page;
  api: APIRequestContext;
  hand: Hand;
  /** Names everything that is made on the way. */
  stem: string;
  /** `host:port` of something that answers `/metrics` and is no target yet. */
  address: string;
  /** Where the demo's inbox takes webhooks. */
  hook: string;
  leg: (name: Leg, walk: () => Promise<void>) => Promise<void>;
}

/** Stems of walks that began; what they made goes after the test, however it ended. */
const begun: string[] = [];
test.afterEach(async ({ api }) => {
  for (const stem of begun.splice(0)) {
    const { items } = await (await api.get("/api/v1/silences?limit=1000")).json();
    for (const { name, spec } of items) {
      if (JSON.stringify(spec).includes(stem)) await api.delete(`/api/v1/silences/${name}`);
    }
    for (const plural of ["policies", "receivers", "channels", "rule-groups"]) {
      await api.delete(`/api/v1/${plural}/${stem}`);
    }
    const targets = await (await api.get(`/api/v1/targets?project=${stem}`)).json();
    for (const { name } of targets.items) await api.delete(`/api/v1/targets/${name}`);
    await api.delete(`/api/v1/projects/${stem}`);
  }
});

for (const [manner, handOf] of [
  ["with a mouse", pointer],
  ["by keyboard alone", keyboard],
] as const) {
  test(`from a target to its alert's receipt and back, ${manner}`, async ({ page, api, place }) => {
    test.setTimeout(420_000);
    const stem = `walk-${Date.now().toString(36)}`;
    begun.push(stem);
    const counts = await counting(page);
    const rows: Record<string, { clicks: number; keys: number; most: number }> = {};
    const leg = async (name: Leg, walk: () => Promise<void>) => {
      const before = await counts();
      await walk();
      const { pointer, keys } = await counts();
      rows[name] = { clicks: pointer - before.pointer, keys: keys - before.keys, most: most[name] };
    };
    // A sample host in another spelling, which no target has yet: it answers without a password.
    const address = "[::ffff:127.0.0.11]:9100";
    const walk = { page, api, hand: handOf(page), stem, address, hook: `${place.inbox}/hook/${stem}`, leg };
    await page.goto("/");
    await expect(page.getByText("Needs attention")).toBeVisible();
    await addTarget(walk);
    await writeRule(walk);
    await chooseWhoIsTold(walk);
    await seeReceipt(walk);
    await silence(walk);
    await revert(walk);
    console.log(`clicks and keys, ${manner}`);
    console.table(rows);
    for (const [name, { clicks, most }] of Object.entries(rows)) {
      expect(clicks, name).toBeLessThanOrEqual(handOf === keyboard ? 0 : most);
    }
  });
}

/** An accessible stop of the walk, and its picture. */
async function stop({ page }: Walk, name: string) {
  await expectAccessible(page);
  await picture(page, `walk-${name}`);
}

async function addTarget(walk: Walk) {
  const { page, hand, stem, address, leg } = walk;
  await leg("target", async () => {
    await hand.visit("Targets", "t");
    await hand.press(page.getByRole("link", { name: "Add target" }).first());
    const form = page.getByRole("dialog", { name: "Add target" });
    await expect(form.getByRole("combobox", { name: "Addresses" })).toBeFocused();
    await hand.fill(form.getByRole("combobox", { name: "Addresses" }), address);
    await page.keyboard.press("Enter");
    await expect(form.getByRole("combobox", { name: "Scrape job" })).toHaveValue("node");
    await hand.fill(form.getByRole("combobox", { name: "Project" }), stem);
    await hand.press(form.getByRole("button", { name: "Review the change" }));
    await expect(form.getByText(`Project ${stem} is created.`)).toBeVisible();
    await stop(walk, "target-review");
    await hand.press(form.getByRole("button", { name: "Apply" }));
  });
  const drawer = page.getByRole("dialog", { name: address.replace(/\W+/g, "-").replace(/^-|-$/g, "") });
  await expect(drawer.getByText("Up", { exact: true })).toBeVisible({ timeout: 75_000 });
  await stop(walk, "target-up");
}

async function writeRule(walk: Walk) {
  const { page, hand, stem, leg } = walk;
  await leg("rule", async () => {
    await hand.press(page.getByRole("dialog").getByRole("link", { name: "New rule" }));
    await expect(page.getByRole("heading", { name: "New rule", level: 1 })).toBeFocused();
    const metric = page.getByRole("combobox", { name: "Metric" });
    await hand.choose(metric, "node_load1", page.getByRole("option", { name: /^node_load1 / }));
    await hand.fill(page.getByRole("textbox", { name: "Only these series" }), `project="${stem}"`);
    await hand.fill(page.getByLabel("Number", { exact: true }), "-1");
    await hand.fill(page.getByRole("combobox", { name: "For at least" }), "0s");
    await page.keyboard.press("Tab");
    await expect(page.getByRole("figure")).toBeVisible({ timeout: 20_000 });
    await expect(page.getByText(/It would have fired \d+ time/)).toBeVisible();
    await stop(walk, "rule");
    await hand.press(page.getByRole("button", { name: "Review and save" }));
    const dialog = page.getByRole("dialog", { name: "Add rule NodeLoad1" });
    await expect(dialog.getByText(/NodeLoad1 is added to group/)).toBeVisible();
    await hand.press(dialog.getByRole("button", { name: "Apply" }));
  });
  await expect(page.getByRole("heading", { name: "NodeLoad1", level: 1 })).toBeVisible();
  await expect(page.getByText("Nobody would be told")).toBeVisible();
  await stop(walk, "rule-saved");
}

async function chooseWhoIsTold(walk: Walk) {
  const { page, hand, stem, hook, leg } = walk;
  const named = (name: string) => page.getByRole("dialog", { name });
  const apply = async () => {
    const dialog = page.getByRole("dialog").filter({ has: page.getByRole("button", { name: "Apply" }) });
    await expect(dialog.getByRole("button", { name: "Apply" })).toBeFocused();
    await hand.press(dialog.getByRole("button", { name: "Apply" }));
    await expect(dialog).toBeHidden();
  };
  await leg("route, receiver and channel", async () => {
    await hand.press(page.getByRole("link", { name: "Add policy" }));
    const policy = named("Add policy");
    await expect(policy.getByLabel("Title").first()).toBeFocused();
    await page.keyboard.type(stem);
    await hand.press(policy.getByRole("button", { name: "Add receiver" }));
    const receiver = named("Add receiver");
    await expect(receiver.getByLabel("Title")).toBeFocused();
    await page.keyboard.type(stem);
    await hand.press(receiver.getByRole("button", { name: "Add channel" }));
    const channel = named("Add channel");
    await expect(channel.getByLabel("Title")).toBeFocused();
    await hand.switchTo(channel.getByRole("radiogroup", { name: "Type" }), "Webhook");
    await hand.fill(channel.getByLabel("Title"), stem);
    await hand.fill(channel.getByLabel("Address"), hook);
    await stop(walk, "channel");
    await hand.press(channel.getByRole("button", { name: "Review the change" }));
    await apply();
    await expect(channel).toBeHidden();
    await hand.press(receiver.getByRole("button", { name: "Review the change" }));
    await apply();
    await expect(receiver).toBeHidden();
    await expect(policy.getByText(`${stem} would be told`)).toBeVisible();
    await stop(walk, "policy");
    await hand.press(policy.getByRole("button", { name: "Review the change" }));
    await apply();
  });
  await expect(page.getByText(`${stem} was saved.`).last()).toBeVisible();
}

async function seeReceipt(walk: Walk) {
  const { page, api, hand, stem, leg } = walk;
  await expect
    .poll(async () => (await (await api.get(`/api/v1/alerts?project=${stem}&state=firing`)).json()).total, {
      timeout: 90_000,
    })
    .toBe(1);
  await leg("alert and receipt", async () => {
    await hand.visit("Alerts", "a");
    await hand.press(page.getByRole("link", { name: "NodeLoad1" }));
  });
  const drawer = page.getByRole("dialog", { name: "NodeLoad1" });
  await expect(drawer.getByText(new RegExp(`Delivered to ${stem}`, "i"))).toBeVisible({ timeout: 90_000 });
  await stop(walk, "receipt");
}

async function silence(walk: Walk) {
  const { page, api, hand, stem, leg } = walk;
  await leg("silence", async () => {
    await hand.press(page.getByRole("dialog").getByRole("link", { name: "Silence" }));
    const form = page.getByRole("dialog", { name: "New silence" });
    await expect(form.getByLabel("Reason")).toBeFocused();
    await page.keyboard.type("the walk");
    await expect(form.getByText("Hides 1 alert right now")).toBeVisible();
    await stop(walk, "silence");
    await hand.press(form.getByRole("button", { name: "Review the change" }));
    const dialog = page.getByRole("dialog").filter({ has: page.getByRole("button", { name: "Apply" }) });
    await expect(dialog.getByRole("button", { name: "Apply" })).toBeFocused();
    await hand.press(dialog.getByRole("button", { name: "Apply" }));
  });
  await expect(page.getByText(/Silence of .* is in force\./)).toBeVisible();
  const state = async () => (await (await api.get(`/api/v1/alerts?project=${stem}`)).json()).items[0]?.state;
  await expect.poll(state, { timeout: 30_000 }).toBe("silenced");
}

async function revert(walk: Walk) {
  const { page, api, hand, stem, leg } = walk;
  await leg("revert", async () => {
    await hand.visit("History", "y");
    const row = page.getByRole("row").filter({ hasText: "Rule group" }).filter({ hasText: stem }).first();
    await hand.press(row.getByRole("link").first());
    const drawer = page.getByRole("dialog", { name: /^Revision/ });
    await hand.press(drawer.getByRole("button", { name: "Revert this change" }));
    const question = page.getByRole("dialog", { name: /^Revert revision/ });
    await expect(question.getByText(`Rule group ${stem} is deleted.`)).toBeVisible();
    await stop(walk, "revert");
    await hand.press(question.getByRole("button", { name: "Apply" }));
  });
  await expect(page.getByText(/^Revision \d+ was reverted/)).toBeVisible();
  expect((await api.get(`/api/v1/rule-groups/${stem}`)).status()).toBe(404);
}
