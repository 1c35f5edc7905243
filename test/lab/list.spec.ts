/** The list of runs: what it shows, how it is filtered, ordered and selected. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./lab.js";
import { begin, make } from "./make-runs.js";

test("an empty store says what to do", async ({ sidebar }) => {
  await expect(sidebar.root.getByText("No runs yet")).toBeVisible();
  await expect(sidebar.root.getByText("%%run forest --seed 42")).toBeVisible();
  await expect(sidebar.compare).toBeDisabled();
});

test("a line shows name, main metric, seed, age, status and notebook", async ({ sidebar, store }) => {
  await make(store, { name: "forest", accuracy: 0.9731, seed: 7, minutesAgo: 5 });
  await make(store, { name: "ridge", status: "failed", notebook: null });
  await expect(sidebar.rows).toHaveCount(2);
  const row = sidebar.row("forest");
  await expect(row.locator(".runlab-Row-metric")).toHaveText("0.9731");
  await expect(row.locator(".runlab-Row-metricName")).toHaveText("accuracy");
  await expect(row).toContainText("5 min");
  await expect(row).toContainText("seed 7");
  await expect(row).toContainText("week-01");
  await expect(row).toHaveAttribute("data-status", "finished");
  await expect(sidebar.row("ridge")).toHaveAttribute("data-status", "failed");
  await expect(sidebar.row("ridge")).toContainText("script");
  await expect(sidebar.root.locator(".runlab-Sidebar-count")).toHaveText("2 runs");
  await expect(sidebar.page.locator("#jp-main-statusbar").getByText("2 runs")).toBeVisible();
});

test("a run appears, moves and ends while one looks", async ({ sidebar, store, complaints }) => {
  await make(store, { name: "before" });
  await expect(sidebar.rows).toHaveCount(1);
  const run = await begin(store, { name: "slow", accuracy: 0.5 });
  const row = sidebar.row("slow");
  await expect(row).toHaveAttribute("data-status", "running");
  await expect(sidebar.root.locator(".runlab-Sidebar-live")).toHaveText("1 live");
  await expect(row.locator(".runlab-Row-metric")).toHaveText("0.5000");
  await new Promise((wait) => setTimeout(wait, 1100));
  run.update({ metrics: { accuracy: 0.75 } });
  await expect(row.locator(".runlab-Row-metric")).toHaveText("0.7500");
  await run.finish({ metrics: { accuracy: 0.8125 } });
  await expect(row).toHaveAttribute("data-status", "finished");
  await expect(row.locator(".runlab-Row-metric")).toHaveText("0.8125");
  await expect(sidebar.root.locator(".runlab-Sidebar-live")).toHaveCount(0);
  expect(complaints).toEqual([]);
});

test("the filter narrows, and a mistake is shown at its place", async ({ sidebar, store }) => {
  await make(store, { name: "forest", accuracy: 0.95 });
  await make(store, { name: "forest", accuracy: 0.85 });
  await make(store, { name: "ridge", accuracy: 0.99, status: "failed" });
  await expect(sidebar.rows).toHaveCount(3);
  await sidebar.filter.fill("forest accuracy>0.9 status:finished");
  await expect(sidebar.rows).toHaveCount(1);
  await expect(sidebar.root.locator(".runlab-Sidebar-count")).toHaveText("1 of 3 runs");
  await sidebar.filter.fill("forest accuracy>high");
  const mistake = sidebar.root.getByRole("alert");
  await expect(mistake).toContainText("compares numbers");
  await expect(sidebar.root.locator(".runlab-Filter-place")).toHaveText("high");
  await expect(sidebar.rows, "the last good filter stays").toHaveCount(1);
  await sidebar.filter.fill("nothing-like-it");
  await expect(sidebar.root.getByText("No run matches")).toBeVisible();
  await sidebar.filter.press("Escape");
  await expect(sidebar.rows).toHaveCount(3);
});

test("every order of the list", async ({ sidebar, store }) => {
  await make(store, { name: "b", accuracy: 0.7, seed: 3, minutesAgo: 3, durationMs: 100 });
  await make(store, { name: "a", accuracy: 0.9, seed: 2, minutesAgo: 2, durationMs: 300 });
  await make(store, { name: "c", accuracy: 0.8, seed: 1, minutesAgo: 1, durationMs: 200 });
  await expect(sidebar.names).toHaveText(["c", "a", "b"]);
  const sort = sidebar.root.getByRole("combobox", { name: "Sort by" });
  for (const [order, names] of [
    ["name", ["a", "b", "c"]],
    ["metric", ["a", "c", "b"]],
    ["seed", ["c", "a", "b"]],
    ["duration", ["a", "c", "b"]],
    ["newest", ["c", "a", "b"]],
  ] as const) {
    await sort.selectOption(order);
    await expect(sidebar.names, order).toHaveText([...names]);
  }
  await sidebar.root.getByRole("button", { name: "Sorted downwards" }).click();
  await expect(sidebar.names).toHaveText(["b", "a", "c"]);
});

test("runs are selected with the mouse and with the keyboard", async ({ sidebar, store, page }) => {
  for (const [i, name] of ["one", "two", "three", "four"].entries()) await make(store, { name, minutesAgo: i });
  await expect(sidebar.names).toHaveText(["one", "two", "three", "four"]);
  const selected = sidebar.list.locator('[aria-selected="true"] .runlab-Row-name');

  await sidebar.row("two").click();
  await expect(selected).toHaveText(["two"]);
  await sidebar.row("four").click({ modifiers: ["ControlOrMeta"] });
  await expect(selected).toHaveText(["two", "four"]);
  await sidebar.row("two").click();
  await sidebar.row("four").click({ modifiers: ["Shift"] });
  await expect(selected).toHaveText(["two", "three", "four"]);
  await expect(sidebar.compare).toHaveText("Compare (3)");

  await page.keyboard.press("Home");
  await expect(selected).toHaveText(["one"]);
  await page.keyboard.press("Shift+ArrowDown");
  await expect(selected).toHaveText(["one", "two"]);
  await page.keyboard.press("Control+ArrowDown");
  await expect(selected).toHaveText(["one", "two"]);
  await page.keyboard.press("Control+ArrowDown");
  await page.keyboard.press(" ");
  await expect(selected).toHaveText(["one", "two", "four"]);
  await page.keyboard.press("Control+a");
  await expect(selected).toHaveText(["one", "two", "three", "four"]);
  await page.keyboard.press("Escape");
  await expect(selected).toHaveCount(0);
  await page.keyboard.press("Home");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.locator(".runlab-Diff-headline")).toBeVisible();
});

test("nested runs stand below their parent and can be folded away", async ({ sidebar, store }) => {
  const parent = await make(store, { name: "tune", minutesAgo: 9 });
  await make(store, { name: "trial-1", parent, minutesAgo: 8 });
  await make(store, { name: "trial-2", parent, minutesAgo: 7 });
  await make(store, { name: "later", minutesAgo: 1 });
  await expect(sidebar.names).toHaveText(["later", "tune", "trial-2", "trial-1"]);
  const left = async (name: string): Promise<number> => (await sidebar.row(name).locator(".runlab-Row-name").boundingBox())!.x;
  expect(await left("trial-1")).toBeGreaterThan(await left("tune"));
  await sidebar.row("tune").click();
  await sidebar.list.press("ArrowLeft");
  await expect(sidebar.names).toHaveText(["later", "tune"]);
  await expect(sidebar.row("tune")).toContainText("2 nested");
  await sidebar.list.press("ArrowRight");
  await expect(sidebar.rows).toHaveCount(4);
});

test("a damaged, a foreign and a newer folder are listed with the reason, beside the others", async ({ sidebar, store }) => {
  await make(store, { name: "good" });
  const broken = (name: string, meta: string): void => {
    const folder = join(store.root, "runs", `2026-01-02T03-04-05Z__${name}__seed1__${name.slice(0, 4)}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "run_meta.json"), meta);
  };
  broken("damaged", '{"format_version": 1, "id": ');
  broken("newer", '{"format_version": 99, "id": "x"}');
  await store.list();
  await expect(sidebar.rows).toHaveCount(3);
  await expect(sidebar.row("damaged")).toHaveAttribute("data-status", "problem");
  await expect(sidebar.row("damaged")).toContainText("damaged");
  await expect(sidebar.row("newer")).toContainText("newer runlab");
  await sidebar.row("newer").dblclick();
  await expect(sidebar.page.locator(".runlab-RunTab").getByRole("alert")).toContainText("update runlab to read it");
});

test("a deleted run and a compacted index are followed", async ({ sidebar, store }) => {
  const index = join(store.root, "runs", "index");
  mkdirSync(index, { recursive: true });
  const record = (id: string, t: number, more: object = {}): string =>
    `${JSON.stringify({ id, t, name: id, status: "finished", started: t, duration_ms: 5, seed: 1, notebook: null, main_metric: null, metrics: {}, flags: {}, parent: null, tags: [], ...more })}\n`;
  writeFileSync(join(index, "one.jsonl"), record("a", 1) + record("b", 2));
  writeFileSync(join(index, "two.jsonl"), record("c", 3, { status: "running" }));
  await expect(sidebar.names).toHaveText(["c", "b", "a"]);
  writeFileSync(join(index, "two.jsonl"), record("c", 4) + record("a", 5, { deleted: true }), { flag: "a" });
  await expect(sidebar.names).toHaveText(["c", "b"]);
  await expect(sidebar.row("c")).toHaveAttribute("data-status", "finished");
  writeFileSync(join(index, "three.jsonl"), record("c", 4) + record("d", 6));
  rmSync(join(index, "one.jsonl"));
  rmSync(join(index, "two.jsonl"));
  await expect(sidebar.names).toHaveText(["d", "c"]);
});

test("20,000 runs: only the visible lines exist, and filter and keyboard reach every run", async ({ sidebar, store }) => {
  const index = join(store.root, "runs", "index");
  mkdirSync(index, { recursive: true });
  let text = "";
  for (let i = 0; i < 20_000; i++) {
    text += `${JSON.stringify({ id: `run-${i}`, t: i + 1, name: `run-${i}`, status: "finished", started: i + 1, duration_ms: i, seed: i, notebook: "lab.ipynb", main_metric: "accuracy", metrics: { accuracy: i / 20_000 }, flags: { depth: i % 10 }, parent: null, tags: [] })}\n`;
  }
  writeFileSync(join(index, "many.jsonl"), text);
  await expect(sidebar.root.locator(".runlab-Sidebar-count")).toHaveText("20000 runs");
  await expect(sidebar.names.first()).toHaveText("run-19999");
  expect(await sidebar.rows.count()).toBeLessThan(60);
  await sidebar.names.first().click();
  await sidebar.list.press("End");
  await expect(sidebar.row("run-0")).toHaveAttribute("aria-selected", "true");
  await expect(sidebar.row("run-0")).toHaveAttribute("aria-setsize", "20000");
  await sidebar.filter.fill("run-777 depth=7 accuracy<0.1");
  await expect(sidebar.names).toHaveText(["run-777"]);
});
