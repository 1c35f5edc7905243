/**
 * Model files with one thing changed, whatever it is: a model that predicts, or one clear line; never another error, a hang
 * or a table of the wrong length. For every row of the table of estimators, and for pipelines over every transformer.
 */
import type { Table } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { RunlabError } from "../../src/errors.js";
import { ESTIMATORS, RidgeRegression, fromJSON, readLightGBM, readXGBoost } from "../../src/models/index.js";
import { TRANSFORMERS, columnTransformer, oneHot, pipeline, scale, transformerFromJSON } from "../../src/preprocess/index.js";
import { type RandomStream, stream } from "../../src/random/index.js";
import { columnNames, select, tableFromColumns, takeRows } from "../../src/table/index.js";
import { dataOf, modelPath } from "./foreign/foreign-data.js";

const random0 = stream("mutations", 0);
const ROWS = 60;
const table = tableFromColumns({
  size: Array.from({ length: ROWS }, () => (random0.next() < 0.1 ? null : random0.normal())),
  island: Array.from({ length: ROWS }, () => (random0.next() < 0.1 ? null : ["Dream", "Biscoe", "Torgersen"][random0.int(3)])),
  ringed: Array.from({ length: ROWS }, () => random0.next() < 0.5),
  seen: Array.from({ length: ROWS }, () => new Date(1.7e12 + 1e9 * random0.int(1000))),
  count: Array.from({ length: ROWS }, () => random0.int(5)),
  label: Array.from({ length: ROWS }, (_, i) => ["a", "b", "c"][i % 3]),
  quantity: Array.from({ length: ROWS }, () => 1 + random0.next()),
  group: Array.from({ length: ROWS }, (_, i) => Math.floor(i / 10)),
});
const rows = takeRows(table, Int32Array.of(3, 1, 7, 20, 21));

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const ODD: Json[] = [null, true, -1, 0, 1, 2, 255, 1e9, 4294967296, 0.5, 1e308, -1e308, "", "x", "__proto__", "constructor", [], {}, [[]], [null], { length: 1e9 }, "A".repeat(300)];
const SIZES: Record<string, number> = { float64: 8, float32: 4, int32: 4, uint32: 4, uint16: 2, uint8: 1 };

/** Every object and list in a document, and the keys in it. */
function places(document: Json): [Json[] | { [key: string]: Json }, string][] {
  const found: [Json[] | { [key: string]: Json }, string][] = [];
  const visit = (value: Json): void => {
    if (typeof value !== "object" || value === null) return;
    for (const key of Object.keys(value)) {
      found.push([value, key]);
      visit((value as { [key: string]: Json })[key]);
    }
  };
  visit(document);
  return found;
}

const isPacked = (value: Json): value is { type: string; length: number; base64: string } =>
  typeof value === "object" && value !== null && !Array.isArray(value) && typeof value["type"] === "string" && value["type"] in SIZES && typeof value["base64"] === "string";

/** One change, and what it was. */
function mutate(document: Json, random: RandomStream): string {
  const all = places(document);
  // Lists of bytes are few among all places, and what reading depends on most.
  const packed = all.filter(([holder, key]) => isPacked((holder as never)[key]));
  const [holder, key] = packed.length > 0 && random.int(2) === 0 ? packed[random.int(packed.length)] : all[random.int(all.length)];
  const record = holder as { [key: string]: Json };
  const value = record[key];
  if (isPacked(value) && random.int(5) > 0) {
    const bytes = Buffer.from(value.base64, "base64");
    const size = SIZES[value.type];
    const kind = random.int(4);
    if (kind === 0 || bytes.length === 0) {
      const longer = Buffer.concat([bytes, Buffer.alloc(size * (1 + random.int(3)), random.int(256))]);
      record[key] = { ...value, length: longer.length / size, base64: longer.toString("base64") };
      return `${key}: longer`;
    }
    if (kind === 1) {
      const kept = Math.floor((random.next() * bytes.length) / size);
      record[key] = { ...value, length: kept, base64: bytes.subarray(0, kept * size).toString("base64") };
      return `${key}: only ${kept}`;
    }
    const at = size * random.int(bytes.length / size);
    if (value.type === "float64") bytes.writeDoubleLE([NaN, Infinity, -Infinity, -1, 1e300, 0.5][random.int(6)], at);
    else for (let i = 0; i < size; i++) bytes[at + i] = [0, 255, random.int(256)][kind === 2 ? 1 : random.int(3)];
    record[key] = { ...value, base64: bytes.toString("base64") };
    return `${key}: another value at ${at / size}`;
  }
  switch (random.int(8)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete record[key];
      return `${key}: gone`;
    case 1:
      if (Array.isArray(value)) record[key] = [...value, ...value.slice(0, 1 + random.int(3))];
      else Object.defineProperty(record, "__proto__", { value: { features: [], state: null, length: 7 }, enumerable: true });
      return `${key}: more`;
    case 2:
      if (Array.isArray(value) && value.length > 0) record[key] = value.slice(0, random.int(value.length));
      else record[key] = null;
      return `${key}: less`;
    default: {
      const odd = ODD[random.int(ODD.length)];
      record[key] = odd;
      return `${key}: ${JSON.stringify(odd).slice(0, 40)}`;
    }
  }
}

