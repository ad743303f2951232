import type { APIRequestContext, Page } from "@playwright/test";
import { lookAt } from "./looks";
import { expect, expectAccessible, picture, test } from "./portal";

lookAt([
  { name: "rules", path: "/rules", en: "Rules", zh: "告警规则" },
  { name: "rule-new", path: "/rules/new", en: "New rule", zh: "新建规则" },
  { name: "rule-import", path: "/rules/import", en: "Rules", zh: "告警规则" },
  { name: "rule-now", path: "/rules/hosts/HostDown", en: "HostDown", zh: "HostDown" },
  { name: "rule-edit", path: "/rules/hosts/HostDown?tab=edit", en: "HostDown", zh: "HostDown" },
  { name: "rule-history", path: "/rules/hosts/HostDown?tab=history", en: "HostDown", zh: "HostDown" },
  { name: "rule-tests", path: "/rules/hosts/HostDown?tab=tests", en: "HostDown", zh: "HostDown" },
  { name: "targets", path: "/targets", en: "Targets", zh: "采集目标" },
  { name: "targets-add", path: "/targets/add", en: "Add many targets", zh: "批量添加采集目标" },
  { name: "history", path: "/system/history", en: "History", zh: "配置历史" },
]);

/** Rule groups of this file; gone after each test, however it ended. */
const declared: string[] = [];
test.afterEach(async ({ api }) => {
  for (const name of declared.splice(0)) {
    await api.delete(`/api/v1/rule-tests/${name}-test`);
    await api.delete(`/api/v1/rule-groups/${name}`);
  }
});

function fresh(stem: string): string {
  const name = `${stem}-${Date.now().toString(36)}`;
  declared.push(name);
  return name;
}

/** A project that exists, and one of its targets' jobs is scraped. */
async function someProject(api: APIRequestContext): Promise<string> {
  const { items } = await (await api.get("/api/v1/projects?limit=1")).json();
  return items[0].name;
}

async function put(api: APIRequestContext, name: string, spec: unknown) {
  const answer = await api.put(`/api/v1/rule-groups/${name}`, { data: { kind: "rule-group", name, spec } });
  expect(answer.ok(), await answer.text()).toBe(true);
}

/** Counts what a hand does: pointer presses; typing is told apart. */
async function countClicks(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    const counted = window as unknown as { clicks: number };
    counted.clicks = 0;
    window.addEventListener("pointerdown", () => (counted.clicks += 1), true);
  });
  return () => page.evaluate(() => (window as unknown as { clicks: number }).clicks);
}

/** Prometheus knows this metric: it has been scraped at least once. */
async function scraped(api: APIRequestContext, metric: string) {
  await expect
    .poll(async () => (await (await api.get(`/api/v1/rules/metrics?q=${metric}`)).json()).items.length, {
      timeout: 90_000,
    })
    .toBeGreaterThan(0);
}

