/** Run cards and diffs in notebooks: drawn without trust, updated in place, and harmless whatever they hold. */
import "./clock.js";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { diffRuns } from "runlab/diff";
import { RUN_CARD_MIME, RUN_DIFF_MIME, type RunCard } from "runlab/format";
import { expect, picture, test } from "./lab.js";
import { begin, CELL, make } from "./make-runs.js";

/** A notebook with outputs that nobody trusts: it was not run here. */
function notebook(source: string, outputs: object[] = []): string {
  return JSON.stringify({
    cells: [{ id: "c1", cell_type: "code", execution_count: outputs.length > 0 ? 1 : null, metadata: {}, outputs, source }],
    metadata: { kernelspec: { display_name: "Python 3", language: "python", name: "python3" }, language_info: { name: "python" } },
    nbformat: 4,
    nbformat_minor: 5,
  });
}

interface Lab {
  jupyterapp: { commands: { execute(command: string, args?: object): Promise<unknown> } };
}

/** Opens a notebook by the command, because the file browser is hidden behind the sidebar. */
async function openNotebook(page: Page, path: string): Promise<void> {
  await page.evaluate(async (path) => {
    await (window as unknown as Lab).jupyterapp.commands.execute("docmanager:open", { path, factory: "Notebook" });
  }, path);
  await expect(page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")).toBeVisible();
}

const output = (data: object): object => ({ output_type: "display_data", metadata: {}, data: { ...data, "text/html": "<table><tr><td>fall-back</td></tr></table>", "text/plain": "fall-back" } });

const card = (id: string, more: Partial<RunCard> = {}): RunCard => ({
  id, name: "forest", status: "finished", store: "models", seed: 42, seed_drawn: false, started_at: "2026-11-21T10:15:30.000Z", duration_ms: 1840, main_metric: "accuracy",
  metrics: { accuracy: 0.9731, f1_macro: 0.9612 }, metric_directions: { accuracy: true }, flags: { seed: 42, n_estimators: 200, test_size: 0.2 }, inputs: [], history_points: 40, previous: null, error: null, ...more,
});

test("a card in an untrusted notebook is drawn, and its buttons open the diff and the page", async ({ sidebar, store, place, folder, page }) => {
  const first = await make(store, { trees: 50, accuracy: 0.91, minutesAgo: 9 });
  const second = await make(store, { trees: 200, accuracy: 0.9731, minutesAgo: 2 });
  const documents = [await store.read(first), await store.read(second)];
  writeFileSync(join(place, "week-01.ipynb"), notebook(CELL(200), [output({ [RUN_CARD_MIME]: card(second, { previous: first }) }), output({ [RUN_DIFF_MIME]: diffRuns(documents) })]));
  await expect(sidebar.rows).toHaveCount(2);
  await openNotebook(page, `${folder}/week-01.ipynb`);
  const shown = page.locator(".runlab-Card");
  await expect(shown).toContainText("forest");
  await expect(shown).toContainText("0.9731");
  await expect(shown).toContainText("seed 42 · 1.8 s");
  await expect(shown).toContainText("n_estimators 200");
  await expect(page.locator(".runlab-DiffOutput .runlab-Diff-headline")).toContainText("accuracy");
  await expect(page.locator(".runlab-DiffOutput .cm-mergeView").first()).toBeVisible();
  await picture(page, "card-light");
  await shown.getByRole("button", { name: "Compare with previous" }).click();
  await expect(page.locator(".runlab-Diff .runlab-Diff-run")).toHaveCount(2);
  await page.activity.activateTab("week-01.ipynb");
  await shown.getByRole("button", { name: "Open run" }).click();
  await expect(page.locator(".runlab-RunTab").getByText(second, { exact: true })).toBeVisible();
  await page.activity.activateTab("week-01.ipynb");
  await page.locator('.jp-NotebookPanel [data-jp-item-name="runlab-compare-last"]').click();
  await expect(page.locator(".runlab-Diff"), "the same diff is not opened twice").toHaveCount(1);
});

test.describe("without a setting", () => {
  test.use({ mockSettings: { "@jupyterlab/apputils-extension:notification": { fetchNews: "false" } } });
  test("the store is found from the notebook; a card of a running kernel is updated in place and refreshes the list", async ({ page, sidebar, store, place, folder, complaints }) => {
    const run = await begin(store, { name: "live", accuracy: 0.5 });
    const data = { [RUN_CARD_MIME]: card(run.id, { name: "live", status: "running", metrics: { accuracy: 0.5 }, duration_ms: null, started_at: new Date().toISOString() }) };
    const ended = { [RUN_CARD_MIME]: card(run.id, { name: "live", metrics: { accuracy: 0.875 } }) };
    const python = `import json, time
from IPython.display import display
shown = display(json.loads(${JSON.stringify(JSON.stringify(data))}), raw=True, display_id="card")
while not __import__("os").path.exists("ended"): time.sleep(0.05)
shown.update(json.loads(${JSON.stringify(JSON.stringify(ended))}), raw=True)`;
    writeFileSync(join(place, "live.ipynb"), notebook(python));
    await openNotebook(page, `${folder}/live.ipynb`);
    await expect(sidebar.row("live")).toHaveAttribute("data-status", "running");
    // A cell that is run before there is a kernel is not run at all.
    await expect(page.locator("#jp-main-statusbar").getByText("| Idle")).toBeVisible({ timeout: 40_000 });
    // The cell waits for the test, so the command is not waited for.
    await page.evaluate(() => void (window as unknown as Lab).jupyterapp.commands.execute("notebook:run-all-cells"));
    const shown = page.locator(".runlab-Card");
    await expect(shown).toContainText("0.5");
    await expect(shown).toHaveAttribute("data-status", "running");
    await shown.evaluate((node) => node.setAttribute("data-same", "yes"));
    await run.finish({ metrics: { accuracy: 0.875 } });
    writeFileSync(join(place, "ended"), "");
    await expect(shown).toContainText("0.875");
    await expect(shown).toHaveAttribute("data-status", "finished");
    await expect(shown).toHaveAttribute("data-same", "yes");
    await expect(sidebar.row("live")).toHaveAttribute("data-status", "finished");
    expect(complaints).toEqual([]);
  });
});

const EVIL = `\u202e"><img src=x onerror="window.__fired=1"><script>window.__fired=1</script>{{7*7}}\u0007`;

test("hostile text in every field is shown as text", async ({ sidebar, store, place, folder, page }) => {
  const evil = { name: EVIL, notebook: `${EVIL}.ipynb`, code: `// ${EVIL}\n`, meta: { tags: [EVIL], command: EVIL, fields: { [EVIL]: EVIL, __proto__x: 1 }, flags: { [EVIL]: EVIL }, metrics: { [EVIL]: 0.5 }, main_metric: EVIL, metric_directions: {} } };
  const plot = {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    title: EVIL,
    usermeta: { embedOptions: { actions: true, defaultStyle: "body{display:none}" } },
    data: { url: "/evil-data.json" },
    mark: "image",
    encoding: { url: { value: "/evil-image.png" }, href: { value: "javascript:window.__fired=1" }, x: { field: "a" } },
  };
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await make(store, { ...evil, plot, minutesAgo: 5 });
  const second = await make(store, { ...evil, plot: { ...plot, title: "other" }, trees: 7, seed: 7, status: "failed", meta: { ...evil.meta, metrics: { [EVIL]: 0.7 } } });
  await expect(sidebar.rows).toHaveCount(2);
  await expect(sidebar.names.first()).toContainText("<img src=x");
  await expect(sidebar.names.first()).toContainText("\\u202e");
  await sidebar.rows.first().click();
  await sidebar.rows.last().click({ modifiers: ["ControlOrMeta"] });
  await sidebar.compare.click();
  await expect(page.locator('.runlab-Diff [data-section="metrics"]')).toContainText("<script>");
  await page.locator(".runlab-Diff").getByRole("switch").check();
  await expect(page.locator('.runlab-Diff [data-section="plots"]')).toBeVisible();
  await sidebar.rows.first().dblclick();
  await expect(page.locator(".runlab-RunTab h1")).toContainText("<img src=x");

  const hostile = card(second, { name: EVIL, main_metric: EVIL, metrics: { [EVIL]: 1 }, flags: { [EVIL]: EVIL }, store: "../../../etc", previous: "../../secret", error: { name: EVIL, message: EVIL } });
  writeFileSync(join(place, "evil.ipynb"), notebook("1", [output({ [RUN_CARD_MIME]: hostile }), output({ [RUN_CARD_MIME]: 42 }), output({ [RUN_DIFF_MIME]: { runs: [1], inputs: [null], sections: [{}] } })]));
  await openNotebook(page, `${folder}/evil.ipynb`);
  await expect(page.locator(".runlab-Card-name")).toContainText("<img src=x");
  await expect(page.getByText("This run card cannot be read.")).toBeVisible();
  await expect(page.getByText("This diff cannot be read.")).toBeVisible();
  await expect(page.locator(".runlab-Card").getByRole("button", { name: "Compare with previous" })).toHaveCount(0);
  await page.locator(".runlab-Card").getByRole("button", { name: "Open run" }).click();
  await expect(page.locator(".jp-Dialog")).toContainText("outside the folder that this server shows");
  await page.locator(".jp-Dialog").getByRole("button", { name: "Close" }).click();

  expect(await page.evaluate(() => (window as unknown as { __fired?: number }).__fired)).toBeUndefined();
  expect(await page.locator("[class*=runlab] img, [class*=runlab] script, [class*=runlab] a[href^=javascript]").count()).toBe(0);
  expect(asked.filter((url) => url.includes("evil-"))).toEqual([]);
});
