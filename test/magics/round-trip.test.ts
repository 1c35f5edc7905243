import fc from "fast-check";
import { expect, test } from "vitest";
import type { ConfigValue } from "runlab/format";
import { MagicError } from "../../kernel-ext/magics/magic.js";
import { parseCell } from "../../kernel-ext/magics/parse.js";
import { runRequest } from "../../kernel-ext/magics/run.js";
import { formatValue, parseValue } from "../../kernel-ext/magics/values.js";

const RESERVED = new Set(["seed", "tag", "name", "__proto__", "constructor", "prototype"]);
const flagName = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,12}$/).filter((name) => !RESERVED.has(name) && !name.startsWith("no_"));
const scalar: fc.Arbitrary<ConfigValue> = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.constant(null),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom("", "a b", "--x", "-5", "1e3", "true", "it's", 'say "x"', "C:\\new\\table", "[1]", "a,b", "//", "\u2028", "${x}", "`", "null", "=", "%%run"),
);
const value: fc.Arbitrary<ConfigValue> = fc.oneof(scalar, fc.array(scalar, { maxLength: 4 }), fc.array(fc.array(scalar, { maxLength: 2 }), { maxLength: 2 }));

/** A number beyond the safe integers is written with an exponent, as a user must. */
const exact = (found: ConfigValue): boolean => (typeof found === "number" ? !Number.isInteger(found) || Number.isSafeInteger(found) || /e/.test(String(found)) : Array.isArray(found) ? found.every(exact) : true);

test("what is written on the line is what config holds", () => {
  fc.assert(
    fc.property(fc.dictionary(flagName, value.filter(exact), { maxKeys: 5, noNullPrototype: true }), fc.nat(), (flags, seed) => {
      const line = `%%run --seed ${seed} ${Object.entries(flags).map(([name, one]) => `--${name}=${formatValue(one)}`).join(" ")}`;
      const cell = parseCell(`${line}\nrest`);
      expect(runRequest(cell.magic!)).toEqual({ name: null, seed, tags: [], flags });
      expect(cell.source.split(/[\n\r\u2028\u2029]/)).toHaveLength(2);
      // The generated line is TypeScript that evaluates to the same values.
      const config = new Function(`${cell.source.split("\n")[0]} return config;`)() as Record<string, unknown>;
      expect(config).toEqual({ ...flags, seed });
    }),
    { numRuns: 300 },
  );
});

test("a value survives being written and read, with a space as with =", () => {
  fc.assert(
    fc.property(value.filter(exact), (one) => {
      expect(parseValue(formatValue(one), 1)).toEqual(one);
      const typed = formatValue(one);
      fc.pre(!typed.startsWith("--"));
      expect(parseCell(`%%run --flag ${typed} --other`).magic!.flags).toEqual({ flag: one, other: true });
    }),
    { numRuns: 300 },
  );
});

test("any text is parsed or refused in one line, and the number of lines stays", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), fc.constantFrom("%%run ", "%runs ", "%%run --a ", "const a = 1\n%show ", "%", "%%"), (text, head) => {
      const code = `${head}${text}\nnext`;
      try {
        expect(parseCell(code).source.split("\n")).toHaveLength(code.split("\n").length);
      } catch (error) {
        expect(error).toBeInstanceOf(MagicError);
        expect((error as Error).message.split("\n")).toHaveLength(1);
      }
    }),
    { numRuns: 500 },
  );
});

test("offsets lead from the cell to the source and back", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("const a = 1;", "%show last", "  %runs forest", "", "b"), { minLength: 1, maxLength: 8 }), fc.boolean(), (lines, run) => {
      const code = [...(run ? ["%%run x --depth 3"] : ["first()"]), ...lines].join("\n");
      const cell = parseCell(code);
      for (let at = 0; at <= code.length; at++) {
        const there = cell.toSource(at);
        if (there === null) continue;
        expect(cell.source[there]).toBe(code[at]);
        expect(cell.toCell(there)).toBe(at);
      }
    }),
  );
});

test("hostile lines of a megabyte take time in proportion", () => {
  const hostile = ["[".repeat(1e6), `"${"\\".repeat(1e6)}`, "--a ".repeat(250_000), `--x ${",".repeat(1e6)}`, `--${"a".repeat(1e6)} 1`, `--x ${"1_".repeat(5e5)}`, " ".repeat(1e6), `--x [${"1,".repeat(5e5)}1]`, "'a' ".repeat(250_000), `--x ${"9".repeat(1e6)}`];
  for (const text of hostile) {
    const start = process.cpuUsage();
    try {
      parseCell(`%%run ${text}\nx`);
    } catch (error) {
      expect(error).toBeInstanceOf(MagicError);
      expect((error as Error).message.length).toBeLessThan(1_000_200);
    }
    // A quadratic parser would need minutes; this only tells the two apart.
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(20);
  }
});

test("no flag reaches behind an object", () => {
  for (const name of ["__proto__", "constructor", "prototype"]) expect(() => parseCell(`%%run --${name}.polluted=1`)).toThrow(MagicError);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
