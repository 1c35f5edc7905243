import { expect, test } from "vitest";
import { MagicError } from "../../kernel-ext/magics/magic.js";
import { parseCell } from "../../kernel-ext/magics/parse.js";

const firstLine = (code: string, seed = 7) => parseCell(code, { seed }).source.split("\n")[0];

function problem(code: string): { message: string; column: number | null } {
  try {
    parseCell(code);
  } catch (error) {
    expect(error).toBeInstanceOf(MagicError);
    const { message, column } = error as MagicError;
    expect(message).not.toContain("\n");
    return { message, column };
  }
  throw new Error(`accepted: ${code}`);
}

test("the run line becomes one typed line and no other line moves", () => {
  const code = "%%run forest --seed 42 --test_size 0.2 --n_estimators 200\nconst a = config.test_size;\n";
  const cell = parseCell(code);
  expect(cell.source).toBe("const config = { test_size: 0.2, n_estimators: 200, seed: 42 };\nconst a = config.test_size;\n");
  expect(cell.magic).toMatchObject({ name: "run", kind: "cell", positional: ["forest"], flags: { seed: 42, test_size: 0.2, n_estimators: 200 } });
  expect(cell.lines).toEqual([]);
});

test.each([
  ["--a 1 --b -2.5 --c 1e-3 --d .5 --e +3 --f 1_000", "a: 1, b: -2.5, c: 0.001, d: 0.5, e: 3, f: 1000"],
  ["--on --off false --no-cache --no-warm_start", "on: true, off: false, cache: false, warm_start: false"],
  ["--path=data/x.csv --label='two words' --q \"say \\\"hi\\\"\\n\"", 'path: "data/x.csv", label: "two words", q: "say \\"hi\\"\\n"'],
  ["--l [1, 2,3] --m a,b --n [\"x y\", 'z'] --o 1,-2 --p [] --r [[1],[2]]", 'l: [1, 2, 3], m: ["a", "b"], n: ["x y", "z"], o: [1, -2], p: [], r: [[1], [2]]'],
  ["--quoted \"42\" --nothing null --max-depth 3", 'quoted: "42", nothing: null, max_depth: 3'],
  ["--win \"C:\\data\\new\" ", 'win: "C:\\\\data\\new"'],
  ["--zero -0 --url https://a.b/c?d=e", 'zero: -0, url: "https://a.b/c?d=e"'],
])("%s", (flags, fields) => {
  expect(firstLine(`%%run ${flags}`)).toBe(`const config = { ${fields}, seed: 7 };`);
});

test.each([
  ["%%run --seed", "--seed needs a value", 13],
  ["%%run --seed 1.5", "--seed must be an integer from 0 to 9007199254740991; received 1.5", 14],
  ["%%run --seed -1", "--seed must be an integer from 0 to 9007199254740991; received -1", 14],
  ["%%run --depth 3 --depth 4", "--depth is given twice", 17],
  ["%%run --max-depth 3 --max_depth 4", "--max_depth is given twice", 21],
  ["%%run --x=", "--x has no value after =", 11],
  ["%%run --2x 3", "--2x is not a name; a flag's name has letters, digits, - and _, and starts with a letter", 7],
  ["%%run --__proto__ 3", "--__proto__ is not allowed as a flag's name", 7],
  ["%%run --constructor", "--constructor is not allowed as a flag's name", 7],
  ["%%run --name \"a", 'the " quote that opens here is not closed', 14],
  ["%%run --l [1,2", "the list that starts here is not closed with ]", 11],
  ["%%run --l [1,,2]", "a value is missing before this comma", 14],
  ["%%run --l 1,,2", "a value is missing next to this comma", 13],
  ["%%run a b", 'a run has one name; quote it when it has spaces: "a b"', 9],
  ["%%run --depth 3 forest", "forest belongs to no flag; a name comes right after %%run, and a text with spaces needs quotes", 17],
  ["%%run depth=3", "a flag starts with two dashes: --depth=3", 7],
  ["%%run --big 12345678901234567890", "12345678901234567890 has more digits than a number keeps; quote it to pass it as text", 13],
  ["%%run --", "a flag has no name after --", 7],
  ["%%run a --name b", "the run has two names: give the word after %%run or --name, not both", null],
  ["%%rum forest", "there is no magic %%rum; did you mean %%run?", 1],
  ["%dif a b", "there is no magic %dif; did you mean %diff?", 1],
  ["%run x", "%run takes the whole cell: write %%run", 1],
  ["%%show x", "%%show stands on one line: write %show", 1],
  ["%show --full last", "%show has no flag --full; it takes no flags", 7],
  ["%runs --limt 3", "%runs has no flag --limt; did you mean --limit?", 7],
  ["const a = 1;\n%%run x", "%%run takes the whole cell: it must be its first line", 1],
])("%s is refused: %s", (code, message, column) => {
  expect(problem(code)).toEqual({ message, column });
});
