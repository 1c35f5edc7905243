import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FilterError, matches, parseFilter, type IndexRecord } from "runlab/format";

const NOW = Date.UTC(2026, 10, 21, 12);
const record: IndexRecord = {
  id: "2026-11-21T10-15-30Z__forest__seed42__k3f9",
  t: NOW,
  name: "Forest",
  status: "finished",
  started: NOW - 90 * 60_000,
  duration_ms: 95_000,
  seed: 42,
  notebook: "labs/Week 1.ipynb",
  main_metric: "accuracy",
  metrics: { accuracy: 0.95, "f1/macro": 0.9, rmse: -1 },
  flags: { n_estimators: 200, kind: "Deep", fast: true, sizes: [1, 2, 3] },
  parent: null,
  tags: ["week-1", "best so far"],
};
const holds = (filter: string): boolean => matches(parseFilter(filter), record, NOW);

describe("filter", () => {
  test.each([
    "", "  ", "forest", "FOREST", "k3f9", "week", '"week 1"', '"best so"', "-tree", '-"no such words"', "forest -tree",
    "accuracy>0.9", "accuracy>=0.95", "accuracy<=0.95", "accuracy=0.95", "accuracy:0.95", "accuracy!=0.9", "rmse<-0.5", "rmse=-1e0", "f1/macro>0.8",
    "status:finished", "status=Finished", "status!=failed", "-status:failed", "seed:42", "seed>41", "n_estimators=200", "n_estimators>100",
    "kind:deep", "kind:ee", "kind=deep", "kind!=shallow", "fast:true", "fast=true", "sizes:2", "sizes>2", "sizes!=4",
    "name:for", "name=forest", "notebook:labs", 'notebook:"week 1"', 'tag:"best so far"', "tag=week-1", "tag!=other", "id:k3f9",
    "duration>90s", "duration<2m", "duration=95000ms", "age<2h", "age>1h", "age<1d", "age<1w", "forest accuracy>0.9 status:finished seed:42 -word \"week-1\"",
  ])("%j matches", (filter) => expect(holds(filter)).toBe(true));

  test.each([
    "tree", "-forest", '-"week 1"', "accuracy>0.95", "accuracy<0.95", "accuracy!=0.95", "status:failed", "-status:finished", "seed:43", "n_estimators<200",
    "kind=dee", "kind>1", "fast:false", "sizes:4", "sizes!=2", "name=fores", "tag=best", "tag!=week-1", "duration>2m", "age>2h", "auc>0", "auc!=1", "toString:function", "constructor:x", "__proto__:x", "forest tree",
  ])("%j does not match", (filter) => expect(holds(filter)).toBe(false));

  test.each([
    ["status:done", 8, "filter, at character 8: there is no such status; received \"done\"; allowed: running, finished, failed, interrupted, crashed"],
    ["status>failed", 1, 'filter, at character 1: status has no order; received ">"; allowed: : = or !='],
    ["a name>b", 3, 'filter, at character 3: name is text and has no order; received ">"; allowed: : = or !='],
    ["seed:x", 6, 'filter, at character 6: seed takes a number; received "x"; allowed: such as 42'],
    ["age<2", 5, 'filter, at character 5: age takes a time with a unit; received "2"; allowed: such as 500ms, 90s, 10m, 2h, 3d or 1w'],
    ["duration>fast", 10, 'filter, at character 10: duration takes a time with a unit; received "fast"; allowed: such as 500ms, 90s, 10m, 2h, 3d or 1w'],
    ["accuracy>high", 10, 'filter, at character 10: > compares numbers; received "high"; allowed: such as 0.9; text can be compared with : = or !='],
    ["accuracy>", 10, "filter, at character 10: a value is missing; allowed: a number, a word or quoted words, with no space before it"],
    ["accuracy> 0.9", 10, "filter, at character 10: a value is missing; allowed: a number, a word or quoted words, with no space before it"],
    ['forest "two', 8, 'filter, at character 8: the quote is not closed; allowed: a second " after the words'],
    ['name:"two', 6, 'filter, at character 6: the quote is not closed; allowed: a second " after the words'],
    ["=5", 1, 'filter, at character 1: a comparison needs a name before it; received "="; allowed: such as accuracy>0.9 or status:finished'],
    ["well!", 5, 'filter, at character 5: ! stands only in !=; received "!"; allowed: seed!=42, or quotes around a word that holds "!"'],
  ])("%j is refused with its place", (filter, position, message) => {
    let thrown: unknown;
    try {
      parseFilter(filter);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(FilterError);
    expect((thrown as FilterError).position).toBe(position);
    expect((thrown as FilterError).message).toBe(message);
  });

  test("any text is read or refused with a place inside it", () => {
    const pieces = fc.constantFrom("a", "accuracy", ">", "<", "=", "!", ":", '"', "-", " ", "0.9", "status", "age", "2h", "\t", "é", "\u0000", "__proto__");
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(""))), (text) => {
        try {
          expect(typeof matches(parseFilter(text), record, NOW)).toBe("boolean");
        } catch (error) {
          expect(error).toBeInstanceOf(FilterError);
          expect((error as FilterError).position).toBeGreaterThan(0);
          expect((error as FilterError).position).toBeLessThanOrEqual(text.length + 1);
        }
      }),
    );
  });

  test("quoted words find what holds them, and their negative does not", () => {
    fc.assert(
      fc.property(fc.string().filter((text) => !text.includes('"')), (text) => {
        const named = { ...record, name: `x${text}y` };
        expect(matches(parseFilter(`"${text}"`), named, NOW)).toBe(true);
        expect(matches(parseFilter(`-"${text}"`), named, NOW)).toBe(false);
      }),
    );
  });

  test("a megabyte of anything is read or refused", () => {
    for (const hostile of ["a".repeat(1e6), "-".repeat(1e6), '"'.repeat(1e6), "a ".repeat(5e5), "a:1 ".repeat(2.5e5), `${"a".repeat(1e6)}!`, `x>${"9".repeat(1e6)}`, " ".repeat(1e6), `age<${"1".repeat(5e5)}${"h".repeat(5e5)}`]) {
      try {
        expect(parseFilter(hostile).length).toBeLessThanOrEqual(5e5);
      } catch (error) {
        expect(error).toBeInstanceOf(FilterError);
        expect((error as Error).message.length).toBeLessThan(1000);
      }
    }
  });
});
