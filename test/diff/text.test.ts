import { describe, expect, test } from "vitest";
import { diffRuns, diffText } from "runlab/diff";
import { displayWidth, fit, wrap } from "../../src/diff/columns.js";
import { CELL, run, withTrees } from "./documents.js";

const curve = (scale: number) => Array.from({ length: 40 }, (_, i) => ({ i, step: i, t: i, values: { loss: scale / (i + 1) } }));

const before = run("k3f9", { history: curve(1), plots: { "confusion matrix": { mark: "rect" } } });
const after = withTrees("p2q8", 200, 0.958, {
  meta: { seed: 43, started_at: "2026-11-21T11:00:00.000Z" },
  history: curve(2),
  code: { "cell.ts": CELL.replace("100", "200").replace('target: "species"', 'target: "species", stratify: true') },
});

describe("diffText", () => {
  test("two runs, 80 columns", () => {
    expect(diffText(diffRuns([before, after]), { width: 80 })).toMatchInlineSnapshot(`
      "config: 1 flag; code: 1 line; seed: 42 → 43; same data and environment; accuracy
      +0.8 points (one seed: cannot tell)

      1  forest__k3f9  seed 42  finished  2026-11-21 10:15 UTC
      2  forest__p2q8  seed 43  finished  2026-11-21 11:00 UTC

      Config  1 flag
                                            run 1  run 2
        n_estimators                        100    200
        RandomForestClassifier.nEstimators  100    200

      Metrics  1 metric of 2 differs
                  run 1  run 2
        accuracy  0.95   0.958  +0.008 better

      Curves  1 curve of 1 differs
        loss
          run 1  ▄▃▂▂▂▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁  1 → 0.025, steps 0 to 39
          run 2  █▄▃▃▂▂▂▂▂▂▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁  2 → 0.05, steps 0 to 39

      Code  1 line
        cell.ts
        2   const penguins = await readTable("data/penguins.parquet");
        3 - const { train, test } = split(penguins, { target: "species" });
        3 + const { train, test } = split(penguins, { target: "species", stratify: tru
          + e });
        4   const model = new RandomForestClassifier({ nEstimators: config.n_estimato…
        5   evaluate(model, test);

      Plots  1 plot of 1 differs
                          run 1  run 2
        confusion matrix  shown  (not set)

      The same: data, environment"
    `);
  });

  test("the same in 40 columns", () => {
    expect(diffText(diffRuns([before, after]), { width: 40 })).toMatchInlineSnapshot(`
      "config: 1 flag; code: 1 line; seed: 42 →
      43; same data and environment; accuracy
      +0.8 points (one seed: cannot tell)

      1  forest__k3f9  seed 42  finished  202…
      2  forest__p2q8  seed 43  finished  202…

      Config  1 flag
                                  run 1  run 2
        n_estimators              100    200
        RandomForestClassifier.…  100    200

      Metrics  1 metric of 2 differs
                  run 1  run 2
        accuracy  0.95   0.958  +0.008 better

      Curves  1 curve of 1 differs
        loss
          run 1  1 → 0.025, steps 0 to 39
          run 2  2 → 0.05, steps 0 to 39

      Code  1 line
        cell.ts
        2   const penguins = await readTable(…
        3 - const { train, test } = split(peng
          - uins, { target: "species" });
        3 + const { train, test } = split(peng
          + uins, { target: "species", stratif
          + y: true });
        4   const model = new RandomForestCla…
        5   evaluate(model, test);

      Plots  1 plot of 1 differs
                          run 1  run 2
        confusion matrix  shown  (not set)

      The same: data, environment"
    `);
  });

  test("runs that agree", () => {
    expect(diffText(diffRuns([before, { ...before, meta: { ...before.meta, id: before.meta.id.replace("k3f9", "zzzz") } }]))).toMatchInlineSnapshot(`
      "same config, code, data, seed and environment; accuracy unchanged

      1  forest__k3f9  seed 42  finished  2026-11-21 10:15 UTC
      2  forest__zzzz  seed 42  finished  2026-11-21 10:15 UTC

      The same: config, metrics, curves, code, data, environment, plots"
    `);
  });

  test("three runs, one of which crashed", () => {
    const crashed = run("dead", { meta: { status: "crashed" }, metrics: [], environment: null, inputs: [], history: [] });
    expect(diffText(diffRuns([before, crashed, after]), { width: 100 })).toMatchInlineSnapshot(`
      "config: 1 flag; code: 1 line; seed: 42 → 42 → 43; data and environment not recorded; accuracy not in
      every run

      1  forest__k3f9  seed 42  finished  2026-11-21 10:15 UTC
      2  forest__dead  seed 42  crashed  2026-11-21 10:15 UTC
      3  forest__p2q8  seed 43  finished  2026-11-21 11:00 UTC

      Config  1 flag
                                            run 1  run 2  run 3
        n_estimators                        100    100    200
        RandomForestClassifier.nEstimators  100    100    200

      Metrics  2 metrics of 2 differ
                  run 1  run 2      run 3
        accuracy  0.95   (not set)  0.958  +0.008 better
        log_loss  0.21   (not set)  0.21

      Curves  1 curve of 1 differs
        loss
          run 1  ▄▃▂▂▂▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁  1 → 0.025, steps 0 to 39
          run 2  (not set)
          run 3  █▄▃▃▂▂▂▂▂▂▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁  2 → 0.05, steps 0 to 39

      Code  1 line
        cell.ts  (run 1 and run 3)
        2   const penguins = await readTable("data/penguins.parquet");
        3 - const { train, test } = split(penguins, { target: "species" });
        3 + const { train, test } = split(penguins, { target: "species", stratify: true });
        4   const model = new RandomForestClassifier({ nEstimators: config.n_estimators }).fit(train);
        5   evaluate(model, test);

      Data  1 file not read by all
                                                run 1         run 2      run 3
        data/penguins.parquet: content          abababababab  (not set)  abababababab
        data/penguins.parquet: rows             344           (not set)  344
        data/penguins.parquet: columns          8             (not set)  8
        data/penguins.parquet: role             processed     (not set)  processed
        data/penguins.parquet: type of species  Utf8          (not set)  Utf8

      Environment  Node, V8, ICU and 8 more
                              run 1         run 2      run 3
        Node                  20.20.2       (not set)  20.20.2
        V8                    11.3          (not set)  11.3
        ICU                   78.2          (not set)  78.2
        platform              linux         (not set)  linux
        architecture          x64           (not set)  x64
        Math functions        cdcdcdcdcdcd  (not set)  cdcdcdcdcdcd
        processor             A             (not set)  A
        cores                 2             (not set)  2
        package apache-arrow  21.2.0        (not set)  21.2.0
        package runlab        0.1.0         (not set)  0.1.0
        variable TZ           UTC           (not set)  UTC

      Plots  1 plot of 1 differs
                          run 1  run 2      run 3
        confusion matrix  shown  (not set)  (not set)"
    `);
  });

  test("no line is wider than asked for, whatever the runs hold", () => {
    const long = run("long", { meta: { name: "x".repeat(500) }, config: { flags: { ["日本語".repeat(60)]: "値".repeat(300), n_estimators: "y".repeat(1000) }, steps: [] }, code: { "cell.ts": `${"z".repeat(1e6)}\n\t${"タブ".repeat(100)}` } });
    for (const width of [40, 57, 80, 133]) {
      const lines = diffText(diffRuns([before, long, after]), { width }).split("\n");
      expect(lines.filter((line) => displayWidth(line) > width)).toEqual([]);
    }
  });

  test("colours change nothing but colours", () => {
    const diff = diffRuns([before, after]);
    const colored = diffText(diff, { color: true });
    expect(colored).toContain("\u001b[32m");
    expect(colored.replaceAll(/\u001b\[\d+m/g, "").split("\n").map((line) => line.trimEnd())).toEqual(diffText(diff).split("\n"));
  });
});

test("columns", () => {
  expect(displayWidth("ab日e\u0301😀")).toBe(7);
  expect(fit("日本語", 4)).toBe("日… ");
  expect(fit("ab", 4, "right")).toBe("  ab");
  expect(wrap("aa bb cc", 5)).toEqual(["aa bb", "cc"]);
});
