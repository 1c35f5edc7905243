/** Pictures for people: the list with every status in each theme. */
import "./clock.js";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, picture, test } from "./lab.js";
import { begin, make } from "./make-runs.js";

test("the list in every theme", async ({ store, sidebar, page }) => {
  await make(store, { name: "baseline", accuracy: 0.7536, trees: 10, seed: 1, minutesAgo: 4000, status: "failed" });
  const tune = await make(store, { name: "tune", accuracy: 0.9783, seed: 42, minutesAgo: 300, durationMs: 61_000 });
  await make(store, { name: "depth-4", accuracy: 0.9565, seed: 42, minutesAgo: 299, parent: tune });
  await make(store, { name: "depth-8", accuracy: 0.9783, seed: 42, minutesAgo: 298, parent: tune });
  await make(store, { name: "ridge on a longer name than fits", accuracy: 0.9, seed: 2_718_281, minutesAgo: 130, status: "interrupted", notebook: null });
  await make(store, { name: "forest", trees: 50, accuracy: 0.942, seed: 42, minutesAgo: 12 });
  await make(store, { name: "forest", trees: 200, accuracy: 0.971, seed: 42, minutesAgo: 3 });
  const broken = join(store.root, "runs", "2026-01-02T03-04-05Z__copied__seed1__k3f9");
  mkdirSync(broken, { recursive: true });
  writeFileSync(join(broken, "run_meta.json"), "{");
  await store.list();
  const live = await begin(store, { name: "forest-flights", accuracy: 0.8812, seed: 42, notebook: "week-01.ipynb" });
  await expect(sidebar.rows).toHaveCount(9);
  await expect(sidebar.row("forest-flights")).toHaveAttribute("data-status", "running");
  const forest = sidebar.row("forest");
  await forest.first().click();
  await forest.last().click({ modifiers: ["ControlOrMeta"] });
  await picture(sidebar.root, "list-light");
  await sidebar.compare.click();
  await expect(page.locator(".runlab-Curves svg .mark-line path")).toHaveCount(4);
  await expect(page.locator(".cm-mergeView")).toBeVisible();
  await picture(page, "sidebar");
  await sidebar.filter.fill("forest accuracy>high");
  await sidebar.theme("JupyterLab Dark");
  await picture(sidebar.root, "list-dark");
  await sidebar.theme("JupyterLab Dark High Contrast");
  await picture(page, "high-contrast");
  await live.finish();
});
