/** Model files that are cut off, changed or made to hurt: a working model or one clear line, never anything else. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { RunlabError } from "../../../src/errors.js";
import { readLightGBM, readXGBoost } from "../../../src/models/index.js";
import { stream } from "../../../src/random/index.js";
import { parseUbjson } from "../../../src/models/foreign/ubjson.js";
import { xgboostModel } from "../../../src/models/foreign/xgboost-document.js";
import { parseLightGBM } from "../../../src/models/foreign/lightgbm-text.js";
import { rawScores } from "../../../src/models/foreign/foreign-model.js";
import type { ForeignFile } from "../../../src/models/foreign/lightgbm-text.js";
import { modelPath } from "./foreign-data.js";

const bytesOf = (file: string): Buffer => gunzipSync(readFileSync(modelPath(file)));

/** Reads, predicts three rows if it can, and lets only a RunlabError of one line pass. */
function survives(read: () => ForeignFile, how: string): boolean {
  let file: ForeignFile;
  try {
    file = read();
  } catch (error) {
    expect(error, how).toBeInstanceOf(RunlabError);
    expect((error as Error).message, how).not.toMatch(/\n/);
    expect((error as Error).message.length, how).toBeLessThan(700);
    return false;
  }
  const { model } = file;
  const columns = model.categories.map((_, f) => Float64Array.of(0.5 * f, NaN, -1e300));
  expect(rawScores(model, columns, 3), how).toHaveLength(3 * model.outputs);
  return true;
}

describe("LightGBM", () => {
  const text = bytesOf("lgb-codes.txt.gz").toString();
  const changed = (from: string | RegExp, to: string): Promise<unknown> => readLightGBM(text.replace(from, to));

  test("what is wrong is said in one line", async () => {
    await expect(readLightGBM("no/such/model.txt")).rejects.toThrow('readLightGBM cannot read the file: there is no such file; received "no/such/model.txt"');
    await expect(readLightGBM(tmpdir())).rejects.toThrow("it is a folder");
    await expect(readLightGBM("{\n}")).rejects.toThrow("this is not a LightGBM text model");
    await expect(readLightGBM(7 as never)).rejects.toThrow("readLightGBM takes the path of a file, or the text of a model");
    await expect(readLightGBM(text, { clases: [] } as never)).rejects.toThrow("readLightGBM: there is no option clases; did you mean classes?");
    await expect(readLightGBM(text, { classes: ["a", "b"] })).rejects.toThrow("classes belong to a classifier");
    await expect(readLightGBM(text, { features: ["a"] })).rejects.toThrow("features names every feature of the model; received \"1 names\"; allowed: 4");
    await expect(readLightGBM(text.slice(0, text.length / 2))).rejects.toThrow('is cut off: it has no line "end of trees"');
    await expect(readLightGBM(modelPath("lgb-linear.txt.gz"))).rejects.toThrow("a LightGBM model with linear trees cannot be read; received \"is_linear=1 in tree 0\"");
    await expect(changed(/num_leaves=\d+/, "num_leaves=2000000000")).rejects.toThrow("num_leaves of tree 0 is a whole number");
    await expect(changed(/num_leaves=\d+/, "num_leaves=99999999")).rejects.toThrow("leaf_value of tree 0 should have 99999999 numbers");
    await expect(changed(/left_child=\S+/, "left_child=0")).rejects.toThrow(/tree 0 reaches a node twice|tree \d is no tree/);
    await expect(changed(/left_child=\S+/, "left_child=500")).rejects.toThrow("tree 0 has a child that does not exist");
    await expect(changed(/threshold=\S+/, "threshold=nan")).rejects.toThrow("threshold of tree 0 holds something that is no finite number");
    await expect(changed(/leaf_value=\S+/, "leaf_value=1e999")).rejects.toThrow("no finite number");
    await expect(changed(/split_feature=\S+/, "split_feature=77")).rejects.toThrow("tree 0 asks for a feature that is not among the 4");
    await expect(changed(/num_tree_per_iteration=1/, "num_tree_per_iteration=999999999")).rejects.toThrow("num_tree_per_iteration is a whole number");
    await expect(changed(/max_feature_idx=3/, "max_feature_idx=2147483647")).rejects.toThrow("max_feature_idx is a whole number");
    await expect(changed(/cat_boundaries=0 \d+/, "cat_boundaries=0 99999999")).rejects.toThrow(RunlabError);
    await expect(changed(/objective=\S+/, "objective=__proto__")).resolves.toMatchObject({ origin: { objective: "__proto__" } });
  });

  test.each(["lgb-codes.txt.gz", "lgb-digits.txt.gz", "lgb-zero-missing.txt.gz"])("%s: cut off anywhere, or with letters changed", (file) => {
    const whole = bytesOf(file).toString();
    const random = stream("hostile files", 1);
    // Where the trees are: their words and numbers are what reading depends on.
    const end = whole.indexOf("end of trees");
    for (let i = 0; i < 40; i++) expect(survives(() => parseLightGBM(whole.slice(0, random.int(end))), `cut ${i}`)).toBe(false);
    let refused = 0;
    for (let i = 0; i < 120; i++) {
      const at = random.int(Math.min(end, 6000));
      const replacement = ["-", "9", "\n", " ", "e", "=", "", "NaN", "999999999", "1e308", "\u0000"][random.int(11)];
      if (!survives(() => parseLightGBM(whole.slice(0, at) + replacement + whole.slice(at + 1)), `change ${i} at ${at}`)) refused++;
    }
    expect(refused).toBeGreaterThan(20);
  });
});

