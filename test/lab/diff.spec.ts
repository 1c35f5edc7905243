/** The diff tab and the page of a run. */
import { expect, picture, test } from "./lab.js";
import { ago } from "./clock.js";
import { begin, CELL, make } from "./make-runs.js";

test("two runs side by side: what differs, and everything on demand", async ({ sidebar, store, page, complaints }) => {
  await make(store, { name: "forest", trees: 50, accuracy: 0.912, seed: 42, minutesAgo: 65 });
  await make(store, { name: "forest", trees: 200, accuracy: 0.971, seed: 42, minutesAgo: 3 });
  await make(store, { name: "ridge", trees: 200, accuracy: 0.911, seed: 7, minutesAgo: 1 });
  await expect(sidebar.rows).toHaveCount(3);
  await sidebar.rows.nth(1).click();
  await sidebar.rows.nth(2).click({ modifiers: ["ControlOrMeta"] });
  await expect(sidebar.compare).toHaveText("Compare (2)");
  await sidebar.compare.click();

  const diff = page.locator(".runlab-Diff");
  await expect(diff.locator(".runlab-Diff-headline")).toContainText("accuracy");
  const chips = diff.locator(".runlab-Chip");
  await expect(chips).toHaveCount(5);
  await expect(chips.locator(".runlab-Chip-name")).toHaveText(["code", "data", "config", "seed", "environment"]);
  await expect(diff.locator('.runlab-Chip[data-changed="true"] .runlab-Chip-name')).toHaveText(["code", "config"]);

  const config = diff.locator('[data-section="config"]');
  await expect(config.getByRole("row", { name: /n_estimators 50 200/ })).toBeVisible();
  await expect(config.getByText("test_size")).toHaveCount(0);
  const metrics = diff.locator('[data-section="metrics"]');
  await expect(metrics.getByRole("row", { name: /^accuracy/ }).locator(".runlab-Table-change")).toHaveAttribute("data-better", "true");
  await expect(metrics.getByRole("row", { name: /^accuracy/ })).toContainText("▲ +0.059");
  await expect(metrics.getByRole("row", { name: /^log_loss/ })).toContainText("▼ −0.059better");
  await expect(diff.locator('[data-section="data"]')).toHaveCount(0);
  await expect(diff.locator(".runlab-Diff-same")).toContainText("environment");

  const curves = diff.locator('[data-section="curves"] .runlab-Chart');
  await expect(curves).toHaveCount(2);
  await expect(curves.first().locator("svg .mark-line path")).toHaveCount(2);
  const code = diff.locator('[data-section="code"]');
  await expect(code.locator(".cm-mergeView").first()).toBeVisible();
  await expect(code.locator(".cm-merge-b .cm-changedLine").last()).toContainText("maxDepth: 8");
  await expect(code.locator(".cm-collapsedLines").first()).toBeVisible();
  await expect(diff.locator('[data-section="plots"] .runlab-Chart svg')).toHaveCount(2);
  await picture(page, "diff-light");
  await diff.locator('[data-section="code"]').scrollIntoViewIfNeeded();
  await picture(page, "diff-light-code");

  await diff.getByRole("switch", { name: "Show everything" }).check();
  await expect(diff.locator('[data-section="data"]')).toBeVisible();
  await expect(config.getByRole("row", { name: /test_size/ }).first()).toBeVisible();
  await expect(diff.locator(".runlab-Diff-same")).toHaveCount(0);
  await diff.getByRole("switch", { name: "Show everything" }).uncheck();

  await sidebar.theme("JupyterLab Dark");
  await expect(curves.first().locator("svg .mark-line path")).toHaveCount(2);
  await diff.locator(".runlab-Diff-head").scrollIntoViewIfNeeded();
  await picture(page, "diff-dark");
  await diff.locator('[data-section="code"]').scrollIntoViewIfNeeded();
  await picture(page, "diff-dark-code");
  expect(complaints).toEqual([]);
});

