import { expect, expectAccessible, expectNoSidewaysScroll, picture, test } from "./portal";

const stem = `many-${Date.now().toString(36)}`;

test.afterEach(async ({ api }) => {
  const { items } = await (await api.get(`/api/v1/targets?q=${stem}&limit=1000`)).json();
  const gone = items.map(({ name }: { name: string }) => ({ kind: "target", name, delete: true }));
  if (gone.length > 0) expect((await api.post("/api/v1/apply", { data: gone })).ok()).toBe(true);
});

test("a hundred targets by paste; only the bad rows stay behind", async ({ page, api }) => {
  test.setTimeout(120_000);
  const { items } = await (await api.get("/api/v1/projects?limit=1")).json();
  await page.goto(`/targets?project=${items[0].name}`);
  let clicks = 0;
  const click = async (name: string, role: "link" | "button" = "button") => {
    clicks += 1;
    await page.getByRole(role, { name }).click();
  };
  await click("Add many", "link");
  await expect(page.getByRole("heading", { name: "Add many targets", level: 1 })).toBeVisible();
  const lines = Array.from({ length: 99 }, (_, at) => `${stem}-${at + 1}.invalid:9100`);
  clicks += 1;
  await page.getByLabel("Targets", { exact: true }).fill([...lines, `${stem}-r[01-20].invalid rack=a1`, "http://x/y"].join("\n"));
  await expect(page.getByText("119 addresses can be added. 1 row is wrong and stays here.")).toBeVisible();
  await expect(page.getByText("An address is host:port")).toBeVisible();
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await picture(page, "targets-many");

  await click("Review 100 targets");
  const dialog = page.getByRole("dialog", { name: "Add 100 targets" });
  await expect(dialog.getByText("100 targets are declared.")).toBeVisible();
  await expect(dialog.getByText("1 wrong row is left out.")).toBeVisible();
  await picture(page, "targets-many-dry-run");
  await expect(dialog.getByRole("button", { name: "Apply" })).toBeEnabled({ timeout: 30_000 });
  await click("Apply");
  await expect(page.getByText("100 targets were added.")).toBeVisible();
  console.log(`clicks: 100 targets by paste ${clicks}`);
  expect(clicks).toBeLessThanOrEqual(6);

  await expect(page.getByLabel("Targets", { exact: true })).toHaveValue("http://x/y");
  await page.getByLabel("Correct line 1").fill(`${stem}-last.invalid:9100`);
  await expect(page.getByText("1 address can be added.")).toBeVisible();
  const kept = await (await api.get(`/api/v1/targets?q=${stem}&limit=1000`)).json();
  expect(kept.total).toBe(100);
});

test("a CSV file is read by its head", async ({ page, api }) => {
  const { items } = await (await api.get("/api/v1/projects?limit=1")).json();
  await page.goto(`/targets/add?project=${items[0].name}`);
  const buffer = Buffer.from(`Host,port,rack\n${stem}-csv.invalid,9104,b2\n${stem}-csv.invalid,9104,b3\n`);
  await page.locator('input[type="file"]').setInputFiles({ name: "hosts.csv", mimeType: "text/csv", buffer });
  await expect(page.getByText(`${stem}-csv.invalid:9104`)).toBeVisible();
  await expect(page.getByText("This address stands in an earlier line.")).toBeVisible();
  await expect(page.getByText("rack=b2")).toBeVisible();
  await picture(page, "targets-csv");
});
