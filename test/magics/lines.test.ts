import { describe, expect, test } from "vitest";
import { completeCell, inspectCell } from "../../kernel-ext/magics/complete.js";
import { helpText } from "../../kernel-ext/magics/help.js";
import { MAGIC_SHAPES } from "../../kernel-ext/magics/names.js";
import { parseCell } from "../../kernel-ext/magics/parse.js";
import { MAGICS, showMagic } from "../../kernel-ext/magics/table.js";
import { unusedFlags } from "../../kernel-ext/magics/unused-flags.js";

const nowhere = { folder: "/nowhere", store: "/nowhere/models" };
const noCode = async () => ({ matches: [], start: 0, end: 0 });

describe("line magics", () => {
  test("a cell of magic lines is shown line by line, and nothing of it runs", () => {
    const cell = parseCell("// the last two\n%show last\n\n%diff last last~1");
    expect(cell.lines.map((line) => [line.name, line.positional])).toEqual([["show", ["last"]], ["diff", ["last", "last~1"]]]);
    expect(cell.magic).toBe(cell.lines[0]);
    expect(cell.source).toBe("// the last two\n\n\n");
  });

  test("among code a magic line becomes one call", () => {
    const cell = parseCell("const a = 1;\n  %show last\na");
    expect(cell.magic).toBeNull();
    expect(cell.source).toBe("const a = 1;\nawait __runlab_magic__(0);\na");
    expect(cell.lines[0]).toMatchObject({ name: "show", positional: ["last"] });
  });

  test("below %%run too", () => {
    const cell = parseCell("%%run x\n%runs\nlog({ a: 1 })");
    expect(cell.magic).toMatchObject({ name: "run" });
    expect(cell.source.split("\n")[1]).toBe("await __runlab_magic__(0);");
  });

  test.each(["const text = `\n%show last\n`", "/*\n%show last\n*/", "const rest = (a\n%show\n)", "const rest = a\n% b", "const x = 5\n%other"])("%j is code", (code) => {
    expect(parseCell(code)).toMatchObject({ source: code, lines: [], magic: null });
  });

  test.each(["%%run?", "%%run --help", "%diff?", "%show -h", "?%runs"])("%s asks for help", async (code) => {
    const cell = parseCell(code);
    expect(cell.magic).toMatchObject({ help: true });
    expect(cell.source).toBe("");
    const shape = MAGIC_SHAPES.find((row) => row.name === cell.magic!.name)!;
    expect(await showMagic(cell.magic!, nowhere)).toEqual({ "text/plain": helpText(shape) });
  });

  test("%lsmagic lists the table", async () => {
    const bundle = await showMagic(parseCell("%lsmagic").magic!, nowhere);
    for (const magic of MAGICS) expect(bundle["text/plain"]).toContain(magic.summary);
    expect(bundle["text/html"]).toContain("%diff A B");
  });

  test("the table has a row and work for every name", () => {
    expect(MAGICS.map((magic) => magic.name)).toEqual(MAGIC_SHAPES.map((shape) => shape.name));
    expect(MAGICS.filter((magic) => magic.kind === "line" && magic.show === undefined)).toEqual([]);
  });

  test.each(["%diff last", "%show", "%show a b"])("%s says what it needs", async (code) => {
    await expect(showMagic(parseCell(code).magic!, nowhere)).rejects.toThrow(/needed; received/);
  });
});

describe("typing a magic line", () => {
  const texts = async (code: string) => (await completeCell(code, code.length, nowhere, noCode)).matches.map((match) => match.text);

  test("names, flags and what was given already", async () => {
    expect(await texts("%")).toEqual(["%%run", "%runs", "%show", "%diff", "%lsmagic"].filter((name) => name.startsWith("%")));
    expect(await texts("%%r")).toEqual(["%%run"]);
    expect(await texts("%%run forest --s")).toEqual(["--seed"]);
    expect(await texts("%%run --seed 4 --")).toEqual(["--tag", "--name", "--help"]);
    expect(await texts("%runs --l")).toEqual(["--limit"]);
  });

  test("below the line, TypeScript completes at its own offsets", async () => {
    const code = "%%run --test_size 0.2\nconfig.te";
    const found = await completeCell(code, code.length, nowhere, async (source, offset) => {
      expect(source.slice(0, offset).endsWith("config.te")).toBe(true);
      return { matches: [{ text: "test_size", kind: "property" }], start: offset - 2, end: offset };
    });
    expect(found).toEqual({ matches: [{ text: "test_size", kind: "property" }], start: code.length - 2, end: code.length });
  });

  test("hover shows how the magic is used", async () => {
    expect((await inspectCell("%diff a b", 3, async () => null))!.signature).toBe("%diff A B");
  });
});

describe("flags that the cell never uses", () => {
  const messages = (code: string) => unusedFlags(parseCell(code)).map((warning) => warning.message);

  test.each([
    ["%%run --depht 3\nfit({ depth: config.depth })", ["the flag --depht is never used; the cell uses config.depth"]],
    ["%%run --depth 3\nfit(1)", ["the flag --depth is never used; read it as config.depth"]],
    ["%%run --depth 3\nfit(config.depth)", []],
    ["%%run --depth 3\nfit(config['depth'])", []],
    ["%%run --depth 3\nconst { depth: d } = config;", []],
    ["%%run --depth 3\nfit(config)", []],
    ["%%run --depth 3\nfit({ ...config })", []],
    ["%%run --seed 3 --tag a\nfit()", []],
  ])("%j", (code, expected) => {
    expect(messages(code)).toEqual(expected);
  });
});