test("up to eight runs are compared, and the tab is there again after a reload", async ({ sidebar, store, page }) => {
  const ids: string[] = [];
  for (let i = 0; i < 9; i++) ids.push(await make(store, { name: `forest-${i}`, trees: 50 + i, accuracy: 0.9 + i / 100, steps: i === 0 ? 5000 : 20, minutesAgo: 20 - i }));
  await expect(sidebar.rows).toHaveCount(9);
  await sidebar.rows.first().click();
  await page.keyboard.press("Control+a");
  await expect(sidebar.compare).toBeDisabled();
  await expect(sidebar.root.getByText("At most 8 runs can be compared")).toBeVisible();
  await sidebar.rows.nth(8).click();
  await sidebar.rows.nth(6).click({ modifiers: ["Shift"] });
  await sidebar.compare.click();
  const diff = page.locator(".runlab-Diff");
  await expect(diff.locator(".runlab-Diff-run")).toHaveCount(3);
  await expect(diff.locator('[data-section="metrics"] thead .runlab-RunName')).toHaveCount(3);
  await expect(diff.locator('[data-section="code"] select')).toHaveCount(2);
  const outline = diff.locator('[data-section="curves"] svg .mark-line path').first();
  await expect(outline).toBeVisible();
  expect((await outline.getAttribute("d"))!.split("L").length, "5,000 points are thinned").toBeLessThan(2000);

  await page.reload({ waitForIsReady: false });
  await expect(page.locator(".runlab-Diff .runlab-Diff-run")).toHaveCount(3);
  await expect(page.locator(".runlab-Diff .runlab-Diff-run").first()).toContainText("forest-0");
});

test("a diff follows a live run", async ({ sidebar, store, page }) => {
  await ago(5, () => make(store, { name: "before", accuracy: 0.9 }));
  const run = await begin(store, { name: "now", accuracy: 0.5 });
  await expect(sidebar.rows).toHaveCount(2);
  await sidebar.rows.first().click();
  await sidebar.rows.last().click({ modifiers: ["ControlOrMeta"] });
  await sidebar.compare.click();
  const head = page.locator(".runlab-Diff-run").last();
  await expect(head.locator(".runlab-Mark")).toHaveAttribute("data-status", "running");
  await page.locator(".runlab-Diff").getByRole("switch").check();
  await run.finish({ status: "interrupted" });
  await expect(head.locator(".runlab-Mark")).toHaveAttribute("data-status", "interrupted");
  await expect(page.locator(".runlab-Diff").getByRole("switch"), "what the user chose stays").toBeChecked();
});

test("the page of a run shows all that was recorded", async ({ sidebar, store, page }) => {
  const id = await make(store, { name: "forest", accuracy: 0.9731, seed: 42, minutesAgo: 12, meta: { fields: { note: "first try" }, tags: ["week-1"] } });
  await sidebar.row("forest").dblclick();
  const tab = page.locator(".runlab-RunTab");
  await expect(tab.getByRole("heading", { level: 1 })).toContainText("forest");
  await expect(tab.locator(".runlab-Command code")).toHaveText("%%run forest --seed 42 --n_estimators 200 --test_size 0.2");
  await expect(tab.locator(".runlab-Tile").first()).toContainText("0.9731");
  await expect(tab.getByText(id, { exact: true })).toBeVisible();
  await expect(tab.getByText("RandomForestClassifier").first()).toBeVisible();
  await expect(tab.getByRole("cell", { name: "data/penguins.parquet" })).toBeVisible();
  await expect(tab.locator(".cm-content")).toContainText("await readTable");
  await expect(tab.getByText("apache-arrow", { exact: true })).toBeVisible();
  await expect(tab.getByText("first try")).toBeVisible();
  await expect(tab.locator(".runlab-Curves svg .mark-line path")).toHaveCount(2);
  await picture(page, "run-light");
  await tab.getByRole("button", { name: "config.json" }).click();
  await expect(page.getByRole("main").getByRole("tab", { name: "config.json" })).toBeVisible();
});

test("a failed run says why", async ({ sidebar, store, page }) => {
  await make(store, { name: "typo", status: "failed", code: CELL(10) });
  await sidebar.row("typo").dblclick();
  await expect(page.locator(".runlab-Error")).toContainText('there is no column "specie"');
  await expect(page.locator(".runlab-Error pre")).toContainText("cell.ts:3:7");
});
