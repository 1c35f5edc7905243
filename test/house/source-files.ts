import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

const BUILT = new Set(["node_modules", "dist", "lib", "labextension"]);

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      if (!BUILT.has(entry.name)) yield* walk(path.join(folder, entry.name));
    } else if (/\.tsx?$/.test(entry.name)) {
      yield path.join(folder, entry.name);
    }
  }
}

export interface SourceFile {
  /** Relative to the project, with forward slashes. */
  path: string;
  text: string;
  /** What it imports: packages by name, files by their path relative to the project. */
  imports: { specifier: string; target: string; typeOnly: boolean }[];
}

/** `import(…)`, `require(…)` or `require.resolve(…)`. */
const loads = (callee: ts.Expression): boolean =>
  callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === "require") || (ts.isPropertyAccessExpression(callee) && ts.isIdentifier(callee.expression) && callee.expression.text === "require");

/** Every TypeScript source of a workspace, with its imports resolved to paths of the project. */
export function sourceFiles(workspace: string): SourceFile[] {
  return [...walk(path.join(root, workspace))].map((file) => {
    const text = readFileSync(file, "utf8");
    const imports: SourceFile["imports"] = [];
    const add = (specifier: string, typeOnly: boolean): void => {
      const target = specifier.startsWith(".") ? path.relative(root, path.resolve(path.dirname(file), specifier)).replaceAll(path.sep, "/") : specifier;
      imports.push({ specifier, target, typeOnly });
    };
    const visit = (node: ts.Node): void => {
      if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
        add(node.moduleSpecifier.text, ts.isImportDeclaration(node) ? node.importClause?.isTypeOnly === true : node.isTypeOnly);
      } else if (ts.isCallExpression(node) && loads(node.expression) && node.arguments[0] && ts.isStringLiteral(node.arguments[0])) {
        add(node.arguments[0].text, false);
      }
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, false));
    return { path: path.relative(root, file).replaceAll(path.sep, "/"), text, imports };
  });
}
