/**
 * What every engine guarantees. A guarantee that only one of them can give stands in `Capabilities` with the reason why
 * the other cannot; there is no silent skip: for an engine without it, the suite checks that it is truly absent where
 * that can be seen, so that the table stays true.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DrivenEngine } from "./driven.js";

/** True, or why not. */
export type Capability = true | string;

export interface Capabilities {
  /** Frames of what is thrown at run time carry the cell's own lines. */
  runtimeLines: Capability;
  /** Packages whose `exports` offer only `import`, and packages with top-level await. */
  importOnlyPackages: Capability;
  /** Types through a package's `exports` map. */
  exportsTypes: Capability;
  /** `null` as the last expression is a value. */
  nullValue: Capability;
  /** A local file that was edited is loaded anew by the next import, without waiting for a file watcher. */
  reloadsAtOnce: Capability;
  /** `import.meta` in a cell. */
  importMeta: Capability;
  /** A JSON module with an import attribute. */
  importAttributes: Capability;
  /** What cannot be parsed is thrown as a `SyntaxError`. */
  syntaxErrorName: Capability;
  /** A function of one cell and the code of another see the same variable. */
  sharedVariables: Capability;
  /** `var` inside a block or loop belongs to the cell. */
  varInBlocks: Capability;
  /** `for await` at the top of a cell. */
  topLevelForAwait: Capability;
}

