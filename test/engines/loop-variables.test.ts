import fc from "fast-check";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CellNames } from "../../kernel-ext/engines/fast/loop-variables.js";
import { transform } from "../../kernel-ext/engines/fast/transform.js";
import { DrivenEngine, type Ran } from "./driven.js";

/** Names that the loops of the last cell copy. */
function copied(...cells: string[]): string[] {
  const names = new CellNames();
  let code = "";
  for (const cell of cells) {
    const script = transform(cell, names);
    for (const name of script.declared) names.initialised.add(name);
    code = script.code;
  }
  return [...code.matchAll(/__runlab_keep__\(\[(.*?)\]/g)].map((match) => match[1].replaceAll("\u02d1", ""));
}

describe("which variables a loop copies", () => {
  test.each<[string, string[], string[]]>([
    ["of this cell", ["let s = 0; for (let i = 0; i < 9; i++) s += i"], ["s"]],
    ["of an earlier cell", ["let s: number = 0", "while (s < 9) { s++ }"], ["s"]],
    ["var, also its own", ["for (var i = 0; i < 9; i++) { var t = i }"], ["i,t"]],
    ["of the outermost loop once", ["let s = 0, t = 0; out: for (;;) for (;;) { s++; do t--; while (t); break out }"], ["s,t"]],
    ["of each loop on the line", ["let s = 0; for (;s < 2;) s++;for (;s < 4;) s++;"], ["s", "s"]],
    ["in destructuring", ["let a = 0, b = 1; while (b < 99) [a, b] = [b, a + b]"], ["a,b"]],
    ["inside a loop that awaits", ["let s = 0; for (;;) { await 0; for (;;) s++ }"], ["s"]],
    ["inside a block", ["let s = 0; if (s === 0) for (;;) s++"], ["s"]],
    ["when a function has a variable of its own by that name", ["function mean(s: number[]) { let t = 0; for (const x of s) t += x; return t }", "let s = 0, t = 0; for (;;) { s++; t++ }"], ["s,t"]],
    ["not when a function before mentions it", ["let s = 0; const get = () => s; for (;;) s++"], []],
    ["not when a function after mentions it", ["let s = 0; for (;;) s++; function get() { { let s = 1 } return s }"], []],
    ["not when a default mentions it that the body hides", ["let s = 0; for (;;) s++; function get(a = s) { var s = a }"], []],
    ["not when a function of an earlier cell mentions it", ["const later = () => { s += 1 }", "let s = 0", "for (;;) s++"], []],
    ["not when a class, getter or field mentions it", ["let s = 0, t = 0, u = 0; for (;;) { s++; t++; u++ } class A { x = s; get y() { return t } static { u = 1 } }"], []],
    ["not when it may have no value yet", ["for (;;) s++; let s = 0"], []],
    ["not when nobody declared it", ["for (;;) s++"], []],
    ["not when a block hides it", ["let s = 0; { for (;;) s++; let s = 1 }"], []],
    ["not when the loop hides it", ["let s = 0; for (let s = 0; s < 9; s++) { for (;;) s++ }"], []],
    ["not when the loop awaits", ["let s = 0; for (;;) s += await 1"], []],
    ["not in for await", ["let s = 0; for await (const x of []) s += x"], []],
    ["not inside a function", ["let s = 0; (() => { for (;;) s++ })()"], []],
    ["not with eval", ["let s = 0; for (;;) { s++; eval('s') }"], []],
    ["not after Function", ["const get = new Function('return s')", "let s = 0; for (;;) s++"], []],
    ["not after node:vm", ["import vm from 'node:vm'", "let s = 0; for (;;) s++"], []],
  ])("%s", (_, cells, names) => {
    expect(copied(...cells)).toEqual(names);
  });

  test("a cell that failed has perhaps not given its variables a value", () => {
    const names = new CellNames();
    names.initialised.add("s");
    transform("throw 1; let s = 0", names);
    expect(transform("for (;;) s++", names).code).not.toContain("__runlab_keep__");
  });
});

const VARIABLES = ["a", "b", "c"];
const variable = fc.constantFrom(...VARIABLES);
const value = fc.oneof(
  fc.constantFrom("1", "0.5", "-0", "NaN", "'x'", "2n", "[1, 2.5]", "undefined", "inner"),
  variable,
  variable.map((name) => `${name} * 0.5`),
  fc.tuple(variable, fc.constantFrom("-#", "typeof #", "#.length", "#.x.y", "#()", "[...#].length", "new #()", "`${#}`.length", "[#][0].call()", "valued(#)", "(() => 7)()", "{ #: #, }.z", "Object.keys({ # })[0]", "(function () { return 3 }).name")).map(([name, form]) => (form.startsWith("{") ? `(${form})` : form).replaceAll("#", name)),
);
const simple = fc.oneof(
  fc.tuple(variable, value).map(([to, from]) => `${to} = ${from};`),
  fc.tuple(variable, fc.constantFrom("+= 0.25", "-= 1", "*= 3", "??= 4", "||= 5", "= () => 1", "= function () {}", "= class {}")).map(([to, by]) => `${to} ${by};`),
  fc.tuple(variable, fc.constantFrom("#++;", "--#;", "var q = #;", "({ # } = { #: 1.5 });", "({ x: # = 2.5 } = {});", "log.push(String(typeof #));", "log.push(String((# as any)?.name));", "for (# of [1.5, 2]) ;", "for (# in { k: 1 }) log.push(#);", "const { z } = # as any;", "for (const x of # as any) q = x;")).map(([name, form]) => form.replaceAll("#", name)),
  fc.tuple(variable, variable).map(([one, two]) => `[${one}, ${two}] = [${two}, ${one}];`),
  fc.constantFrom("if (a > 1) break;", "if (b > 1) continue;", "if (c > 2) break out;", "if (q > 1) continue out;", "if (a > 3) throw new Error(`at ${a}`);", "fuel -= 1;", "{ let a = 9; a++; }"),
);
const { statements } = fc.letrec<{ statements: string; statement: string }>((tie) => ({
  statements: fc.array(tie("statement"), { minLength: 1, maxLength: 4 }).map((list) => list.join("\n  ")),
  statement: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    simple,
    tie("statements").map((inner) => `for (let inner = 0; inner < 3; inner++) { ${inner} }`),
    tie("statement").map((inner) => `for (const inner of [1, 2.5]) ${inner.startsWith("const") ? `{ ${inner} }` : inner}`),
    tie("statements").map((inner) => `for (var q = 0; q < 3 && fuel-- > 0; q++) { ${inner} }`),
    tie("statements").map((inner) => `while (fuel-- > 0) {${inner}}`),
    tie("statement").map((inner) => `do { ${inner} } while (fuel-- > 20)`),
    tie("statements").map((inner) => `try { ${inner} } catch (error: any) { log.push(error.message); a = 0; } finally { fuel--; }`),
    tie("statements").map((inner) => `if (a as boolean) { ${inner} } else b = 1;`),
    tie("statements").map((inner) => `switch (fuel % 2) { case 0: ${inner} default: c = 0.5 }`),
  ),
}));
const program = fc
  .tuple(fc.array(value.filter((text) => !/[abc#]|inner/.test(text)), { minLength: 3, maxLength: 3 }), statements, statements, fc.boolean())
  .map(([values, first, second, same]) => ({ start: `a = ${values[0]}; b = ${values[1]}; c = ${values[2]}; q = 0; fuel = 30; log = [];`, loops: `out: for (let inner = 0; inner < 4; inner++) {\n  ${first} }${same ? " " : "\n"}out: while (fuel-- > 0) { ${second} }` }));

describe("a loop with copies", () => {
  let plain: DrivenEngine;
  let engine: DrivenEngine;
  beforeAll(async () => {
    engine = await DrivenEngine.open("fast", tmpdir(), process.env.RUNLAB_TEST_NODE);
    plain = await DrivenEngine.open("fast", tmpdir(), process.env.RUNLAB_TEST_NODE);
    for (const one of [engine, plain]) await one.run("let a: any, b: any, c: any, q: any, fuel = 0, log: any[] = []; const valued = (x: any) => { if (typeof x === 'bigint') throw new TypeError('big'); return 2.5 };");
    // A function that mentions the variables: their loops stay as they are.
    await plain.run("() => [a, b, c, q, fuel]");
    await engine.run("() => 1");
  });
  afterAll(async () => {
    await engine?.close();
    await plain?.close();
  });

  test("gives the same values, errors and positions as without", async () => {
    let failed = 0;
    let ended = 0;
    let copies = 0;
    await fc.assert(
      fc.asyncProperty(program, async ({ start, loops }) => {
        const shown: Ran[][] = [];
        for (const one of [engine, plain]) shown.push([await one.run(start), await one.run(loops), await one.run("[a, b, c, q, fuel, log.slice(0, 50)]")]);
        expect(shown[0]).toEqual(shown[1]);
        if (copied("let a: any, b: any, c: any, q: any, fuel = 0, log: any[] = [];", loops).length > 0) copies += 1;
        if (shown[0][1].status === "error") failed += 1;
        else ended += 1;
      }),
      { numRuns: 250 },
    );
    expect(failed).toBeGreaterThan(10);
    expect(ended).toBeGreaterThan(10);
    expect(copies).toBeGreaterThan(200);
  });

  test("leaves its values when it throws, breaks or is caught", async () => {
    await engine.run("let thrown = 0, half = 0;");
    const { error } = await engine.run("for (let i = 1; ; i++) { thrown = i; half += 0.5; if (i === 7) throw new RangeError('seven') }");
    expect(error).toMatchObject({ message: "seven", traceback: ["RangeError: seven", `    at cell_${engine.lastCount}.ts:1:${"for (let i = 1; ; i++) { thrown = i; half += 0.5; if (i === 7) throw ".length + 1}`] });
    expect(await engine.value("[thrown, half]")).toBe("[ 7, 3.5 ]");
    expect(await engine.value("let caught = 0; lab: { try { while (true) { caught += 0.5; if (caught > 2) break lab } } finally { caught += 100 } }\ncaught")).toBe("102.5");
  });

  test("leaves the values of one iteration when it is stopped", async () => {
    await engine.run("let steps = 0, sum = 0, text = '';");
    engine.stopIn(400);
    expect((await engine.run("while (true) { steps++; sum += 0.5; text = String(steps % 7) }")).error).toMatchObject({ name: "KeyboardInterrupt" });
    expect(await engine.value("[steps > 10, sum === steps * 0.5, text === String(steps % 7)]")).toBe("[ true, true, true ]");
    // The next loop starts there, and the stop of a loop inside a loop is the same.
    await engine.run("let before = steps, rows = 0;");
    engine.stopIn(300);
    expect((await engine.run("for (;;) { rows++; for (let i = 0; i < 1e9; i++) { steps++; sum += 0.5 } }")).error).toMatchObject({ name: "KeyboardInterrupt" });
    expect(await engine.value("[steps > before, sum === steps * 0.5, rows]")).toBe("[ true, true, 1 ]");
  });

  test("and functions of any cell see the same variable", async () => {
    await engine.run("let seen = 0; for (let i = 0; i < 5; i++) seen += 0.5;");
    await engine.run("const look = () => seen;");
    expect(await engine.value("look()")).toBe("2.5");
    expect(await engine.value("const trail: number[] = []; for (let i = 0; i < 3; i++) { seen += 0.5; trail.push(look()) }\ntrail")).toBe("[ 3, 3.5, 4 ]");
    expect(await engine.value("let late = 0; const got: number[] = []; for (let i = 0; i < 2; i++) { late += 0.5; got.push(peek()) }\nfunction peek() { return late }\ngot")).toBe("[ 0.5, 1 ]");
    expect(await engine.value("const lists: (() => number)[] = []; let own = 0; for (let i = 0; i < 2; i++) { own += 0.5; lists.push(() => own) }\nlists.map((one) => one())")).toBe("[ 1, 1 ]");
  });
});
