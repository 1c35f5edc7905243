/** A TypeScript cell -> the script that V8 runs, and the way back from its positions to the cell's. */
import { SourceMap } from "node:module";
import { transformSync, type HelperMode } from "oxc-transform";
import { CellNames } from "./loop-variables.js";
import { toRepl } from "./repl.js";
import { NeedsCompiler, stripTypes } from "./strip-types.js";
import { parse, type Node, type SyntaxProblem } from "./syntax.js";

export interface Position {
  /** Counted from 1, both. */
  line: number;
  column: number;
}

export interface Transformed {
  code: string;
  hasValue: boolean;
  imports: string[];
  /** Variables that have a value once the cell has run to its end. */
  declared: string[];
  /** Position in the cell of a position in `code`. */
  original(position: Position): Position;
}

/** The cell cannot be parsed. */
export class CellSyntaxError extends SyntaxError {
  override name = "SyntaxError";
  constructor(readonly problem: SyntaxProblem) {
    super(problem.message);
  }
}

/**
 * @param names what earlier cells left; the cell's own functions are added
 * @throws CellSyntaxError
 */
export function transform(source: string, names: CellNames = new CellNames()): Transformed {
  const javaScript = toJavaScript(source);
  const { script, hasValue, imports, declared } = toRepl(javaScript.code, javaScript.body, names);
  let map: SourceMap | null = null;
  return {
    code: script.toString(),
    hasValue,
    imports,
    declared,
    original(position) {
      // Only errors ask, so the map is made when the first one does.
      map ??= new SourceMap(JSON.parse(script.generateMap({ hires: true }).toString()));
      return javaScript.original(back(map, position));
    },
  };
}

export interface JavaScript {
  code: string;
  body: Node[];
  original(position: Position): Position;
  /** Source map in JSON, when positions moved. */
  map: string | null;
}

/** Types gone, everything else where it was; enums and the like compiled, with a source map. */
export function toJavaScript(source: string, language: "ts" | "tsx" = "ts", unusedImports: "keep" | "drop" = "keep"): JavaScript {
  const parsed = parse(source, language);
  if (parsed.error !== null) throw new CellSyntaxError(parsed.error);
  try {
    return { code: stripTypes(source, parsed.body, unusedImports), body: parsed.body, original: (position) => position, map: null };
  } catch (error) {
    if (!(error instanceof NeedsCompiler)) throw error;
    return compile(source, language, unusedImports);
  }
}

function compile(source: string, language: "ts" | "tsx", unusedImports: "keep" | "drop"): JavaScript {
  const result = transformSync(`cell.${language}`, source, {
    sourcemap: true,
    decorator: { legacy: true },
    typescript: { onlyRemoveTypeImports: unusedImports === "keep" },
    // Decorators call a global `babelHelpers`, so no helper package has to be found from the notebook's folder.
    helpers: { mode: "External" as HelperMode },
  });
  if (result.errors.length > 0) throw new CellSyntaxError({ message: result.errors[0].message, line: 1, column: 1, atEnd: false });
  const parsed = parse(result.code, "js");
  if (parsed.error !== null) throw new CellSyntaxError(parsed.error);
  const map = JSON.stringify(result.map);
  let read: SourceMap | null = null;
  return { code: result.code, body: parsed.body, map, original: (position) => back((read ??= new SourceMap(JSON.parse(map))), position) };
}

function back(map: SourceMap, position: Position): Position {
  const entry = map.findEntry(position.line - 1, position.column - 1);
  if (!("originalLine" in entry) || entry.originalLine === undefined) return position;
  return { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}