function check(text: string, use: (document: Json) => ArrayLike<unknown>, changes: number, seed: number): void {
  const random = stream("mutations", seed);
  let refused = 0;
  for (let i = 0; i < changes; i++) {
    const document = JSON.parse(text) as Json;
    const what = mutate(document, random);
    try {
      expect(use(document), what).toHaveLength(rows.numRows);
    } catch (error) {
      if (error instanceof RunlabError) {
        expect(error.message, what).not.toMatch(/\n/);
        refused++;
      } else throw new Error(`change ${i} (${what}): ${(error as Error).stack}`);
    }
  }
  expect(refused).toBeGreaterThan(changes / 10);
}

interface Fitted {
  predict?(table: Table): ArrayLike<unknown>;
  predictProba?(table: Table): unknown;
  transform?(table: Table): unknown;
}
const predictions = (document: Json): ArrayLike<unknown> => {
  const model = fromJSON<Fitted>(document);
  model.predictProba?.(rows);
  const changed = model.transform?.(rows) as { numRows?: number } | undefined;
  return model.predict?.(rows) ?? { length: changed?.numRows ?? 0 };
};

describe.each(ESTIMATORS.map((row) => [row.name, row] as const))("%s", (_, row) => {
  test("with one thing changed", () => {
    const model = row.create({ ...(/Forest|Trees|Boosting/.test(row.name) ? { nEstimators: 3 } : row.name === "KMeans" ? { nClusters: 3 } : {}), ...(row.stochastic ? { seed: 1 } : {}) }) as any;
    const features = row.numbers === "counts" ? ["count", "ringed"] : row.name === "CategoricalNB" ? ["island", "ringed", "count"] : ["size", "island", "ringed", "seen"];
    const target = row.task === "classification" ? { target: "label" } : row.task === "regression" ? { target: "quantity" } : row.task === "ranking" ? { target: "count", group: "group" } : {};
    check(JSON.stringify(model.fit(table, { features, ...target })), predictions, 100, 1);
  });
});

test.each(["lgb-codes.txt.gz", "xgb-digits.ubj.gz", "xgb-dart-classes.json.gz"])("a model of others with one thing changed: %s", async (file) => {
  const model = file.startsWith("lgb") ? await readLightGBM(modelPath(file)) : await readXGBoost(modelPath(file));
  const data = takeRows(await dataOf(file.includes("codes") ? "awkward" : "digits"), Int32Array.of(0, 1, 2, 3, 4));
  check(JSON.stringify(model), (document) => fromJSON<Fitted>(document).predict!(data), 40, 2);
});

describe("steps", () => {
  test.each(TRANSFORMERS.map((row) => [row.name, row] as const))("%s with one thing changed", (name, row) => {
    const step = name === "columnTransformer" ? columnTransformer([{ columns: ["size"], steps: scale() }, { columns: ["island"], steps: oneHot() }]) : row.create({});
    step.fit(select(table, columnNames(table).filter((each) => each !== "label" && each !== "group")), { target: "quantity" });
    check(JSON.stringify(step), (document) => ({ length: (transformerFromJSON(document as never).transform(rows) as Table).numRows }), 50, 3);
  });

  test("a pipeline with one thing changed", () => {
    const model = pipeline([columnTransformer([{ columns: ["size"], steps: scale() }, { columns: ["island"], steps: oneHot() }]), new RidgeRegression()] as never) as any;
    model.fit(table, { target: "quantity", features: ["size", "island", "ringed"] });
    check(JSON.stringify(model), predictions, 100, 4);
  });
});