/** @param node another Node to run the engine on; `RUNLAB_TEST_NODE` names one */
export function engineContract(name: string, capabilities: Capabilities, node = process.env.RUNLAB_TEST_NODE): void {
  describe(`engine ${name}`, () => {
    let folder: string;
    let engine: DrivenEngine;
    const write = (file: string, text: string): void => {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    };

    beforeAll(async () => {
      folder = realpathSync(mkdtempSync(path.join(tmpdir(), "runlab-engine-")));
      write("local.ts", "export const answer: number = 42;\nexport function fail(n: number): never {\n  throw new Error(`local ${n}`);\n}\n");
      write("types.ts", "export interface OnlyType { n: number }\nexport enum Real { One = 1 }\n");
      write("uses-types.ts", "import { OnlyType, Real } from './types';\nimport { type PathLike, existsSync } from 'node:fs';\nexport const made: OnlyType = { n: Real.One };\nexport const there = (p: PathLike): boolean => existsSync(p);\n");
      write("data.json", '{ "rows": [1, 2] }');
      write("node_modules/plain/package.json", '{ "name": "plain", "version": "1.0.0", "main": "index.js" }');
      write("node_modules/plain/index.js", "module.exports = { three: 3, default: 4 };");
      write("node_modules/plain/index.d.ts", "declare const plain: { three: number }; export = plain;");
      write("node_modules/modern/package.json", '{ "name": "modern", "version": "1.0.0", "type": "module", "exports": { ".": { "types": "./types/index.d.ts", "import": "./main.js" }, "./part": { "import": "./part.js" } } }');
      write("node_modules/modern/main.js", "const late = await Promise.resolve(5); export { late }; export default class Modern { size = 1 }");
      write("node_modules/modern/types/index.d.ts", "export declare const late: number; export default class Modern { size: number }");
      write("node_modules/modern/part.js", "export const part = 'p';");
      engine = await DrivenEngine.open(name, folder, node);
    });
    afterAll(async () => {
      await engine?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** Runs `check` for engines that have the capability, `absent` for those that do not. */
    function where(key: keyof Capabilities, title: string, check: () => Promise<void>, absent?: () => Promise<void>): void {
      const capability = capabilities[key];
      if (capability === true) test(title, check);
      else if (absent) test(`not here: ${title} (${capability})`, absent);
      else test.skip(`not here: ${title} (${capability})`, check);
    }

    describe("values", () => {
      test.each([
        ["1 + 1", "2"],
        ["'text'", "'text'"],
        ["[1, [2, 3]]", "[ 1, [ 2, 3 ] ]"],
        ["({ a: 1 })", "{ a: 1 }"],
        ["new Map([['k', 1]])", "Map(1) { 'k' => 1 }"],
        ["10n ** 20n", "100000000000000000000n"],
        ["-0", "-0"],
        ["0 / 0", "NaN"],
        ["Symbol('s')", "Symbol(s)"],
        ["const cyclic: any = { n: 1 }; cyclic.self = cyclic; cyclic", "<ref *1> { n: 1, self: [Circular *1] }"],
        ["await Promise.resolve(7)", "7"],
        ["false", "false"],
      ])("%s is %s", async (code, shown) => {
        expect(await engine.value(code)).toBe(shown);
      });

      test.each(["undefined", "const quiet = 1", "function none() {}", "if (true) { 5; }", "", "// a comment", "type Nothing = string", ";"])("%j has no value", async (code) => {
        const ran = await engine.run(code);
        if (code.startsWith("if")) expect(ran.status).toBe("ok");
        else expect(ran).toMatchObject({ status: "ok", hasValue: false });
      });

      test("the value is the object itself, not a copy", async () => {
        expect(await engine.run("const held = { deep: [1] }; (globalThis as any).marked = held; held")).toMatchObject({ hasValue: true, same: true });
      });

      where("nullValue", "null is a value", async () => {
        expect(await engine.run("null")).toMatchObject({ hasValue: true, shown: "null" });
      }, async () => {
        expect(await engine.run("null")).toMatchObject({ status: "ok", hasValue: false });
      });
    });

    describe("names across cells", () => {
      test("are visible, may be declared again with another type, and as another kind of thing", async () => {
        const steps: [string, string | null][] = [
          ["const thing: number = 1; thing", "1"],
          ["thing + 1", "2"],
          ["let thing = 'text'; thing", "'text'"],
          ["thing.toUpperCase()", "'TEXT'"],
          ["function thing(): number { return 3 } thing()", "3"],
          ["thing() + 1", "4"],
          ["class thing { four = 4 } new thing().four", "4"],
          ["new thing().four + 1", "5"],
          ["var thing = [6]; thing", "[ 6 ]"],
          ["const { thing } = { thing: 7n }; thing", "7n"],
          ["import { sep as thing } from 'node:path'; thing", "'/'"],
          ["enum thing { A, B } thing.B", "1"],
          ["let thing = 8; thing", "8"],
        ];
        for (const [code, shown] of steps) {
          expect(await engine.check(code), code).toEqual([]);
          expect(await engine.value(code), code).toBe(shown);
        }
      });

      test("a later cell changes a variable of an earlier one", async () => {
        await engine.run("let changed = 1;");
        await engine.run("changed += 1;");
        expect(await engine.value("changed")).toBe("2");
      });

      const sharing = async (): Promise<string | null> => {
        await engine.run("let total = 1; const add = () => { total += 10 };");
        await engine.run("total += 1; add();");
        return engine.value("total");
      };
      where(
        "sharedVariables",
        "a function of an earlier cell sees what a later cell assigned",
        async () => expect(await sharing()).toBe("12"),
        async () => expect(await sharing()).toBe("11"),
      );

      test("a function is called before its line, and sees what is declared after it", async () => {
        expect(await engine.value("const early = hoisted();\nfunction hoisted(): string { return later() }\nfunction later() { return hoisted.name }\nearly")).toBe("'hoisted'");
      });

      test("a cell that fails keeps what it declared before", async () => {
        expect((await engine.run("const kept = 'kept';\nthrow new Error('stop');\nconst lost = 1;")).error).toMatchObject({ name: "Error", message: "stop" });
        expect(await engine.value("kept")).toBe("'kept'");
      });

      test("destructuring leaves its names", async () => {
        expect(await engine.value("var [head, ...rest] = [1, 2, 3];\nconst { deep: { er = 5 } } = { deep: {} as { er?: number } };\nhead + rest.length + er")).toBe("8");
        expect(await engine.value("rest")).toBe("[ 2, 3 ]");
      });

      where(
        "varInBlocks",
        "var in a loop leaves its name",
        async () => {
          expect(await engine.value("for (var step = 0; step < 3; step++) {}\nif (step) var { block } = { block: 4 }\nstep")).toBe("3");
          expect(await engine.value("step + block")).toBe("7");
        },
        async () => {
          await engine.run("for (var step = 0; step < 3; step++) {}");
          expect(await engine.check("step")).toMatchObject([{ code: 2304 }]);
        },
      );
    });

    describe("TypeScript", () => {
      test.each([
        ["interface Shape { area(): number }\nclass Square implements Shape {\n  constructor(private readonly side: number) {}\n  area(): number { return this.side ** 2 }\n}\nnew Square(3).area()", "9"],
        ["abstract class Base<T> { abstract make(): T; twice(): T[] { return [this.make(), this.make()] } }\nclass Made extends Base<string> { override make(): string { return 'x' } }\nnew Made().twice()", "[ 'x', 'x' ]"],
        ["function pick<T, K extends keyof T>(from: T, key: K): T[K] { return from[key] }\npick({ a: 5 }, 'a')", "5"],
        ["const list = [3, 1, 2] as const satisfies readonly number[];\n[...list].sort((a: number, b: number): number => a - b)", "[ 1, 2, 3 ]"],
        ["enum Color { Red = 'r', Green = 'g' }\nObject.values(Color)", "[ 'r', 'g' ]"],
        ["namespace Space { export const inside = 2 }\nSpace.inside", "2"],
        ["function tag(target: any) { target.tagged = true }\n@tag class Tagged { static tagged?: boolean }\nTagged.tagged", "true"],
        ["function over(a: string): string;\nfunction over(a: number): number;\nfunction over(a: any) { return a }\nover(1)", "1"],
        ["const maybe: { n?: { m: number } } = { n: { m: 1 } };\nmaybe.n!.m", "1"],
        ["function withThis(this: { v: number }, add: number) { return this.v + add }\nwithThis.call({ v: 1 }, 2)", "3"],
        ["let definite!: number;\ndefinite = 4;\n<number>definite", "4"],
      ])("%s", async (code, shown) => {
        expect(await engine.check(code)).toEqual([]);
        expect(await engine.value(code)).toBe(shown);
      });
    });

    const forAwait = "async function* count(): AsyncGenerator<number> { yield 1; yield 2 }\nlet sum = 0;\nfor await (const n of count()) sum += n;\nsum";
    where(
      "topLevelForAwait",
      "for await at the top",
      async () => expect(await engine.value(forAwait)).toBe("3"),
      async () => expect(await engine.value(forAwait)).toContain("SyntaxError"),
    );

    describe("imports", () => {
      test.each([
        ["import fs, { readFileSync as read } from 'node:fs'; import * as all from 'path'; [typeof fs.statSync, typeof read, typeof all.join]", "[ 'function', 'function', 'function' ]"],
        ["import { answer } from './local'; answer", "42"],
        ["import { made, there } from './uses-types'; [made, there('.')]", "[ { n: 1 }, true ]"],
        ["import type { Stats } from 'node:fs'; import { type PathLike, existsSync } from 'node:fs'; const p: PathLike = '.'; existsSync(p)", "true"],
        ["import 'node:os'; 'ran'", "'ran'"],
        ["import plain from 'plain'; plain.three", "3"],
        ["const os = await import('node:os'); typeof os.cpus", "'function'"],
        ["require('path').basename('/a/b')", "'b'"],
      ])("%s", async (code, shown) => {
        expect(await engine.value(code)).toBe(shown);
      });

      where(
        "importOnlyPackages",
        "a package with import-only exports and top-level await",
        async () => {
          expect(await engine.value("import Modern, { late } from 'modern'; [late, new Modern().size]")).toBe("[ 5, 1 ]");
          expect(await engine.value("(await import('modern/part')).part")).toBe("'p'");
        },
        async () => {
          expect((await engine.run("import Modern, { late } from 'modern'; late")).status).toBe("error");
        },
      );

      where("exportsTypes", "types through a package's exports", async () => {
        expect(await engine.check("import { late } from 'modern';\nconst text: string = late;")).toMatchObject([{ line: 2, column: 7, code: 2322 }]);
      }, async () => {
        expect(await engine.check("import { late } from 'modern';\nconst text: string = late;")).toMatchObject([{ line: 1, code: 2307 }]);
      });

      where("importAttributes", "JSON modules, with and without the attribute", async () => {
        expect(await engine.value("import data from './data.json' with { type: 'json' }; data.rows")).toBe("[ 1, 2 ]");
        expect(await engine.value("import again from './data.json'; again === data")).toBe("true");
      }, async () => {
        expect((await engine.run("import data from './data.json' with { type: 'json' }; data.rows")).status).toBe("error");
      });

      where("importMeta", "import.meta is that of a file in the notebook's folder", async () => {
        expect(await engine.value("import.meta.dirname")).toBe(`'${folder}'`);
        expect(await engine.value("new URL('./data.json', import.meta.url).pathname")).toBe(`'${folder}/data.json'`);
      }, async () => {
        expect((await engine.run("import.meta.url")).status).toBe("error");
      });

      where("reloadsAtOnce", "an edited local file, and one that imports it, load anew", async () => {
        write("outer.ts", "import { inner } from './inner';\nexport const outer: string = `outer ${inner}`;\n");
        write("inner.ts", "export const inner: number = 1;\n");
        expect(await engine.value("import { outer } from './outer'; outer")).toBe("'outer 1'");
        write("inner.ts", "export const inner: number = 22;\n");
        expect(await engine.value("import { outer } from './outer'; outer")).toBe("'outer 22'");
      });

      test("a package that is missing is named", async () => {
        const { error } = await engine.run("import x from 'not-there-at-all';");
        expect(error!.traceback.join("\n")).toContain("not-there-at-all");
      });
    });

    describe("errors", () => {
      where(
        "runtimeLines",
        "run-time frames stand at the cell's own lines, and no frame is the kernel's",
        async () => {
          const { error } = await engine.run("interface A { a: number }\nfunction inner(n: number): never {\n  throw new RangeError(`bad ${n}`);\n}\nconst t: A = { a: 1 };\n  inner(t.a);");
          const n = engine.lastCount;
          expect(error).toEqual({ name: "RangeError", message: "bad 1", traceback: ["RangeError: bad 1", `    at inner (cell_${n}.ts:3:9)`, `    at cell_${n}.ts:6:3`] });
          const later = await engine.run("await null;\n\n   null!.nothing;");
          expect(later.error!.traceback.at(-1)).toMatch(new RegExp(`cell_${n + 1}\\.ts:3:10`));
          const compiled = await engine.run("enum E { A }\n\n\nclass P { constructor(private x: number) {} }\n   (undefined as any).x");
          expect(compiled.error!.traceback.at(-1)).toMatch(new RegExp(`cell_${n + 2}\\.ts:5:`));
          const local = await engine.run("import { fail } from './local';\n\nfail(1)");
          expect(local.error!.traceback).toEqual(["Error: local 1", `    at fail (${folder}/local.ts:3:9)`, `    at cell_${n + 3}.ts:3:1`]);
          expect(await engine.value("let stack = ''; try { inner(2) } catch (e: any) { stack = e.stack }\nstack.includes('cell_')")).toBe("true");
        },
        async () => {
          const { error } = await engine.run("interface A { a: number }\n\n\nthrow new Error('x');");
          expect(error!.traceback.join("\n")).not.toMatch(/cell_\d+\.ts:4:/);
        },
      );

      test.each([
        ["throw 'text'", "Thrown", "text"],
        ["throw { code: 1 }", "Thrown", "{ code: 1 }"],
        ["throw null", "Thrown", "null"],
        ["throw undefined", "Thrown", "undefined"],
        ["class Mine extends Error { override name = 'Mine' }\nthrow new Mine('own')", "Mine", "own"],
        ["await Promise.reject(new TypeError('later'))", "TypeError", "later"],
        ["throw Object.assign(new Error('m'), { name: 'RunlabError' })", "RunlabError", "m"],
      ])("%s", async (code, name_, message) => {
        expect((await engine.run(code)).error).toMatchObject({ name: name_, message });
      });

      test("causes and parts are shown, cycles end", async () => {
        const caused = (await engine.run("throw new Error('outer', { cause: new Error('the cause') })")).error!.traceback.join("\n");
        expect(caused).toContain("[cause] Error: the cause");
        const parts = (await engine.run("throw new AggregateError([new Error('first'), new Error('second')], 'both')")).error!.traceback.join("\n");
        expect(parts).toContain("[1 of 2] Error: first");
        const cycle = (await engine.run("const round: any = new Error('round'); round.cause = round; throw round")).error!.traceback.join("\n");
        expect(cycle).toContain("already shown");
      });

      test("a mistake that states its rule is one line", async () => {
        const { error } = await engine.run("class RunlabError extends Error { override name = 'RunlabError' }\nthrow new RunlabError('one line')");
        expect(error!.traceback).toEqual(["RunlabError: one line"]);
      });

      test("a syntax error has its line and column", async () => {
        expect(await engine.check("const fine = 1;\nconst bad = ;")).toMatchObject([{ line: 2, column: 13, severity: "error" }]);
        const { error } = await engine.run("const fine = 1;\nconst bad = ;");
        expect(error!.traceback.join("\n")).toContain("2:13");
      });

      where("syntaxErrorName", "a syntax error is a SyntaxError", async () => {
        expect((await engine.run("let u = {")).error!.name).toBe("SyntaxError");
      }, async () => {
        expect((await engine.run("let u = {")).error!.name).toBe("TypeScriptError");
      });
    });

    describe("types", () => {
      test("errors stand at the text that was given", async () => {
        await engine.run("const config = { test_size: 0.2, tags: ['a'] };");
        expect(await engine.check("const a = 1;\n  config.test_sise;")).toMatchObject([{ line: 2, column: 10, code: 2551 }]);
        expect(await engine.check("config.test_size.toFixed(2)")).toEqual([]);
      });

      test("a type declared by one cell checks another", async () => {
        await engine.run("interface Row { id: number }\nfunction first<T>(rows: T[]): T { return rows[0] }\nclass Box<T> { constructor(public held: T) {} }");
        expect(await engine.check("const row: Row = { id: 'x' };")).toMatchObject([{ line: 1, code: 2322 }]);
        expect(await engine.check("first([1]).toFixed(); new Box('s').held.length")).toEqual([]);
        expect(await engine.check("first([1]).length")).toMatchObject([{ code: 2339 }]);
      });

      test("an earlier variable keeps its type when assigned", async () => {
        await engine.run("let counter = 0;");
        expect(await engine.check("counter += 1; counter = 5;")).toEqual([]);
        expect((await engine.check("counter = 'text';")).length).toBeGreaterThan(0);
      });

      test("top-level await, dynamic import and node's globals are known", async () => {
        expect(await engine.check("const later = await import('path'); later.join('a'); process.version; Buffer.from('x'); setTimeout(() => {}, 1)")).toEqual([]);
      });
    });

    describe("while typing", () => {
      test("members and flags complete", async () => {
        await engine.run("const flags = { n_estimators: 200, name: 'f', depth: 3 };");
        const found = await engine.complete("flags.n");
        expect(found).toMatchObject({ start: 6, end: 7 });
        expect(found.matches.map((match) => match.text).slice(0, 2)).toEqual(["n_estimators", "name"]);
        expect((await engine.complete("flags.")).matches.map((match) => match.text).sort()).toEqual(["depth", "n_estimators", "name"]);
      });

      test("names of earlier cells complete", async () => {
        await engine.run("const remarkable = 1;");
        const found = await engine.complete("const a = remar");
        expect(found.matches.map((match) => match.text)).toContain("remarkable");
        expect(found).toMatchObject({ start: 10, end: 15 });
      });

      test("a signature with its documentation", async () => {
        await engine.run("/** Twice the number. */\nfunction twice(n: number): number { return 2 * n }");
        const found = await engine.inspect("twice(3)", 2);
        expect(found!.signature).toContain("twice(n: number): number");
        expect(found!.documentation).toContain("Twice the number.");
        expect(await engine.inspect("   ", 1)).toBeNull();
      });

      test.each([
        ["const a = 1", "complete"],
        ["for (const a of b) {", "incomplete"],
        ["call(1,", "incomplete"],
        ["", "complete"],
      ])("%j is %s", async (code, status) => {
        expect((await engine.isComplete(code)).status).toBe(status);
      });

      test("the next line is indented below an opening bracket", async () => {
        expect((await engine.isComplete("if (a) {")).indent).toBe("  ");
      });
    });

    describe("stopping", () => {
      test("a pending await ends at once, and the state is kept", async () => {
        await engine.run("const before = 'here';");
        await engine.interruptIn(150);
        expect((await engine.run("await new Promise(() => {})")).error).toMatchObject({ name: "KeyboardInterrupt" });
        expect(await engine.value("before")).toBe("'here'");
      });
    });

    test("cells of tslab notebooks run unchanged", async () => {
      await engine.displayed();
      for (const cell of TSLAB_NOTEBOOK) {
        const ran = await engine.run(cell.code);
        expect({ code: cell.code, error: ran.error?.traceback, shown: ran.shown }, cell.code).toMatchObject({ error: undefined, ...(cell.shown === undefined ? {} : { shown: cell.shown }) });
      }
      expect(await engine.displayed()).toEqual([
        ["text/html", "<b>one</b>"],
        ["text/markdown", "# two"],
        ["text/plain", "three"],
      ]);
    });

    test("reset forgets the names for the checker", async () => {
      await engine.run("const forgotten = 1;");
      await engine.reset();
      expect(await engine.check("forgotten")).toMatchObject([{ code: 2304 }]);
    });
  });
}

/** Cells as they stand in notebooks written for tslab: its README and examples. */
const TSLAB_NOTEBOOK: { code: string; shown?: string }[] = [
  { code: "import { display } from 'tslab';\ndisplay.html('<b>one</b>')" },
  { code: "import * as tslab from 'tslab';\ntslab.display.markdown('# two');" },
  { code: "tslab.display.text('three')" },
  { code: "import * as fs from 'fs';\nimport * as path from 'path';\nfs.existsSync(path.join('.', 'data.json'))", shown: "true" },
  { code: "class Person {\n  constructor(public name: string, private age: number) {}\n  greet() { return `hello ${this.name}`; }\n}\nlet alice = new Person('alice', 123);\nalice.greet()", shown: "'hello alice'" },
  { code: "let {x, y: {z}} = {x: 10, y: {z: 'hello'}};\nx + z.length", shown: "15" },
  { code: "async function sleepy(ms: number): Promise<string> {\n  await new Promise(resolve => setTimeout(resolve, ms));\n  return 'awake';\n}\nawait sleepy(5)", shown: "'awake'" },
  { code: "let x = 'redeclared';\nx", shown: "'redeclared'" },
  { code: "for (const i of [1, 2]) {\n  await sleepy(1);\n}" },
  { code: "const squares = [1, 2, 3].map((n) => n * n);\nsquares", shown: "[ 1, 4, 9 ]" },
  { code: "import { answer } from './local';\nanswer", shown: "42" },
];