describe("XGBoost", () => {
  const text = bytesOf("xgb-squared.json.gz").toString();
  const fresh = (): any => JSON.parse(text);
  const read = async (change: (document: any, tree: any) => void): Promise<unknown> => {
    const document = fresh();
    change(document, document.learner.gradient_booster.model.trees[0]);
    return readXGBoost(document);
  };

  test("what is wrong is said in one line", async () => {
    await expect(readXGBoost("no/such/model.json")).rejects.toThrow("there is no such file");
    await expect(readXGBoost("{")).rejects.toThrow("it is no whole JSON");
    await expect(readXGBoost("{}")).rejects.toThrow("this is not an XGBoost model");
    await expect(readXGBoost(text.slice(0, -100))).rejects.toThrow("it is no whole JSON");
    await expect(readXGBoost(text, { iterations: 21 })).rejects.toThrow("the XGBoost model has fewer rounds; received \"iterations 21\"; allowed: up to 20");
    await expect(readXGBoost(text, { iterations: 0.5 })).rejects.toThrow("iterations is a whole number of rounds");
    await expect(read((_, tree) => { tree.left_children[0] = 0; })).rejects.toThrow("tree 0 reaches a node twice");
    await expect(read((_, tree) => { tree.left_children[1] = tree.right_children[0]; })).rejects.toThrow("tree 0 reaches a node twice");
    await expect(read((_, tree) => { tree.right_children[0] = 1e9; })).rejects.toThrow("tree 0 has a child that does not exist");
    await expect(read((_, tree) => { tree.split_conditions[0] = null; })).rejects.toThrow("tree 0 has a threshold that is no number");
    await expect(read((_, tree) => { tree.split_conditions = { length: 1e9 }; })).rejects.toThrow("split_conditions of tree 0 is missing");
    await expect(read((_, tree) => { tree.split_indices[0] = 3; })).rejects.toThrow("asks for a feature that is not among the 3");
    await expect(read((_, tree) => { tree.split_type[0] = 1; })).rejects.toThrow("tree 0 has a cut of an unknown kind at node 0");
    await expect(read((_, tree) => { Object.assign(tree, { categories: [1e12], categories_nodes: [0], categories_segments: [0], categories_sizes: [1] }); })).rejects.toThrow("holds something that is no category");
    await expect(read((_, tree) => { tree.tree_param.size_leaf_vector = "3"; })).rejects.toThrow("several targets at once");
    await expect(read((document) => { document.learner.learner_model_param.num_feature = "4000000000"; })).rejects.toThrow("num_feature is a whole number");
    await expect(read((document) => { document.learner.learner_model_param.base_score = "zero"; })).rejects.toThrow("base_score is a number");
    await expect(read((document) => { document.learner.objective.name = "constructor"; })).rejects.toThrow("an objective that is not known; received \"constructor\"");
    await expect(read((document) => { document.learner.gradient_booster.name = "toString"; })).rejects.toThrow("its booster is not known");
    await expect(read((document) => { document.learner.gradient_booster.model.tree_info[0] = -1; })).rejects.toThrow("tree 0 adds to a class that is not there");
  });

  test("sets of categories cannot ask for more memory than their limit", async () => {
    const document = fresh();
    const { trees } = document.learner.gradient_booster.model;
    const tree = trees[0];
    Object.assign(tree, { split_type: tree.left_children.map(() => 1), categories_nodes: tree.left_children.map((_: number, i: number) => i), categories_segments: tree.left_children.map(() => 0), categories_sizes: tree.left_children.map(() => 1), categories: [16777215] });
    document.learner.gradient_booster.model.trees = new Array(20).fill(tree);
    await expect(readXGBoost(document)).rejects.toThrow("brings the sets of categories over their limit");
  });

  test("JSON: any part replaced by something else", () => {
    const random = stream("hostile files", 2);
    const odd: unknown[] = [null, -1, 1e9, 0.5, "x", [], {}, true, { length: 1e9 }, [[]], "9".repeat(400), NaN];
    let refused = 0;
    for (let i = 0; i < 150; i++) {
      const document = fresh();
      const model = document.learner.gradient_booster.model;
      model.trees.length = 2;
      model.tree_info.length = 2;
      let at: any = document;
      for (;;) {
        const keys = Object.keys(at);
        const key = keys[random.int(keys.length)];
        if (typeof at[key] === "object" && at[key] !== null && Object.keys(at[key]).length > 0 && random.int(7) > 0) at = at[key];
        else {
          at[key] = odd[random.int(odd.length)];
          break;
        }
      }
      if (!survives(() => xgboostModel(document, null), `change ${i}`)) refused++;
    }
    expect(refused).toBeGreaterThan(30);
  });

  test("UBJSON: cut off anywhere, or with bytes changed", () => {
    const whole = bytesOf("xgb-flights-2.1.ubj.gz");
    const random = stream("hostile files", 3);
    const parse = (bytes: Uint8Array) => () => xgboostModel(parseUbjson(bytes), null);
    expect(survives(parse(whole), "whole")).toBe(true);
    for (let i = 0; i < 60; i++) expect(survives(parse(whole.subarray(0, random.int(whole.length))), `cut ${i}`)).toBe(false);
    for (let i = 0; i < 120; i++) {
      const bytes = Uint8Array.from(whole);
      for (let k = random.int(3); k >= 0; k--) bytes[random.int(i % 2 === 0 ? 400 : bytes.length)] = random.int(256);
      survives(parse(bytes), `change ${i}`);
    }
    expect(() => parseUbjson(new Uint8Array(100_000).fill(0x5b))).toThrow("it is nested over 64 deep");
    expect(() => parseUbjson(Uint8Array.of(0x5b, 0x24, 0x5a, 0x23, 0x6c, 0x7f, 0xff, 0xff, 0xff))).toThrow(RunlabError);
    expect(() => parseUbjson(Uint8Array.of(0x5b, 0x24, 0x64, 0x23, 0x55, 0x04))).toThrow("a list is longer than the file");
  });

  test("a gzip file that unpacks to far more than it is, or is cut off", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "runlab-foreign-"));
    try {
      const zipped = readFileSync(modelPath("xgb-squared.json.gz"));
      writeFileSync(path.join(folder, "cut.json.gz"), zipped.subarray(0, 200));
      await expect(readXGBoost(path.join(folder, "cut.json.gz"))).rejects.toThrow("is no whole gzip file");
      writeFileSync(path.join(folder, "empty.json"), "");
      await expect(readXGBoost(path.join(folder, "empty.json"))).rejects.toThrow("it is no whole JSON");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test("a model that was read predicts, is stored and is not fitted", async () => {
  const model = await readLightGBM(modelPath("lgb-flights.txt.gz"), { classes: ["on time", "late"], target: "delay" });
  expect(model.origin).toEqual({ source: "LightGBM", objective: "binary" });
  expect((model as { classes: unknown }).classes).toEqual(["on time", "late"]);
  expect(model.fitted.target).toBe("delay");
  expect(model.fitted.rows).toBe(10_000);
  expect(() => model.fit()).toThrow("a model of LightGBM predicts and is not fitted here");
});
