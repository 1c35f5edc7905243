import fc from "fast-check";
import { expect, test } from "vitest";
import { isRunName, newRunId, slug } from "../../src/runs/store/run-id.js";

const TIME = Date.UTC(2026, 10, 21, 10, 15, 30, 250);

test("an id says when, what and with which seed", () => {
  expect(newRunId("Forest", 42, TIME)).toMatch(/^2026-11-21T10-15-30\.\d{3}Z__forest__seed42__[0-9a-z]{4}$/);
});

test("ids of one name sort in the order they were made, also within a second", () => {
  const ids = Array.from({ length: 2000 }, (_, at) => newRunId("forest", 7, TIME + (at < 1000 ? 0 : 5000)));
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test.each([
  ["../../etc/passwd", "etc-passwd"],
  ["", "run"],
  ["木", "run"],
  ["Crème brûlée, v2", "creme-brulee-v2"],
  ["a\u0000b\nc\u001b[31m", "a-b-c-31m"],
  ["my_model__seed1", "my_model_seed1"],
  [".hidden", "hidden"],
  ["CON", "con"],
  ["x".repeat(500), "x".repeat(40)],
])("the name %j becomes %j", (name, expected) => expect(slug(name)).toBe(expected));

test("whatever the name, the id is one plain folder name of the known shape", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (name) => {
      const id = newRunId(name, 0, TIME);
      expect(id).toMatch(/^2026-11-21T10-\d\d-\d\d\.\d{3}Z__[a-z0-9][a-z0-9_-]{0,39}__seed0__[0-9a-z]{4}$/);
      expect(id.split("__")).toHaveLength(4);
      expect(isRunName(id)).toBe(true);
    }),
  );
});