test("a rule from a metric: preview, dry run, firing, history, and back, counting clicks", async ({ page, api }) => {
  test.setTimeout(240_000);
  await scraped(api, "node_load1");
  const group = fresh("walk");
  const project = await someProject(api);
  const clicks = await countClicks(page);
  await page.goto(`/rules?project=${project}`);
  await page.getByRole("link", { name: "New rule" }).click();
  await expect(page.getByRole("heading", { name: "New rule", level: 1 })).toBeFocused();

  await page.getByRole("combobox", { name: "Metric" }).click();
  await page.keyboard.type("node_load1");
  await page.getByRole("option", { name: /^node_load1 / }).click();
  await page.getByLabel("Number", { exact: true }).click();
  await page.keyboard.type("-1");
  await page.keyboard.press("Tab");
  await page.keyboard.type("0s");
  await expect(page.getByRole("figure")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText(/It would have fired \d+ time/)).toBeVisible();
  await expect(page.getByLabel("Name of the alert")).toHaveValue("NodeLoad1");

  // Only so that the test can be taken back as a whole: the usual group would do.
  await page.getByRole("button", { name: "Group, labels and more" }).click();
  await page.getByRole("combobox", { name: "Rule group" }).fill(group);
  const before = await clicks();
  await expectAccessible(page);
  await picture(page, "rule-new-filled");

  await page.keyboard.press("Control+s");
  const dialog = page.getByRole("dialog", { name: "Add rule NodeLoad1" });
  await expect(dialog.getByText(/NodeLoad1 is added to group/)).toBeVisible();
  await expect(dialog.getByText(/prometheus is reloaded/)).toBeVisible();
  await expectAccessible(page);
  await picture(page, "rule-dry-run");
  await expect(dialog.getByRole("button", { name: "Apply" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByText("Rule NodeLoad1 was added.")).toBeVisible();
  console.log(`clicks: rule from a metric ${before - 1} + save by keyboard`);
  expect(before - 1).toBeLessThanOrEqual(8);

  await expect(page.getByRole("heading", { name: "NodeLoad1", level: 1 })).toBeVisible();
  await expect(page.getByText("Firing", { exact: true }).first()).toBeVisible({ timeout: 90_000 });
  await expectAccessible(page);
  await picture(page, "rule-firing");

  await page.getByRole("tab", { name: "History" }).click();
  await page.getByRole("link", { name: /^Revision \d+/ }).first().click();
  const drawer = page.getByRole("dialog", { name: /^Revision/ });
  await drawer.getByRole("button", { name: "Revert this change" }).click();
  const question = page.getByRole("dialog", { name: /^Revert revision/ });
  await expect(question.getByText(`Rule group ${group} is deleted.`)).toBeVisible();
  await picture(page, "rule-revert");
  await question.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText(/^Revision \d+ was reverted/)).toBeVisible();
  expect((await api.get(`/api/v1/rule-groups/${group}`)).status()).toBe(404);
});

test("the same by keyboard alone, in PromQL", async ({ page, api }) => {
  test.setTimeout(180_000);
  await scraped(api, "node_load1");
  const group = fresh("keys");
  const project = await someProject(api);
  await page.goto(`/rules/new?project=${project}&expr=${encodeURIComponent("node_load1 + 0 > -1")}`);
  const editor = page.locator("[data-promql]");
  await expect(editor).toBeVisible();
  await editor.focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("00");
  await expect(editor).toContainText("-100");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await expect(editor).not.toBeFocused();

  const press = async (name: RegExp) => {
    for (let step = 0; step < 60; step += 1) {
      const label = await page.evaluate(() => {
        const element = document.activeElement as HTMLInputElement | null;
        return element?.getAttribute("aria-label") ?? element?.labels?.[0]?.textContent ?? element?.textContent ?? "";
      });
      if (name.test(label)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`the keyboard never reaches ${name}`);
  };
  await press(/^Name of the alert/);
  await page.keyboard.type("ByKeyboard");
  await press(/^Group, labels and more/);
  await page.keyboard.press("Enter");
  await press(/^Rule group/);
  await page.keyboard.press("Control+a");
  await page.keyboard.type(group);
  await page.keyboard.press("Control+Enter");
  const dialog = page.getByRole("dialog", { name: "Add rule ByKeyboard" });
  await expect(dialog.getByRole("button", { name: "Apply" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "ByKeyboard", level: 1 })).toBeVisible();
  await expect(page.getByText("Rule ByKeyboard was added.")).toBeVisible();
});

test("what is typed survives a reload, and Escape asks before it leaves", async ({ page }) => {
  await page.goto("/rules/new");
  await page.getByLabel("Name of the alert").fill("HalfDone");
  await page.reload();
  await expect(page.getByLabel("Name of the alert")).toHaveValue("HalfDone");
  await expect(page.getByText("This is what you typed before")).toBeVisible();
  await page.keyboard.press("Escape");
  const dialog = page.getByRole("dialog", { name: "Leave this page?" });
  await expect(dialog).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Discard it" }).click();
  await expect(page.getByRole("heading", { name: "Rules", level: 1 })).toBeVisible();
  await page.goto("/rules/new");
  await expect(page.getByLabel("Name of the alert")).toHaveValue("");
});

test("what the server finds wrong stands at the field, with its place", async ({ page, tolerated }) => {
  tolerated.push(/status of 4\d\d/);
  await page.goto(`/rules/new?expr=${encodeURIComponent("rate(node_load1 > 5")}`);
  await expect(page.getByText(/^Line 1, column \d+:/)).toBeVisible({ timeout: 20_000 });
  await page.getByRole("button", { name: "Review and save" }).click();
  await expect(page.locator("[data-promql]")).toBeFocused();
  await expectAccessible(page);
  await picture(page, "rule-wrong");
});

test("a rule is changed in words, and undone from the toast", async ({ page, api }) => {
  const group = fresh("change");
  const rules = [{ alert: "Changed", expr: "up == 0", for: "5m", labels: { severity: "warning" } }];
  await put(api, group, { project: await someProject(api), rules });
  await page.goto(`/rules/${group}/Changed?tab=edit`);
  await page.getByText("Critical", { exact: true }).click();
  await page.getByRole("button", { name: "Review and save" }).click();
  const dialog = page.getByRole("dialog", { name: "Change rule Changed" });
  await expect(dialog.getByText("Severity of Changed: warning → critical")).toBeVisible();
  await dialog.getByRole("button", { name: "Apply" }).click();
  const toast = page.getByRole("alert").filter({ hasText: "was changed" });
  await toast.getByRole("button", { name: "Undo" }).click();
  const severity = async () => {
    const object = await (await api.get(`/api/v1/rule-groups/${group}`)).json();
    return object.spec.rules[0].labels.severity;
  };
  await expect.poll(severity).toBe("warning");
});

test("rule files come in after a look, and go out again", async ({ page, api }) => {
  const group = fresh("imported");
  await page.goto(`/rules/import?project=${await someProject(api)}`);
  const panel = page.getByRole("dialog", { name: "Import a Prometheus rule file" });
  await panel.getByLabel("Rule file").fill(`groups:\n  - name: ${group}\n    rules:\n      - alert: Imported\n        expr: up == 0\n`);
  await panel.getByRole("button", { name: "Review the import" }).click();
  await expect(panel.getByText(new RegExp(`Rule group .*${group}.* is created`))).toBeVisible();
  await expectAccessible(page);
  await picture(page, "rule-import");
  await panel.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText("1 rule group was imported.")).toBeVisible();

  await page.getByRole("button", { name: "Files" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Export as a rule file" }).click();
  const file = await (await download).createReadStream();
  const text = (await file.toArray()).join("");
  expect(text).toContain("alert: Imported");
});

test("a test of a rule is run, kept, and refuses what breaks it", async ({ page, api, tolerated }) => {
  tolerated.push(/status of 4\d\d/);
  test.setTimeout(120_000);
  const group = fresh("tested");
  const rules = [{ alert: "Tested", expr: 'up{job="node"} == 0', for: "5m", labels: { severity: "warning" } }];
  await put(api, group, { project: await someProject(api), rules });
  await page.goto(`/rules/${group}/Tested?tab=tests`);
  await page.getByRole("button", { name: "New test" }).click();
  const text = page.getByLabel("Test", { exact: true });
  await text.fill(
    [
      "tests:",
      "  - interval: 1m",
      "    input_series:",
      "      - series: up{job=\"node\", instance=\"a\"}",
      "        values: 0x30",
      "    alert_rule_test:",
      "      - eval_time: 10m",
      "        alertname: Tested",
      "        exp_alerts: []",
    ].join("\n"),
  );
  await page.getByRole("button", { name: "Run" }).click();
  await expect(page.getByText("Failed", { exact: true })).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page);
  await picture(page, "rule-test-failed");

  // The series is up all along: nothing may fire, and nothing does.
  await text.fill((await text.inputValue()).replace("0x30", "1x30"));
  await page.getByRole("button", { name: "Run" }).click();
  await expect(page.getByText("Passed", { exact: true })).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Review and save" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText(`Test ${group}-test was saved.`)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("button", { name: `${group}-test` })).toBeVisible();

  const broken = { project: await someProject(api), rules: [{ ...rules[0], expr: 'up{job="node"} == 1' }] };
  const refused = await api.put(`/api/v1/rule-groups/${group}`, {
    data: { kind: "rule-group", name: group, spec: broken },
  });
  expect(refused.status(), await refused.text()).toBe(422);
});

test("many rules at once: disabled in one change, undone in one", async ({ page, api }) => {
  const group = fresh("many");
  const rules = ["First", "Second", "Third"].map((alert) => ({ alert: `${alert}OfMany`, expr: "up == 0" }));
  await put(api, group, { project: await someProject(api), rules });
  await page.goto(`/rules?q=${group}`);
  for (const name of ["FirstOfMany", "ThirdOfMany"]) {
    await page.getByRole("checkbox", { name: `Select ${name}` }).check();
  }
  await expect(page.getByText("2 rules are selected")).toBeVisible();
  await page.getByRole("button", { name: "Disable", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Disable rules" });
  await expect(dialog.getByText("FirstOfMany is kept, but no longer run.")).toBeVisible();
  await expectAccessible(page);
  await picture(page, "rules-many");
  await dialog.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText("2 rules were disabled: FirstOfMany, ThirdOfMany")).toBeVisible();
  const off = async () => {
    const { spec } = await (await api.get(`/api/v1/rule-groups/${group}`)).json();
    return spec.rules.map((rule: { disabled?: boolean }) => rule.disabled ?? false);
  };
  expect(await off()).toEqual([true, false, true]);
  await expect(page.getByRole("row").filter({ hasText: "FirstOfMany" }).getByText("Disabled")).toBeVisible();
  await page.getByRole("alert").getByRole("button", { name: "Undo" }).click();
  await expect.poll(off).toEqual([false, false, false]);
});

test("what is typed in one browser is there in another", async ({ page, api, browser, place, signedIn }) => {
  await api.delete("/api/v1/drafts/rule-group");
  await page.goto("/rules/new");
  const kept = page.waitForResponse((answer) => answer.url().endsWith("/api/v1/drafts/rule-group") && answer.request().method() === "PUT");
  await page.getByLabel("Name of the alert").fill("TypedElsewhere");
  expect((await kept).status()).toBe(204);
  const context = await browser.newContext({ baseURL: place.url, storageState: signedIn });
  const other = await context.newPage();
  await other.goto("/rules/new");
  await expect(other.getByLabel("Name of the alert")).toHaveValue("TypedElsewhere");
  await expect(other.getByText("This is what you typed before")).toBeVisible();
  await context.close();
  expect((await api.delete("/api/v1/drafts/rule-group")).ok()).toBe(true);
});
