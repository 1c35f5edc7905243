import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { RunlabError } from "../../src/errors.js";
import { observe } from "../../src/observe/index.js";
import type { ObservedEvent } from "../../src/observe/index.js";
import { setSeed, stream } from "../../src/random/index.js";
import { FoldList, GroupKFold, KFold, RepeatedKFold, RepeatedStratifiedKFold, SPLITTERS, StratifiedGroupKFold, StratifiedKFold, TimeSeriesSplit, asSplitter, partOf, split } from "../../src/split/index.js";
import { labelsOf, tableFromColumns, takeRows } from "../../src/table/index.js";

afterEach(() => setSeed(null));

/** Rows with classes, groups and moments, drawn. */
function sample(rows: number, seed = 1, { classes = 3, groups = 12 } = {}) {
  const draws = stream("rows", seed);
  return tableFromColumns({
    id: Int32Array.from({ length: rows }, (_, i) => i),
    who: Array.from({ length: rows }, (_, i) => `g${i < groups ? i : Math.min(draws.int(groups), draws.int(groups))}`),
    day: Int32Array.from({ length: rows }, () => draws.int(40)),
    y: Array.from({ length: rows }, (_, i) => `class ${i % 7 === 0 ? i % classes : Math.min(draws.int(classes), draws.int(classes))}`),
  });
}

const OPTIONS: Record<string, Record<string, unknown>> = { GroupKFold: { group: "who" }, StratifiedGroupKFold: { group: "who" } };
const all = (rows: number): number[] => Array.from({ length: rows }, (_, i) => i);
const sorted = (rows: Iterable<number>): number[] => [...rows].sort((a, b) => a - b);

describe.each(SPLITTERS.map((row) => ({ name: row.name, row, given: OPTIONS[row.name] ?? {} })))("$name", ({ row, given }) => {
  const table = sample(120);
  const shuffles = "shuffle" in row.create(given).params();

  it("divides rows into ascending lists that share no row, none of them empty", () => {
    fc.assert(fc.property(fc.integer({ min: 60, max: 160 }), fc.integer({ min: 2, max: 5 }), fc.integer({ min: 0, max: 99 }), fc.boolean(), (rows, nSplits, seed, shuffle) => {
      const options = { ...given, nSplits, ...(shuffles && shuffle ? { shuffle, seed } : {}), ...(!shuffles && "seed" in row.create(given).params() ? { seed, nRepeats: 2 } : {}) };
      const rounds = row.create(options).split(sample(rows, seed), { target: "y" });
      expect(rounds.length).toBe([...rounds].length);
      for (const { train, test } of rounds) {
        expect(train.length * test.length).toBeGreaterThan(0);
        expect([...train]).toEqual(sorted(train));
        expect([...test]).toEqual(sorted(test));
        expect(new Set([...train, ...test]).size).toBe(train.length + test.length);
        expect(Math.max(...train, ...test)).toBeLessThan(rows);
      }
    }), { numRuns: 30 });
  });

  it("gives the same rounds again, by the list, by a new splitter and by the run's seed", () => {
    const drawn = shuffles ? { ...given, shuffle: true } : given;
    setSeed(42);
    const rounds = row.create(drawn).split(table, { target: "y" });
    const first = [...rounds].map((fold) => [[...fold.train], [...fold.test]]);
    expect([...rounds].map((fold) => [[...fold.train], [...fold.test]])).toEqual(first);
    expect([...row.create(drawn).split(table, { target: "y" })].map((fold) => [[...fold.train], [...fold.test]])).toEqual(first);
    expect([[...rounds.at(1).train], [...rounds.at(1).test]]).toEqual(first[1]);
    if (!("seed" in row.create(given).params())) return;
    setSeed(43);
    expect([...row.create(drawn).split(table, { target: "y" })].map((fold) => [[...fold.train], [...fold.test]])).not.toEqual(first);
  });

  it("makes parts of those rows, whose rows are those of the table that was split first", () => {
    const whole = split(table, { target: "y", testSize: 0.2, seed: 3 }).train;
    const splitter = row.create({ ...given, nSplits: 3 });
    setSeed(5);
    const folds = [...splitter.split(whole)];
    [...splitter.parts(whole)].forEach(({ train, test }, i) => {
      expect(test.rows).toEqual(folds[i].test.map((at) => whole.rows![at]));
      expect([...train.table.getChild("id")!]).toEqual([...train.rows!]);
      expect([...test.table.getChild("id")!]).toEqual([...test.rows!]);
      expect([train.name, test.name, train.target]).toEqual(["train", "test", "y"]);
      expect(train.features).toEqual(whole.features);
    });
    expect(splitter.parts(table, { target: "y" }).at(0).train.features).toEqual(["id", "who", "day"].filter((name) => name !== given.group));
  });

  it("says what it did, once and before any round is made", () => {
    const events: ObservedEvent[] = [];
    const stop = observe((event) => events.push(event));
    setSeed(7);
    row.create(given).split(table, { target: "y" });
    row.create(given).parts(table, { target: "y" });
    stop();
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({ type: "split", details: { method: row.name, target: "y", nSplits: 5, rows: 120, chosen: Object.keys(given) } });
    expect(events[1]).toEqual(events[0]);
  });

  it.each([
    ["an option of another spelling", () => row.create({ ...given, n_splits: 3 }).split(table, { target: "y" }), /there is no option n_splits; did you mean nSplits\?/],
    ["no whole number of folds", () => row.create({ ...given, nSplits: 2.5 }).split(table, { target: "y" }), /whole number/],
    ["no fold at all", () => row.create({ ...given, nSplits: 0 }).split(table, { target: "y" }), /nSplits is a whole number, [12] or more; received 0/],
    ["more folds than rows", () => row.create({ ...given, nSplits: 500 }).split(table, { target: "y" }), /500 (folds|tests)/],
    ["an empty table", () => row.create(given).split(takeRows(table, new Uint32Array(0)), { target: "y" }), /0 (rows?|groups?)/],
    ["a table of one row", () => row.create(given).split(takeRows(table, Uint32Array.of(0)), { target: "y" }), /1 (row|group)/],
    ["no table", () => row.create(given).split(undefined as never), /table/],
    ["a round that is not there", () => row.create(given).split(table, { target: "y" }).at(99), /no such fold; received 99/],
  ])("refuses %s in one line", (_, act, message) => {
    expect(act).toThrow(RunlabError);
    expect(act).toThrow(message);
    expect(act).toThrow(/^[^\n]+$/);
  });
});

