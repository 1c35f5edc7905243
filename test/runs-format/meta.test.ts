import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkMeta, FORMAT_VERSION, shortId } from "runlab/format";

const least = { format_version: 1, id: "x", status: "finished" };

describe("checkMeta", () => {
  test.each([
    ["{", "damaged: the record of the run is not JSON (a copy that was cut off?)"],
    ["[]", "not a run of runlab: the record should be an object and is a list"],
    ["null", "not a run of runlab: the record should be an object and is null"],
    ["{}", "not a run of runlab: the record has no format_version"],
    ['{"format_version":"1"}', "not a run of runlab: the record has no format_version"],
    ['{"format_version":2,"anything":true}', "made by a newer runlab (format version 2; this one reads up to 1): update runlab to read it"],
    ['{"format_version":1}', 'damaged: "id" should be text and is missing'],
    ['{"format_version":1,"id":"a","status":"done"}', 'damaged: "status" should be one of running, finished, failed, interrupted, crashed and is "done"'],
    ['{"format_version":1,"id":"a","status":"failed","metrics":{"a":"b"}}', 'damaged: "metrics" should be numbers by name and is an object'],
    ['{"format_version":1,"id":"a","status":"failed","seed":"42"}', 'damaged: "seed" should be a number and is "42"'],
    ['{"format_version":1,"id":"a","status":"failed","files":[{"path":1}]}', 'damaged: "files" should be a list of files and is a list'],
    ['{"format_version":1,"id":"a","status":"failed","started_at":"yesterday"}', 'damaged: "started_at" should be a time and is "yesterday"'],
  ])("%s is refused with one line", (text, problem) => expect(checkMeta(text)).toEqual({ meta: null, problem }));

  test("absent fields say that they are not known, unknown fields are kept", () => {
    const { meta, problem } = checkMeta({ ...least, from_the_future: { a: [1] } });
    expect(problem).toBeNull();
    expect(meta).toMatchObject({ id: "x", metrics: {}, tags: [], duration_ms: null, notebook: null, files: [], from_the_future: { a: [1] } });
    expect(meta?.inputs).toEqual({ code: null, data: null, config: null, seed: null, environment: null });
  });

  test("a member called __proto__ pollutes nothing and is kept", () => {
    const { meta } = checkMeta('{"format_version":1,"id":"x","status":"finished","__proto__":{"polluted":true},"metrics":{"__proto__":1}}');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect((meta as { polluted?: unknown } | null)?.polluted).toBeUndefined();
    expect(Object.keys(meta ?? {})).toContain("__proto__");
    expect(Object.keys(meta?.metrics ?? {})).toEqual(["__proto__"]);
    // The version must be its own, not one that hides in a prototype.
    expect(checkMeta('{"__proto__":{"format_version":1,"id":"x","status":"finished"}}').meta).toBeNull();
  });

  test("nothing makes it throw, and a problem is one short line", () => {
    const fields = ["id", "status", "seed", "metrics", "files", "error", "inputs", "started_at", "tags", "writer"];
    const odd = fc.dictionary(fc.constantFrom(...fields), fc.jsonValue()).map((record) => ({ ...least, ...record }));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.jsonValue(), odd, odd.map((value) => JSON.stringify(value))), (value) => {
        const { meta, problem } = checkMeta(value);
        expect((meta === null) !== (problem === null)).toBe(true);
        if (problem !== null) expect(problem).toMatch(/^[^\n]{1,200}$/);
        else expect(meta?.format_version).toBe(FORMAT_VERSION);
      }),
    );
    for (const huge of ["x".repeat(1e6), `{"format_version":1,"id":"x","status":"${"y".repeat(1e6)}"}`, "[".repeat(1e5)]) expect(checkMeta(huge).problem?.length).toBeLessThan(300);
  });
});

test.each([
  ["2026-11-21T10-15-30Z__forest__seed42__k3f9", "forest__k3f9"],
  ["2026-11-21T10-15-30Z__my__model__seed42__k3f9", "my__model__k3f9"],
  ["short", "short"],
  ["an-id-of-another-program-0123456789ab", "…0123456789ab"],
])("shortId(%s) is %s", (id, short) => expect(shortId(id)).toBe(short));

test("a record nested without end is damaged, and an endless number is no number", () => {
  const meta = { format_version: 1, id: "x", status: "finished" };
  const deep = `{"format_version":1,"id":"x","status":"finished","flags":{"d":${"[".repeat(20_000)}${"]".repeat(20_000)}}}`;
  expect(checkMeta(deep).problem).toBe("damaged: the record is nested more than 100 levels deep");
  expect(checkMeta(JSON.stringify({ ...meta, flags: { list: [[[1]]] } })).problem).toBeNull();
  expect(checkMeta('{"format_version":1,"id":"x","status":"finished","metrics":{"acc":1e999}}').problem).toMatch(/"metrics" should be numbers by name/);
});
