import { crc32 as reference } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crc32, historyLine, parseHistory, type HistoryPoint } from "runlab/format";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const points = fc.array(fc.record({ step: fc.double({ noNaN: true, noDefaultInfinity: true }), t: fc.nat(), values: fc.dictionary(fc.string(), fc.double()) }), { maxLength: 20 }).map((list) => list.map((point, i): HistoryPoint => ({ i, ...point })));
const text = (list: HistoryPoint[]): string => list.map(historyLine).join("");
/** JSON has no -0. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (_key, item: unknown) => (typeof item === "number" && !Number.isFinite(item) ? `#${item}` : item)));

describe("crc32", () => {
  test("the check value of the catalogue", () => expect(crc32(bytes("123456789"))).toBe(0xcbf43926));
  test.skipIf(typeof reference !== "function")("agrees with zlib", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
        expect(crc32(data)).toBe(reference(data));
      }),
    );
  });
});

describe("history", () => {
  test("what is written is read, numbers that are not finite included", () => {
    fc.assert(
      fc.property(points, (list) => {
        const { points: read, problem } = parseHistory(text(list));
        expect(problem).toBeNull();
        expect(plain(read)).toEqual(plain(list));
      }),
    );
  });

  test("cut anywhere, it gives the whole points before the cut, and says so unless the cut is at a line end", () => {
    const list: HistoryPoint[] = [0, 1, 2, 3].map((i) => ({ i, step: i * 10, t: i, values: { "loss – test": i / 3 } }));
    const whole = text(list);
    const ends = new Set([0]);
    for (let at = whole.indexOf("\n"); at >= 0; at = whole.indexOf("\n", at + 1)) ends.add(at + 1);
    for (let cut = 0; cut <= whole.length; cut++) {
      const { points: read, problem } = parseHistory(whole.slice(0, cut));
      expect(read).toEqual(list.slice(0, [...ends].filter((end) => end > 0 && end <= cut).length));
      expect(problem === null).toBe(ends.has(cut));
    }
  });

  test("one changed byte is noticed wherever it is", () => {
    const list: HistoryPoint[] = [0, 1, 2].map((i) => ({ i, step: i, t: i, values: { loss: i } }));
    const whole = text(list);
    for (let at = 0; at < whole.length; at++) {
      const changed = whole.slice(0, at) + (whole[at] === "x" ? "y" : "x") + whole.slice(at + 1);
      const { points: read, problem } = parseHistory(changed);
      expect(read).toEqual(list.slice(0, read.length));
      expect(problem).toMatch(/^metrics\/history\.jsonl: line \d/);
    }
  });

  test("a line that is missing, and a line that is no point, stop the reader", () => {
    const list: HistoryPoint[] = [0, 1, 2].map((i) => ({ i, step: i, t: i, values: {} }));
    expect(parseHistory(text([list[0], list[2]])).problem).toBe("metrics/history.jsonl: line 2 should be point 1 and is point 2; the 1 points before it are kept");
    for (const odd of ["null", "[]", '{"i":0}', '{"i":0,"step":0,"t":0,"values":{"a":"b"}}', '{"i":0,"step":0,"t":0,"values":[1]}', '{"i":0,"step":0,"t":0,"values":{"a":null}}']) {
      const line = `${crc32(bytes(odd)).toString(16).padStart(8, "0")} ${odd}\n`;
      expect(parseHistory(line)).toEqual({ points: [], problem: "metrics/history.jsonl: line 1 is not a point of a history; the 0 points before it are kept" });
    }
  });

  test("a metric called __proto__ stays a metric", () => {
    const values = JSON.parse('{"__proto__": 1}') as Record<string, number>;
    const { points: read } = parseHistory(historyLine({ i: 0, step: 0, t: 0, values }));
    expect(Object.keys(read[0].values)).toEqual(["__proto__"]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