const testedOnce = (rounds: FoldList, rows: number): void => {
  expect(sorted([...rounds].flatMap(({ test }) => [...test]))).toEqual(all(rows));
  for (const { train, test } of rounds) expect(train.length + test.length).toBe(rows);
};

describe("K-fold", () => {
  it("tests every row once, in folds whose sizes differ by one at most", () => {
    fc.assert(fc.property(fc.integer({ min: 7, max: 300 }), fc.integer({ min: 2, max: 7 }), fc.boolean(), (rows, nSplits, shuffle) => {
      const rounds = new KFold({ nSplits, shuffle, ...(shuffle ? { seed: rows } : {}) }).split(sample(rows));
      testedOnce(rounds, rows);
      const sizes = [...rounds].map(({ test }) => test.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(2);
    }), { numRuns: 40 });
  });

  it("keeps drawing when rows are repeated", () => {
    const rounds = [...new RepeatedKFold({ nSplits: 4, nRepeats: 3, seed: 1 }).split(sample(20))];
    for (let r = 0; r < 3; r++) testedOnce(new FoldList(4, (i) => rounds[4 * r + i]), 20);
    expect([...rounds[0].test]).not.toEqual([...rounds[4].test]);
  });
});

describe("stratified K-fold", () => {
  it("deals the rows of every class, and all rows, evenly", () => {
    fc.assert(fc.property(fc.integer({ min: 60, max: 300 }), fc.integer({ min: 2, max: 4 }), fc.boolean(), (rows, nSplits, shuffle) => {
      const table = sample(rows, rows);
      const { codes, levels } = labelsOf(table, "y");
      const rounds = new StratifiedKFold({ nSplits, shuffle, ...(shuffle ? { seed: 1 } : {}) }).split(table, { target: "y" });
      testedOnce(rounds, rows);
      const sizes = [...rounds].map(({ test }) => test.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(2);
      levels.forEach((_, c) => {
        const members = [...rounds].map(({ test }) => test.filter((row) => codes[row] === c).length);
        expect(Math.max(...members) - Math.min(...members)).toBeLessThan(2);
      });
    }), { numRuns: 40 });
  });

  it("takes another column to stratify by, numbers too, and repeats", () => {
    const table = sample(80, 1, { groups: 5 });
    const rounds = new RepeatedStratifiedKFold({ nSplits: 2, nRepeats: 2, seed: 1, stratify: "who" }).split(table);
    const { codes } = labelsOf(table, "who");
    const members = [...rounds].map(({ test }) => test.filter((row) => codes[row] === 0).length);
    expect(Math.max(...members) - Math.min(...members)).toBeLessThan(2);
    expect(new StratifiedKFold({ nSplits: 2 }).split(tableFromColumns({ y: [0, 1, 0, 1] }), { target: "y" }).length).toBe(2);
  });

  it.each([
    ["a class that is too rare", () => new StratifiedKFold({ nSplits: 3 }).split(tableFromColumns({ y: ["a", "a", "a", "b", "b"] }), { target: "y" }), '2 rows of b in y for 3 folds"; allowed: nSplits of at most 2, or KFold'],
    ["a class of one", () => new StratifiedKFold().split(tableFromColumns({ y: ["a", "a", "a", "b"] }), { target: "y" }), "KFold, or leave that row out"],
    ["a target with holes", () => new StratifiedKFold({ nSplits: 2 }).split(tableFromColumns({ y: ["a", "a", null] }), { target: "y" }), 'missing in 1 of 3 rows; allowed: dropMissing(table, ["y"])'],
    ["no target", () => new StratifiedKFold().split(sample(20)), "whose classes"],
    ["a target that is not there", () => new StratifiedKFold().split(sample(20), { target: "Y2" }), "the target is not a column"],
    ["a seed without shuffling", () => new StratifiedKFold({ seed: 1 }).split(sample(20), { target: "y" }), "takes no seed"],
    ["a seed that is none", () => new KFold({ shuffle: true, seed: -1 }).split(sample(20)), "a seed is a whole number"],
    ["shuffle as text", () => new KFold({ shuffle: "yes" as never }).split(sample(20)), 'shuffle is true or false; received "yes"'],
  ])("refuses %s in one line", (_, act, message) => {
    expect(act).toThrow(RunlabError);
    expect(act).toThrow(message);
    expect(act).toThrow(/^[^\n]+$/);
  });
});

describe("folds of groups", () => {
  it.each([["GroupKFold", GroupKFold], ["StratifiedGroupKFold", StratifiedGroupKFold]] as const)("%s never divides a group", (_, Kind) => {
    fc.assert(fc.property(fc.integer({ min: 60, max: 200 }), fc.integer({ min: 2, max: 4 }), fc.boolean(), (rows, nSplits, shuffle) => {
      const table = sample(rows, rows + nSplits);
      const { codes } = labelsOf(table, "who");
      const rounds = new Kind({ group: "who", nSplits, shuffle, ...(shuffle ? { seed: 2 } : {}) }).split(table, { target: "y" });
      testedOnce(rounds, rows);
      for (const { train, test } of rounds) {
        const tested = new Set([...test].map((row) => codes[row]));
        expect([...train].filter((row) => tested.has(codes[row]))).toEqual([]);
      }
    }), { numRuns: 30 });
  });

  it("the same number of groups to each fold when they are drawn", () => {
    const table = sample(100);
    const groups = labelsOf(table, "who").codes;
    const counts = [...new GroupKFold({ group: "who", nSplits: 5, shuffle: true, seed: 1 }).split(table)].map(({ test }) => new Set([...test].map((row) => groups[row])).size);
    expect(counts).toEqual([3, 3, 2, 2, 2]);
  });

  it("keeps classes nearer to their proportions when stratified", () => {
    const draws = stream("groups", 9);
    // Each group has mostly one class.
    const who = Int32Array.from({ length: 400 }, () => draws.int(40));
    const table = tableFromColumns({ who, y: Array.from(who, (group) => (draws.next() < (group % 4 === 0 ? 0.9 : 0.05) ? "yes" : "no")) });
    const { codes } = labelsOf(table, "y");
    const spread = (rounds: FoldList): number => {
      const shares = [...rounds].map(({ test }) => test.reduce((sum, row) => sum + codes[row], 0) / test.length);
      return Math.max(...shares) - Math.min(...shares);
    };
    expect(spread(new StratifiedGroupKFold({ group: "who" }).split(table, { target: "y" }))).toBeLessThan(spread(new GroupKFold({ group: "who" }).split(table)) / 2);
  });

  it("after a hold-out by group, inside its train: no group is on two sides anywhere", () => {
    const table = sample(200, 4, { groups: 30 });
    const { train, test } = split(table, { target: "y", group: "who", testSize: 0.2, seed: 42 });
    expect(train.features).toEqual(["id", "day"]);
    const groups = (part: { table: { getChild(name: string): any } }): Set<string> => new Set(part.table.getChild("who"));
    const held = groups(test);
    expect(held.size).toBe(6);
    for (const round of new GroupKFold({ group: "who", nSplits: 4 }).parts(train)) {
      const learned = groups(round.train);
      const judged = groups(round.test);
      for (const group of judged) expect(learned.has(group) || held.has(group)).toBe(false);
      for (const group of learned) expect(held.has(group)).toBe(false);
      expect(learned.size + judged.size).toBe(24);
      expect([...round.test.table.getChild("id")!]).toEqual([...round.test.rows!]);
    }
  });

  it.each([
    ["too few groups", () => new GroupKFold({ group: "who" }).split(tableFromColumns({ who: [1, 1, 2, 2, 3] })), '3 groups in who for 5 folds"; allowed: nSplits of at most 3'],
    ["one group", () => new GroupKFold({ group: "who" }).split(tableFromColumns({ who: [1, 1] })), "at least two groups"],
    ["rows without a group", () => new GroupKFold({ group: "who", nSplits: 2 }).split(tableFromColumns({ who: [1, null, 2] })), 'the group "who" is missing in 1 of 3 rows'],
    ["no column of groups", () => new GroupKFold({} as never).split(sample(20)), 'new GroupKFold({ group: "patient" })'],
    ["no options", () => new (GroupKFold as any)().split(sample(20)), "which rows belong together"],
    ["a column that is not there", () => new StratifiedGroupKFold({ group: "whom" }).split(sample(20), { target: "y" }), 'did you mean "who"?'],
    ["a class in too few rows", () => new StratifiedGroupKFold({ group: "who", nSplits: 3 }).split(tableFromColumns({ who: [1, 2, 3, 4], y: ["a", "a", "a", "b"] }), { target: "y" }), "1 row of b in y"],
  ])("refuses %s in one line", (_, act, message) => {
    expect(act).toThrow(RunlabError);
    expect(act).toThrow(message);
    expect(act).toThrow(/^[^\n]+$/);
  });
});

describe("folds in time", () => {
  it("learn from the past only, with the gap between, whatever the order of the rows", () => {
    fc.assert(fc.property(fc.integer({ min: 80, max: 200 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 3 }), fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }), (rows, nSplits, gap, maxTrainSize) => {
      const table = sample(rows, rows);
      const day = [...table.getChild("day")!] as number[];
      const days = [...new Set(day)].sort((a, b) => a - b);
      const place = new Map(days.map((each, i) => [each, i]));
      const rounds = [...new TimeSeriesSplit({ time: "day", nSplits, gap, maxTrainSize }).split(table)];
      let before = -1;
      for (const { train, test } of rounds) {
        const learned = [...train].map((row) => place.get(day[row])!);
        const judged = [...test].map((row) => place.get(day[row])!);
        expect(Math.min(...judged) - Math.max(...learned)).toBe(gap + 1);
        if (maxTrainSize !== undefined) expect(new Set(learned).size).toBeLessThanOrEqual(maxTrainSize);
        else expect(Math.min(...learned)).toBe(0);
        expect(Math.min(...judged)).toBeGreaterThan(before);
        before = Math.max(...judged);
      }
      expect(before).toBe(days.length - 1);
    }), { numRuns: 40 });
  });

  it("take dates and timestamps", () => {
    const table = tableFromColumns({ when: [3, 1, 2, 4].map((day) => new Date(Date.UTC(2026, 0, day))), x: [1, 2, 3, 4] });
    expect([...new TimeSeriesSplit({ time: "when", nSplits: 3 }).split(table)].map(({ train, test }) => [[...train], [...test]])).toEqual([[[1], [2]], [[1, 2], [0]], [[0, 1, 2], [3]]]);
  });

  it.each([
    ["too few moments", () => new TimeSeriesSplit({ time: "day" }).split(tableFromColumns({ day: [1, 1, 2, 2, 3, 3, 3] })), '3 moments in day for 5 tests'],
    ["a gap that leaves nothing", () => new TimeSeriesSplit({ nSplits: 2, gap: 9 }).split(sample(12)), "12 rows for 2 tests of 4 and a gap of 9"],
    ["text for a time", () => new TimeSeriesSplit({ time: "y" }).split(sample(20)), "holds no times"],
    ["rows without a time", () => new TimeSeriesSplit({ time: "day", nSplits: 1 }).split(tableFromColumns({ day: [1, null, 2] })), 'the time "day" is missing in 1 of 3 rows'],
    ["a seed", () => new TimeSeriesSplit({ seed: 1 } as never).split(sample(20)), "there is no option seed"],
  ])("refuses %s in one line", (_, act, message) => {
    expect(act).toThrow(RunlabError);
    expect(act).toThrow(message);
    expect(act).toThrow(/^[^\n]+$/);
  });
});

