import fc from "fast-check";
import { transformSync } from "oxc-transform";
import { describe, expect, test } from "vitest";
import { stripTypes } from "../../kernel-ext/engines/fast/strip-types.js";
import { children, parse, place, type Node } from "../../kernel-ext/engines/fast/syntax.js";
import { transform } from "../../kernel-ext/engines/fast/transform.js";

/** Pieces of cells, `#` standing for a number that makes names unique; `mark_#` is a value whose place is followed. */
const BLANKABLE = [
  "const a#: number = mark_#;",
  "let b#: string | undefined = mark_#, c#!: Map<string, number[]>",
  "interface I# { x: number; y?: () => void }",
  "type T#<A> = { [K in keyof A]: A[K] } | null",
  "function f#<T extends object>(this: void, x: T, y?: number, ...z: T[]): asserts x is T {\n  mark_#;\n}",
  "async function g#(x: Promise<number> = mark_#): Promise<void> { for await (const q of [x]) mark_# as any }",
  "abstract class A#<T> implements I#, J# {\n  private readonly x?: number = mark_#\n  public static y: string\n  declare z: number;\n  abstract m(): void\n  [key: string]: unknown\n  protected override get v(): T { return mark_# as T }\n}",
  "const h# = <T,>(x: T): T => mark_# as T",
  "const i# = async (\n  x: number,\n): Promise<{\n  y: number\n}> => mark_#",
  "mark_# satisfies number",
  "(mark_# as unknown as string[])\n;[mark_#]!.length",
  "const j# = mark_# as any\n(mark_#)!",
  "let k#: number\n;[mark_#].forEach((x: number): void => {})",
  "import { type P, readFile as r# } from 'node:fs'; mark_#;",
  "import d#, * as n# from 'x'\nmark_#;",
  "import type { Q# } from 'y';",
  "import {\n  e#,\n  type F#,\n} from 'z'; mark_#",
  "var l# = mark_#, [m#]: number[] = mark_#",
  "for (var o#: number = 0; o# < 3; o#++) mark_#(o# as number)",
  "if (mark_#) var p#: string = 'x'; else { var q# = mark_#! }",
  "switch (mark_#) { case 1: type S# = 1; mark_#; default: let t#: number = mark_# }",
  "export const u#: number = mark_#; export type V# = 1",
  "declare const w#: number; declare function x#(): void; declare module 'm#' { const y: number }",
  "function over#(a: string): void\nfunction over#(a: number): void\nfunction over#(a: any) { mark_# }",
  "const y# = new Map<string, Array<number>>(mark_#).get?.<string>('x')!.z!",
  "label#: for (const s of mark_# as string[]) { if (s) continue label# }",
  "const z# = `text ${mark_# as string} // no comment ${<number>mark_#}`; /* mark */ // as any",
  "try { mark_# } catch (e: unknown) { mark_# } finally { mark_#! }",
  "const tuple# = ([mark_#] as const satisfies readonly unknown[])[0]",
  "await import('mark'); const meta# = import.meta.url + mark_#",
];
const COMPILED = [
  "enum E# { A = 1, B }\nmark_#;",
  "namespace N# { export const x = mark_# }",
  "class C# { constructor(private x: number = mark_#) {} }",
  "@dec class D# { @dec m(@dec x: number) { return mark_# } }",
];

const cell = (pool: string[]): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(fc.constantFrom(...pool), fc.constantFrom("\n", "\n\n", "\r\n", "\n  // über 🐧\n", "\n/* x\n y */\n")), { minLength: 1, maxLength: 8 })
    .map((pieces) => pieces.map(([piece, between], i) => piece.replaceAll("#", String(i)) + between).join(""));

/** Places of every mark, in order. */
function marks(text: string): { name: string; line: number; column: number }[] {
  return [...text.matchAll(/mark_\d+/g)].map((match) => ({ name: match[0], ...place(text, match.index) }));
}

describe("no position moves", () => {
  test("what is blanked keeps every character in its place", () => {
    fc.assert(
      fc.property(cell(BLANKABLE), (source) => {
        const parsed = parse(source);
        fc.pre(parsed.error === null);
        const stripped = stripTypes(source, parsed.body);
        expect(stripped).toHaveLength(source.length);
        expect(stripped.split("\n").length).toBe(source.split("\n").length);
        expect(marks(stripped)).toEqual(marks(source));
        expect(parse(stripped, "js").error, stripped).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  test("in the script that runs, every line stays, and every place leads back to the cell's", () => {
    fc.assert(
      fc.property(cell(BLANKABLE), (source) => {
        fc.pre(parse(source).error === null);
        const { code, original } = transform(source);
        expect(code.split("\n").length).toBe(source.split("\n").length);
        const before = marks(source);
        const after = marks(code);
        expect(after.map((mark) => [mark.name, mark.line])).toEqual(before.map((mark) => [mark.name, mark.line]));
        expect(after.map(original)).toEqual(before.map(({ line, column }) => ({ line, column })));
      }),
      { numRuns: 200 },
    );
  });

  test("where code is compiled, every place leads back to the cell's", () => {
    fc.assert(
      fc.property(cell([...COMPILED, ...BLANKABLE.slice(0, 12)]), (source) => {
        fc.pre(parse(source).error === null);
        const { code, original } = transform(source);
        const lines = new Map(marks(source).map((mark) => [`${mark.name}:${mark.line}`, true]));
        for (const mark of marks(code)) expect(lines.has(`${mark.name}:${original(mark).line}`), `${mark.name} of ${JSON.stringify(source)}`).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});

test("blanking means the same as compiling", () => {
  for (const [i, piece] of BLANKABLE.entries()) {
    const source = piece.replaceAll("#", String(i));
    const parsed = parse(source);
    expect(parsed.error, source).toBeNull();
    const compiled = transformSync("cell.ts", source, { typescript: { onlyRemoveTypeImports: true } });
    expect(compiled.errors).toEqual([]);
    const own = shape(parse(stripTypes(source, parsed.body), "js").body.filter((node) => !isTypeImport(source, node)));
    expect(own, source).toEqual(shape(parse(compiled.code, "js").body));
  }
});

/** Imports are left to the rewriter. */
function isTypeImport(source: string, node: Node): boolean {
  return node.type === "ImportDeclaration" && /import type/.test(source.slice(node.start, node.end));
}

/** A tree without positions, parentheses, empty statements and ways of writing. */
function shape(nodes: Node[]): unknown[] {
  return nodes.filter((node) => node.type !== "EmptyStatement" && node.type !== "ImportDeclaration" && !(node.type === "ExportNamedDeclaration" && node.declaration === null)).map(one);
}

function one(node: Node): unknown {
  if (node.type === "ParenthesizedExpression") return one(node.expression);
  const inner = [...children(node)];
  const value = node.type === "Literal" ? String(node.value) : node.type === "Identifier" ? node.name : (node.operator ?? node.kind ?? null);
  return [node.type, value, shape(inner)];
}

describe("asked of the script", () => {
  test.each([
    ["1 + 1", true],
    ["const a = 1", false],
    ["const a = 1\na", true],
    ["'use strict'", true],
    ["a;\n// comment", true],
    ["{ a: 1 }", false],
    ["interface A {}", false],
  ])("%j ends in a value: %s", (source, hasValue) => {
    expect(transform(source).hasValue).toBe(hasValue);
  });

  test("the imports written as text", () => {
    expect(transform("import a from 'x'; import type b from 'y'; export * from 'z'; await import('w'); await import(name)").imports).toEqual(["x", "z", "w"]);
  });
});
