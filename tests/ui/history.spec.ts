import type { APIRequestContext } from "@playwright/test";
import { expect, expectAccessible, expectNoSidewaysScroll, picture, test } from "./portal";

const stem = `hist-${Date.now().toString(36)}`;

async function department(api: APIRequestContext, name: string, title: string): Promise<string> {
  const document = { kind: "department", name, spec: { title } };
  const answer = await api.put(`/api/v1/departments/${name}`, { data: document });
  expect(answer.ok(), await answer.text()).toBe(true);
  return answer.headers()["x-wk-index"] ?? "";
}

test.afterEach(async ({ api }) => {
  for (const name of [`${stem}-a`, `${stem}-b`]) await api.delete(`/api/v1/departments/${name}`);
});

test("one change of a revision is taken back, the rest stays", async ({ page, api }) => {
  const documents = ["a", "b"].map((end) => ({ kind: "department", name: `${stem}-${end}`, spec: { title: end } }));
  expect((await api.post("/api/v1/apply", { data: documents })).ok()).toBe(true);
  await page.goto(`/system/history?q=${stem}`);
  await expect(page.getByRole("row").filter({ hasText: `${stem}-a` }).first()).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await page.getByRole("row").filter({ hasText: `${stem}-b` }).first().getByRole("link").click();
  const drawer = page.getByRole("dialog", { name: /^Revision/ });
  await drawer.getByRole("button", { name: "Revert only this" }).last().click();
  const question = page.getByRole("dialog", { name: /^Revert department/ });
  await expect(question.getByText(/is deleted/)).toBeVisible();
  await expectAccessible(page);
  await question.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText(/was reverted/)).toBeVisible();
  const left = await Promise.all(
    documents.map(async ({ name }) => (await api.get(`/api/v1/departments/${name}`)).status()),
  );
  expect(left.sort()).toEqual([200, 404]);
});

test("any two revisions can be compared", async ({ page, api }) => {
  const older = await department(api, `${stem}-a`, "First");
  await department(api, `${stem}-a`, "Second");
  const newer = await department(api, `${stem}-a`, "Third");
  await page.goto(`/system/history?q=${stem}`);
  await page.getByLabel(`Choose revision ${older}`).check();
  await page.getByLabel(`Choose revision ${newer}`).check();
  await page.getByRole("button", { name: "Compare" }).click();
  const drawer = page.getByRole("dialog", { name: `Revision ${newer} against ${older}` });
  await expect(drawer.getByText("-  title: First")).toBeVisible();
  await expect(drawer.getByText("+  title: Third")).toBeVisible();
  await expect(drawer.getByText("Second")).toBeHidden();
  await expectAccessible(page);
  await picture(page, "history-compare");
});

test("what was changed since goes back only after it was said", async ({ page, api, tolerated }) => {
  tolerated.push(/status of 4\d\d/);
  const first = await department(api, `${stem}-a`, "First");
  await department(api, `${stem}-a`, "Later");
  await page.goto(`/system/history/${first}`);
  await page.getByRole("button", { name: "Revert this change" }).click();
  const question = page.getByRole("dialog", { name: /^Revert revision/ });
  await expect(question.getByText("Those later changes are lost.")).toBeVisible();
  await picture(page, "history-later-changes");
  await question.getByRole("button", { name: "Cancel" }).click();
  expect((await (await api.get(`/api/v1/departments/${stem}-a`)).json()).spec.title).toBe("Later");
});
