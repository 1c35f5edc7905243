/**
 * The whole path as a student walks it: the first lab in a real JupyterLab, on the real kernel. With RUNLAB_PICTURES=1
 * it makes the picture of the README.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import galataModule from "@jupyterlab/galata";
import { expect, picture, test } from "./lab.js";

const house = fileURLToPath(new URL("../..", import.meta.url));
const LAB = "week-01-first-run.ipynb";

test.beforeAll(() => {
  execFileSync(process.execPath, [join(house, "src/bin/runlab.js"), "install", "--link", "--prefix", process.env.RUNLAB_LAB_HOME!]);
});

test.use({
  // The sidebar is to find the store by itself, from the notebook's path.
  mockSettings: { ...galataModule.galata.DEFAULT_SETTINGS, "runlab-sidebar:sidebar": { store: "", pollSeconds: 0.5 } },
  viewport: { width: 1600, height: 900 },
});

test("lab 1: run the cells, see the runs, compare two", async ({ page, place, folder, complaints }) => {
  test.setTimeout(180_000);
  mkdirSync(place, { recursive: true });
  cpSync(join(house, "notebooks", LAB), join(place, LAB));
  cpSync(join(house, "notebooks/data"), join(place, "data"), { recursive: true });

  await page.notebook.openByPath(`${folder}/${LAB}`);
  await page.notebook.activate(LAB);
  await expect(page.locator(".jp-NotebookPanel-toolbar").getByText("TypeScript (runlab)")).toBeVisible();
  await page.sidebar.openTab("runlab-sidebar");
  await page.notebook.run();

  const panel = page.locator("#runlab-sidebar");
  const rows = panel.getByRole("listbox", { name: "Runs" }).getByRole("option");
  await expect(rows).toHaveCount(5, { timeout: 120_000 });
  await expect(rows.locator(".runlab-Row-name")).toHaveText(["boosting", "flights", "linear", "forest", "forest"]);
  await expect(rows.first()).toContainText("0.8", { timeout: 60_000 });
  const cards = page.locator(".jp-NotebookPanel .runlab-Card");
  await expect(cards).toHaveCount(5);
  await cards.first().scrollIntoViewIfNeeded();
  await picture(page, "lab-1-notebook");

  await rows.nth(3).click();
  await rows.nth(4).click({ modifiers: ["ControlOrMeta"] });
  await panel.getByRole("button", { name: "Compare (2)" }).click();
  const diff = page.locator(".runlab-Diff").last();
  await expect(diff.locator(".runlab-Diff-headline")).toContainText("config: 1 flag");
  await expect(diff.locator(".runlab-Diff-headline")).toContainText("same code, data, seed and environment; accuracy");
  await expect(diff.getByRole("row", { name: /^n_estimators 100 2 / })).toBeVisible();
  await expect(diff.locator('[data-section="plots"] .runlab-Chart svg')).toHaveCount(2);
  await picture(page, "lab-1-diff");
  if (process.env.RUNLAB_PICTURES === "1") {
    await page.evaluate(() => {
      const { shell } = (window as any).jupyterapp;
      const [notebook, diff] = ["jp-NotebookPanel", "runlab-Diff"].map((name) => [...shell.widgets("main")].find((widget: any) => widget.hasClass(name) || widget.content?.hasClass?.(name)));
      shell.add(diff ?? shell.currentWidget, "main", { mode: "split-right", ref: notebook.id });
    });
    await cards.first().scrollIntoViewIfNeeded();
    await page.waitForTimeout(1500);
    mkdirSync(join(house, "docs"), { recursive: true });
    await page.screenshot({ path: join(house, "docs/sidebar.png") });
  }
  expect(complaints).toEqual([]);
});