describe("hold-outs by group and by time", () => {
  it("never divide a group, with every group as likely", () => {
    const table = sample(60, 3, { groups: 10 });
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 300; seed++) {
      const { train, validation, test } = split(table, { target: "y", group: "who", testSize: 0.2, validationSize: 0.1, seed });
      const [a, b, c] = [train, validation, test].map((part) => new Set<string>(part.table.getChild("who") as any));
      expect([a.size, b.size, c.size]).toEqual([7, 1, 2]);
      expect(new Set([...a, ...b, ...c]).size).toBe(10);
      for (const group of c) counts.set(group, (counts.get(group) ?? 0) + 1);
    }
    for (const count of counts.values()) expect(Math.abs(count - 60)).toBeLessThan(30);
  });

  it("take the last moments whole, validation before test", () => {
    const table = tableFromColumns({ day: [5, 1, 2, 2, 3, 4, 4, 4, 1, 5], x: all(10) });
    const { train, validation, test } = split(table, { target: "x", time: "day", testSize: 0.3, validationSize: 0.1 });
    expect([train, validation, test].map((part) => [...part.rows!])).toEqual([[1, 2, 3, 8], [4], [0, 5, 6, 7, 9]]);
    expect(train.features).toEqual(["day"]);
  });

  it("say so", () => {
    const events: any[] = [];
    const stop = observe((event) => events.push(event));
    split(sample(40), { target: "y", group: "who", seed: 9 });
    split(sample(40), { target: "y", time: "day" });
    stop();
    expect(events.map((event) => event.details)).toMatchObject([{ method: "group", group: "who", shuffle: true, seed: 9 }, { method: "time", time: "day", shuffle: false, seed: null }]);
  });

  const table = sample(30);
  it.each([
    ["time and a shuffle", () => split(table, { target: "y", time: "day", shuffle: true }), "order of time"],
    ["time and a seed", () => split(table, { target: "y", time: "day", seed: 1 }), "takes no seed"],
    ["time and group", () => split(table, { target: "y", time: "day", group: "who" }), "by time or by group"],
    ["group and stratify", () => split(table, { target: "y", stratify: true, group: "who" }), "StratifiedGroupKFold"],
    ["group without drawing", () => split(table, { target: "y", shuffle: false, group: "who" }), "draws its groups"],
    ["one group", () => split(tableFromColumns({ who: [1, 1], y: [1, 2] }), { target: "y", group: "who" }), "at least one group; received \"1 group with"],
    ["one moment", () => split(tableFromColumns({ day: [1, 1], y: [1, 2] }), { target: "y", time: "day" }), '1 moment in day for 2 rows'],
    ["a group that is missing", () => split(tableFromColumns({ who: [1, null, 2], y: [1, 2, 3] }), { target: "y", group: "who" }), "missing in 1 of 3 rows"],
    ["features as a text", () => split(table, { target: "y", features: "who" as never }), 'features is a list of names; received "who"; allowed: ["who"]'],
    ["features as a text, of a part", () => partOf(table, { target: "y", features: "who" as never }), 'allowed: ["who"]'],
  ])("refuse %s in one line", (_, act, message) => {
    expect(act).toThrow(RunlabError);
    expect(act).toThrow(message);
    expect(act).toThrow(/^[^\n]+$/);
  });
});

describe.each(SPLITTERS.map((row) => [row.name, row] as const))("options of %s", (_, row) => {
  it("are an object", () => {
    const table = tableFromColumns({ x: [1, 2, 3, 4], y: ["a", "b", "a", "b"] });
    for (const options of [null, "five", 5]) expect(() => row.create(options as never).split(table, { target: "y" })).toThrow(RunlabError);
  });
});

describe("cv", () => {
  it("is a number of folds or a splitter", () => {
    expect(asSplitter(5, "classification", 7).params()).toEqual({ nSplits: 5, shuffle: true, seed: 7, stratify: null });
    expect(asSplitter(3, "regression").name).toBe("KFold");
    const own = new TimeSeriesSplit();
    expect(asSplitter(own, "regression")).toBe(own);
    expect(() => asSplitter(1, "regression")).toThrow("cv is a number of folds or a splitter; received 1");
    expect(() => asSplitter(KFold as never, "regression")).toThrow("KFold; was it meant to be made with new?");
    expect(() => asSplitter(own, "regression", 3)).toThrow("seed of its own");
  });
});
